"""Bring one view of the index up to date: the only place where git, analysis and store meet."""

from __future__ import annotations

import time

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.core.namedtuple import NamedTuple
from detent.core.results import RefreshResult
from detent.index.facts import FactSource
from detent.languages import fingerprint_languages
from detent.store import MEMORY
from detent.store.protocol import ViewUpdate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from detent.core.model import BlobKey
    from detent.index.executors.base import Outcome
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.stages.build import BuildAudit
    from detent.index.views import PathSets, View
    from detent.store.protocol import Session, Store, StoredView

#: Of several processes that publish one view at once, one succeeds each time.
_ATTEMPTS = 20
_UNEQUAL_NOTE = (
    "this build differs from an earlier one of the same input in {}: "
    "`detent stages --compare` shows more"
)


class RefreshPlan(NamedTuple):
    """What is to be done, worked out before anything is opened for writing."""

    view: View
    stored: StoredView | None
    sets: PathSets  # how the view differs from what is stored
    before: dict[bytes, BlobKey]  # stored entries: all, or those that may differ
    changed: dict[bytes, BlobKey]  # new and changed paths, with what they have now
    deleted: list[bytes]  # paths that are gone
    unknown: set[BlobKey]  # blobs of the view that have no facts yet
    name: str  # of the stored view

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

    def list_entries(self) -> dict[bytes, BlobKey]:
        """List all entries of the view as it is now, by path; the plan must have all of them."""
        entries = {} if self.sets.is_complete else dict(self.before)
        entries.update((path, key) for path, key in self.sets.present.items() if key is not None)
        for path in self.deleted:
            entries.pop(path, None)
        return dict(sorted(entries.items()))

    def pair_previous(self) -> dict[BlobKey, BlobKey]:
        """Pair the blobs after an edit with those before it."""
        edited = (path for path, key in self.changed.items() if key in self.unknown)
        pairs = {self.changed[path]: self.before[path] for path in edited if path in self.before}
        # An unknown one would have to come first, and the build audit compares the order.
        return {new: old for new, old in pairs.items() if old not in self.unknown}

    def make_update(self, failed: Collection[BlobKey]) -> ViewUpdate:
        """Make the update after which the stored view is exact."""
        return ViewUpdate(
            self.view.stored_name,
            self.view.tree,
            self.stored.generation if self.stored else 0,
            fingerprint_languages(),
            self.changed,
            self.deleted,
            self.sets.differences,
            failed,
        )


def plan_refresh(
    store: Store, view: View, *, all_entries: bool = False, stored_name: str = ""
) -> RefreshPlan:
    """Compare a view with what is stored of it, and load those entries that are needed, or all.

    With the name of another stored view, compare with that one; such a plan is only to be read.
    """
    name = stored_name or view.stored_name
    stored = store.load_view(name, None if all_entries else ())
    # With other languages, what is stored does not tell which files the view has.
    is_usable = stored is not None and stored.languages == fingerprint_languages()
    sets = view.compute_path_sets(stored if is_usable else None)
    loaded = stored
    if stored is not None and not all_entries:
        loaded = store.load_view(name, None if sets.is_complete else sets.present)
    before = loaded.entries if loaded else {}
    changed, deleted = _compare_entries(before, sets)
    wanted = {*changed.values(), *(stored.missing_facts if stored else ())}
    unknown = wanted - store.find_known(wanted)
    return RefreshPlan(view, stored, sets, before, changed, deleted, unknown, name)


def _compare_entries(
    before: dict[bytes, BlobKey], sets: PathSets
) -> tuple[dict[bytes, BlobKey], list[bytes]]:
    """Find the paths that are new or have other content, and those that are gone."""
    present = sets.present.items()
    changed = {path: key for path, key in present if key is not None and before.get(path) != key}
    listed = before if sets.is_complete else before.keys() & sets.present
    return changed, sorted(path for path in listed if sets.present.get(path) is None)


def load_entries(store: Store, view: View) -> dict[bytes, BlobKey]:
    """List all files of a view, from the store as far as it has them."""
    if view.entries is None:
        view.entries = plan_refresh(store, view, all_entries=True).list_entries()
    return view.entries


