"""Modules of a view that import each other."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.query.relations.class_resolver import NameResolver

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from detent.query.relations.outlines import ViewOutlines

_Graph = dict[bytes, set[bytes]]


def find_import_cycles(files: ViewOutlines, paths: Iterable[bytes]) -> list[list[bytes]]:
    """Find the groups of modules in which each imports all others, directly or not.

    Imports outside functions count, also those under ``if TYPE_CHECKING``. Importing ``a.b`` runs
    ``a`` too, which does not count: a package need not know its modules.
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
    bound = [pair for pairs in outline.imports.values() for pair in pairs]
    bound += [(module, "") for module in outline.stars]
    found = {names.find_module(path, module, target) for module, target in bound}
    return {module for module in found if module is not None}


def _find_components(graph: Mapping[bytes, Collection[bytes]]) -> list[list[bytes]]:
    """Find the strongly connected components by Kosaraju's algorithm, without recursion."""
    backward: _Graph = {node: set() for node in graph}
    for node, others in graph.items():
        for other in others:
            backward[other].add(node)
    seen: set[bytes] = set()
    order = [node for start in graph for node in _list_reachable(graph, start, seen)]
    seen = set()
    found = [_list_reachable(backward, start, seen) for start in reversed(order)]
    return [group for group in found if group]


def _list_reachable(
    graph: Mapping[bytes, Collection[bytes]], start: bytes, seen: set[bytes]
) -> list[bytes]:
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
