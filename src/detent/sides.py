"""The two sides of a change: the facts of what was there and of what comes in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from detent import git, views
from detent.ingest import examined, persist

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from detent.git import Change, Repo
    from detent.index import Index
    from detent.model import FileFacts

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
        Paths whose new content could not be analysed, and why.
    """

    bases: list[Files]
    head: Files
    renames: dict[bytes, bytes]
    paths: int
    analysed: int
    failures: dict[bytes, str]


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
    changes = _common([views.differences(repo, view, tree) for tree in parents])
    head = _present(changes[0], old=False)
    bases = [_present(one, old=True) for one in changes]
    oids = set().union(head.values(), *(base.values() for base in bases))
    disk = {oid: path for path, oid in head.items()} if view == views.WORKTREE else {}
    facts, failed, analysed = facts_of(repo, index, oids, disk=disk)
    return Sides(
        bases=[_files(base, facts) for base in bases],
        head=_files(head, facts),
        renames=_renames(repo, view, parents[0], changes=changes[0]),
        paths=len(changes[0]),
        analysed=analysed,
        failures={path: failed[oid] for path, oid in head.items() if oid in failed},
    )


def _common(changes: list[list[Change]]) -> list[list[Change]]:
    """Keep the paths that differ from every parent."""
    paths = set.intersection(*({change.path for change in one} for one in changes))
    return [[change for change in one if change.path in paths] for one in changes]


def _present(changes: list[Change], *, old: bool) -> dict[bytes, str]:
    sides = ((change.path, change.old if old else change.new) for change in changes)
    return {path: oid for path, oid in sides if oid is not None}


def facts_of(
    repo: Repo, index: Index, oids: Collection[str], *, disk: Mapping[str, bytes]
) -> tuple[dict[str, FileFacts], dict[str, str], int]:
    """Load facts, and examine what has none yet.

    Parameters
    ----------
    repo : Repo
        The repository.
    index : Index
        Gives what is known, and keeps what is not.
    oids : collection of str
        The blobs.
    disk : mapping of str to bytes
        Blobs that git may not have, with the path where they are on disk.

    Returns
    -------
    dict of str to FileFacts
        By object id.
    dict of str to str
        What failed, and why.
    int
        How many had to be examined.
    """
    unknown = set(oids) - index.reader().known(oids)
    failed: dict[str, str] = {}
    if unknown:
        session = index.writer().begin()
        failed = persist(session, examined(repo, unknown, disk=disk, jobs=1))
        session.close()
    return dict(index.reader().load(oids)), failed, len(unknown) - len(failed)


def _files(entries: Mapping[bytes, str], facts: Mapping[str, FileFacts]) -> Files:
    return [(path, facts[oid]) for path, oid in entries.items() if oid in facts]


def _renames(repo: Repo, view: str, base: str, *, changes: list[Change]) -> dict[bytes, bytes]:
    """Ask git for renames, only where something has gone and something has come."""
    gone = {change.path for change in changes if change.new is None}
    come = {change.path for change in changes if change.old is None}
    if not (gone and come):
        return {}
    tree = None if view in (views.STAGED, views.WORKTREE) else git.tree_of(repo, view)
    found = git.renames(repo, base, tree)
    return {new: old for new, old in found.items() if new in come and old in gone}
