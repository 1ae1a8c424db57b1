"""Modules of a view that import each other."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.query.graph.components import find_cycles
from detent.query.relations.class_resolver import NameResolver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.query.relations.outlines import ViewOutlines


def find_import_cycles(files: ViewOutlines, paths: Iterable[bytes]) -> list[list[bytes]]:
    """Find the groups of modules in which each imports all others, directly or not.

    Imports outside functions count, also those under ``if TYPE_CHECKING``. Importing ``a.b`` runs
    ``a`` too, which does not count: a package need not know its modules.
    """
    chosen = set(paths)
    files.load_outlines(chosen)
    names = NameResolver(files)
    graph = {path: _find_imports(files, names, path) & chosen for path in sorted(chosen)}
    return [cycle for cycle in find_cycles(graph) if len(cycle) > 1]


def _find_imports(files: ViewOutlines, names: NameResolver, path: bytes) -> set[bytes]:
    outline = files.get_outline(path)
    if outline is None:
        return set()
    bound = [pair for pairs in outline.imports.values() for pair in pairs]
    bound += [(module, "") for module in outline.stars]
    found = {names.find_module(path, module, target) for module, target in bound}
    return {module for module in found if module is not None}
