"""Modules of a view that import each other."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.query.relations.resolver import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from detent.query.relations.outlines import Outlines

_Graph = dict[bytes, set[bytes]]


def import_cycles(files: Outlines, paths: Iterable[bytes]) -> list[list[bytes]]:
    """Find the groups of modules in which each imports all others, directly or not.

    What counts are imports outside functions, also those under ``if TYPE_CHECKING``. Importing
    ``a.b`` runs ``a`` too, which does not count: a package need not know its modules.

    Parameters
    ----------
    files : Outlines
        The view.
    paths : iterable of bytes
        The files that are asked about.

    Returns
    -------
    list of list of bytes
        Each group of two or more, sorted, by its first path.
    """
    chosen = set(paths)
    files.fetch(chosen)
    names = Names(files)
    graph = {path: _imports(files, names, path) & chosen for path in sorted(chosen)}
    groups = [sorted(group) for group in _components(graph) if len(group) > 1]
    return sorted(groups)


def _imports(files: Outlines, names: Names, path: bytes) -> set[bytes]:
    outline = files.outline(path)
    if outline is None:
        return set()
    bound = [one for pairs in outline.imports.values() for one in pairs]
    bound += [(module, "") for module in outline.stars]
    found = {names.module(path, *one) for one in bound}
    return {one for one in found if one is not None}


def _components(graph: Mapping[bytes, Collection[bytes]]) -> list[list[bytes]]:
    """Find the strongly connected components: Kosaraju's way, without recursion."""
    backward: _Graph = {one: set() for one in graph}
    for one, others in graph.items():
        for other in others:
            backward[other].add(one)
    seen: set[bytes] = set()
    order = [one for start in graph for one in _reached(graph, start, seen)]
    seen = set()
    found = [_reached(backward, start, seen) for start in reversed(order)]
    return [one for one in found if one]


def _reached(
    graph: Mapping[bytes, Collection[bytes]], start: bytes, seen: set[bytes]
) -> list[bytes]:
    """List what is reached from a node and was not seen before, each after what it leads to."""
    if start in seen:
        return []
    seen.add(start)
    found = []
    pending = [(start, iter(sorted(graph[start])))]
    while pending:
        node, others = pending[-1]
        other = next((one for one in others if one not in seen), None)
        if other is None:
            found.append(node)
            pending.pop()
        else:
            seen.add(other)
            pending.append((other, iter(sorted(graph[other]))))
    return found
