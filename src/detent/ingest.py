"""Blobs of git to facts in a store, in bounded batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent import git
from detent.examine import Failure, examine_all, suitable_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.examine import Outcome
    from detent.git import Repo
    from detent.model import FileFacts
    from detent.store.contract import Writer

    #: Called with the number of blobs done and the number of all.
    Progress = Callable[[int, int], None]

_BATCH = 64
_TYPICAL_SIZE = 16_000
_ABSENT = "its content is not in this clone: `git fetch --refetch --no-filter` brings it"
_CHANGED = "it was changed while it was being read: run this again"


def persist(session: Writer, outcomes: Iterator[Outcome]) -> dict[str, str]:
    """Write facts in bounded batches as they come.

    Parameters
    ----------
    session : Writer
        Open.
    outcomes : iterator of (str, FileFacts or Failure)
        As `detent.examine.examine_all` yields them.

    Returns
    -------
    dict of str to str
        What failed, by object id, and why.
    """
    failed: dict[str, str] = {}
    batch: list[tuple[str, FileFacts]] = []
    for oid, outcome in outcomes:
        if isinstance(outcome, Failure):
            failed[oid] = outcome.reason
            continue
        batch.append((oid, outcome))
        if len(batch) == _BATCH:
            session.persist(batch)
            batch = []
    if batch:
        session.persist(batch)
    return failed


def examined(
    repo: Repo,
    oids: Collection[str],
    *,
    disk: Mapping[str, bytes] | None = None,
    jobs: int = 0,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Read blobs and examine them.

    Parameters
    ----------
    repo : Repo
        The repository.
    oids : collection of str
        What to read, in whatever order; they are read sorted.
    disk : mapping of str to bytes, optional
        Blobs that git may not have yet, with the path where they are on disk.
    jobs : int, default 0
        Processes; 0 chooses by the amount of work.
    progress : callable, optional
        Called with the number of blobs done and of all.

    Yields
    ------
    (str, FileFacts or Failure)
        One for each blob.
    """
    absent: list[str] = []
    jobs = jobs or suitable_jobs(len(oids) * _TYPICAL_SIZE)
    blobs = contents(repo, sorted(oids), disk or {}, absent=absent)
    for done, outcome in enumerate(examine_all(blobs, jobs=jobs), 1):
        yield outcome
        if progress is not None:
            progress(done, len(oids))
    for oid in absent:
        changed = disk is not None and oid in disk
        yield oid, Failure(oid, _CHANGED if changed else _ABSENT)


def contents(
    repo: Repo, oids: list[str], disk: Mapping[str, bytes], *, absent: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Read blobs from git, or from disk where git may not have them.

    Parameters
    ----------
    repo : Repo
        The repository.
    oids : list of str
        What to read.
    disk : mapping of str to bytes
        Blobs that git may not have yet, with the path where they are on disk.
    absent : list of str
        Takes up what is nowhere.

    Yields
    ------
    (str, bytes)
        Object id and content.
    """
    rest = []
    for oid in oids:
        content = git.on_disk(repo, disk[oid], oid) if oid in disk else None
        if content is None:  # also what is staged, but not checked out
            rest.append(oid)
        else:
            yield oid, content
    for oid, content in git.blobs(repo, rest):
        if content is None:
            absent.append(oid)
        else:
            yield oid, content
