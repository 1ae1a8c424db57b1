"""Questions about graphs, against definitions that are slower and simpler."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from detent.query.graph.communities import find_communities
from detent.query.graph.components import find_components, find_cycles
from detent.query.graph.reach import find_reached

if TYPE_CHECKING:
    from collections.abc import Mapping

Graph = dict[int, set[int]]
GRAPHS = st.integers(1, 8).flatmap(
    lambda n: st.fixed_dictionaries(
        {node: st.sets(st.integers(0, n - 1), max_size=4) for node in range(n)}
    )
)


def close(graph: Mapping[int, set[int]]) -> set[tuple[int, int]]:
    """Give all pairs of nodes with a path of at least one edge."""
    pairs = {(node, other) for node, others in graph.items() for other in others}
    for middle, first, last in product(graph, repeat=3):
        if (first, middle) in pairs and (middle, last) in pairs:
            pairs.add((first, last))
    return pairs


@given(GRAPHS)
def test_components_are_nodes_that_reach_each_other(graph: Graph) -> None:
    paths = close(graph)
    found = find_components(graph)
    assert sorted(node for group in found for node in group) == sorted(graph)
    groups = {node: n for n, group in enumerate(found) for node in group}
    for first, second in product(graph, repeat=2):
        is_same = first == second or {(first, second), (second, first)} <= paths
        assert (groups[first] == groups[second]) == is_same
    in_cycles = {node for cycle in find_cycles(graph) for node in cycle}
    assert in_cycles == {node for node in graph if (node, node) in paths}


@given(GRAPHS, st.sets(st.integers(0, 7), max_size=3), st.none() | st.integers(0, 3))
def test_what_is_reached_is_reached_on_a_shortest_path(
    graph: Graph, roots: set[int], most: int | None
) -> None:
    starts = roots & set(graph)
    expected: dict[int, int] = {}
    front, hops = set(starts), 0
    while front and (most is None or hops < most):
        hops += 1
        front = {other for node in front for other in graph[node]} - set(expected) - starts
        expected.update(dict.fromkeys(front, hops))
    found = find_reached(graph, starts, most)
    assert {node: hops for node, (hops, _) in found.items()} == expected
    for node, (hops, through) in found.items():
        assert node in graph[through]
        assert hops == 1 + (0 if through in starts else found[through][0])


def make_cliques(count: int, size: int) -> dict[tuple[str, str], float]:
    """Make groups in which all know each other, in a ring with one edge between neighbours."""
    edges = {}
    for group in range(count):
        names = [f"{group}.{number}" for number in range(size)]
        edges.update({(a, b): 1.0 for a in names for b in names if a < b})
        edges[names[0], f"{(group + 1) % count}.1"] = 1.0
    return edges


def test_groups_are_found_whatever_the_order_of_edges() -> None:
    edges = make_cliques(6, 5)
    expected = [[f"{group}.{number}" for number in range(5)] for group in range(6)]
    assert find_communities(edges) == expected
    assert find_communities(dict(reversed(edges.items()))) == expected
    assert find_communities({}) == []
    assert find_communities({("a", "a"): 1.0}) == [["a"]]


@given(st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), st.just(1.0)))
def test_each_node_is_in_one_community(edges: dict[tuple[int, int], float]) -> None:
    once = {(min(pair), max(pair)): weight for pair, weight in edges.items()}
    found = find_communities(once)
    nodes = [node for group in found for node in group]
    assert sorted(nodes) == sorted({node for pair in once for node in pair})
    assert [len(group) for group in found] == sorted(map(len, found), reverse=True)
