"""All calls of a view as a graph; kept beside the index, because they take seconds to find."""

from __future__ import annotations

import hashlib
import json
import zlib

from detent import TYPE_CHECKING
from detent.api.paths import make_path_filter
from detent.api.relations import CallEdge, CodeName, EdgeList, RelationFinder, select_edges
from detent.core.model import REFERENCES, STRUCTURE
from detent.core.namedtuple import NamedTuple
from detent.index.handle import list_fact_versions
from detent.index.snapshot import take_snapshot
from detent.query.relations.edges import CONFIDENCES, EXACT, INFERRED
from detent.store import MEMORY
from detent.store.edge_cache import EdgeCache

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.snapshot import Snapshot
    from detent.index.views import View

    Adjacency = dict[CodeName, set[CodeName]]

#: Raised by one when the same code has other edges.
_EDGES_VERSION = 1
_MOST_BYTES = 1 << 30


class GraphRequest(NamedTuple):
    """Which part of which graph is asked about."""

    view: View
    named: Collection[bytes]  # only what is in these files and directories
    least: str  # how sure a call must be
    progress: Progress | None
    most_hops: int | None = None


class CallGraph(NamedTuple):
    """The calls of a view, and the view."""

    snapshot: Snapshot
    edges: list[CallEdge]

    def list_callees(self, least: str = INFERRED) -> Adjacency:
        """Give what each definition of the view calls inside of the view."""
        return self._group(least, is_backward=False)

    def list_callers(self, least: str = INFERRED) -> Adjacency:
        """Give what calls each definition of the view."""
        return self._group(least, is_backward=True)

    def _group(self, least: str, *, is_backward: bool) -> Adjacency:
        found: Adjacency = {}
        for edge in self.edges:
            if edge.callee.path and (least == INFERRED or edge.confidence == EXACT):
                ends = (edge.callee, edge.caller) if is_backward else (edge.caller, edge.callee)
                found.setdefault(ends[0], set()).add(ends[1])
                found.setdefault(ends[1], set())
        return found


def load_call_graph(index: Index, view: View, progress: Progress | None = None) -> CallGraph:
    """Load all calls of a view, or find and keep them."""
    snapshot = take_snapshot(index, view)
    cache = None if index.path == MEMORY else EdgeCache(index.path)
    key = _make_key(snapshot)
    packed = cache.load(key) if cache else None
    edges = unpack_edges(packed) if packed is not None else None
    if edges is None:
        finder = RelationFinder(index, view, progress=progress)
        edges = finder.list_all_edges()
        if cache and index.exists:
            cache.save(key, pack_edges(edges))
    return CallGraph(snapshot, edges)


def list_edges(index: Index, request: GraphRequest) -> EdgeList:
    """List the calls of a view, or of some files and directories."""
    view = request.view
    graph = load_call_graph(index, view, request.progress)
    is_chosen = make_path_filter(view.repo, request.named)
    chosen = (edge for edge in graph.edges if is_chosen(edge.caller.path))
    now = graph.snapshot
    edges = select_edges(chosen, request.least)
    return EdgeList(view.name, view.tree, now.different, [], edges, dict(now.failures))


def _make_key(snapshot: Snapshot) -> str:
    """Name the exact contents of a view, and the versions of what their edges are derived from."""
    kinds = (STRUCTURE, REFERENCES)
    versions = [item for item in sorted(list_fact_versions().items()) if item[0][1] in kinds]
    digest = hashlib.sha256(repr((_EDGES_VERSION, versions)).encode())
    for path, key in sorted(snapshot.entries.items()):
        digest.update(b"%b\0%b %b\0" % (path, key.oid.encode(), key.language.encode()))
    return digest.hexdigest()


def pack_edges(edges: Sequence[CallEdge]) -> bytes:
    """Write edges in few bytes."""
    names: dict[CodeName, int] = {}
    rows = [
        (
            names.setdefault(edge.caller, len(names)),
            names.setdefault(edge.callee, len(names)),
            CONFIDENCES.index(edge.confidence),
            edge.line,
            edge.column,
        )
        for edge in edges
    ]
    table = [[name.path.decode("latin-1"), name.name] for name in names]
    columns = list(zip(*rows, strict=True)) or [()] * 5
    text = json.dumps([table, *columns], separators=(",", ":"))
    return zlib.compress(text.encode(), 3)


def unpack_edges(packed: bytes) -> list[CallEdge] | None:
    """Read edges; None for what was not written here."""
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, _MOST_BYTES)
        if not unpacker.eof:
            return None
        table, callers, callees, confidences, lines, columns = json.loads(text)
        names = [CodeName(path.encode("latin-1"), str(name)) for path, name in table]
        return [
            CallEdge(
                names[caller],
                names[callee],
                "call",
                CONFIDENCES[confidence],
                int(line),
                int(column),
            )
            for caller, callee, confidence, line, column in zip(
                callers, callees, confidences, lines, columns, strict=True
            )
        ]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, zlib.error):
        return None
