"""Modules of a view that import each other."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.query.relations.resolver import NameResolver

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from detent.query.relations.outlines import ViewOutlines

_Graph = dict[bytes, set[bytes]]


def find_import_cycles(files: ViewOutlines, paths: Iterable[bytes]) -> list[list[bytes]]:
    """Find the groups of modules in which each imports all others, directly or not.

    What counts are imports outside functions, also those under ``if TYPE_CHECKING``. Importing
    ``a.b`` runs ``a`` too, which does not count: a package need not know its modules.
    """
    chosen = set(paths)
    files.load_outlines(chosen)
    names = NameResolver(files)
    graph = {path: _find_imports(files, names, path) & chosen for path in sorted(chosen)}
    groups = [sorted(group) for group in _find_components(graph) if len(group) > 1]
    return sorted(groups)


def _find_imports(files: ViewOutlines, names: NameResolver, path: bytes) -> set[bytes]:
    outline = files.get_outline(path)
    if outline is None:
        return set()
    bound = [one for pairs in outline.imports.values() for one in pairs]
    bound += [(module, "") for module in outline.stars]
    found = {names.find_module(path, *one) for one in bound}
    return {one for one in found if one is not None}


def _find_components(graph: Mapping[bytes, Collection[bytes]]) -> list[list[bytes]]:
    """Find the strongly connected components: Kosaraju's way, without recursion."""
    backward: _Graph = {one: set() for one in graph}
    for one, others in graph.items():
        for other in others:
            backward[other].add(one)
    seen: set[bytes] = set()
    order = [one for start in graph for one in _list_reachable(graph, start, seen)]
    seen = set()
    found = [_list_reachable(backward, start, seen) for start in reversed(order)]
    return [one for one in found if one]


def _list_reachable(
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
