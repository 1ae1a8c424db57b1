"""A view as it is this moment, for questions: read only, and exact where the index is behind."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.core.errors import NotMeasured, StoreError
from detent.core.model import FileFacts, Listed
from detent.core.namedtuple import NamedTuple
from detent.core.outline import outline_of
from detent.index import views
from detent.index.refresh import plan, refresh
from detent.query.relations.outlines import Outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.audit.selection.select import Selection
    from detent.core.model import Finding, Symbol, Unwanted
    from detent.core.outline import Outline
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.refresh import Plan
    from detent.store.protocol import Store, View

#: So many files are analysed on the fly for a question; more need `detent index`.
_OVERLAY = 200
_ATTEMPTS = 20


class Snapshot(NamedTuple):
    """A view with its facts.

    Attributes
    ----------
    view, tree : str
        What was asked for, and the tree of git that it is taken from.
    different : int
        Number of paths where the view differs from that tree.
    entries : dict of bytes to str
        Object id by path, sorted by path.
    overlay : dict of str to FileFacts
        Facts of the blobs that the store does not know.
    failures : dict of bytes to str
        Paths that could not be analysed, and why.
    store : Store
        Has the facts of all other blobs; those that it forgets meanwhile are worked out again.
    repo : Repo
        Has their content.
    """

    view: str
    tree: str
    different: int
    entries: Mapping[bytes, str]
    overlay: Mapping[str, FileFacts]
    failures: Mapping[bytes, str]
    store: Store
    repo: Repo

    def only(self, chosen: Callable[[bytes], bool]) -> Snapshot:
        """Leave out the paths that are not chosen.

        Parameters
        ----------
        chosen : callable
            Takes a path.

        Returns
        -------
        Snapshot
            The rest of the view.
        """
        entries = {path: oid for path, oid in self.entries.items() if chosen(path)}
        failures = {path: why for path, why in self.failures.items() if chosen(path)}
        return self._replace(entries=entries, failures=failures)

    def audited(
        self, selection: Selection, chosen: Callable[[bytes], bool] = lambda _: True
    ) -> Snapshot:
        """Leave out the paths that the settings do not audit.

        Parameters
        ----------
        selection : Selection
            The settings.
        chosen : callable
            Takes a path; says whether it is wanted.

        Returns
        -------
        Snapshot
            The rest of the view.
        """
        audits = selection.audits
        return self.only(lambda path: chosen(path) and audits(path.decode("utf-8", "replace")))

    def files(self, *, full: bool = False) -> Iterator[tuple[bytes, FileFacts]]:
        """Read all files, blob by blob.

        Parameters
        ----------
        full : bool, default False
            As in `Store.load`.

        Yields
        ------
        (bytes, FileFacts)
            Path and facts, in the order of object ids, then of paths.
        """
        paths = self.paths()
        told = set()
        for oid, facts in self.store.load(paths, full=full):
            told.add(oid)
            for path in paths[oid]:
                yield path, facts
        for oid, facts in self._rest(self._expected() - told):
            for path in paths.get(oid, ()):
                yield path, facts

    def findings(self, unwanted: Unwanted) -> Iterator[tuple[bytes, list[Listed]]]:
        """Read the findings of all files, and little else.

        Parameters
        ----------
        unwanted : Unwanted
            What may be left out.

        Yields
        ------
        (bytes, list of Listed)
            A file and its findings in the order of the places, all errors; no file comes twice.
        """
        paths = self.paths()
        told = set()
        for path, found in self.store.findings(paths, unwanted):
            told.add(self.entries[path])
            yield path, found
        for oid, facts in self._rest(self._forgotten(told)):
            for path in paths.get(oid, ()):
                yield path, [_listed(path, facts, finding) for finding in facts.findings]

    def outlines(self) -> Outlines:
        """Make the files available to each other.

        Returns
        -------
        Outlines
            To be taken from the whole view, before any of it is left out.
        """
        return Outlines(lambda: self.entries, self._outlines, self._facts)

    def _facts(self, oids: Collection[str]) -> dict[str, FileFacts]:
        overlaid = {oid: self.overlay[oid] for oid in oids if oid in self.overlay}
        rest = [oid for oid in oids if oid not in overlaid]
        stored = dict(self.store.load(rest, full=True))
        return {**overlaid, **stored, **self._again(self._gone(oids, stored))}

    def _outlines(self, oids: Collection[str]) -> dict[str, Outline]:
        overlaid = {oid: outline_of(self.overlay[oid]) for oid in oids if oid in self.overlay}
        stored = dict(self.store.outlines([x for x in oids if x not in overlaid]))
        again = self._again(self._gone(oids, stored)).items()
        return {**overlaid, **stored, **{oid: outline_of(facts) for oid, facts in again}}

    def _gone(self, oids: Collection[str], stored: Collection[str]) -> set[str]:
        """List what was asked for, should be in the store, and did not come from there."""
        missing = set(oids).difference(stored, self.overlay)
        return missing & self._expected() if missing else missing

    def named(self, pattern: str) -> Iterator[tuple[bytes, Symbol]]:
        """Find symbols by name.

        Parameters
        ----------
        pattern : str
            As in `Store.named`.

        Yields
        ------
        (bytes, Symbol)
            Path and symbol, in no order.
        """
        paths = self.paths()
        told = set()
        for oid, symbol in self.store.named(pattern):
            told.add(oid)
            for path in paths.get(oid, ()):
                yield path, symbol
        for oid, facts in self._rest(self._forgotten(told)):
            found = [symbol for symbol in facts.symbols if fnmatchcase(symbol.name, pattern)]
            for path in paths.get(oid, ()):
                yield from ((path, symbol) for symbol in found)

    def _expected(self) -> set[str]:
        """List the blobs whose facts the store had when this was taken."""
        there = {oid for path, oid in self.entries.items() if path not in self.failures}
        return there.difference(self.overlay)

    def _forgotten(self, told: set[str]) -> set[str]:
        """List the blobs that the store no longer has, unless it told of them before."""
        rest = self._expected() - told
        return rest - self.store.known(rest)

    def _rest(self, gone: Collection[str]) -> Iterator[tuple[str, FileFacts]]:
        """Give the facts that the store does not have."""
        yield from sorted({**self.overlay, **self._again(gone)}.items())

    def _again(self, gone: Collection[str]) -> dict[str, FileFacts]:
        """Work out what the store has forgotten; ``gc`` may run beside any question."""
        on_disk = self.entries if gone and self.view == views.WORKTREE else {}
        found, failed = _examined(self.repo, gone, on_disk)
        if failed:
            raise StoreError("the index was tidied up meanwhile, and git too", "run this again")
        return found

    def paths(self) -> dict[str, list[bytes]]:
        """Group the paths by blob.

        Returns
        -------
        dict of str to list of bytes
            Paths by object id, both in the order of the entries.
        """
        found: dict[str, list[bytes]] = {}
        for path, oid in self.entries.items():
            found.setdefault(oid, []).append(path)
        return found


class _Still:
    """A view as it was at one moment, whoever publishes it meanwhile.

    A writer need not mind: what it publishes is refused if the view has moved on.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._entries: dict[str, dict[bytes, str]] = {}

    def known(self, oids: Collection[str]) -> set[str]:
        return self.store.known(oids)

    def view(self, name: str) -> View | None:
        for _ in range(_ATTEMPTS):
            found = self.store.view(name)
            self._entries[name] = self.store.entries(name)
            if self.store.view(name) == found:
                return found
        raise StoreError("the index is being changed by others all the time", "try again")

    def entries(self, name: str, paths: Collection[bytes] | None = None) -> dict[bytes, str]:
        found = self._entries[name]
        if paths is None:
            return dict(found)
        return {path: found[path] for path in paths if path in found}


