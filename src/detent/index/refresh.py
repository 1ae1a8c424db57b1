"""Bring one view of the index up to date: the only place where git, analysis and store meet."""

from __future__ import annotations

import time
from functools import partial

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.core.namedtuple import NamedTuple, Protocol
from detent.core.results import RefreshResult
from detent.languages import fingerprint_languages
from detent.store import MEMORY
from detent.store.protocol import ViewUpdate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.core.model import BlobKey
    from detent.index.handle import Index
    from detent.index.ingest import BlobResult, Progress
    from detent.index.stages.build import BuildAudit
    from detent.index.views import PathSets, View
    from detent.store.protocol import Session, Store, StoredView

#: Of several that publish one view at once, somebody always gets on, but not always the same.
_ATTEMPTS = 20
_UNEQUAL_NOTE = (
    "this build differs from an earlier one of the same input in {}: "
    "`detent stages --compare` shows more"
)


class ViewReader(Protocol):
    """What it takes to compare a view with what is stored of it; a `Store` is one."""

    def find_known(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        """See `Store.find_known`."""

    def load_view(self, name: str, paths: Collection[bytes] | None = ()) -> StoredView | None:
        """See `Store.load_view`."""


class RefreshPlan(NamedTuple):
    """What a session has to do, worked out before anything is opened for writing."""

    view: View
    stored: StoredView | None
    sets: PathSets  # how it differs from what is stored
    changed: dict[bytes, BlobKey]  # new and changed paths, with what they have now
    deleted: list[bytes]  # paths that are gone
    unknown: set[BlobKey]  # blobs of the view that have no facts yet
    previous_keys: dict[BlobKey, BlobKey]  # blobs before an edit, by the blobs after it

    @property
    def is_exact(self) -> bool:
        """Whether the stored view is what the view is now."""
        return (
            self.stored is not None
            and self.stored.tree == self.view.tree
            and self.stored.languages == fingerprint_languages()
            and self.stored.differences == self.sets.differences
            and not (self.changed or self.deleted)
        )

    @property
    def is_idle(self) -> bool:
        """Whether what is stored is exact and complete."""
        return self.is_exact and not self.unknown

    def list_entries(self, store: ViewReader) -> dict[bytes, BlobKey]:
        """Give all entries of the view as it is now."""
        entries = {} if self.sets.is_complete else _load_entries(store, self.view.stored_name, None)
        entries.update((path, key) for path, key in self.sets.present.items() if key is not None)
        for path in self.deleted:
            entries.pop(path, None)
        return dict(sorted(entries.items()))

    def make_update(self, failed: Collection[BlobKey]) -> ViewUpdate:
        """Give what makes the stored view exact."""
        generation = self.stored.generation if self.stored else 0
        return ViewUpdate(
            self.view.stored_name,
            self.view.tree,
            generation,
            fingerprint_languages(),
            self.changed,
            self.deleted,
            self.sets.differences,
            failed,
        )


def plan_refresh(store: ViewReader, view: View) -> RefreshPlan:
    """Compare a view with what is stored of it."""
    name = view.stored_name
    stored = store.load_view(name)
    # With other languages, what is stored does not tell which files the view has.
    usable = stored if stored and stored.languages == fingerprint_languages() else None
    sets = view.compute_path_sets(usable)
    before = _load_entries(store, name, None if sets.is_complete else sets.present)
    changed = {
        path: key
        for path, key in sets.present.items()
        if key is not None and before.get(path) != key
    }
    deleted = [path for path in before if sets.present.get(path) is None]
    wanted = {*changed.values(), *(stored.missing_facts if stored else ())}
    unknown = wanted - store.find_known(wanted)
    previous = _pair_previous(changed, before, unknown)
    return RefreshPlan(view, stored, sets, changed, deleted, unknown, previous)


def load_entries(store: ViewReader, view: View) -> dict[bytes, BlobKey]:
    """List all files of a view, from the store as far as it has them."""
    if view.entries is None:
        view.entries = plan_refresh(store, view).list_entries(store)
    return view.entries


def _load_entries(
    store: ViewReader, name: str, paths: Collection[bytes] | None
) -> dict[bytes, BlobKey]:
    found = store.load_view(name, paths)
    return found.entries if found else {}


def _pair_previous(
    changed: Mapping[bytes, BlobKey],
    before: Mapping[bytes, BlobKey],
    unknown: Collection[BlobKey],
) -> dict[BlobKey, BlobKey]:
    edited = [(path, key) for path, key in changed.items() if key in unknown and path in before]
    # What is unknown itself would have to come first, and the order is part of the audit.
    return {key: before[path] for path, key in edited if before[path] not in unknown}


def refresh_view(
    index: Index, view: View, *, jobs: int = 0, progress: Progress | None = None
) -> RefreshResult:
    """Bring one view up to date in one session."""
    began = time.perf_counter()
    failed: dict[BlobKey, str] = {}
    analysed = 0
    build: BuildAudit | None = None
    for _ in range(_ATTEMPTS):
        todo = plan_refresh(index.open_reader(), view)
        if todo.is_idle:
            break
        # Most runs find nothing to do, and need none of what analysis needs.
        from detent.index import ingest

        build = build or _start_audit(index, todo, began)
        analyze = _choose_analysis(index, todo, jobs, build=build, progress=progress)
        try:
            with index.open_writer().open_session() as session:
                writer = build.attach_session(session) if build else session
                outcomes = analyze(view, todo.unknown)
                failed = ingest.persist_outcomes(
                    writer, build.watch_outcomes(outcomes, view.disk) if build else outcomes
                )
                analysed += len(todo.unknown) - len(failed)
                done = _publish_update(todo, writer, failed)
        except BaseException as error:
            if build:
                build.finish_audit(index.path, error)
            raise
        if done:
            break
        view.reset()
    else:
        raise StoreError(f"other processes keep updating the view {view.name}", "try again")
    summary = _summarize_refresh(index.open_reader(), todo, analysed=analysed, failed=failed)
    return summary._replace(unequal=_finish_audit(index, build))


def _choose_analysis(
    index: Index,
    todo: RefreshPlan,
    jobs: int,
    *,
    build: BuildAudit | None,
    progress: Progress | None,
) -> Callable[..., Iterator[BlobResult]]:
    """Choose how to analyze: of a few edited files, only what has changed in them."""
    from detent.index import ingest
    from detent.index.executors import choose_executor
    from detent.index.executors.serial import SerialExecutor

    stats = build.stats if build else None
    pasts = (
        ingest.load_previous_facts(index, todo.unknown, todo.previous_keys) if jobs < 2 else None
    )
    if pasts:
        return partial(ingest.analyze_edited_blobs, pasts=pasts, executor=SerialExecutor(stats))
    executor = choose_executor(jobs, len(todo.unknown), stats)
    return partial(ingest.analyze_git_blobs, executor=executor, progress=progress)


def _publish_update(todo: RefreshPlan, writer: Session, failed: dict[BlobKey, str]) -> bool:
    # Where what failed before has only failed once more, there is nothing to publish.
    barren = todo.is_exact and len(failed) == len(todo.unknown)
    return barren or writer.publish(todo.make_update(failed))


def _start_audit(index: Index, todo: RefreshPlan, began: float) -> BuildAudit | None:
    """Put a build under audit; not one that only moves a view, or that will not be kept."""
    if not todo.unknown or index.path == MEMORY:
        return None
    from detent.index.stages.build import BuildAudit

    return BuildAudit(began, todo.changed, deleted=todo.deleted, unknown=todo.unknown)


def _finish_audit(index: Index, build: BuildAudit | None) -> list[str] | None:
    """End the audit of a build; give what came out otherwise than before, and note it."""
    unequal = build.finish_audit(index.path, counters=index.counters) if build else None
    if unequal:
        index.notes.append(_UNEQUAL_NOTE.format(", ".join(unequal)))
    return unequal


def _summarize_refresh(
    store: Store, todo: RefreshPlan, *, analysed: int, failed: dict[BlobKey, str]
) -> RefreshResult:
    stored = store.load_view(todo.view.stored_name, None if failed else ())
    size, entries = (stored.size, stored.entries) if stored else (0, {})
    failures = {path: failed[key] for path, key in entries.items() if key in failed}
    return RefreshResult(
        name=todo.view.stored_name,
        tree=todo.view.tree,
        changed=len(todo.changed),
        deleted=len(todo.deleted),
        reused=size - analysed - len(failures),
        analyzed=analysed,
        failures=failures,
    )
