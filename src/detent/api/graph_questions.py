"""Questions about the whole graph of calls: cycles, hotspots and clusters."""

from __future__ import annotations

from collections import Counter

from detent import TYPE_CHECKING
from detent.api.call_graph import load_call_graph
from detent.api.paths import make_path_filter
from detent.api.relations import CodeName
from detent.core.namedtuple import NamedTuple
from detent.git.commits import count_path_changes
from detent.index.snapshot import take_snapshot
from detent.query.graph.communities import find_communities
from detent.query.graph.components import find_cycles
from detent.query.relations.cycles import find_import_cycles

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.api.call_graph import CallGraph, GraphRequest
    from detent.index.handle import Index
    from detent.index.snapshot import Snapshot

#: So many commits say how often files change.
_MOST_COMMITS = 1000
_MODULE = "module"


class CycleList(NamedTuple):
    """Code that reaches itself, and how fresh the answer is.

    Attributes
    ----------
    view : str
        What was asked: ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree of git that the view is based on.
    different : int
        Number of files where the view differs from that tree.
    cycles : list of list of CodeName
        Groups in which each member reaches all others; a function that calls itself is a group of
        one. Of imports, the names are empty.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    """

    view: str
    tree: str
    different: int
    cycles: list[list[CodeName]]
    failures: dict[bytes, str]


class Hotspot(NamedTuple):
    """Code that is complex, much used, and changed often.

    Attributes
    ----------
    code : CodeName
        A function or method.
    line : int
        Where it begins.
    complexity : int
        McCabe's.
    callers, callees : int
        How much other code of the view calls it, and how much it calls.
    commits : int
        How many of the last 1,000 commits changed its file.
    score : int
        ``complexity * (1 + callers) * (1 + commits)``.
    """

    code: CodeName
    line: int
    complexity: int
    callers: int
    callees: int
    commits: int
    score: int


class HotspotList(NamedTuple):
    """Functions by score, the highest first, and how fresh the answer is.

    Attributes
    ----------
    view, tree, different, failures
        As in `CycleList`.
    hotspots : list of Hotspot
        The functions and methods.
    """

    view: str
    tree: str
    different: int
    hotspots: list[Hotspot]
    failures: dict[bytes, str]


class Cluster(NamedTuple):
    """Code that belongs together by its calls.

    Attributes
    ----------
    members : list of CodeName
        The code, by path and name.
    inner, outer : int
        How many pairs of callers and callees are inside, and how many lead in or out.
    """

    members: list[CodeName]
    inner: int
    outer: int


class ClusterList(NamedTuple):
    """Communities of code, the largest first, and how fresh the answer is.

    Attributes
    ----------
    view, tree, different, failures
        As in `CycleList`.
    clusters : list of Cluster
        The communities; each piece of code with a call is in one of them.
    """

    view: str
    tree: str
    different: int
    clusters: list[Cluster]
    failures: dict[bytes, str]


def list_call_cycles(index: Index, request: GraphRequest) -> CycleList:
    """List the cycles of calls."""
    graph = load_call_graph(index, request.view, request.progress)
    is_chosen = make_path_filter(request.view.repo, request.named)
    cycles = find_cycles(graph.list_callees(request.least))
    chosen = [cycle for cycle in cycles if any(is_chosen(code.path) for code in cycle)]
    return CycleList(*_stamp(graph.snapshot), chosen, dict(graph.snapshot.failures))


def list_import_cycles(index: Index, request: GraphRequest) -> CycleList:
    """List the cycles of imports."""
    snapshot = take_snapshot(index, request.view, progress=request.progress)
    is_chosen = make_path_filter(request.view.repo, request.named)
    found = find_import_cycles(snapshot.open_outlines(), list(snapshot.entries))
    cycles = [[CodeName(path, "") for path in cycle] for cycle in found]
    chosen = [cycle for cycle in cycles if any(is_chosen(code.path) for code in cycle)]
    return CycleList(*_stamp(snapshot), chosen, dict(snapshot.failures))


def rank_hotspots(index: Index, request: GraphRequest) -> HotspotList:
    """Rank functions by complexity, callers and changes."""
    graph = load_call_graph(index, request.view, request.progress)
    callers, callees = graph.list_callers(request.least), graph.list_callees(request.least)
    view = request.view
    head = view.name if view.is_revision else "HEAD"
    commits = count_path_changes(view.repo, head, _MOST_COMMITS)
    chosen = graph.snapshot.restrict_to(make_path_filter(request.view.repo, request.named))
    found = []
    for path, facts in chosen.load_files():
        for symbol in facts.symbols:
            if symbol.kind in ("function", "method"):
                code = CodeName(path, symbol.qualname)
                uses, complexity = len(callers.get(code, ())), symbol.shape.complexity
                score = complexity * (1 + uses) * (1 + commits[path])
                counts = uses, len(callees.get(code, ())), commits[path]
                found.append(Hotspot(code, symbol.line, complexity, *counts, score))
    found.sort(key=lambda hotspot: (-hotspot.score, hotspot.code, hotspot.line))
    return HotspotList(*_stamp(graph.snapshot), found, dict(graph.snapshot.failures))


def find_clusters(index: Index, request: GraphRequest) -> ClusterList:
    """Find the communities of the graph of calls."""
    graph = load_call_graph(index, request.view, request.progress)
    pairs = _count_pairs(graph, request, make_path_filter(request.view.repo, request.named))
    communities = find_communities(pairs)
    numbers = {code: n for n, members in enumerate(communities) for code in members}
    inner: Counter[int] = Counter()
    outer: Counter[int] = Counter()
    for first, second in pairs:
        if numbers[first] == numbers[second]:
            inner[numbers[first]] += 1
        else:
            outer.update((numbers[first], numbers[second]))
    clusters = [Cluster(members, inner[n], outer[n]) for n, members in enumerate(communities)]
    return ClusterList(*_stamp(graph.snapshot), clusters, dict(graph.snapshot.failures))


def _count_pairs(
    graph: CallGraph, request: GraphRequest, is_chosen: Callable[[bytes], bool]
) -> Counter[tuple[CodeName, CodeName]]:
    """Count the calls between each two pieces of code, in both directions."""
    pairs: Counter[tuple[CodeName, CodeName]] = Counter()
    for code, others in graph.list_callees(request.least).items():
        for other in others:
            if code != other and is_chosen(code.path) and is_chosen(other.path):
                pairs[min(code, other), max(code, other)] += 1
    return pairs


def _stamp(snapshot: Snapshot) -> tuple[str, str, int]:
    return snapshot.view.name, snapshot.view.tree, snapshot.different
