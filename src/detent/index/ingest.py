"""Blobs of git to facts in a store, in bounded batches."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple
from detent.index.executors.process_pool import Failure, examine_all, outcome_of, suitable_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.core.model import FileFacts
    from detent.git import Repo
    from detent.index.executors.process_pool import Outcome
    from detent.index.handle import Index
    from detent.store.protocol import Writer

    #: Called with the number of blobs done and the number of all.
    Progress = Callable[[int, int], None]

#: So many blobs are held in memory, each with what it was before.
FEW = 32

_BATCH = 64
_TYPICAL_SIZE = 16_000
_ABSENT = "its content is not in this clone: `git fetch --refetch --no-filter` brings it"
_CHANGED = "it was changed while it was being read: run this again"


class Pasts(NamedTuple):
    """What edited blobs were before.

    Attributes
    ----------
    oids : mapping of str to str
        The blob that stood at the same path, by the blob that stands there now.
    facts : dict of str to FileFacts
        Of those that stood there, as far as they are known; takes up what comes out.
    """

    oids: Mapping[str, str]
    facts: dict[str, FileFacts]

    def of(self, oid: str) -> tuple[str, FileFacts] | None:
        """Give what a blob was before, as far as it is known.

        Parameters
        ----------
        oid : str
            The blob.

        Returns
        -------
        tuple of (str, FileFacts) or None
            Object id and facts.
        """
        past = self.oids.get(oid, "")
        return (past, self.facts[past]) if past in self.facts else None


def pasts_of(index: Index, unknown: Collection[str], pasts: Mapping[str, str]) -> Pasts | None:
    """Load what a few edited blobs were before.

    Parameters
    ----------
    index : Index
        Gives the facts that are known; its `recent` takes them up.
    unknown : collection of str
        The blobs to examine.
    pasts : mapping of str to str
        What stood at their paths before, by what stands there now.

    Returns
    -------
    Pasts or None
        None where they are many, or new.
    """
    wanted = {new: pasts[new] for new in unknown if new in pasts}
    if not wanted or len(unknown) > FEW:
        return None
    index.recent.update(index.reader().load(set(wanted.values()).difference(unknown), full=True))
    return Pasts(wanted, index.recent)


def persist(session: Writer, outcomes: Iterator[Outcome]) -> dict[str, str]:
    """Write facts in bounded batches as they come.

    Parameters
    ----------
    session : Writer
        Open.
    outcomes : iterator of (str, FileFacts or Failure)
        As `detent.index.executors.process_pool.examine_all` yields them.

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
    yield from _counted(examine_all(blobs, jobs=jobs), len(oids), progress)
    for oid in absent:
        yield oid, _lost(oid, disk or {})


def edited(
    repo: Repo,
    oids: Collection[str],
    *,
    pasts: Pasts,
    disk: Mapping[str, bytes] | None = None,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Read a few blobs and examine what an edit has changed in them.

    Parameters
    ----------
    repo : Repo
        The repository.
    oids : collection of str
        What to read, in whatever order.
    pasts : Pasts
        What they were before; some of them may be among `oids`.
    disk : mapping of str to bytes, optional
        Blobs that git may not have yet, with the path where they are on disk.
    progress : callable, optional
        Called with the number of blobs done and of all.

    Yields
    ------
    (str, FileFacts or Failure)
        As `examined` does; what others of them were before comes first.
    """
    absent: list[str] = []
    olds = {pasts.oids[oid] for oid in oids if oid in pasts.oids}
    raws = dict(contents(repo, sorted(olds.union(oids)), disk or {}, absent=absent))
    found = sorted((oid for oid in raws if oid in oids), key=lambda oid: oid not in olds)
    yield from _counted(_in_order(found, raws, pasts), len(oids), progress)
    for oid in absent:
        if oid in oids:
            yield oid, _lost(oid, disk or {})


def _in_order(oids: list[str], raws: Mapping[str, bytes], pasts: Pasts) -> Iterator[Outcome]:
    facts = pasts.facts
    for oid in oids:
        old = pasts.oids.get(oid, "")
        past = (raws[old], facts[old]) if old in raws.keys() & facts else None
        _, outcome = outcome_of((oid, raws[oid]), past)
        if not isinstance(outcome, Failure):
            facts[oid] = outcome
        yield oid, outcome


def _counted(
    outcomes: Iterator[Outcome], size: int, progress: Progress | None
) -> Iterator[Outcome]:
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        if progress is not None:
            progress(done, size)


def _lost(oid: str, disk: Collection[str]) -> Failure:
    return Failure(oid, _CHANGED if oid in disk else _ABSENT)


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
