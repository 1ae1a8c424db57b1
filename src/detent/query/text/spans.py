"""Where a file has prose: comments and docstrings of code, Markdown cells of notebooks."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.languages import LANGUAGES
from detent.query.text.modes import EXTRACTED_PROSE, NOTEBOOK, PROSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Comments, strings and brackets of Python; a string that never ends goes to the end of the file.
_TOKEN = re.compile(
    rb"#[^\r\n]*"
    rb'|"""[^\\"]*+(?:(?:\\(?s:.)|"(?!""))[^\\"]*+)*+(?:"""|\\?\Z)'
    rb"|'''[^\\']*+(?:(?:\\(?s:.)|'(?!''))[^\\']*+)*+(?:'''|\\?\Z)"
    rb'|"[^\\"\r\n]*+(?:\\(?s:.)[^\\"\r\n]*+)*+"?'
    rb"|'[^\\'\r\n]*+(?:\\(?s:.)[^\\'\r\n]*+)*+'?"
    rb"|[()\[\]{}]"
)
_REST_OF_LINE = re.compile(rb"[ \t]*(?:[#\r\n]|\Z)")
_DOCSTRING_PREFIXES = (b"", b"r", b"u")
_HIDDEN = bytes(byte if byte in b"\n\r" else 0 for byte in range(256))
#: A cell of a notebook, as all programs write it: one line of JSON for each line of text.
_CELL = re.compile(rb'^ *"cell_type": "(\w+)"', re.MULTILINE)
_SOURCE = re.compile(rb'^ *"source": \[\n((?: *".*\n)*)', re.MULTILINE)


class Span(NamedTuple):
    """A part of a file, in bytes."""

    start: int
    end: int


def list_spans(raw: bytes, form: str, mode: str) -> list[Span] | None:
    """List the parts of a file that belong to a mode; None for all of it."""
    if mode == EXTRACTED_PROSE and form in LANGUAGES:
        return list(_list_prose_of_code(raw))
    if mode == PROSE and form == NOTEBOOK:
        return list(_list_markdown_cells(raw))
    return None


def hide_others(raw: bytes, spans: Iterable[Span]) -> bytes:
    """Replace what is outside of all spans by NUL bytes; lines and places stay as they are."""
    shown = bytearray(raw.translate(_HIDDEN))
    for start, end in spans:
        shown[start:end] = raw[start:end]
    return bytes(shown)


def _list_prose_of_code(raw: bytes) -> Iterator[Span]:
    """List comments, and the strings that are statements."""
    depth = 0
    for match in _TOKEN.finditer(raw):
        first = match[0][:1]
        if first in b"([{":
            depth += 1
        elif first in b")]}":
            depth = max(0, depth - 1)
        elif first == b"#" or (depth == 0 and _is_statement(raw, match.start(), match.end())):
            yield Span(match.start(), match.end())


def _is_statement(raw: bytes, start: int, end: int) -> bool:
    """Tell whether nothing but a comment is beside a string."""
    before = raw[raw.rfind(b"\n", 0, start) + 1 : start].strip().lower()
    after = _REST_OF_LINE.match(raw, end)
    return before in _DOCSTRING_PREFIXES and after is not None


def _list_markdown_cells(raw: bytes) -> Iterator[Span]:
    starts = [*_CELL.finditer(raw)]
    ends = [match.start() for match in starts[1:]] + [len(raw)]
    for cell, end in zip(starts, ends, strict=True):
        source = _SOURCE.search(raw, cell.end(), end)
        if cell[1] == b"markdown" and source is not None:
            yield Span(source.start(1), source.end(1))
