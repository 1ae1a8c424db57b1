"""Rules about documented results that do not exist: DT201 to DT207."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.rule import Mark, Target, register_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Entry

_UNDECIDED = ("abstract", "overload", "contextmanager", "fixture", "inlineCallbacks", "coroutine")
_RESULT_FLAGS = frozenset({"returns", "yields"})
_LAZY = ("generator", "iter")
_NOTHING = frozenset({"None", "none", "NoReturn", "Never"})


@register_rule("DT201", "Nothing is returned", sections=("Returns",))
def _find_needless_returns(target: Target) -> Iterator[Mark]:
    """Find a Returns section of a function that returns nothing.

    The rule skips functions that are only declared or meant to be overridden: abstract functions,
    overloads, bodies that are only ``...``, ``pass`` or ``return None``, and bodies that raise
    ``NotImplementedError``. It accepts a section that documents ``None``.

    Notes
    -----
    Users write ``x = f()`` and get None. Often the ``return`` itself was forgotten.

    On numpy, scipy and five other packages it has 7 findings; all of them are right.

    Examples
    --------
    For a function that ends in ``self.data.sort()``, remove the section ``Returns``, or return the
    documented value.
    """
    if "Returns" not in target.doc.filled_sections or _RESULT_FLAGS & target.symbol.flags:
        return
    if not _is_decided(target) or _is_declined(target):
        return
    kinds = [entry.type.text for entry in target.doc.returns if entry.type.text]
    if not kinds or not all(map(_is_none_type, kinds)):
        message = "Returns section of a function that returns nothing"
        yield _mark_section(target, "Returns", message)


@register_rule("DT202", "Nothing is yielded", sections=("Yields",))
def _find_needless_yields(target: Target) -> Iterator[Mark]:
    """Find a Yields section of a function that neither yields nor returns a value.

    The rule accepts the section where a function returns a value, because this may be a generator.
    It skips the same functions as `DT201`.

    Notes
    -----
    Users write ``for x in f()`` and get a ``TypeError``.

    On numpy, scipy and five other packages it has no findings.

    Examples
    --------
    For a function that collects lines in ``self.lines``, remove the section ``Yields``.
    """
    if "Yields" not in target.doc.filled_sections or _RESULT_FLAGS & target.symbol.flags:
        return
    if _is_decided(target) and not _is_declined(target):
        yield _mark_section(target, "Yields", "Yields section of a function that yields nothing")


@register_rule(
    "DT204", "Returns section in a generator that returns no value", sections=("Returns",)
)
def _find_returns_of_generator(target: Target) -> Iterator[Mark]:
    """Find a Returns section of a generator that never returns a value.

    A call of such a function returns a generator. So the rule accepts a section that documents a
    ``generator``, ``iterator`` or ``iterable``. It also accepts the section of a context manager.

    Notes
    -----
    ``f()`` does not return the documented value: the generator yields such values one by one.

    On numpy, scipy and five other packages it has 8 findings; all of them are right.

    Examples
    --------
    For ``yield line``, rename the section ``Returns`` to ``Yields``.
    """
    flags = target.symbol.flags
    if "Returns" not in target.doc.filled_sections or "yields" not in flags or "returns" in flags:
        return
    if not _is_decided(target) or any(_is_lazy(entry) for entry in target.doc.returns):
        return
    message = "Returns section in a generator that returns no value"
    if "Yields" not in target.doc.filled_sections:
        message += "; write Yields"
    yield _mark_section(target, "Returns", message)


@register_rule("DT205", "Returns or Yields section of a class", sections=("Returns", "Yields"))
def _find_returns_of_class(target: Target) -> Iterator[Mark]:
    """Find a Returns or Yields section in the docstring of a class or of an ``__init__``.

    Notes
    -----
    Calling a class always returns an instance, so there is nothing to document. Most often the text
    was meant for a method.

    On numpy, scipy and five other packages it has 49 findings; 46 of them are right. The other
    three are classes whose instances are used like functions.

    Examples
    --------
    Instead of a section ``Returns`` in the docstring of a class, write the section in the docstring
    of its ``__call__``.
    """
    symbol = target.symbol
    if symbol.kind != "class" and symbol.name != "__init__":
        return
    for title in ("Returns", "Yields"):
        if title in target.doc.filled_sections and not _is_none_section(target, title):
            kind = "a class" if symbol.kind == "class" else "an __init__"
            yield _mark_section(target, title, f"{title} section in the docstring of {kind}")


@register_rule("DT206", "Returns section of a property", sections=("Returns",))
def _find_returns_of_property(target: Target) -> Iterator[Mark]:
    """Find a Returns section in the docstring of a property.

    Off by default: numpydoc allows it, and pandas requires it.

    Notes
    -----
    Users see a property as an attribute: it has a value and is not called.

    On numpy, scipy and five other packages it has 127 findings; all of them are of properties.

    Examples
    --------
    Instead of a section ``Returns`` with ``int``, write ``Number of rows.`` and annotate
    ``-> int``.
    """
    if "Returns" in target.doc.filled_sections and target.is_function and target.is_property:
        yield _mark_section(target, "Returns", "Returns section in the docstring of a property")


@register_rule("DT207", "Yielded value has no description", sections=("Yields", "Receives"))
def _find_undescribed_yields(target: Target) -> Iterator[Mark]:
    """Find values under Yields and Receives without a description.

    Notes
    -----
    A type does not say what the value means. This is `RT03` for generators.

    On numpy, scipy and five other packages it has 15 findings; all of them are right.

    Examples
    --------
    Below ``str`` add, indented, ``The next line.``
    """
    for title, verb in (("Yields", "Yielded"), ("Receives", "Received")):
        below = -1
        for entry in target.doc.read_entries(title):
            line, _ = entry.place
            # Each line of running text looks like an entry.
            is_continued, below = line == below and not entry.names, line + 1
            if is_continued or _is_none_type(entry.type.text):
                continue
            if entry.description is None:
                message = f'{verb} value "{entry.label}" is not described'
                yield Mark(entry.place, entry.label, message)


def _mark_section(target: Target, title: str, message: str) -> Mark:
    """Mark a section at its title."""
    section = target.doc.find_section(title)
    line = section.line if section else 0
    return Mark((line, target.doc.text.indents[line]), title, message)


def _is_decided(target: Target) -> bool:
    """Tell whether the body of the function itself decides what it returns."""
    symbol = target.symbol
    if not target.is_function or "stub" in symbol.flags or symbol.name == "__init__":
        return False
    return not any(word in name for name in symbol.decorators for word in _UNDECIDED)


def _is_declined(target: Target) -> bool:
    """Tell whether the function is not implemented, or only exists to be overridden."""
    symbol, docstring = target.symbol, target.symbol.docstring
    if docstring and "returns-none" in symbol.flags:
        lines = symbol.end_line - docstring.line - docstring.source.count("\n")
        if lines <= 1:
            return True
    return any("NotImplemented" in name or "Abstract" in name for name in symbol.raises)


def _is_lazy(entry: Entry) -> bool:
    """Tell whether an entry documents the generator itself, or None."""
    words = " ".join([*(name.text for name in entry.names), entry.type.text]).lower()
    return _is_none_type(entry.type.text) or any(word in words for word in _LAZY)


def _is_none_section(target: Target, title: str) -> bool:
    """Tell whether a section documents only None."""
    return all(_is_none_type(entry.type.text) for entry in target.doc.read_entries(title))


def _is_none_type(kind: str) -> bool:
    """Tell whether a type means that nothing is returned."""
    return kind.strip("`*:. ") in _NOTHING
