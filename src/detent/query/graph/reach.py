"""What reaches some nodes, and over how many edges."""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any, TypeVar

    Node = TypeVar("Node", bound=Any)


def find_reached(
    graph: Mapping[Node, Collection[Node]], roots: Iterable[Node], most_hops: int | None = None
) -> dict[Node, tuple[int, Node]]:
    """Give each node that can be reached, with the least number of edges and the node before it.

    The roots themselves are left out, unless an edge leads back to them from elsewhere.
    """
    front = sorted(set(roots))
    starts = set(front)
    found: dict[Node, tuple[int, Node]] = {}
    hops = 0
    while front and (most_hops is None or hops < most_hops):
        hops += 1
        new: dict[Node, tuple[int, Node]] = {}
        pairs = ((node, other) for node in front for other in sorted(graph.get(node, ())))
        for node, other in pairs:
            if other not in found and other not in starts:
                new.setdefault(other, (hops, node))
        found.update(new)
        front = sorted(new)
    return found
