"""Small programs as views, and the edges that are found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.core.model import BlobKey
from detent.core.references import list_words
from detent.languages.python.references import extract_references
from detent.query.relations.edges import CallTarget, EdgeFinder
from detent.query.relations.files import ViewReferences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Caller, callee and confidence.
Edge = tuple[str, str, str]


def make_view(sources: Mapping[str, str]) -> ViewReferences:
    """Make a view of sources by path."""
    paths = {path.encode(): BlobKey(path, "python") for path in sorted(sources)}
    facts = {key: extract_references(sources[key.oid].encode()) for key in paths.values()}
    return ViewReferences(
        paths, lambda _: facts, lambda name: [k for k, f in facts.items() if name in list_words(f)]
    )


def list_scopes(view: ViewReferences) -> list[tuple[bytes, int]]:
    """List all scopes of a view."""
    return [(path, n) for path in view.paths for n in range(len(view.require(path).scopes))]


def find_edges(view: ViewReferences, scopes: Iterable[tuple[bytes, int]] = ()) -> set[Edge]:
    """Find the edges of scopes, or of all of them."""
    finder = EdgeFinder(view)
    return {
        (_name(view, CallTarget(path, scope, "")), _name(view, edge.target), edge.confidence)
        for path, scope in scopes or list_scopes(view)
        for edge in finder.list_edges(path, scope)
    }


def _name(view: ViewReferences, target: CallTarget) -> str:
    if target.path is None:
        return target.name
    path = target.path.decode()
    return f"{path}:{view.require(target.path).scopes[target.scope].qualname}"
