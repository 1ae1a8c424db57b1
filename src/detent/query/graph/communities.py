"""Communities of a graph: groups with many edges inside and few between them.

The method is that of Louvain (Blondel and others, 2008): nodes move to the group of a neighbour as
long as that raises the modularity, then groups become the nodes of a smaller graph. All ties are
broken by the order of the nodes, so the same graph has the same communities.
"""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypeVar

    Node = TypeVar("Node", bound=Any)
    #: The weight of the edge to each neighbour; that of a node to itself counts twice.
    Weights = dict[int, float]

#: Each pass moves nodes; these are more than real graphs need.
_MOST_PASSES = 50
_LEAST_GAIN = 1e-9


def find_communities(edges: Mapping[tuple[Node, Node], float]) -> list[list[Node]]:
    """Divide the nodes of undirected edges into communities, the largest first."""
    nodes = sorted({node for edge in edges for node in edge})
    numbers = {node: number for number, node in enumerate(nodes)}
    graph: list[Weights] = [{} for _ in nodes]
    for (first, second), weight in sorted(edges.items()):
        _add_weight(graph, (numbers[first], numbers[second]), weight)
    members = _merge_all(graph)
    found = [sorted(nodes[number] for number in group) for group in members]
    return sorted(found, key=lambda group: (-len(group), group))


def _merge_all(graph: list[Weights]) -> list[list[int]]:
    """Move nodes and merge groups until nothing moves; give the members of each group."""
    members = [[number] for number in range(len(graph))]
    while True:
        groups = _move_nodes(graph)
        if len(set(groups)) == len(graph):
            return members
        graph, members = _merge_groups(graph, members, groups)


def _add_weight(graph: list[Weights], edge: tuple[int, int], weight: float) -> None:
    first, second = edge
    graph[first][second] = graph[first].get(second, 0) + weight
    if first != second:
        graph[second][first] = graph[second].get(first, 0) + weight


def _move_nodes(graph: list[Weights]) -> list[int]:
    """Give the group of each node after all moves that raise the modularity."""
    degrees = [sum(weights.values()) + weights.get(node, 0) for node, weights in enumerate(graph)]
    total = sum(degrees) or 1.0
    groups = list(range(len(graph)))
    sums = list(degrees)
    for _ in range(_MOST_PASSES):
        is_moved = False
        for node, weights in enumerate(graph):
            old = groups[node]
            sums[old] -= degrees[node]
            inner = _sum_weights(node, weights, groups)
            share = degrees[node] / total
            # What chance would give is taken off.
            best = _choose_best({group: w - sums[group] * share for group, w in inner.items()}, old)
            sums[best] += degrees[node]
            groups[node] = best
            is_moved = is_moved or best != old
        if not is_moved:
            break
    return groups


def _sum_weights(node: int, weights: Weights, groups: list[int]) -> dict[int, float]:
    """Sum the edges of a node by the group that they lead to; its own is there too."""
    inner = {groups[node]: 0.0}
    for other, weight in weights.items():
        if other != node:
            inner[groups[other]] = inner.get(groups[other], 0.0) + weight
    return inner


def _choose_best(gains: Mapping[int, float], old: int) -> int:
    best = old
    for group in sorted(gains):
        if gains[group] > gains[best] + _LEAST_GAIN:
            best = group
    return best


def _merge_groups(
    graph: list[Weights], members: list[list[int]], groups: Iterable[int]
) -> tuple[list[Weights], list[list[int]]]:
    """Make each group a node."""
    chosen = list(groups)
    numbers = {group: number for number, group in enumerate(dict.fromkeys(chosen))}
    merged: list[Weights] = [{} for _ in numbers]
    inside: list[list[int]] = [[] for _ in numbers]
    for node, weights in enumerate(graph):
        own = numbers[chosen[node]]
        inside[own] += members[node]
        for other, weight in weights.items():
            if other >= node:  # each edge once
                _add_weight(merged, (own, numbers[chosen[other]]), weight)
    return merged, inside
