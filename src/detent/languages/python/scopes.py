"""The definition that each byte of a source belongs to: the own code of one is in pieces."""

from __future__ import annotations

from bisect import bisect_right

from detent.core.namedtuple import NamedTuple


class Scopes(NamedTuple):
    """The source cut at every start and end of a definition."""

    starts: list[int]  # where each piece begins, ascending; the first is 0
    owners: list[int]  # the symbol that each piece belongs to

    def find_owner(self, offset: int) -> int:
        """Find the innermost symbol around a byte."""
        return self.owners[bisect_right(self.starts, offset) - 1]

    def list_pieces(self, size: int, count: int) -> list[list[tuple[int, int]]]:
        """List the pieces of every symbol's own code."""
        pieces: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        ends = [*self.starts[1:], size]
        for begin, end, owner in zip(self.starts, ends, self.owners, strict=True):
            if begin < end:
                pieces[owner].append((begin, end))
        return pieces


def build_scopes(spans: list[tuple[int, int]]) -> tuple[Scopes, list[int]]:
    """Cut a source by the spans of its definitions."""
    starts, owners, parents = [0], [0], [-1]
    stack = [(spans[0][1], 0)]
    for index, (begin, end) in enumerate(spans[1:], 1):
        while len(stack) > 1 and stack[-1][0] <= begin:
            _close_scope(stack, starts, owners)
        parents.append(stack[-1][1])
        starts.append(begin)
        owners.append(index)
        stack.append((end, index))
    while len(stack) > 1:
        _close_scope(stack, starts, owners)
    return Scopes(starts, owners), parents


def _close_scope(stack: list[tuple[int, int]], starts: list[int], owners: list[int]) -> None:
    end, _ = stack.pop()
    starts.append(end)
    owners.append(stack[-1][1])
