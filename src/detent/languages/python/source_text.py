"""The source under analysis, and the text of its nodes."""

from __future__ import annotations

import re
from bisect import bisect_left

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.core.names import normalize_name

if TYPE_CHECKING:
    from tree_sitter import Node

_CONTINUATION = rb"[\x80-\xbf]"


class SourceText(NamedTuple):
    """A source that can count columns in characters."""

    data: bytes  # UTF-8, newlines normalised
    continuations: list[int]  # offsets of all bytes that continue a character

    def count_column(self, offset: int, column: int) -> int:
        """Count a column in characters."""
        if not self.continuations:
            return column + 1
        begin = bisect_left(self.continuations, offset - column)
        return column + 1 - bisect_left(self.continuations, offset, begin) + begin


def make_source_text(data: bytes) -> SourceText:
    """Prepare a source."""
    ascii_only = data.isascii()
    return SourceText(
        data, [] if ascii_only else [m.start() for m in re.finditer(_CONTINUATION, data)]
    )


def read_name(node: Node, data: bytes) -> str:
    """Read a name in the form in which Python compares names."""
    return normalize_name(data[node.start_byte : node.end_byte].decode("utf-8", "replace"))


def read_node_text(node: Node | None, data: bytes) -> str | None:
    """Read the source of a node."""
    return (
        None if node is None else data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    )
