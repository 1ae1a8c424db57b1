"""The source under analysis, and how its nodes read."""

from __future__ import annotations

import re
from bisect import bisect_left

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

_CONTINUATION = rb"[\x80-\xbf]"


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
        """Count a column in characters.

        Parameters
        ----------
        offset : int
            Of the byte, from the beginning of the source.
        column : int
            Of the same byte in its line, in bytes from 0, as tree-sitter counts.

        Returns
        -------
        int
            Its column in characters from 1, as editors count.
        """
        if not self.uncounted:
            return column + 1
        begin = bisect_left(self.uncounted, offset - column)
        return column + 1 - bisect_left(self.uncounted, offset, begin) + begin


def text(data: bytes) -> Text:
    """Prepare a source.

    Parameters
    ----------
    data : bytes
        UTF-8, newlines normalised.

    Returns
    -------
    Text
        The source and its bytes that begin no character; in ASCII there are none.
    """
    ascii_only = data.isascii()
    return Text(data, [] if ascii_only else [m.start() for m in re.finditer(_CONTINUATION, data)])


def text_of(node: Node | None, data: bytes) -> str | None:
    """Give the source of a node.

    Parameters
    ----------
    node : Node or None
        Of the tree that was parsed from `data`.
    data : bytes
        The source.

    Returns
    -------
    str or None
        As written; None where there is no node.
    """
    return (
        None if node is None else data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    )
