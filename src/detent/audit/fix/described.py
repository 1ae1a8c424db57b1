"""Parameters that a docstring describes in another form than the entries that rules read."""

from __future__ import annotations

import re
from functools import lru_cache

from detent import TYPE_CHECKING
from detent.audit.fix.sections import guess_section
from detent.audit.parse.docstring import PARAMETERS, parse_docstring
from detent.core.namedtuple import NamedTuple
from detent.core.names import normalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.audit.parse.docstring import ParsedDocstring

# Names in these sections are no parameters.
_OTHER_SECTIONS = frozenset(
    {
        "Attributes",
        "Methods",
        "Returns",
        "Yields",
        "Receives",
        "Raises",
        "Warns",
        "See Also",
        "References",
        "Examples",
    }
)
# Fields of Sphinx, Epytext and Doxygen.
_FIELD = re.compile(
    r"(?:[:@](?:param(?:eter)?|arg(?:ument)?|key(?:word)?|kwarg|kwparam|type)|[\\@]t?param)"
    r"(?:\[\w*\])?\s[\s*\\]*\w|(?i:param(?:eter)?|arg(?:ument)?) [`*]*\w+[`*]* ?(?::|--?\s)"
)
# Directives that may contain any text.
_INCLUDE = re.compile(r"\.\. (?:include|literalinclude|raw|list-table|csv-table)::")
_LIST_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        arg args argument arguments input inputs keyword keywords kwarg kwargs option options param
        parameter parameters params
        """,
    )
)
_LIST_QUALIFIERS = frozenset(
    re.findall(
        r"\w+",
        """
        additional call class common constructor extra function general init input keyword main
        method named optional other positional required the
        """,
    )
)
_ITEM = re.compile(r"(?:[-+•]|\*(?!\w|\*)|\(?\d{1,3}[.)]|#\.)\s+")
# What ends the names at the beginning of a line: a bracket does unless it is the first character.
_END = re.compile(r":|=|\s-{1,3}>?(?:\s|$)|\s[–—](?:\s|$)|\s\s|(?<=[\w\s`*])[(\[{<]|->")
_BETWEEN = re.compile(r",|/|&|\||\s(?:and|or)\s")
_ELLIPSIS = re.compile(r"\.{3}|…")
_MARKUP = " \t-*`'\"\\()[]{}~|"


class OtherForms(NamedTuple):
    """What a docstring has besides entries that rules can read."""

    names: frozenset[str]  # that begin a line as an entry does, without stars and capitals
    has_list: bool  # whether there is a list of parameters that rules cannot read


def is_described(name: str, signature: Iterable[str], texts: Iterable[str]) -> bool:
    """Tell whether docstrings may describe a parameter where the rules do not see it.

    That is so for all parameters of a `signature` where one is described outside of a section.
    """
    for text in texts:
        forms = find_other_forms(text)
        if forms.has_list or _fold_name(name) in forms.names:
            return True
        has_section = parse_docstring(text).find_section(*PARAMETERS) is not None
        if not has_section and not forms.names.isdisjoint(map(_fold_name, signature)):
            return True
    return False


@lru_cache(maxsize=16)
def find_other_forms(text: str) -> OtherForms:
    """Find the names that begin lines, and lists of parameters in other styles."""
    doc = parse_docstring(text)
    names: set[str] = set()
    lines = _list_lines(doc)
    if doc.find_section(*PARAMETERS) is None:
        lines += [section.title for section in doc.sections]
    has_list = any(map(_is_list, lines))
    for line in _list_lines(doc):
        names.update(_read_names(line) or ())
    has_list = has_list or _has_second_title(doc) or _has_unreadable_entry(doc)
    return OtherForms(frozenset(names), has_list)


def _list_lines(doc: ParsedDocstring) -> list[str]:
    """List the lines that may describe parameters, without titles of sections."""
    lines, sections = doc.text.bare, doc.sections
    found = lines[: sections[0].line] if sections else lines
    for number, section in enumerate(sections):
        if section.name not in _OTHER_SECTIONS:
            end = sections[number + 1].line if number + 1 < len(sections) else len(lines)
            found = [*found, *lines[section.line + 2 : end]]
    return [line for line in found if line]


def _is_list(line: str) -> bool:
    """Tell whether a line is a field, an inclusion, or the title of a list of parameters."""
    if _FIELD.match(line) or _INCLUDE.match(line):
        return True
    end = _END.search(line)
    head = line[: end.start()] if end else line
    if guess_section(head.strip()) in PARAMETERS:
        return True
    words = head.strip("*#_=`~.- \t").casefold().split()
    is_title = bool(words) and words[-1] in _LIST_WORDS and _LIST_QUALIFIERS.issuperset(words[:-1])
    # A word that ends a sentence is no title.
    return is_title and (end is not None or line[-1] != ".")


def _has_second_title(doc: ParsedDocstring) -> bool:
    """Tell whether numpydoc may find the title twice, if only in a literal block."""
    titles = [line for line, content in enumerate(doc.text.bare) if content == PARAMETERS[0]]
    return len(titles) > 1 or not {section.line for section in doc.sections}.issuperset(titles)


def _has_unreadable_entry(doc: ParsedDocstring) -> bool:
    """Tell whether an entry may stand for any parameter."""
    lines = {entry.place[0] for entry in doc.parameters}.difference(doc.placeholders)
    return any(_is_unreadable(doc.text.bare[line]) for line in lines)


def _is_unreadable(line: str) -> bool:
    names = _read_names(line)
    if names and "none" not in names:
        return bool(_ELLIPSIS.search(line[: _find_end(line)]))
    return line[:2] != ".."


def _read_names(line: str) -> list[str] | None:
    """Read the names with which a line begins; None where it begins with other words."""
    item = _ITEM.match(line)
    rest = line[item.end() if item else 0 :].lstrip(":")
    if rest.startswith("| "):
        rest = rest[2:].partition("|")[0]
    parts = [part.strip(_MARKUP) for part in _BETWEEN.split(rest[: _find_end(rest)])]
    names = [part for part in parts if part.strip(".…")]
    if not all(name.isidentifier() for name in names):
        return None
    return [_fold_name(name) for name in names]


def _find_end(line: str) -> int:
    """Find where the names end with which a line begins."""
    end = _END.search(line)
    return end.start() if end else len(line)


def _fold_name(name: str) -> str:
    return normalize_name(name.lstrip("*")).casefold()
