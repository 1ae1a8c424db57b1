"""The lines of a text in which something is found."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    #: Finds the next place in a text from a position on: its start, or -1.
    FindNext = Callable[[str, int], int]

_WORD = frozenset("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class LineMatch(NamedTuple):
    """A line in which something is found."""

    line: int  # from 1
    column: int  # where it is found first, in characters from 1
    text: str
    before: tuple[str, ...] = ()  # lines around it
    after: tuple[str, ...] = ()


def decode_lines(raw: bytes) -> str:
    """Decode a file, so that each byte that is not UTF-8 is one character."""
    return raw.decode("utf-8", "surrogateescape")


def find_lines(text: str, find_next: FindNext) -> Iterator[LineMatch]:
    """Find the lines of a text, each once."""
    line, before, start = 1, 0, find_next(text, 0)
    while start >= 0:
        line += text.count("\n", before, start)
        begin = text.rfind("\n", 0, start) + 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield LineMatch(line, start - begin + 1, text[begin:end])
        before = start
        start = find_next(text, end + 1) if end < len(text) else -1


def make_literal_finder(literal: str) -> FindNext:
    """Make a function that finds a literal."""
    return lambda text, position: text.find(literal, position)


def make_word_finder(literal: str) -> FindNext:
    """Make a function that finds a literal with no letter, digit or underscore beside it."""
    length = len(literal)

    def find_word(text: str, position: int) -> int:
        start = text.find(literal, position)
        while start >= 0:
            around = (text[start - 1 : start], text[start + length : start + length + 1])
            if _WORD.isdisjoint(around):
                return start
            start = text.find(literal, start + 1)
        return -1

    return find_word


def add_context(matches: Iterable[LineMatch], text: str, count: int) -> Iterator[LineMatch]:
    """Add so many lines before and after each."""
    lines = text.removesuffix("\n").split("\n") if count else []
    for match in matches:
        before = tuple(lines[max(0, match.line - 1 - count) : match.line - 1])
        yield match._replace(before=before, after=tuple(lines[match.line : match.line + count]))
