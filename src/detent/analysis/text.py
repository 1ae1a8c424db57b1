"""The source under analysis, and how its nodes read."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

_CONTINUATION = re.compile(rb"[\x80-\xbf]")


class Text(NamedTuple):
    """A source, with what is needed to give columns in characters.

    Attributes
    ----------
    data : bytes
        UTF-8, newlines normalised.
    uncounted : list of int
        Where the bytes stand that begin no character, ascending.
    """

    data: bytes
    uncounted: list[int]

    def column(self, offset: int, column: int) -> int:
        """Give the column in characters, from 1, of a byte and its column in bytes, from 0."""
        if not self.uncounted:
            return column + 1
        begin = bisect_left(self.uncounted, offset - column)
        return column + 1 - bisect_left(self.uncounted, offset, begin) + begin


def text(data: bytes) -> Text:
    """Prepare a source."""
    ascii_only = data.isascii()
    return Text(data, [] if ascii_only else [m.start() for m in _CONTINUATION.finditer(data)])


def text_of(node: Node | None, data: bytes) -> str | None:
    """Give the source of a node, or None where there is no node."""
    return (
        None if node is None else data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    )
