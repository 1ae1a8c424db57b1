"""The commits that changed a symbol."""

from __future__ import annotations

from pathlib import Path

from detent import TYPE_CHECKING
from detent.api.symbols import find_by_name, find_by_whole_name, suggest_name
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple
from detent.git.path_filters import open_path_filters
from detent.git.revisions import require_commit
from detent.index.snapshot import take_snapshot
from detent.index.symbol_history import LANGUAGES, DefinitionPlace, HistoryTracer
from detent.languages import detect_language
from detent.store import MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.api.symbols import LocatedSymbol
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.symbol_history import DefinitionChange
    from detent.index.views import View

#: So many symbols of one name are named in an error.
_MOST_NAMES = 5


class CommitOfSymbol(NamedTuple):
    """A commit that changed a symbol.

    Attributes
    ----------
    commit : str
        Its object id.
    seconds : int
        When it was committed, in seconds since 1970.
    subject : str
        The first line of its message.
    change : str
        ``changed``, ``renamed``, ``moved`` (from another file) or ``added``.
    path : bytes
        The file that has the symbol after the commit.
    name : str
        Its dotted name there.
    old_path : bytes
        The file before the commit; empty if the commit added the symbol.
    old_name : str
        Its dotted name there.
    """

    commit: str
    seconds: int
    subject: str
    change: str
    path: bytes
    name: str
    old_path: bytes
    old_name: str


class SymbolHistory(NamedTuple):
    """The commits that changed a symbol.

    Attributes
    ----------
    view, tree, different, failures, suggestion
        As in `SymbolList`.
    name : str
        The dotted name of the symbol, with its module; empty if there is none.
    commits : list of CommitOfSymbol
        The newest first. Merges are left out.
    """

    view: str
    tree: str
    different: int
    name: str
    commits: list[CommitOfSymbol]
    failures: dict[bytes, str]
    suggestion: str = ""


class HistoryRequest(NamedTuple):
    """What is asked of the history of a symbol."""

    name: str
    since: str = ""
    limit: int | None = None


def trace_symbol(
    index: Index, view: View, request: HistoryRequest, *, progress: Progress | None = None
) -> SymbolHistory:
    """Find the commits that changed a symbol, through renames and moves."""
    if request.since:
        from detent.api.gc import require_date  # few ask for it, and its import takes long

        require_date(request.since)
    quick = find_by_whole_name(index, view, request.name)
    if quick is None:
        now = take_snapshot(index, view, progress=progress)
        quick = now.different, find_by_name(now, request.name), dict(now.failures)
    different, symbols, failures = quick
    found = SymbolHistory(view.name, view.tree, different, "", [], failures)
    place = _choose_place(request.name, symbols)
    if place is None:
        now = take_snapshot(index, view, progress=progress)
        return found._replace(suggestion=suggest_name(now, request.name))
    commit = require_commit(view.repo, view.name if view.is_revision else "HEAD")
    tracer = HistoryTracer(_open_repo(index, view.repo, commit), request.since)
    commits = []
    for change in tracer.trace(commit, place):
        commits.append(_describe_commit(change))
        if len(commits) == request.limit:
            break
    return found._replace(name=place.name, commits=commits)


def _choose_place(name: str, symbols: Iterable[LocatedSymbol]) -> DefinitionPlace | None:
    """Choose the one symbol of a name."""
    places = {
        DefinitionPlace(path, symbol.qualname)
        for path, symbol in symbols
        if (detect_language(path) or "python") in LANGUAGES and not path.endswith(b".pyi")
    }
    if len(places) > 1:
        names = [f"{x.path.decode('utf-8', 'replace')}:{x.name}" for x in sorted(places)]
        shown = ", ".join(names[:_MOST_NAMES]) + (" …" if names[_MOST_NAMES:] else "")
        raise UsageError(
            f"there are {len(places)} symbols {name!r}: {shown}",
            "name one of them with its module, as in pkg.mod.Model.fit",
        )
    return next(iter(places), None)


def _open_repo(index: Index, repo: Repo, commit: str) -> Repo:
    """Let git find the changes of a path quickly, with filters beside the index."""
    if index.path == MEMORY or not index.exists:
        return repo
    directory = Path(index.path).absolute().parent / "paths"
    return open_path_filters(repo, commit, str(directory))


def _describe_commit(change: DefinitionChange) -> CommitOfSymbol:
    commit, old = change.commit, change.old
    before = (old.path, old.name) if old else (b"", "")
    return CommitOfSymbol(
        commit.oid, commit.seconds, commit.subject, change.change, *change.new, *before
    )
