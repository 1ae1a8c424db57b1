"""The two sides of a change: the facts of what was there and of what comes in its place."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple
from detent.core.outline import outline_of
from detent.index import views
from detent.index.executors.process_pool import Failure
from detent.index.ingest import edited, examined, pasts_of, persist
from detent.index.refresh import plan
from detent.query.relations.outlines import Outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from detent.core.model import FileFacts
    from detent.core.outline import Outline
    from detent.git import Change, Repo
    from detent.index.handle import Index

Files = list[tuple[bytes, "FileFacts"]]


class Sides(NamedTuple):
    """What a change takes away and what it brings.

    Attributes
    ----------
    bases : list of list of (bytes, FileFacts)
        The files on the old side; one list for each parent of a merge.
    head : list of (bytes, FileFacts)
        The files on the new side.
    renames : dict of bytes to bytes
        New path to old path.
    paths : int
        Number of paths that differ.
    analysed : int
        Number of blobs that had no facts before.
    failures : dict of bytes to str
        Paths of the new side that could not be compared, and why: one of the two contents could not
        be analysed.
    blobs : list of dict of bytes to str
        Object id by path: of each base, and last of the head.
    trees : tuple of str
        The trees of the bases.
    """

    bases: list[Files]
    head: Files
    renames: dict[bytes, bytes]
    paths: int
    analysed: int
    failures: dict[bytes, str]
    blobs: list[dict[bytes, str]]
    trees: tuple[str, ...] = ()

    def only(self, chosen: Callable[[bytes], bool]) -> Sides:
        """Leave out the files that are not chosen; they still count as paths that differ.

        Parameters
        ----------
        chosen : callable
            Takes a path.

        Returns
        -------
        Sides
            The rest of the change.
        """
        return self._replace(
            bases=[[file for file in base if chosen(file[0])] for base in self.bases],
            head=[file for file in self.head if chosen(file[0])],
            failures={path: why for path, why in self.failures.items() if chosen(path)},
        )


def sides(repo: Repo, index: Index, view: str, *, parents: Sequence[str]) -> Sides:
    """Collect the two sides of a change: only the blobs that differ are looked at.

    Parameters
    ----------
    repo : Repo
        The repository.
    index : Index
        Gives the facts that are known and keeps those that are not.
    view : str
        ``staged``, ``worktree`` or a revision: the new side.
    parents : sequence of str
        Trees of the old side. What equals one of them at a path is not this change's doing.

    Returns
    -------
    Sides
        Sorted by path.
    """
    changes = [views.differences(repo, view, tree) for tree in parents]
    common = set.intersection(*({change.path for change in one} for one in changes))
    renames: dict[bytes, bytes] = {}
    for tree, one in zip(parents, changes, strict=True):
        renames = {**_renames(repo, view, tree, changes=one, paths=common), **renames}
    # In a merge, a file that one side renamed and the other edited has its past under the old name.
    past = common.union(renames.values())
    head = _present((path, new) for path, _, new in changes[0] if path in common)
    bases = [_present((path, old) for path, old, _ in one if path in past) for one in changes]
    two, lost = _with_facts(repo, index, view, bases=bases, head=head)
    two = two._replace(renames=renames, paths=len(common), trees=tuple(parents))
    return _comparable(two, lost)


def _with_facts(
    repo: Repo, index: Index, view: str, *, bases: list[dict[bytes, str]], head: dict[bytes, str]
) -> tuple[Sides, dict[bytes, str]]:
    """Collect the facts of both sides; give also which of the old files have none, and why."""
    oids = set(head.values()).union(*(base.values() for base in bases))
    disk = {oid: path for path, oid in head.items()} if view == views.WORKTREE else {}
    pasts = _pairs(bases[0], head)
    facts, failed, analysed = _facts_of(repo, index, oids, disk=disk, pasts=pasts)
    two = Sides(
        bases=[_files(base, facts) for base in bases],
        head=_files(head, facts),
        renames={},
        paths=len(head),
        analysed=analysed,
        failures={path: failed[oid] for path, oid in head.items() if oid in failed},
        blobs=[*bases, head],
    )
    return two, {path: failed[oid] for base in bases for path, oid in base.items() if oid in failed}


def _pairs(base: Mapping[bytes, str], head: Mapping[bytes, str]) -> dict[str, str]:
    """Give the old content by the new one, of what is on both sides."""
    return {oid: base[path] for path, oid in head.items() if path in base}


def _comparable(two: Sides, lost: Mapping[bytes, str]) -> Sides:
    """Leave out what has a past that cannot be read: it would all be taken for new."""
    if not lost:
        return two
    pasts = [(path, old) for path, _ in two.head for old in (path, two.renames.get(path, path))]
    failures = {
        path: f"as it was before the change: {lost[old]}" for path, old in pasts if old in lost
    }
    head = [file for file in two.head if file[0] not in failures]
    return two._replace(head=head, failures={**two.failures, **failures})


def _present(entries: Iterable[tuple[bytes, str | None]]) -> dict[bytes, str]:
    return {path: oid for path, oid in entries if oid is not None}


def _facts_of(
    repo: Repo,
    index: Index,
    oids: Collection[str],
    *,
    disk: Mapping[str, bytes],
    pasts: Mapping[str, str],
) -> tuple[dict[str, FileFacts], dict[str, str], int]:
    """Load facts, and examine what has none yet: give facts, what failed, and how many had none."""
    failed, count = _examine_unknown(repo, index, oids, disk=disk, pasts=pasts)
    facts = {oid: index.recent[oid] for oid in oids if oid in index.recent}
    facts.update(index.reader().load(set(oids).difference(facts)))
    again, lost = _examined_again(repo, set(oids).difference(facts, failed), disk=disk)
    return {**facts, **again}, {**failed, **lost}, count


def _examined_again(
    repo: Repo, oids: Collection[str], *, disk: Mapping[str, bytes]
) -> tuple[dict[str, FileFacts], dict[str, str]]:
    """Work out what a ``gc`` that runs beside has taken away; give facts, and what failed."""
    facts: dict[str, FileFacts] = {}
    failed: dict[str, str] = {}
    for oid, outcome in examined(repo, oids, disk=disk, jobs=1) if oids else ():
        if isinstance(outcome, Failure):
            failed[oid] = outcome.reason
        else:
            facts[oid] = outcome
    return facts, failed


def _examine_unknown(
    repo: Repo,
    index: Index,
    oids: Collection[str],
    *,
    disk: Mapping[str, bytes],
    pasts: Mapping[str, str],
) -> tuple[dict[str, str], int]:
    """Examine what has no facts yet; give what failed, and how many did not."""
    unknown = set(oids) - index.reader().known(oids)
    failed: dict[str, str] = {}
    if unknown:
        known = pasts_of(index, unknown, pasts)
        outcomes = (
            edited(repo, unknown, pasts=known, disk=disk)
            if known
            else examined(repo, unknown, disk=disk, jobs=1)
        )
        session = index.writer().begin(known.of if known else None)
        failed = persist(session, outcomes)
        session.close()
    return failed, len(unknown) - len(failed)


def outlines(repo: Repo, index: Index, view: str) -> Outlines:
    """Make the whole of a view available, of which only what is asked for is looked at.

    Parameters
    ----------
    repo : Repo
        The repository.
    index : Index
        Gives the facts that are known and keeps those that are not; it need not have the view.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    Outlines
        With the files as they are in this view.
    """

    def made_sure(oids: Collection[str]) -> Callable[[Collection[str]], dict[str, FileFacts]]:
        """Have the facts in the store, and give what examines those that are gone again."""
        disk = {oid: path for path, oid in found.paths.items()} if view == views.WORKTREE else {}
        failed, _ = _examine_unknown(repo, index, oids, disk=disk, pasts={})
        return lambda loaded: _examined_again(
            repo, set(oids).difference(loaded, failed), disk=disk
        )[0]

    def outlined(oids: Collection[str]) -> dict[str, Outline]:
        again = made_sure(oids)
        loaded = dict(index.reader().outlines(oids))
        return {**loaded, **{oid: outline_of(facts) for oid, facts in again(loaded).items()}}

    def whole(oids: Collection[str]) -> dict[str, FileFacts]:
        again = made_sure(oids)
        loaded = dict(index.reader().load(oids, full=True))
        return {**loaded, **again(loaded)}

    found = Outlines(lambda: _listed(repo, index, view), outlined, whole)
    return found


def _listed(repo: Repo, index: Index, view: str) -> dict[bytes, str]:
    """List all files of a view, from the store where that has it, or one that differs little."""
    store = index.reader()
    near = view if view in views.OF_WORKTREES else views.STAGED
    if store.view(views.stored_name(repo, near, "")) is None:
        return views.listed(repo, view)
    todo = plan(repo, store, near)
    if view not in (near, todo.sets.tree):
        return views.listed(repo, view)
    entries = todo.entries(store)
    if view != near:
        for path, old in todo.sets.differences.items():
            entries[path] = old or ""
    return {path: oid for path, oid in sorted(entries.items()) if oid}


def _files(entries: Mapping[bytes, str], facts: Mapping[str, FileFacts]) -> Files:
    return [(path, facts[oid]) for path, oid in entries.items() if oid in facts]


def _renames(
    repo: Repo, view: str, base: str, *, changes: list[Change], paths: set[bytes]
) -> dict[bytes, bytes]:
    """Ask git where `paths` come from, only where something has gone and one of them has come."""
    gone = {change.path for change in changes if change.new is None}
    come = paths.intersection(change.path for change in changes if change.old is None)
    if not (gone and come):
        return {}
    found = git.renames(repo, base, _tree(repo, view)).items()
    return {new: old for new, old in found if new in come and old in gone}


def _tree(repo: Repo, view: str) -> str | None:
    """Resolve the tree of a revision; the index has none."""
    return None if view in (views.STAGED, views.WORKTREE) else git.tree_of(repo, view)
