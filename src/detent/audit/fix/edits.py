"""Edits of a docstring's text, applied to its literal in the file too."""

from __future__ import annotations

import re
from itertools import pairwise

from detent import TYPE_CHECKING
from detent.audit.parse.positions import find_literal_end, list_plain_runs
from detent.core.namedtuple import NamedTuple
from detent.languages.python.string_literals import evaluate_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detent.audit.parse.lines import DocstringLines
    from detent.core.model import Docstring


# A quote or line break behind a backslash does not end a literal.
_ESCAPE_PAIR = re.compile(r"(?s:\\.)")


class Edit(NamedTuple):
    """A replacement of a part of a docstring's value."""

    start: int  # offset into the value
    end: int  # equal to `start` for an insertion
    text: str  # the replacement


def find_offset(text: DocstringLines, line: int, column: int = 0) -> int:
    """Find the offset of a place in the value."""
    before = sum(map(len, text.lines[:line])) + line + column
    return min(before, sum(map(len, text.lines)) + len(text.lines) - 1)


def insert_text(at: int, text: str) -> Edit:
    """Make the edit that only inserts text."""
    return Edit(at, at, text)


def delete_lines(text: DocstringLines, first: int, last: int) -> Edit:
    """Make the edit that deletes whole lines with their line breaks."""
    return Edit(find_offset(text, first), find_offset(text, last), "")


def order_edits(edits: Iterable[Edit]) -> list[Edit] | None:
    """Sort edits so that they can be applied at once; None where they overlap."""
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: edit[:2])
    for before, after in pairwise(ordered):
        if before.end > after.start:
            return None
    return ordered


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Apply sorted edits."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def edit_docstring(docstring: Docstring, edits: Sequence[Edit]) -> Docstring | None:
    """Apply edits to the value and to the literal; None where that changes anything else."""
    source = docstring.source
    parts = list_plain_runs(source)
    if parts is None:
        return None
    placed = []
    for edit in edits:
        start = _find_in_source(parts, edit)
        if start is None:
            return None
        placed.append(Edit(start, start + edit.end - edit.start, edit.text))
    text, literal = apply_edits(docstring.text, edits), apply_edits(source, placed)
    is_broken = source[-3:] not in ('"' * 3, "'" * 3) and "\n" in _ESCAPE_PAIR.sub("", literal)
    if is_broken or find_literal_end(literal) != len(literal) or evaluate_literal(literal) != text:
        return None
    return docstring._replace(text=text, source=literal)


def _find_in_source(parts: Sequence[tuple[int, int, int]], edit: Edit) -> int | None:
    """Find where an edit begins in a literal; None unless it is within one part."""
    for index, start, length in parts:
        if index <= edit.start and edit.end <= index + length:
            return start + edit.start - index
    return None