def _listed(path: bytes, facts: FileFacts, finding: Finding) -> Listed:
    symbol = facts.symbols[finding.symbol]
    text = symbol.docstring.text if symbol.docstring else None
    about = (text, "\n".join(symbol.decorators))
    return Listed(path, "error", symbol.qualname, symbol.role, *finding[1:], *about)


def snapshot(repo: Repo, index: Index, view: str, *, most: float = _OVERLAY) -> Snapshot:
    """Take a view as it is now, without writing anything.

    Parameters
    ----------
    repo : Repo
        The repository.
    index : Index
        Opened for reading only.
    view : str
        ``staged``, ``worktree`` or a revision.
    most : float, default 200
        How many files that the index lacks are analysed on the fly.

    Returns
    -------
    Snapshot
        What few files the index does not know yet are analysed in memory.

    Raises
    ------
    NotMeasured
        If the index lacks too much of the view.
    """
    still = _Still(index.reader())
    return _taken(repo, still, plan(repo, still, view), most=most)


def current(repo: Repo, index: Index, view: str, *, progress: Progress | None = None) -> Snapshot:
    """Bring a view up to date, and take it.

    Parameters
    ----------
    repo : Repo
        The repository.
    index : Index
        Opened for writing only if there is something to write.
    view : str
        ``staged``, ``worktree`` or a revision.
    progress : callable, optional
        As in `detent.index.refresh.refresh`.

    Returns
    -------
    Snapshot
        All of it.
    """
    still = _Still(index.reader())
    todo = plan(repo, still, view)
    if not todo.idle:
        refresh(repo, index, view, progress=progress)
        return snapshot(repo, index, view)
    return _taken(repo, still, todo)


def _taken(repo: Repo, still: _Still, todo: Plan, *, most: float = _OVERLAY) -> Snapshot:
    """Take a view as a plan has found it."""
    view, store = todo.view, still.store
    entries = todo.entries(still)
    lacking = todo.unknown & (todo.stored.lacking if todo.stored else set())
    unknown = todo.unknown - lacking
    if len(unknown) > most:
        at = "" if view == views.STAGED else f" --at {view}"
        raise NotMeasured(
            f"the index lacks {len(unknown):,} of the {len(entries):,} files of {view}",
            f"detent index{at}",
        )
    overlay, failed = _examined(repo, unknown, entries if view == views.WORKTREE else {})
    failed.update(dict.fromkeys(lacking, "it could not be: `detent index` says why"))
    return Snapshot(
        view=view,
        tree=todo.sets.tree,
        different=len(todo.sets.differences),
        entries=entries,
        overlay=overlay,
        failures={path: failed[oid] for path, oid in entries.items() if oid in failed},
        store=store,
        repo=repo,
    )


def _examined(
    repo: Repo, oids: Collection[str], on_disk: Mapping[bytes, str]
) -> tuple[dict[str, FileFacts], dict[str, str]]:
    """Analyse blobs in memory; give their facts, and why there are none."""
    if not oids:
        return {}, {}
    from detent.index.ingest import examined

    disk = {oid: path for path, oid in on_disk.items()}
    facts: dict[str, FileFacts] = {}
    failed: dict[str, str] = {}
    for oid, outcome in examined(repo, oids, disk=disk, jobs=1):
        if isinstance(outcome, FileFacts):
            facts[oid] = outcome
        else:
            failed[oid] = outcome.reason
    return facts, failed
