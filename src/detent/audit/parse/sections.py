"""The sections of a docstring, as numpydoc finds them, and those that it just misses."""

from __future__ import annotations

from functools import lru_cache

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.audit.parse.lines import DocstringLines

#: The sections of the format, in their order.
SECTION_ORDER = (
    "Parameters",
    "Attributes",
    "Methods",
    "Returns",
    "Yields",
    "Receives",
    "Other Parameters",
    "Raises",
    "Warns",
    "Warnings",
    "See Also",
    "Notes",
    "References",
    "Examples",
)

_KNOWN_TITLES = frozenset(SECTION_ORDER)
_INDEX = ".. index::"


class Section(NamedTuple):
    """A title with its content."""

    title: str  # as written
    name: str  # as numpydoc looks it up: every word capitalized
    line: int  # the line of the title, counted from 0
    first: int  # the first line of the content that is not blank
    last: int  # the line after the last one that is not blank
    exact: bool  # whether the underline has the form of the format: dashes, as long as the title
    flaw: str = ""  # why numpydoc does not find the section: ``underline`` or ``blank``


def find_sections(text: DocstringLines) -> list[Section]:
    """Find the sections of a docstring."""
    starts = _find_titles(text)
    if not starts:
        return []
    ends = [line for line, _ in starts[1:]] + [len(text.lines)]
    return [
        _measure_section(text, line, end, flaw=flaw)
        for (line, flaw), end in zip(starts, ends, strict=True)
    ]


@lru_cache(maxsize=1024)
def normalize_title(title: str) -> str:
    """Return the name that numpydoc has for a title."""
    return " ".join([word.capitalize() for word in title.split(" ")])


def _find_titles(text: DocstringLines) -> list[tuple[int, str]]:
    """List the lines of titles, each with its flaw."""
    found: list[tuple[int, str]] = []
    last = -1
    for line, content in enumerate(text.bare):
        if content and content[0] in "-=.":
            start = _find_title(text, line, last)
            if start is not None:
                found.append(start)
                last = start[0]
    return found


def _find_title(text: DocstringLines, line: int, last: int) -> tuple[int, str] | None:
    """Find the title that a line underlines, if it comes after the line `last`."""
    content = text.bare[line]
    if content[0] == ".":
        opens = not line or not (text.bare[line - 1] or line - 1 in text.literal)
        return (line, "") if opens and content.startswith(_INDEX) else None
    title = line - 1
    if title <= last or not text.bare[title] or not text.literal.isdisjoint((title, line)):
        return None
    flaw = _find_title_flaw(text, title, underline=content)
    return None if flaw is None else (title, flaw)


def _find_title_flaw(text: DocstringLines, line: int, *, underline: str) -> str | None:
    """Name the flaw of a title over something like an underline; None if it is not a title."""
    title = text.bare[line]
    opens = not line or not text.bare[line - 1]
    if opens and underline.startswith(("-" * len(title), "=" * len(title))):
        return ""
    # numpydoc does not find it. With a name that is not the format's, it may be a table or a list.
    is_rule = not underline.strip(underline[0])
    if not is_rule or normalize_title(title.removesuffix(":")) not in _KNOWN_TITLES:
        return None
    if text.indents[line] != text.indents[line + 1]:
        return None
    return "underline" if opens else _check_blank_above(text, line)


def _check_blank_above(text: DocstringLines, line: int) -> str | None:
    """Tell a title without a blank line above from an indented line of text."""
    # The first line has no indentation to compare with.
    return "blank" if line == 1 or text.indents[line] <= text.indents[line - 1] else None


def _measure_section(text: DocstringLines, line: int, end: int, *, flaw: str) -> Section:
    """Measure one section."""
    title = text.bare[line]
    first, last = line + 2, end
    if title.startswith(_INDEX):
        return Section(title, _INDEX, line, min(line + 1, end), end, exact=False)
    first, last = text.trim_blank_lines(first, last)
    margin = text.measure_margin(line, end)
    head, underline = text.lines[line][margin:], text.lines[line + 1][margin:]
    exact = len(head) == len(underline) and not underline.strip("-")
    if exact:
        title = head
    name = normalize_title(title.removesuffix(":") if flaw else title)
    return Section(title, name, line, first, last, exact, flaw)
