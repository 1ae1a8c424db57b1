"""A line of source, cut to the width of a terminal, and where its mark goes."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from itertools import accumulate

from detent import TYPE_CHECKING
from detent.core.escape import clean_text
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAB = 4
_CUT = "…"
_WORD = re.compile(r"\w+")
#: Vowels and finals of Hangul: a terminal draws them into the syllable that they end.
_COMBINING_HANGUL = range(0x1160, 0x1200)


class Excerpt(NamedTuple):
    """A part of a line, and its mark in cells of the terminal."""

    text: str  # safe to print
    before: int  # cells before the mark
    length: int  # cells of the mark


def cut_excerpt(line: str, column: int, width: int) -> Excerpt:
    """Cut a line to a width around a column, and mark the word there."""
    width = max(width, 20)
    place = min(max(column - 1, 0), len(line))
    # A line may have millions of characters: only those near the place are measured.
    first, last = max(0, place - 4 * width), place + 4 * width
    cells = _measure_cells(line[first:last])
    ends = [0, *accumulate(cell[1] for cell in cells)]
    begin = _choose_start(ends, place - first, most=width * 2 // 3)
    head = _CUT if begin or first else ""
    fitting = bisect_right(ends, ends[begin] + width - len(head)) - 1
    tail = _CUT if fitting < len(cells) or last < len(line) else ""
    end = bisect_right(ends, ends[begin] + width - len(head) - len(tail)) - 1
    word = _WORD.match(line, place)
    stop = min(word.end() if word else place + 1, max(end + first, place + 1))
    length = ends[min(stop - first, len(cells))] - ends[place - first]
    text = "".join(cell[0] for cell in cells[begin:end])
    before = len(head) + ends[place - first] - ends[begin]
    return Excerpt(f"{head}{text}{tail}".rstrip(), before, max(1, length))


def _choose_start(ends: Sequence[int], place: int, *, most: int) -> int:
    """Choose the first character, so that at most so many cells come before the place."""
    return bisect_left(ends, ends[place] - most) if ends[place] > most else 0


def _measure_cells(line: str) -> list[tuple[str, int]]:
    """List how each character is shown, and how many cells it takes."""
    cells = []
    column = 0
    for character in line:
        shown, width = _measure_cell(character, column)
        cells.append((shown, width))
        column += width
    return cells


def _measure_cell(character: str, column: int) -> tuple[str, int]:
    if character == "\t":
        width = _TAB - column % _TAB
        return " " * width, width
    shown = clean_text(character)
    return shown, len(shown) if shown != character else _measure_character(character)


def _measure_character(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    joins = unicodedata.category(character) in ("Mn", "Me")
    return 0 if joins or ord(character) in _COMBINING_HANGUL else 1