def refresh_view(
    index: Index, view: View, *, jobs: int = 0, progress: Progress | None = None
) -> RefreshResult:
    """Bring one view up to date in one session."""
    began = time.perf_counter()
    failed: dict[BlobKey, str] = {}
    analyzed = 0
    build: BuildAudit | None = None
    for _ in range(_ATTEMPTS):
        plan = plan_refresh(index.open_reader(), view)
        if plan.is_idle:
            break
        build = build or _start_audit(index, plan, began)
        outcomes = _analyze_unknown(index, plan, build, jobs=jobs, progress=progress)
        failed, is_published = _write_outcomes(index, plan, build, outcomes=outcomes)
        analyzed += len(plan.unknown) - len(failed)
        if is_published:
            break
        view.reset()
    else:
        raise StoreError(f"other processes keep updating the view {view.name}", "try again")
    summary = _summarize_refresh(index.open_reader(), plan, analyzed=analyzed, failed=failed)
    return summary._replace(unequal=_finish_audit(index, build))


def _analyze_unknown(
    index: Index,
    plan: RefreshPlan,
    build: BuildAudit | None,
    *,
    jobs: int,
    progress: Progress | None,
) -> Iterator[Outcome]:
    if not plan.unknown:
        return
    stats = build.stats if build else None
    outcomes = FactSource(index, plan.view).analyze(
        plan.unknown, plan.pair_previous(), jobs=jobs, stats=stats, progress=progress
    )
    yield from build.watch_outcomes(outcomes, plan.view.disk) if build else outcomes


def _write_outcomes(
    index: Index, plan: RefreshPlan, build: BuildAudit | None, *, outcomes: Iterator[Outcome]
) -> tuple[dict[BlobKey, str], bool]:
    """Write facts and publish the view; give the failures, and whether nobody else was quicker."""
    # Most runs find nothing to do, and need none of what analysis needs.
    from detent.index.ingest import collect_failures, persist_outcomes

    try:
        with index.open_writer().open_session() as session:
            writer = build.attach_session(session) if build else session
            failed = collect_failures(persist_outcomes(writer, outcomes))
            return failed, _publish_update(plan, writer, failed)
    except BaseException as error:
        if build:
            build.finish_audit(index.path, error)
        raise


def _publish_update(plan: RefreshPlan, writer: Session, failed: dict[BlobKey, str]) -> bool:
    # If only what failed before has failed again, there is nothing to publish.
    is_unchanged = plan.is_exact and len(failed) == len(plan.unknown)
    return is_unchanged or writer.publish(plan.make_update(failed))


def _start_audit(index: Index, plan: RefreshPlan, began: float) -> BuildAudit | None:
    """Start the audit of a build; not of one that only moves a view, or that is not kept."""
    if not plan.unknown or index.path == MEMORY:
        return None
    from detent.index.stages.build import BuildAudit

    return BuildAudit(began, plan.changed, deleted=plan.deleted, unknown=plan.unknown)


def _finish_audit(index: Index, build: BuildAudit | None) -> list[str] | None:
    """Finish the audit of a build, and note what differs from an earlier one."""
    unequal = build.finish_audit(index.path, counters=index.counters) if build else None
    if unequal:
        index.notes.append(_UNEQUAL_NOTE.format(", ".join(unequal)))
    return unequal


def _summarize_refresh(
    store: Store, plan: RefreshPlan, *, analyzed: int, failed: dict[BlobKey, str]
) -> RefreshResult:
    stored = store.load_view(plan.view.stored_name, None if failed else ())
    size, entries = (stored.size, stored.entries) if stored else (0, {})
    failures = {path: failed[key] for path, key in entries.items() if key in failed}
    return RefreshResult(
        name=plan.view.stored_name,
        tree=plan.view.tree,
        changed=len(plan.changed),
        deleted=len(plan.deleted),
        reused=size - analyzed - len(failures),
        analyzed=analyzed,
        failures=failures,
    )
