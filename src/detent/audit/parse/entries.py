"""Entries of a section: parameters, return values, and references under See Also."""

from __future__ import annotations

import re
from itertools import pairwise

from detent import TYPE_CHECKING
from detent.core.escape import sanitize_name
from detent.core.namedtuple import NamedTuple
from detent.core.names import normalize_name

if TYPE_CHECKING:
    from detent.audit.parse.lines import DocstringLines

_VERSION_DIRECTIVES = (".. versionadded", ".. versionchanged", ".. deprecated")

# The lines that numpydoc can read under See Also: name or :role:`name`, several, ": description".
_NAME = r"(?::(?:py:)?\w+:`(?:~\w+\.)?[a-zA-Z0-9_.-]+`|[a-zA-Z0-9_.-]+)"
_REFERENCE = rf"\s*({_NAME}(?:,\s+{_NAME})*)[,.]?(?:\s*:(?:\s+(\S.*))?)?\s*$"


class Name(NamedTuple):
    """A name and its place, counted from 0."""

    text: str
    line: int
    column: int


class Description(NamedTuple):
    """The first and the last line of a description."""

    line: int  # where it begins
    column: int
    first: str  # the first line without the common margin
    last_line: int  # where `last` begins
    last_column: int
    last: str  # the last line without the common margin

    @property
    def end(self) -> tuple[int, int]:
        """Line and column of the last character that is not white space."""
        width = len(self.last.rstrip())
        return (self.last_line, self.last_column + max(width - 1, 0))


class Entry(NamedTuple):
    """One item of a section such as Parameters or Returns."""

    names: tuple[Name, ...]  # before the colon
    type: Name  # after the colon; its text may be empty
    has_tight_colon: bool  # whether the colon lacks its spaces
    description: Description | None  # the indented text below

    @property
    def label(self) -> str:
        """Its first name, or its type where it has no name; safe to print."""
        return sanitize_name(self.names[0].text if self.names else self.type.text)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column where it begins."""
        name = self.names[0] if self.names else self.type
        return (name.line, name.column)


class Reference(NamedTuple):
    """One item under See Also."""

    names: tuple[Name, ...]  # the functions of one line
    description: Description | None
    readable: bool  # whether numpydoc can read the line


def parse_entries(
    text: DocstringLines, first: int, last: int, *, typed: bool = False
) -> list[Entry]:
    """Read the entries of a section; `typed` if a line without a colon is a type."""
    if first >= last:
        return []
    indents, margin = text.indents, text.measure_margin(first, last)
    heads = [line for line in range(first + 1, last) if indents[line] == margin]
    bounds = pairwise([first, *heads, last])
    return [_parse_entry(text, head, end, typed=typed) for head, end in bounds]


def parse_references(text: DocstringLines, first: int, last: int) -> list[Reference]:
    """Read the content of a See Also section."""
    margin = text.measure_margin(first, last)
    items: list[_ReferenceParts] = []
    for line in range(first, last):
        if not text.bare[line]:
            continue
        match = re.match(_REFERENCE, text.bare[line])
        is_described = bool(match and match[2])
        is_continued = text.lines[line].startswith(" ", margin)
        if is_continued and not is_described:
            if items:
                items[-1][1].append((line, text.indents[line], text.bare[line]))
            continue
        items.append(_parse_reference(text, line, match))
    return [
        Reference(names, _join_description(parts), readable) for names, parts, readable in items
    ]


_DescriptionLine = tuple[int, int, str]
_ReferenceParts = tuple[tuple[Name, ...], list[_DescriptionLine], bool]


def _parse_entry(text: DocstringLines, head: int, end: int, *, typed: bool) -> Entry:
    """Read one entry: its first line and the indented lines below."""
    header, column = text.bare[head], text.indents[head]
    names, colon, kind = header.partition(" : ")
    is_tight = False
    if not colon:
        names = header.removesuffix(" :")
        if typed:
            names, kind = "", names
        elif ":" in names:
            is_tight = True
            if names[0] != ":":
                names, colon, kind = names.partition(":")
    type_column = column + len(names) + len(colon)
    return Entry(
        _split_names(names, head, column) if names else (),
        Name(kind, head, type_column),
        is_tight,
        _find_description(text, head + 1, end) if end > head + 1 else None,
    )


def _split_names(names: str, line: int, column: int) -> tuple[Name, ...]:
    """Split ``a, b``, ``a,b`` and ``*args, **kwargs``, but not ``f(a,b)``."""
    if names.isidentifier():
        return (Name(normalize_name(names), line, column),)
    parts = names.split(",")
    if not all(part.strip().lstrip("*\\").isidentifier() for part in parts):
        parts = names.split(", ")
        gap = 2
    else:
        gap = 1
    found = []
    for part in parts:
        indent = len(part) - len(part.lstrip())
        name = normalize_name(part.strip().replace("\\", ""))
        found.append(Name(name, line, column + indent))
        column += len(part) + gap
    return tuple(found)


def _find_description(text: DocstringLines, first: int, last: int) -> Description | None:
    """Find the first and the last line of a description, up to a directive about versions."""
    first, last = text.trim_blank_lines(first, last)
    if first == last:
        return None
    margin = text.measure_margin(first, last)
    last, width = (
        _find_version_directive(text, first, last) if text.has_directives else (last, None)
    )
    if width is not None and width <= margin:
        last, width = text.trim_blank_lines(first, last - 1)[1], None
    if first == last:
        return None
    end = last - 1
    tail = text.lines[end][margin:width]
    head = tail if end == first else text.lines[first][margin:]
    return Description(first, text.indents[first], head, end, margin, tail)


def _find_version_directive(text: DocstringLines, first: int, last: int) -> tuple[int, int | None]:
    """Find the line after a directive about versions, which ends a description, and its column."""
    for line in range(first, last):
        if ".. " in text.bare[line]:
            found = [at for at in map(text.lines[line].find, _VERSION_DIRECTIVES) if at >= 0]
            if found:
                return line + 1, min(found)
    return last, None


def _parse_reference(
    text: DocstringLines, line: int, match: re.Match[str] | None
) -> _ReferenceParts:
    """Read the first line of a reference."""
    bare, indent = text.bare[line], text.indents[line]
    if match is None:
        return (Name(bare, line, indent),), [], False
    names = [
        Name(
            found.group().rpartition(":")[2].strip("`"),
            line,
            indent + match.start(1) + found.start(),
        )
        for found in re.finditer(_NAME, match[1])
    ]
    parts = [(line, indent + match.start(2), match[2])] if match[2] else []
    return tuple(names), parts, True


def _join_description(parts: list[_DescriptionLine]) -> Description | None:
    """Make a description of the lines under a reference."""
    if not parts:
        return None
    (line, column, first), (last_line, last_column, last) = parts[0], parts[-1]
    return Description(line, column, first, last_line, last_column, last)
