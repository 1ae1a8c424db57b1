"""How the symbols of two states differ, and how what their users see does."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.api.paths import find_named_paths, make_path_filter
from detent.core.changes import CHANGES
from detent.core.namedtuple import NamedTuple
from detent.index.broken_calls import find_broken_calls
from detent.index.diff import diff_view
from detent.index.snapshot import take_snapshot
from detent.index.views import View
from detent.languages.python.code_comparison import has_same_code
from detent.query.changes.describe import describe_pair
from detent.query.changes.pairs import pair_symbols
from detent.query.changes.public import describe_public_changes
from detent.query.changes.public_names import PublicNameFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from detent.api.access import Path
    from detent.core.changes import BrokenCall, SymbolChange
    from detent.core.model import BlobKey
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.project import Project
    from detent.index.snapshot import Snapshot
    from detent.query.changes.pairs import PlacedSymbol, SymbolPair


class SymbolDiff(NamedTuple):
    """How the symbols of two states differ.

    Attributes
    ----------
    base : str
        The old state, as it was asked for.
    base_tree : str
        Object id of its tree.
    view : str
        The new state: ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree of git that it is based on.
    different : int
        Number of files where it differs from that tree.
    changes : list of SymbolChange
        What differs: first what is gone, last what is new.
    failures : dict of bytes to str
        Files that could not be compared, and why.
    broken : list of BrokenCall
        The calls in the new state that the changes break, with place, caller, callee and reason;
        empty where they were not asked for.
    """

    base: str
    base_tree: str
    view: str
    tree: str
    different: int
    changes: list[SymbolChange]
    failures: dict[bytes, str]
    broken: list[BrokenCall]

    def keep_breaking(self) -> SymbolDiff:
        """Leave out what breaks no code that uses it.

        Returns
        -------
        SymbolDiff
            The same answer with fewer changes.
        """
        return self._replace(changes=[change for change in self.changes if change.breaks])


class DiffRequest(NamedTuple):
    """What is to be compared."""

    base: str
    at: str
    paths: Sequence[Path]
    directory: str
    callers: bool = False  # whether the calls are wanted that break


def diff_symbols(
    index: Index, repo: Repo, request: DiffRequest, *, progress: Progress | None = None
) -> SymbolDiff:
    """Compare all symbols of two states; only files that differ are read."""
    view, tree = View(repo, request.at), git.resolve_tree(repo, request.base)
    is_chosen = _make_filter(view, request)
    diff = diff_view(index, view, parents=[tree], full=True, progress=progress)
    old, new = diff.bases[0], diff.head
    pairs = [
        pair
        for pair in pair_symbols(old, new, diff.renames)
        if any(side is not None and is_chosen(side.path) for side in pair)
    ]
    keys = [diff.blobs[0], diff.blobs[-1]]
    changes = _describe_pairs(view, pairs, keys)
    different = len(view.list_differences(view.tree))
    broken = find_broken_calls(index, view, diff) if request.callers else []
    return SymbolDiff(
        request.base, tree, view.name, view.tree, different, changes, diff.failures, broken
    )


def diff_public_names(
    project: Project, request: DiffRequest, *, progress: Progress | None = None
) -> SymbolDiff:
    """Compare what users of the packages see in two states.

    Files that the settings do not audit, such as tests, are no public modules.
    """
    repo, index = project.repo, project.index
    views = [View(repo, name) for name in (request.base, request.at)]
    is_chosen = _make_filter(views[1], request)
    sides = [take_snapshot(index, view, progress=progress) for view in views]
    finders = [_open_public_names(project, side, is_chosen) for side in sides]
    compare = _make_code_comparison(views[1], [dict(side.entries) for side in sides])
    changes = _sort_changes(describe_public_changes(finders[0], finders[1], compare))
    now = sides[1]
    return SymbolDiff(
        request.base,
        views[0].tree,
        request.at,
        views[1].tree,
        now.different,
        changes,
        {**sides[0].failures, **now.failures},
        [],
    )


def _open_public_names(
    project: Project, side: Snapshot, is_chosen: Callable[[bytes], bool]
) -> PublicNameFinder:
    facts = dict(side.load_files(full=True))
    is_audited = project.selection.is_audited

    def is_public(path: bytes) -> bool:
        return is_chosen(path) and is_audited(path.decode("utf-8", "replace"))

    return PublicNameFinder(side.entries, facts, is_public)


def _make_filter(view: View, request: DiffRequest) -> Callable[[bytes], bool]:
    named = find_named_paths(view, request.paths, directory=request.directory)
    return make_path_filter(view.repo, named)


def _describe_pairs(
    view: View, pairs: Iterable[SymbolPair], keys: list[dict[bytes, BlobKey]]
) -> list[SymbolChange]:
    compare = _make_code_comparison(view, keys)
    return _sort_changes(change for pair in pairs if (change := describe_pair(pair, compare)))


def _sort_changes(changes: Iterable[SymbolChange]) -> list[SymbolChange]:
    return sorted(changes, key=_make_sort_key)


def _make_sort_key(change: SymbolChange) -> tuple[int, bytes, int, str]:
    place = change.new or change.old
    assert place is not None
    return CHANGES.index(change.change), place.path, place.line, place.name


def _make_code_comparison(
    view: View, keys: list[dict[bytes, BlobKey]]
) -> Callable[[PlacedSymbol, PlacedSymbol], bool]:
    """Compare definitions apart from signature and docstring, by their sources."""
    sources: dict[BlobKey, list[bytes]] = {}

    def read_lines(placed: PlacedSymbol, side: int) -> bytes:
        key = keys[side][placed.path]
        if key not in sources:
            content = next((raw for _, raw in view.read_contents([key])), b"")
            sources[key] = content.splitlines(keepends=True)
        symbol = placed.symbol
        return b"".join(sources[key][symbol.line - 1 : symbol.end_line])

    def compare(old: PlacedSymbol, new: PlacedSymbol) -> bool:
        if old.symbol.shape.complexity != new.symbol.shape.complexity:
            return False
        is_module = new.symbol.kind == "module"
        return has_same_code(read_lines(old, 0), read_lines(new, 1), is_module=is_module)

    return compare
