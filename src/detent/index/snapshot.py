"""A view as it is this moment, for questions: read only, and exact where the index is behind."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError, StoreError
from detent.core.model import FileFacts
from detent.core.namedtuple import NamedTuple
from detent.core.outline import derive_outline
from detent.core.results import make_finding_row
from detent.index.refresh import plan_refresh, refresh_view
from detent.index.views import STAGED
from detent.query.relations.outlines import ViewOutlines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.audit.selection.select import Selection
    from detent.core.model import BlobKey, FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.refresh import RefreshPlan
    from detent.index.views import View
    from detent.store.protocol import Store, StoredView

#: So many files are analysed on the fly for a question; more need `detent index`.
_OVERLAY_LIMIT = 200


class Snapshot(NamedTuple):
    """A view with its facts."""

    view: View
    different: int  # number of paths where the view differs from that tree
    entries: Mapping[bytes, BlobKey]  # blob by path, sorted by path
    overlay: Mapping[BlobKey, FileFacts]  # facts of the blobs that the store does not know
    failures: Mapping[bytes, str]  # paths that could not be analysed, and why
    store: Store  # has the facts of all other blobs

    def restrict_to(self, chosen: Callable[[bytes], bool]) -> Snapshot:
        """Leave out the paths that are not chosen."""
        entries = {path: key for path, key in self.entries.items() if chosen(path)}
        failures = {path: why for path, why in self.failures.items() if chosen(path)}
        return self._replace(entries=entries, failures=failures)

    def restrict_to_audited(
        self, selection: Selection, chosen: Callable[[bytes], bool] = lambda _: True
    ) -> Snapshot:
        """Leave out the paths that the settings do not audit."""
        audits = selection.is_audited
        return self.restrict_to(
            lambda path: chosen(path) and audits(path.decode("utf-8", "replace"))
        )

    def load_files(self, *, full: bool = False) -> Iterator[tuple[bytes, FileFacts]]:
        """Read all files, blob by blob."""
        paths = self.group_paths()
        loaded = set()
        for key, facts in self.store.load_facts(paths, full=full):
            loaded.add(key)
            for path in paths[key]:
                yield path, facts
        for key, facts in self._load_unstored(self._list_expected() - loaded):
            for path in paths.get(key, ()):
                yield path, facts

    def load_findings(self, unwanted: FindingFilter) -> Iterator[tuple[bytes, list[FindingRow]]]:
        """Read the findings of all files, and little else."""
        paths = self.group_paths()
        loaded = set()
        for key, found in self.store.load_findings(paths, unwanted):
            loaded.add(key)
            for path in paths[key]:
                yield path, [row._replace(path=path) for row in found]
        for key, facts in self._load_unstored(self._list_forgotten(loaded)):
            for path in paths.get(key, ()):
                yield (
                    path,
                    [
                        make_finding_row(path, finding, facts.symbols[finding.symbol])
                        for finding in facts.findings
                    ],
                )

    def open_outlines(self) -> ViewOutlines:
        """Make the files available to each other."""
        return ViewOutlines(lambda: self.entries, self._load_outlines, self._load_full_facts)

    def _load_full_facts(self, keys: Collection[BlobKey]) -> dict[BlobKey, FileFacts]:
        overlaid = {key: self.overlay[key] for key in keys if key in self.overlay}
        rest = [key for key in keys if key not in overlaid]
        stored = dict(self.store.load_facts(rest, full=True))
        return {**overlaid, **stored, **self._analyze_forgotten(self._list_missing(keys, stored))}

    def _load_outlines(self, keys: Collection[BlobKey]) -> dict[BlobKey, Outline]:
        overlaid = {key: derive_outline(self.overlay[key]) for key in keys if key in self.overlay}
        stored = dict(self.store.load_outlines([x for x in keys if x not in overlaid]))
        again = self._analyze_forgotten(self._list_missing(keys, stored)).items()
        return {**overlaid, **stored, **{key: derive_outline(facts) for key, facts in again}}

    def _list_missing(self, keys: Collection[BlobKey], stored: Collection[BlobKey]) -> set[BlobKey]:
        """List what was asked for, should be in the store, and did not come from there."""
        missing = set(keys).difference(stored, self.overlay)
        return missing & self._list_expected() if missing else missing

    def find_symbols(self, pattern: str) -> Iterator[tuple[bytes, Symbol]]:
        """Find symbols by name."""
        paths = self.group_paths()
        loaded = set()
        for key, symbol in self.store.find_symbols(pattern):
            loaded.add(key)
            for path in paths.get(key, ()):
                yield path, symbol
        for key, facts in self._load_unstored(self._list_forgotten(loaded)):
            found = [symbol for symbol in facts.symbols if fnmatchcase(symbol.name, pattern)]
            for path in paths.get(key, ()):
                yield from ((path, symbol) for symbol in found)

    def _list_expected(self) -> set[BlobKey]:
        """List the blobs whose facts the store had when this was taken."""
        there = {key for path, key in self.entries.items() if path not in self.failures}
        return there.difference(self.overlay)

    def _list_forgotten(self, loaded: set[BlobKey]) -> set[BlobKey]:
        """List the blobs that the store no longer has, unless they were loaded before."""
        rest = self._list_expected() - loaded
        return rest - self.store.find_known(rest)

    def _load_unstored(self, gone: Collection[BlobKey]) -> Iterator[tuple[BlobKey, FileFacts]]:
        """Give the facts that the store does not have."""
        yield from sorted({**self.overlay, **self._analyze_forgotten(gone)}.items())

    def _analyze_forgotten(self, gone: Collection[BlobKey]) -> dict[BlobKey, FileFacts]:
        """Work out what the store has forgotten; ``gc`` may run beside any question."""
        found, failed = _analyze_in_memory(self.view, gone)
        if failed:
            raise StoreError("the index was tidied up meanwhile, and git too", "run this again")
        return found

    def group_paths(self) -> dict[BlobKey, list[bytes]]:
        """Group the paths by blob."""
        found: dict[BlobKey, list[bytes]] = {}
        for path, key in self.entries.items():
            found.setdefault(key, []).append(path)
        return found


class _FrozenReader:
    """A view as it was at one moment, whoever publishes it meanwhile.

    A writer need not mind: what it publishes is refused if the view has moved on.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._views: dict[str, StoredView | None] = {}

    def find_known(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        return self.store.find_known(keys)

    def load_view(self, name: str, paths: Collection[bytes] | None = ()) -> StoredView | None:
        if name not in self._views:
            self._views[name] = self.store.load_view(name, None)
        found = self._views[name]
        if found is None or paths is None:
            return found and found._replace(entries=dict(found.entries))
        entries = {path: found.entries[path] for path in paths if path in found.entries}
        return found._replace(entries=entries)


def take_snapshot(index: Index, view: View, *, most: float = _OVERLAY_LIMIT) -> Snapshot:
    """Take a view as it is now, without writing anything."""
    still = _FrozenReader(index.open_reader())
    return _build_snapshot(still, plan_refresh(still, view), most=most)


def take_fresh_snapshot(index: Index, view: View, *, progress: Progress | None = None) -> Snapshot:
    """Bring a view up to date, and take it."""
    still = _FrozenReader(index.open_reader())
    todo = plan_refresh(still, view)
    if not todo.is_idle:
        refresh_view(index, view, progress=progress)
        return take_snapshot(index, view)
    return _build_snapshot(still, todo)


def _build_snapshot(
    still: _FrozenReader, todo: RefreshPlan, *, most: float = _OVERLAY_LIMIT
) -> Snapshot:
    """Take a view as a plan has found it."""
    view, store = todo.view, still.store
    entries = view.entries = todo.list_entries(still)
    lacking = todo.unknown & (todo.stored.missing_facts if todo.stored else set())
    unknown = todo.unknown - lacking
    if len(unknown) > most:
        at = "" if view.name == STAGED else f" --at {view.name}"
        raise MeasurementError(
            f"the index lacks {len(unknown):,} of the {len(entries):,} files of {view.name}",
            f"detent index{at}",
        )
    overlay, failed = _analyze_in_memory(view, unknown)
    failed.update(dict.fromkeys(lacking, "it could not be: `detent index` says why"))
    return Snapshot(
        view=view,
        different=len(todo.sets.differences),
        entries=entries,
        overlay=overlay,
        failures={path: failed[key] for path, key in entries.items() if key in failed},
        store=store,
    )


def _analyze_in_memory(
    view: View, keys: Collection[BlobKey]
) -> tuple[dict[BlobKey, FileFacts], dict[BlobKey, str]]:
    """Analyse blobs in memory; give their facts, and why there are none."""
    if not keys:
        return {}, {}
    from detent.index.executors.serial import SerialExecutor
    from detent.index.ingest import analyze_git_blobs

    facts: dict[BlobKey, FileFacts] = {}
    failed: dict[BlobKey, str] = {}
    for key, outcome in analyze_git_blobs(view, keys, executor=SerialExecutor()):
        if isinstance(outcome, FileFacts):
            facts[key] = outcome
        else:
            failed[key] = outcome.reason
    return facts, failed
