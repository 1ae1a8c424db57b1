"""What a change of some code may affect: everything that reaches it by calls."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.call_graph import load_call_graph
from detent.api.paths import make_path_filter
from detent.api.relations import CodeName
from detent.api.symbols import find_by_name, suggest_name
from detent.audit.selection.select import TESTS
from detent.core.globs import has_match
from detent.core.namedtuple import NamedTuple
from detent.query.graph.reach import find_reached

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from detent.api.call_graph import CallGraph, GraphRequest
    from detent.core.changes import SymbolChange
    from detent.index.handle import Index


class ReachingCode(NamedTuple):
    """Code that calls what was asked about, directly or not.

    Attributes
    ----------
    code : CodeName
        The code.
    hops : int
        The least number of calls between the two.
    through : CodeName
        What it calls itself on this way.
    is_test : bool
        Whether it is in a file of tests, by its path.
    """

    code: CodeName
    hops: int
    through: CodeName
    is_test: bool


class Impact(NamedTuple):
    """What a change of some code may affect, and how fresh the answer is.

    Attributes
    ----------
    view : str
        What was asked: ``staged``, ``worktree`` or a revision; for a change, its base.
    tree : str
        Object id of the tree of git that the view is based on.
    different : int
        Number of files where the view differs from that tree.
    roots : list of CodeName
        The code that was asked about, or that the change changes or removes.
    reaching : list of ReachingCode
        What calls it, by hops, path and name.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    suggestion : str
        A similar name, if there is none of the name that was asked for.
    """

    view: str
    tree: str
    different: int
    roots: list[CodeName]
    reaching: list[ReachingCode]
    failures: dict[bytes, str]
    suggestion: str = ""

    def keep_tests(self) -> Impact:
        """Leave out what is in no file of tests.

        Returns
        -------
        Impact
            The same answer with less code.
        """
        return self._replace(reaching=[found for found in self.reaching if found.is_test])


def find_impact(index: Index, name: str, request: GraphRequest) -> Impact:
    """Find what reaches the definitions of a name, or the code of a file."""
    graph = load_call_graph(index, request.view, request.progress)
    path = name.encode("utf-8", "surrogateescape")
    if path in graph.snapshot.entries:
        return _list_reaching(graph, lambda code: code.path == path, request)
    places = {(found.path, found.symbol.qualname) for found in find_by_name(graph.snapshot, name)}
    found = _list_reaching(graph, lambda code: _is_inside(code, places), request)
    roots = sorted(CodeName(*place) for place in places)
    suggestion = "" if places else suggest_name(graph.snapshot, name)
    return found._replace(roots=roots, suggestion=suggestion)


def find_change_impact(
    index: Index, changes: Iterable[SymbolChange], request: GraphRequest
) -> Impact:
    """Find what reaches the code that a change changes or removes, before the change."""
    graph = load_call_graph(index, request.view, request.progress)
    places = {
        (change.old.path, change.old.name)
        for change in changes
        if change.old is not None and change.parts != ("docstring",)
    }
    found = _list_reaching(graph, lambda code: (code.path, code.name) in places, request)
    return found._replace(roots=sorted(CodeName(*place) for place in places))


def _is_inside(code: CodeName, places: Collection[tuple[bytes, str]]) -> bool:
    """Tell whether code is one of some definitions, or defined in one of them."""
    name = code.name
    while name:
        if (code.path, name) in places:
            return True
        name = name.rpartition(".")[0]
    return False


def _list_reaching(
    graph: CallGraph, is_root: Callable[[CodeName], bool], request: GraphRequest
) -> Impact:
    callers = graph.list_callers(request.least)
    roots = [code for code in callers if is_root(code)]
    is_chosen = make_path_filter(request.view.repo, request.named)
    reached = find_reached(callers, roots, request.most_hops)
    reaching = [
        ReachingCode(code, hops, through, has_match(TESTS, code.path.decode("utf-8", "replace")))
        for code, (hops, through) in reached.items()
        if is_chosen(code.path)
    ]
    now = graph.snapshot
    return Impact(
        request.view.name,
        request.view.tree,
        now.different,
        sorted(roots),
        sorted(reaching, key=lambda found: (found.hops, found.code)),
        dict(now.failures),
    )
