"""Bring one view of the index up to date: the only place where git, analysis and store meet."""

from __future__ import annotations

import time
from functools import partial

from detent import TYPE_CHECKING, git
from detent.core.errors import StoreError
from detent.core.namedtuple import NamedTuple
from detent.index import views
from detent.store import MEMORY
from detent.store.protocol import Publication

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.git import Repo
    from detent.index.executors.process_pool import Outcome
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.stages.build import Build
    from detent.store.protocol import PastOf, Reader, Store, View, Writer

#: Of several that publish one view at once, somebody always gets on, but not always the same.
_ATTEMPTS = 20
_UNEQUAL = (
    "this build differs from an earlier one of the same input in {}: "
    "`detent stages --compare` shows more"
)


class Refreshed(NamedTuple):
    """What bringing a view up to date came to.

    Attributes
    ----------
    name, tree : str
        The name under which the view is stored, and the tree that it is taken from.
    changed, deleted : int
        Paths that are new or have other content, and paths that are gone.
    reused : int
        Paths whose facts were there already.
    analysed : int
        Blobs that had to be analysed.
    failures : dict of bytes to str
        Paths that could not be analysed, and why.
    unequal : list of str or None
        What came out otherwise than in an earlier build of the same input; None where nothing was
        built, or there is none to compare with.
    """

    name: str
    tree: str
    changed: int
    deleted: int
    reused: int
    analysed: int
    failures: dict[bytes, str]
    unequal: list[str] | None = None


class Plan(NamedTuple):
    """What a session has to do, worked out before anything is opened for writing.

    Attributes
    ----------
    view, name : str
        The view, and the name under which it is stored.
    stored : View or None
        What is stored of it.
    sets : PathSets
        What it is now.
    changed : dict of bytes to str
        Paths that are new or have other content, with what they have now.
    deleted : list of bytes
        Paths that are gone.
    unknown : set of str
        Blobs of the view that have no facts yet.
    pasts : dict of str to str
        What stood at their paths before, by what stands there now.
    """

    view: str
    name: str
    stored: View | None
    sets: views.PathSets
    changed: dict[bytes, str]
    deleted: list[bytes]
    unknown: set[str]
    pasts: dict[str, str]

    @property
    def exact(self) -> bool:
        """Whether the stored view is what the view is now."""
        return (
            self.stored is not None
            and self.stored.tree == self.sets.tree
            and self.stored.differences == self.sets.differences
            and not (self.changed or self.deleted)
        )

    @property
    def idle(self) -> bool:
        """Whether what is stored is exact and complete."""
        return self.exact and not self.unknown

    def entries(self, store: Reader) -> dict[bytes, str]:
        """Give all entries of the view as it is now.

        Parameters
        ----------
        store : Reader
            The one that the plan was made with.

        Returns
        -------
        dict of bytes to str
            Object id by path, sorted by path.
        """
        entries = {} if self.sets.whole else store.entries(self.name)
        entries.update((path, oid) for path, oid in self.sets.present.items() if oid is not None)
        for path in self.deleted:
            entries.pop(path, None)
        return dict(sorted(entries.items()))

    def publication(self, failed: Collection[str]) -> Publication:
        """Give what makes the stored view exact.

        Parameters
        ----------
        failed : collection of str
            Blobs that could not be analysed.

        Returns
        -------
        Publication
            Against the generation that the plan was made from, so that nobody else's is undone.
        """
        generation = self.stored.generation if self.stored else 0
        tree, differences = self.sets.tree, self.sets.differences
        changed, deleted = self.changed, self.deleted
        return Publication(self.name, tree, generation, changed, deleted, differences, failed)


def plan(repo: Repo, store: Reader, view: str) -> Plan:
    """Compare a view with what is stored of it.

    Parameters
    ----------
    repo : Repo
        The repository.
    store : Reader
        Open for reading at least.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    Plan
        The path sets, and the blobs that have no facts yet.
    """
    tree = views.base_tree(repo, view)
    name = views.stored_name(repo, view, tree)
    stored = store.view(name)
    sets = views.path_sets(repo, view, stored, tree=tree)
    before = store.entries(name, None if sets.whole else sets.present)
    changed = {
        path: oid
        for path, oid in sets.present.items()
        if oid is not None and before.get(path) != oid
    }
    deleted = [path for path in before if sets.present.get(path) is None]
    wanted = {*changed.values(), *(stored.lacking if stored else ())}
    unknown = wanted - store.known(wanted)
    return Plan(
        view, name, stored, sets, changed, deleted, unknown, _pasts(changed, before, unknown)
    )


