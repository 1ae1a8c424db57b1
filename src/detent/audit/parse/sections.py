"""Where the sections of a docstring begin and end, as numpydoc sees them, and near misses."""

from __future__ import annotations

from functools import lru_cache

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.audit.parse.lines import Text

#: The sections of the format, in the order in which they are to stand.
ORDER = (
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

_KNOWN = frozenset(ORDER)
_INDEX = ".. index::"


class Section(NamedTuple):
    """A title with what follows it.

    Attributes
    ----------
    title : str
        As written.
    name : str
        As numpydoc looks it up: every word capitalised.
    line : int
        The line of the title, counted from 0.
    first, last : int
        The lines of the content without blank ones at the ends; `last` is not included.
    exact : bool
        Whether title and underline are written as the format wants: dashes, equal length.
    flaw : str
        Why numpydoc does not see the section: ``underline`` (too short), ``blank`` (no blank line
        above); empty where it does.
    """

    title: str
    name: str
    line: int
    first: int
    last: int
    exact: bool
    flaw: str = ""


def find(text: Text) -> list[Section]:
    """Find the sections of a docstring.

    Parameters
    ----------
    text : Text
        The docstring.

    Returns
    -------
    list of Section
        In the order in which they stand.
    """
    starts = _starts(text)
    if not starts:
        return []
    ends = [line for line, _ in starts[1:]] + [len(text.lines)]
    return [
        _section(text, line, end, flaw=flaw) for (line, flaw), end in zip(starts, ends, strict=True)
    ]


@lru_cache(maxsize=1024)
def canonical(title: str) -> str:
    """Return the name under which numpydoc files a title.

    Parameters
    ----------
    title : str
        Such as ``See also``.

    Returns
    -------
    str
        Such as ``See Also``.
    """
    return " ".join([word.capitalize() for word in title.split(" ")])


def _starts(text: Text) -> list[tuple[int, str]]:
    """List the title lines, each with its flaw."""
    found: list[tuple[int, str]] = []
    last = -1
    for line, content in enumerate(text.bare):
        if content and content[0] in "-=.":
            start = _start(text, line, last)
            if start is not None:
                found.append(start)
                last = start[0]
    return found


def _start(text: Text, line: int, last: int) -> tuple[int, str] | None:
    """Find the title that a line underlines, if it comes after the line `last`."""
    content = text.bare[line]
    if content[0] == ".":
        opens = not line or not text.bare[line - 1]
        return (line, "") if opens and content.startswith(_INDEX) else None
    title = line - 1
    if title <= last or not text.bare[title]:
        return None
    flaw = _flaw(text, title, underline=content)
    return None if flaw is None else (title, flaw)


def _flaw(text: Text, line: int, *, underline: str) -> str | None:
    """Say what is wrong with a title over something like an underline; None if it is no title."""
    title = text.bare[line]
    opens = not line or not text.bare[line - 1]
    if opens and underline.startswith(("-" * len(title), "=" * len(title))):
        return ""
    # Out of numpydoc's sight. Only the format's own names: anything else may be a table or a list.
    is_rule = len(underline) >= 3 and not underline.strip(underline[0])
    if not is_rule or canonical(title) not in _KNOWN:
        return None
    if text.indents[line] != text.indents[line + 1]:
        return None
    return "underline" if opens else _glued(text, line)


def _glued(text: Text, line: int) -> str | None:
    """Tell a title without a blank line above from a line of what is indented there."""
    # The first line has no indentation to tell by.
    return "blank" if line == 1 or text.indents[line] <= text.indents[line - 1] else None


def _section(text: Text, line: int, end: int, *, flaw: str) -> Section:
    """Measure one section."""
    title = text.bare[line]
    first, last = line + 2, end
    if title.startswith(_INDEX):
        return Section(title, _INDEX, line, min(line + 1, end), end, exact=False)
    first, last = text.trim(first, last)
    margin = text.margin(line, end)
    head, underline = text.lines[line][margin:], text.lines[line + 1][margin:]
    exact = len(head) == len(underline) and not underline.strip("-")
    if exact:
        title = head
    return Section(title, canonical(title), line, first, last, exact, flaw)
