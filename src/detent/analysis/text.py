"""The source under analysis, and how its nodes read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node, Point


class Text(NamedTuple):
    """A source, with what is needed to give columns in characters.

    Attributes
    ----------
    data : bytes
        UTF-8, newlines normalised.
    lines : list of bytes
        Its lines; empty where it is all ASCII and columns need no counting.
    """

    data: bytes
    lines: list[bytes]

    def column(self, point: Point) -> int:
        """Give the column in characters, from 1."""
        if not self.lines:
            return point[1] + 1
        return len(self.lines[point[0]][: point[1]].decode("utf-8", "replace")) + 1


def text_of(node: Node | None, data: bytes) -> str | None:
    """Give the source of a node, or None where there is no node."""
    return (
        None if node is None else data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    )