def _pasts(
    changed: Mapping[bytes, str], before: Mapping[bytes, str], unknown: Collection[str]
) -> dict[str, str]:
    edited = [(path, oid) for path, oid in changed.items() if oid in unknown and path in before]
    # What is unknown itself would have to come first, and the order is part of the audit.
    return {oid: before[path] for path, oid in edited if before[path] not in unknown}


def refresh(
    repo: Repo, index: Index, view: str, *, jobs: int = 0, progress: Progress | None = None
) -> Refreshed:
    """Bring one view up to date in one session.

    Parameters
    ----------
    repo : Repo
        The repository.
    index : Index
        Opened for writing only if there is something to write.
    view : str
        ``staged``, ``worktree`` or a revision.
    jobs : int, default 0
        Processes to analyse on; 0 chooses by the amount of work.
    progress : callable, optional
        Called with the number of blobs done and of all.

    Returns
    -------
    Refreshed
        What it came to.

    Raises
    ------
    StoreError
        If others change the view all the time. Whatever else git or the store raise, the view is
        then as it was.
    """
    began = time.perf_counter()
    failed: dict[str, str] = {}
    analysed = 0
    build: Build | None = None
    for _ in range(_ATTEMPTS):
        todo = plan(repo, index.reader(), view)
        if todo.idle:
            break
        # Most runs find nothing to do, and need none of what analysis needs.
        from detent.index import ingest

        build = build or _build(index, todo, began)
        examined, past_of = _examiner(index, todo, jobs)
        session = index.writer().begin(past_of)
        writer = build.begin(session) if build else session
        try:
            disk = _edited_paths(todo, view)
            outcomes = examined(repo, todo.unknown, disk=disk, progress=progress)
            failed = ingest.persist(writer, build.watched(outcomes, disk) if build else outcomes)
            analysed += len(todo.unknown) - len(failed)
            done = _published(todo, writer, failed)
        except BaseException as error:
            session.abort()
            if build:
                build.end(index.path, error)
            raise
        session.close()
        if done:
            break
        git.look_again()
    else:
        raise StoreError(f"the view {view} is being changed by others all the time", "try again")
    summary = _summary(index.reader(), todo, analysed=analysed, failed=failed)
    return summary._replace(unequal=_audited(index, build))


def _examiner(
    index: Index, todo: Plan, jobs: int
) -> tuple[Callable[..., Iterator[Outcome]], PastOf | None]:
    """Choose how to examine: where a few files were edited, only what has changed in them.

    Give also what says what they were before.
    """
    from detent.index import ingest

    pasts = ingest.pasts_of(index, todo.unknown, todo.pasts) if jobs < 2 else None
    if pasts:
        return partial(ingest.edited, pasts=pasts), pasts.of
    return partial(ingest.examined, jobs=jobs), None


def _published(todo: Plan, writer: Writer, failed: dict[str, str]) -> bool:
    # Where what failed before has only failed once more, there is nothing to publish.
    barren = todo.exact and len(failed) == len(todo.unknown)
    return barren or writer.publish(todo.publication(failed))


def _build(index: Index, todo: Plan, began: float) -> Build | None:
    """Put a build under audit; not one that only moves a view, or that will not be kept."""
    if not todo.unknown or index.path == MEMORY:
        return None
    from detent.index.stages.build import Build

    return Build(began, todo.changed, deleted=todo.deleted, unknown=todo.unknown)


def _audited(index: Index, build: Build | None) -> list[str] | None:
    """End the audit of a build; give what came out otherwise than before, and note it."""
    unequal = build.end(index.path) if build else None
    if unequal:
        index.notes.append(_UNEQUAL.format(", ".join(unequal)))
    return unequal


def _summary(store: Store, todo: Plan, *, analysed: int, failed: dict[str, str]) -> Refreshed:
    stored = store.view(todo.name)
    size = stored.size if stored else 0
    failures: dict[bytes, str] = {}
    if failed:
        everywhere = store.entries(todo.name)
        failures = {path: failed[oid] for path, oid in everywhere.items() if oid in failed}
    return Refreshed(
        name=todo.name,
        tree=todo.sets.tree,
        changed=len(todo.changed),
        deleted=len(todo.deleted),
        reused=size - analysed - len(failures),
        analysed=analysed,
        failures=failures,
    )


def _edited_paths(todo: Plan, view: str) -> dict[str, bytes]:
    if view != views.WORKTREE:
        return {}
    different = ((path, todo.sets.present[path]) for path in todo.sets.differences)
    return {oid: path for path, oid in different if oid is not None}
