"""Entries of a section: parameters, return values, and the references under See Also."""

from __future__ import annotations

import re
from itertools import pairwise

from detent import TYPE_CHECKING
from detent.audit.parse.lines import clean
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.audit.parse.lines import Text

_DIRECTIVES = (".. versionadded", ".. versionchanged", ".. deprecated")

# What numpydoc can read under See Also: name, :role:`name`, a list of them, and ": description".
_NAME = r"(?::(?:py:)?\w+:`(?:~\w+\.)?[a-zA-Z0-9_.-]+`|[a-zA-Z0-9_.-]+)"
_REFERENCE = re.compile(rf"\s*({_NAME}(?:,\s+{_NAME})*)[,.]?(?:\s*:(?:\s+(\S.*))?)?\s*$")
_NAMES = re.compile(_NAME)


class Name(NamedTuple):
    """A name and the place, counted from 0, where it stands."""

    text: str
    line: int
    column: int


class Description(NamedTuple):
    """The first and the last line of a description.

    Attributes
    ----------
    line, column : int
        Where it begins.
    first, last : str
        Its first and its last line without the common margin.
    last_line, last_column : int
        Where `last` begins.
    """

    line: int
    column: int
    first: str
    last_line: int
    last_column: int
    last: str

    @property
    def end(self) -> tuple[int, int]:
        """Line and column of the last character that is no white space."""
        width = len(self.last.rstrip())
        return (self.last_line, self.last_column + max(width - 1, 0))


class Entry(NamedTuple):
    """One item of a section such as Parameters or Returns.

    Attributes
    ----------
    names : tuple of Name
        What stands before the colon; empty for a return value that has only a type.
    type : Name
        What stands after the colon, with an empty text where there is nothing.
    glued : bool
        Whether the colon lacks its spaces.
    description : Description or None
        The indented text below; None where there is none.
    """

    names: tuple[Name, ...]
    type: Name
    glued: bool
    description: Description | None

    @property
    def label(self) -> str:
        """What to call it: its first name, or its type where it has none; safe to print."""
        return clean(self.names[0].text if self.names else self.type.text)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column where it begins."""
        name = self.names[0] if self.names else self.type
        return (name.line, name.column)


class Reference(NamedTuple):
    """One item under See Also.

    Attributes
    ----------
    names : tuple of Name
        The functions of one line; where the line cannot be read, the whole line.
    description : Description or None
        What is said of them.
    readable : bool
        Whether numpydoc can read the line.
    """

    names: tuple[Name, ...]
    description: Description | None
    readable: bool


def entries(text: Text, first: int, last: int, *, typed: bool = False) -> list[Entry]:
    """Read the content of a section as a list of entries.

    Parameters
    ----------
    text : Text
        The docstring.
    first, last : int
        The lines of the content; it neither begins nor ends with a blank one.
    typed : bool, default False
        Whether a line without a colon is a type, as under Returns, and not a name.

    Returns
    -------
    list of Entry
        In the order in which they stand.
    """
    if first >= last:
        return []
    indents, margin = text.indents, text.margin(first, last)
    heads = [line for line in range(first + 1, last) if indents[line] == margin]
    bounds = pairwise([first, *heads, last])
    return [_entry(text, head, end, typed=typed) for head, end in bounds]


def references(text: Text, first: int, last: int) -> list[Reference]:
    """Read the content of a See Also section.

    Parameters
    ----------
    text : Text
        The docstring.
    first, last : int
        The lines of the content.

    Returns
    -------
    list of Reference
        In the order in which they stand, those that cannot be read included.
    """
    margin = text.margin(first, last)
    items: list[_Item] = []
    for line in range(first, last):
        if not text.bare[line]:
            continue
        match = _REFERENCE.match(text.bare[line])
        said = match[2] if match else None
        continues = text.lines[line].startswith(" ", margin)
        if continues and not said:
            if items:
                items[-1][1].append((line, text.indents[line], text.bare[line]))
            continue
        items.append(_item(text, line, match))
    return [Reference(names, _joined(parts), readable) for names, parts, readable in items]


_Part = tuple[int, int, str]
_Item = tuple[tuple[Name, ...], list[_Part], bool]


def _entry(text: Text, head: int, end: int, *, typed: bool) -> Entry:
    """Read one entry: its head line and what is indented below."""
    header, column = text.bare[head], text.indents[head]
    names, colon, kind = header.partition(" : ")
    glued = False
    if not colon:
        names = header.removesuffix(" :")
        if typed:
            names, kind = "", names
        elif ":" in names:
            glued = True
            if names[0] != ":":
                names, colon, kind = names.partition(":")
    where = column + len(names) + len(colon)
    return Entry(
        _names(names, head, column) if names else (),
        Name(kind, head, where),
        glued,
        _description(text, head + 1, end) if end > head + 1 else None,
    )


def _names(names: str, line: int, column: int) -> tuple[Name, ...]:
    """Split ``a, b``, ``a,b`` and ``*args, **kwargs``; leave ``f(a,b)`` alone."""
    if names.isidentifier():
        return (Name(names, line, column),)
    parts = names.split(",")
    if not all(part.strip().lstrip("*\\").isidentifier() for part in parts):
        parts = names.split(", ")
        gap = 2
    else:
        gap = 1
    found = []
    for part in parts:
        indent = len(part) - len(part.lstrip())
        found.append(Name(part.strip().replace("\\", ""), line, column + indent))
        column += len(part) + gap
    return tuple(found)


def _description(text: Text, first: int, last: int) -> Description | None:
    """Find the first and the last line of a description, up to a directive about versions."""
    first, last = text.trim(first, last)
    if first == last:
        return None
    margin = text.margin(first, last)
    last, width = _cut(text, first, last) if text.directed else (last, None)
    if width is not None and width <= margin:
        last, width = text.trim(first, last - 1)[1], None
    if first == last:
        return None
    end = last - 1
    tail = text.lines[end][margin:width]
    head = tail if end == first else text.lines[first][margin:]
    return Description(first, text.indents[first], head, end, margin, tail)


def _cut(text: Text, first: int, last: int) -> tuple[int, int | None]:
    """Find where a directive about versions cuts off a description: line after, and width."""
    for line in range(first, last):
        if ".. " in text.bare[line]:
            found = [at for at in map(text.lines[line].find, _DIRECTIVES) if at >= 0]
            if found:
                return line + 1, min(found)
    return last, None


def _item(text: Text, line: int, match: re.Match[str] | None) -> _Item:
    """Begin a reference."""
    bare, indent = text.bare[line], text.indents[line]
    if match is None:
        return (Name(bare, line, indent),), [], False
    names = [
        Name(found.group().rpartition(":")[2].strip("`"), line, indent + found.start())
        for found in _NAMES.finditer(bare, 0, match.end(1))
    ]
    parts = [(line, indent + match.start(2), match[2])] if match[2] else []
    return tuple(names), parts, True


def _joined(parts: list[_Part]) -> Description | None:
    """Make a description of its lines."""
    if not parts:
        return None
    (line, column, first), (last_line, last_column, last) = parts[0], parts[-1]
    return Description(line, column, first, last_line, last_column, last)
