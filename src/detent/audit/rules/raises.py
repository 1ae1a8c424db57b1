"""Rules about the sections Raises and Warns: DT301 to DT304."""

from __future__ import annotations

import builtins
import re
from itertools import chain

from detent import TYPE_CHECKING
from detent.audit.rule import Mark, Target, register_rule
from detent.core.escape import quote_name, sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.parse.entries import Entry

_ROLE = r"(?::[\w:]+:)?`{0,2}[~!.]{0,2}"
_CLASS = rf"(?>{_ROLE}(?:\w+\.)*_?[A-Z]\w*`{{0,2}})"
_JOIN = r"(?>\s*(?:,\s*or\b|,\s*and\b|,|/|\||\bor\b|\band\b)\s*)"
# A single word counts as a name, whatever its letters.
_NAMES = rf"{_CLASS}(?:{_JOIN}{_CLASS})*+[.,:]?|[\d_.]*+[^\W\d_][\w.]*+"
_CAPITAL = r"(?<![\w.])(?:[A-Za-z_]\w*\.)*(_?[A-Z]\w*)"
_MAX_LENGTH = 200


@register_rule("DT301", "Exception is not documented")
def _find_undocumented_exceptions(target: Target) -> Iterator[Mark]:
    """Find exceptions that the function itself raises and that its Raises section does not name.

    Off by default: the format asks for this section only for errors that are not obvious or that
    are likely. A documented exception also covers the exceptions derived from it, if they are
    Python's own. The rule skips bodies that only raise ``NotImplementedError``, and exceptions
    that a ``try`` of the function catches.

    Notes
    -----
    To catch an exception, callers have to know about it.

    In a sample of 50 of its 3,257 findings on numpy, scipy and five other packages, 48 were right.

    Examples
    --------
    For ``raise KeyError(name)``, add a section ``Raises`` with ``KeyError`` and, below it, when it
    is raised.
    """
    symbol = target.symbol
    if not symbol.raises or not target.is_function or "stub" in symbol.flags:
        return
    named = _collect_exceptions(target)
    section = target.doc.find_section("Raises")
    place = (section.line, target.doc.text.indents[section.line]) if section else target.doc.start
    known = _add_classes(named)
    for name in sorted({written.rpartition(".")[2] for written in symbol.raises}):
        if _is_class_name(name) and known.isdisjoint(_list_ancestors(name)):
            yield Mark(
                place, sanitize_name(name), f"Exception {quote_name(name)} is not documented"
            )


@register_rule("DT302", "Documented exception is not raised here", sections=("Raises",))
def _find_unraised_exceptions(target: Target) -> Iterator[Mark]:
    """Find exceptions in a Raises section that the function itself does not raise.

    Off by default: most of them come from a function that is called here, and it is right to
    document them. The rule skips abstract functions, functions that raise nothing, and functions
    with a ``raise`` that does not name its exception. An ``assert`` raises ``AssertionError``, and
    a ``raise`` alone what its ``except`` names.

    Notes
    -----
    When a check moves or is removed, its line in the docstring is easily forgotten.

    In a sample of 50 of its 160 findings on numpy, scipy and five other packages, no function
    raised the exception itself. Whether it comes from a called function was not examined.

    Examples
    --------
    Where ``raise KeyError`` has become ``return None``, remove ``KeyError`` from ``Raises``.
    """
    symbol = target.symbol
    raised = {written.rpartition(".")[2] for written in (*symbol.raises, *symbol.caught)}
    if not raised - {"AssertionError"} or not target.is_function:
        return
    if not all(map(_is_class_name, raised)):
        return
    known = set(chain.from_iterable(map(_list_ancestors, raised)))
    for entry in target.doc.read_entries("Raises"):
        names = re.findall(_CAPITAL, _extract_head(entry)) if _is_readable(entry) else ()
        if names and known.isdisjoint(_add_classes(names)):
            message = f"Exception {quote_name(names[0])} is documented and not raised here"
            yield Mark(entry.place, sanitize_name(names[0]), message)


@register_rule("DT303", "Exception or warning has no description", sections=("Raises", "Warns"))
def _find_undescribed_exceptions(target: Target) -> Iterator[Mark]:
    """Find exceptions under Raises, and warnings under Warns, without a description.

    Notes
    -----
    The name alone does not say what the caller did wrong.

    On numpy, scipy and five other packages it has 17 findings; 16 of them are right.

    Examples
    --------
    Below ``KeyError`` add, indented, ``If there is no such column.``
    """
    for title, entry in _list_entries(target):
        # Text after " : " is a description too.
        if entry.description is None and not entry.names and _is_readable(entry):
            message = f"{entry.label} under {title} is not described"
            yield Mark(entry.place, entry.label, message)


@register_rule("DT304", "Line under Raises or Warns is no exception", sections=("Raises", "Warns"))
def _find_unreadable_lines(target: Target) -> Iterator[Mark]:
    """Find lines under Raises and Warns that are not the name of an exception.

    A line is a name, or several names with commas or "or" between them. The description is indented
    below it.

    Notes
    -----
    The documentation shows the whole line as the name of the exception, without a link.

    On numpy, scipy and five other packages it has 44 findings; 43 of them are right.

    Examples
    --------
    Instead of ``KeyError: if there is no such column``, write ``KeyError``, and below it, indented,
    ``If there is no such column.``
    """
    below = -1
    for title, entry in _list_entries(target):
        line, _ = entry.place
        is_continued, below = line == below, line + 1
        # In running text, and in a description that is not indented, each line looks like an entry.
        if is_continued or _is_readable(entry) or _extract_head(entry).startswith(".."):
            continue
        message = f'Line "{entry.label}" under {title} is not the name of an exception'
        yield Mark(entry.place, entry.label, message)


def _list_entries(target: Target) -> Iterator[tuple[str, Entry]]:
    """Yield the entries of both sections, with the title."""
    for title in ("Raises", "Warns"):
        for entry in target.doc.read_entries(title):
            yield title, entry


def _is_class_name(name: str) -> bool:
    """Tell a class from a variable by the capital letter of its name."""
    bare = name.lstrip("_")
    return bare[:1].isupper() and not (bare.isupper() and "_" in bare)


def _extract_head(entry: Entry) -> str:
    """Return the part of an entry that names the exception."""
    return ", ".join([name.text for name in entry.names]) or entry.type.text


def _is_readable(entry: Entry) -> bool:
    """Tell whether the first line of an entry is only names of exceptions."""
    return re.fullmatch(_NAMES, _extract_head(entry)[:_MAX_LENGTH]) is not None


def _collect_exceptions(target: Target) -> set[str]:
    """Collect the exceptions that the docstring names."""
    named: set[str] = set()
    for entry in target.doc.read_entries("Raises", "Warns"):
        named.update(re.findall(_CAPITAL, _extract_head(entry)))
    return named


def _add_classes(named: Iterable[str]) -> set[object]:
    """Add to names the exceptions of Python among them: one covers those derived from it."""
    found: set[object] = set()
    for name in named:
        found |= {name, getattr(builtins, name, name)}
    return found


def _list_ancestors(name: str) -> tuple[object, ...]:
    """List an exception and, if it is one of Python's own, its classes."""
    known = getattr(builtins, name, None)
    return (name, *(known.__mro__ if isinstance(known, type) else ()))
