"""Personalised PageRank: what is near some nodes of a graph."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Graph = Mapping[int, Mapping[int, float]]

#: How much of a score goes on to the neighbours, and how often.
_DAMPING = 0.5
_ROUNDS = 8


def spread_scores(graph: Graph, start: Mapping[int, float]) -> dict[int, float]:
    """Spread scores along the weighted edges of a graph, always beginning at the start again."""
    total = sum(start.values()) or 1.0
    seeds = {node: score / total for node, score in start.items()}
    scores = dict(seeds)
    for _ in range(_ROUNDS):
        found: dict[int, float] = defaultdict(float)
        for node, score in seeds.items():
            found[node] += (1 - _DAMPING) * score
        for node, score in scores.items():
            targets = graph.get(node)
            if not targets:
                continue
            whole = sum(targets.values())
            for target, weight in targets.items():
                found[target] += _DAMPING * score * weight / whole
        scores = dict(found)
    return scores
