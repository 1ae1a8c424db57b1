"""Nodes that reach each other."""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any, TypeVar

    Node = TypeVar("Node", bound=Any)


def find_components(graph: Mapping[Node, Collection[Node]]) -> list[list[Node]]:
    """Find the strongly connected components by Kosaraju's algorithm, without recursion.

    The graph has each node as a key. The answer does not depend on the order of the nodes.
    """
    backward: dict[Node, set[Node]] = {node: set() for node in graph}
    for node, others in graph.items():
        for other in others:
            backward[other].add(node)
    seen: set[Node] = set()
    order = [node for start in sorted(graph) for node in _list_reachable(graph, start, seen)]
    seen = set()
    found = [_list_reachable(backward, start, seen) for start in reversed(order)]
    return [group for group in found if group]


def find_cycles(graph: Mapping[Node, Collection[Node]]) -> list[list[Node]]:
    """Find the groups of nodes that reach each other, and the nodes that reach themselves."""
    groups = [
        sorted(group)
        for group in find_components(graph)
        if len(group) > 1 or group[0] in graph[group[0]]
    ]
    return sorted(groups)


def _list_reachable(
    graph: Mapping[Node, Collection[Node]], start: Node, seen: set[Node]
) -> list[Node]:
    """List the new nodes that can be reached from a node, each after those that it leads to."""
    if start in seen:
        return []
    seen.add(start)
    found = []
    pending = [(start, iter(sorted(graph[start])))]
    while pending:
        node, others = pending[-1]
        new = next((other for other in others if other not in seen), None)
        if new is None:
            found.append(node)
            pending.pop()
        else:
            seen.add(new)
            pending.append((new, iter(sorted(graph[new]))))
    return found
