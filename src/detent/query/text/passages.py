"""A file in passages: definitions, paragraphs, comments, or rows of data."""

from __future__ import annotations

import json
import re

from detent import TYPE_CHECKING
from detent.languages import LANGUAGES
from detent.query.text.lines import decode_lines
from detent.query.text.modes import (
    CODE,
    EXTRACTED_PROSE,
    JSON_LINES,
    NOTEBOOK,
    PROSE,
    RECORDS,
    TABLE,
    list_modes,
)
from detent.query.text.spans import hide_others, list_spans
from detent.store.text.words import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detent.core.model import Symbol

#: Raised by one whenever the same bytes give other passages.
PASSAGES_VERSION = 1
#: Rows of data in one passage.
_ROWS = 100
#: Longer lines are cut: they are data.
_MOST_CHARACTERS = 10_000
_WORD_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_HEADING = re.compile(r"#{1,6} +(.*)")
_UNDERLINE = re.compile(r"([=\-~^\"'`*+#.:_])\1{2,}\s*")


def split_passages(raw: bytes, form: str, symbols: Sequence[Symbol] = ()) -> list[Passage]:
    """Split a file; the definitions of code are given."""
    found: list[Passage] = []
    for mode in list_modes(form):
        spans = list_spans(raw, form, mode)
        text = decode_lines(raw if spans is None else hide_others(raw, spans))
        lines = [line[:_MOST_CHARACTERS] for line in text.split("\n")]
        found += _split_mode(lines, form, mode, symbols=symbols)
    return found


def _split_mode(
    lines: list[str], form: str, mode: str, *, symbols: Sequence[Symbol]
) -> Iterator[Passage]:
    if mode == CODE and form in LANGUAGES:
        return _split_code(lines, symbols)
    if mode == RECORDS:
        return _split_records(lines, form)
    if mode == EXTRACTED_PROSE or form == NOTEBOOK:
        lines = [line.replace("\0", " ").strip(" \"',\\") for line in lines]
    return _split_prose(lines, mode)


def _split_code(lines: list[str], symbols: Sequence[Symbol]) -> Iterator[Passage]:
    """Give each definition the lines that no definition in it has."""
    owners = [0] * len(lines)
    for number, symbol in enumerate(symbols):
        last = min(symbol.end_line, len(lines))
        owners[symbol.line - 1 : last] = [number] * (last - symbol.line + 1)
    own: dict[int, list[str]] = {}
    for owner, line in zip(owners, lines, strict=True):
        own.setdefault(owner, []).append(line)
    for number, symbol in enumerate(symbols):
        body = "\n".join(own.get(number, ()))
        yield Passage(
            CODE, symbol.line, symbol.end_line, symbol.qualname, split_name(symbol.name), body
        )


def split_name(name: str) -> str:
    """Give a name with the words in it, where it has several."""
    words = " ".join(_WORD_PARTS.findall(name))
    return f"{name} {words}" if words.replace(" ", "_").lower() != name.lower() else name


def _split_prose(lines: list[str], mode: str) -> Iterator[Passage]:
    """Give each paragraph the heading above it."""
    heading, first = "", 0
    for number in range(len(lines) + 1):
        if number < len(lines) and lines[number].strip():
            continue
        block = lines[first:number]
        if block:
            heading = _find_heading(block) or heading if mode == PROSE else ""
            yield Passage(mode, first + 1, number, heading, heading, "\n".join(block))
        first = number + 1


def _find_heading(block: list[str]) -> str:
    """Find the title of a paragraph, of Markdown or of reStructuredText."""
    for line, below in zip(block, [*block[1:], ""], strict=True):
        if match := _HEADING.match(line):
            return match[1].strip("# ")
        if _UNDERLINE.fullmatch(below) and line.strip() and not _UNDERLINE.fullmatch(line):
            return line.strip()
    return ""


def _split_records(lines: list[str], form: str) -> Iterator[Passage]:
    """Give so many rows at once the names of their columns."""
    header = _read_header(lines, form)
    for first in range(0, len(lines), _ROWS):
        block = lines[first : first + _ROWS]
        if any(block):
            last = first + len(block)
            yield Passage(RECORDS, first + 1, last, header, header, "\n".join(block))


def _read_header(lines: list[str], form: str) -> str:
    if form == TABLE:
        return lines[0].strip()
    if form != JSON_LINES:
        return ""
    try:
        row = json.loads(lines[0])
    except (ValueError, RecursionError):
        return ""
    return ",".join(row) if isinstance(row, dict) else ""
