"""Which code calls which, and where it is referred to."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.paths import make_path_filter
from detent.api.symbols import find_by_name, suggest_name
from detent.core.namedtuple import NamedTuple
from detent.index.references import ReferenceSource
from detent.index.snapshot import take_snapshot
from detent.query.relations.edges import EXACT, EXTERNAL, INFERRED, NAME_ONLY, EdgeFinder
from detent.query.relations.incoming import IncomingFinder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from detent.core.references import LocalScope
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.snapshot import Snapshot
    from detent.index.views import View
    from detent.query.relations.edges import ScopeEdge
    from detent.query.relations.files import ViewReferences

    Scope = tuple[bytes, int]

#: The confidences that a question may ask for at least.
LEAST_CONFIDENCES = (EXACT, INFERRED, NAME_ONLY)


class CodeName(NamedTuple):
    """A definition, or a name outside of the view.

    Attributes
    ----------
    path : bytes
        The file; empty for what is outside of the view.
    name : str
        The dotted name inside the file, empty for the module's own code; outside of the view, the
        whole dotted name.
    """

    path: bytes
    name: str


class CallEdge(NamedTuple):
    """A call.

    Attributes
    ----------
    caller, callee : CodeName
        Which code calls, and what. The code of a lambda belongs to the definition around it.
    kind : str
        ``call``.
    confidence : str
        ``exact`` (by scopes and imports alone), ``inferred`` (through a type, a base class or a
        value), ``name-only`` (a candidate: nothing is known of the receiver) or ``external``.
    line, column : int
        Where the name of what is called begins, in the file of the caller.
    """

    caller: CodeName
    callee: CodeName
    kind: str
    confidence: str
    line: int
    column: int


class EdgeList(NamedTuple):
    """Calls of a view, and how fresh the answer is.

    Attributes
    ----------
    view : str
        What was asked: ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree of git that the view is based on.
    different : int
        Number of files where the view differs from that tree.
    roots : list of CodeName
        The definitions that were asked about; empty if all were.
    edges : list of CallEdge
        By path and place of the caller.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    suggestion : str
        A similar name, if there is no definition of the name that was asked for.
    """

    view: str
    tree: str
    different: int
    roots: list[CodeName]
    edges: list[CallEdge]
    failures: dict[bytes, str]
    suggestion: str = ""


class LocatedReference(NamedTuple):
    """A place that refers to a definition.

    Attributes
    ----------
    target : CodeName
        The definition.
    owner : CodeName
        The code that refers to it.
    kind : str
        ``call``, ``read``, ``inherit``, ``decorate``, ``annotate``, ``import`` or ``re-export``.
    confidence : str
        As in `CallEdge`.
    line, column : int
        Where the name begins.
    """

    target: CodeName
    owner: CodeName
    kind: str
    confidence: str
    line: int
    column: int


class ReferenceList(NamedTuple):
    """References to definitions, and how fresh the answer is.

    Attributes
    ----------
    view, tree, different, roots, failures, suggestion
        As in `EdgeList`.
    references : list of LocatedReference
        By path and place.
    """

    view: str
    tree: str
    different: int
    roots: list[CodeName]
    references: list[LocatedReference]
    failures: dict[bytes, str]
    suggestion: str = ""


class RelationFinder:
    """Answers questions about one view."""

    def __init__(
        self,
        index: Index,
        view: View,
        named: Collection[bytes] = (),
        *,
        progress: Progress | None = None,
    ) -> None:
        self.is_chosen = make_path_filter(view.repo, named)
        self._snapshot = take_snapshot(index, view)
        self._files: ViewReferences = ReferenceSource(index, self._snapshot, progress).open_view()
        self._edges = EdgeFinder(self._files)
        self._incoming = IncomingFinder(self._files, self._edges)

    @property
    def snapshot(self) -> Snapshot:
        """The view."""
        return self._snapshot

    def find_scopes(self, name: str) -> list[Scope]:
        """Find the definitions of a name, as `find_by_name` finds symbols."""
        places = find_by_name(self._snapshot, name)
        self._files.load([path for path, _ in places])
        return [
            (path, number)
            for path, symbol in places
            for number, scope in enumerate(self._list_scopes(path))
            if (scope.line, scope.qualname) == (symbol.line, symbol.qualname)
        ]

    def _list_scopes(self, path: bytes) -> Sequence[LocalScope]:
        file = self._files.get(path)
        return file.scopes if file else ()

    def list_all_scopes(self) -> Iterator[Scope]:
        """List all code of the view."""
        paths = list(self._snapshot.entries)
        self._files.load(paths)
        return ((path, n) for path in paths for n in range(len(self._list_scopes(path))))

    def name_scope(self, scope: Scope) -> CodeName:
        """Name a definition; a lambda by the definition around it."""
        path, number = scope
        scopes = self._list_scopes(path)
        found = scopes[number]
        while found.kind == "lambda":
            found = scopes[found.parent]
        return CodeName(path, found.qualname)

    def find_outgoing(self, scope: Scope) -> Iterator[CallEdge]:
        """Find the calls that a definition makes, with those of what is defined in it."""
        path, number = scope
        scopes = self._list_scopes(path)
        inner = {number}
        for position, found in enumerate(scopes):
            if found.parent in inner:
                inner.add(position)
        for position in sorted(inner):
            yield from self.find_own_calls((path, position))

    def find_own_calls(self, scope: Scope) -> Iterator[CallEdge]:
        """Find the calls that the own code of a definition makes."""
        return map(self._make_edge, self._edges.list_edges(*scope))

    def find_incoming(self, scope: Scope) -> Iterator[CallEdge]:
        """Find the calls of a definition; for a class, of its ``__init__`` too."""
        path, number = scope
        scopes = self._list_scopes(path)
        wanted = [number]
        if scopes[number].kind == "class":
            wanted += [
                position
                for position, found in enumerate(scopes)
                if found.parent == number and found.name == "__init__"
            ]
        for target in wanted:
            yield from map(self._make_edge, self._incoming.find_calls(path, target))

    def find_references(self, scope: Scope) -> Iterator[LocatedReference]:
        """Find the places that refer to a definition."""
        target = self.name_scope(scope)
        for found in self._incoming.find_references(*scope):
            owner = self.name_scope((found.path, found.scope))
            place = found.line, found.column
            yield LocatedReference(target, owner, found.kind, found.confidence, *place)

    def list_calls(self, name: str, *, incoming: bool, least: str) -> EdgeList:
        """Find the calls that definitions make, or those of them."""
        scopes = self.find_scopes(name)
        find = self.find_incoming if incoming else self.find_outgoing
        edges = [
            edge
            for scope in scopes
            for edge in find(scope)
            if self.is_chosen((edge.caller if incoming else edge.callee).path)
        ]
        found = _list_edges(self, list(map(self.name_scope, scopes)), select_edges(edges, least))
        return found if scopes else found._replace(suggestion=suggest_name(self._snapshot, name))

    def list_all_edges(self) -> list[CallEdge]:
        """List all calls of a view."""
        edges = (edge for scope in self.list_all_scopes() for edge in self.find_own_calls(scope))
        return select_edges(edges, INFERRED)

    def list_references(self, name: str, *, least: str) -> ReferenceList:
        """Find the places that refer to definitions."""
        scopes = self.find_scopes(name)
        known = LEAST_CONFIDENCES[: LEAST_CONFIDENCES.index(least) + 1]
        found = {
            reference
            for scope in scopes
            for reference in self.find_references(scope)
            if reference.confidence in known and self.is_chosen(reference.owner.path)
        }
        now = self.snapshot
        return ReferenceList(
            now.view.name,
            now.view.tree,
            now.different,
            [self.name_scope(scope) for scope in scopes],
            sorted(found, key=lambda x: (x.owner.path, x.line, x.column, x.target)),
            dict(now.failures),
            "" if scopes else suggest_name(now, name),
        )

    def _make_edge(self, edge: ScopeEdge) -> CallEdge:
        target = edge.target
        callee = CodeName(b"", target.name)
        if target.path is not None:
            callee = self.name_scope((target.path, target.scope))
        caller = self.name_scope((edge.path, edge.scope))
        return CallEdge(caller, callee, "call", edge.confidence, edge.line, edge.column)


def select_edges(edges: Iterable[CallEdge], least: str) -> list[CallEdge]:
    """Leave out calls that are not as sure, and repeated ones; sort the others by place."""
    known = (*LEAST_CONFIDENCES[: LEAST_CONFIDENCES.index(least) + 1], EXTERNAL)
    found = {edge for edge in edges if edge.confidence in known}
    return sorted(found, key=lambda edge: (edge.caller.path, edge.line, edge.column, edge.callee))


def _list_edges(finder: RelationFinder, roots: list[CodeName], edges: list[CallEdge]) -> EdgeList:
    now = finder.snapshot
    return EdgeList(now.view.name, now.view.tree, now.different, roots, edges, dict(now.failures))
