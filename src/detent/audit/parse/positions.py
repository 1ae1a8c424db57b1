r"""Places in the value of a docstring to places in the file.

Most docstrings are one literal without escapes: there, an addition is enough. Only where the value
differs from the source (escapes, implicit concatenation, ``\`` at the end of a line) is the literal
read character by character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from detent.core.model import Docstring

#: From (line, column) in the text, counted from 0, to (line, column) in the file, counted from 1.
Locator = Callable[[int, int], tuple[int, int]]

_COMMENT = r"#.*"
_OPENING = r"""([A-Za-z]{0,2})("{3}|'{3}|"|')"""
_ESCAPE = (
    r"\\(?:\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}"
    r"|N\{[^{}\\\n]*\}|[\\'\"abfnrtv])"
)


def build_locator(docstring: Docstring) -> Locator:
    """Build the function that finds places of this docstring in its file."""
    match = re.match(_OPENING, docstring.source)
    if match and docstring.source[match.end() : -len(match[2])] == docstring.text:
        return _build_offset_locator(docstring.line, docstring.column + match.end())
    return _build_lookup_locator(docstring)


def list_plain_runs(source: str) -> list[tuple[int, int, int]] | None:
    """List the parts of a literal without escapes: offset in the value, in the source, length."""
    opening = re.match(_OPENING, source)
    if opening is None or find_literal_end(source) != len(source):
        return None
    begin, end = opening.end(), len(source) - len(opening[2])
    if "r" in opening[1].lower():
        return [(0, begin, end - begin)]
    found, index = [], 0
    for number, (start, length) in enumerate(_split_escapes(source, begin, end)):
        if not number % 2:
            found.append((index, start, length))
        index += length
    return found


def find_literal_end(source: str) -> int:
    """Find the end of the literal at the beginning of a text."""
    opening = re.match(_OPENING, source)
    if opening is None:
        return 0
    closing = _find_closing_quotes(source, opening)
    return closing + len(opening[2]) if closing < len(source) else 0


def _build_offset_locator(line: int, column: int) -> Locator:
    """Locate in a literal whose value equals its source."""

    def at(row: int, offset: int) -> tuple[int, int]:
        return (line + row, offset + 1) if row else (line, column + offset)

    return at


def _build_lookup_locator(docstring: Docstring) -> Locator:
    """Locate in a literal whose value differs from its source."""
    source = docstring.source
    indices, offsets = zip(*_map_runs(source), strict=True)
    rows = list(accumulate(docstring.text.split("\n"), _add_line_length, initial=0))
    starts = list(accumulate(source.split("\n"), _add_line_length, initial=0))[:-1]

    def at(row: int, column: int) -> tuple[int, int]:
        index = min(rows[min(row, len(rows) - 1)] + column, indices[-1])
        run = bisect_right(indices, index) - 1
        offset = offsets[run] + index - indices[run]
        line = bisect_right(starts, offset) - 1
        column = offset - starts[line] + 1
        return (docstring.line + line, column if line else column + docstring.column - 1)

    return at


def _add_line_length(start: int, line: str) -> int:
    """Return the offset after a line and its line break."""
    return start + len(line) + 1


def _map_runs(source: str) -> Iterator[tuple[int, int]]:
    """Yield, for each run without escapes, its offset in the value and in `source`.

    The last run is the closing quotes.
    """
    index = at = end = 0
    while at < len(source):
        comment = re.compile(_COMMENT).match(source, at)
        opening = re.compile(_OPENING).match(source, at)
        if comment or not opening:
            at = comment.end() if comment else at + 1
            continue
        at, end = opening.end(), _find_closing_quotes(source, opening)
        is_raw = "r" in opening[1].lower()
        for start, length in [(at, end - at)] if is_raw else _split_escapes(source, at, end):
            yield index, start
            index += length
        at = end + len(opening[2])
    yield index, min(end, max(len(source) - 1, 0))


def _split_escapes(source: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the offset of each plain run and escape, and its length in the value."""
    for escape in re.compile(_ESCAPE).finditer(source, at, end):
        yield at, escape.start() - at
        yield escape.start(), int(escape.group() != "\\\n")
        at = escape.end()
    yield at, end - at


def _find_closing_quotes(source: str, opening: re.Match[str]) -> int:
    """Find the closing quotes of a literal: never behind a backslash, even in a raw literal."""
    for step in re.compile(r"(?s:\\.)|" + opening[2]).finditer(source, opening.end()):
        if step.group() == opening[2]:
            return step.start()
    return len(source)
