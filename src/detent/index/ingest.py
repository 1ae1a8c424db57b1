"""Blobs of git to facts in a store, in bounded batches."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.model import BlobKey
from detent.core.namedtuple import NamedTuple
from detent.index.executors import choose_executor
from detent.index.executors.base import AnalysisFailure, WorkItem
from detent.index.executors.serial import SerialExecutor
from detent.languages.base import PreviousVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.core.model import FileFacts
    from detent.git import Repo
    from detent.index.executors.base import Executor
    from detent.index.handle import Index
    from detent.store.protocol import Writer

    #: Called with the number of blobs done and the number of all.
    Progress = Callable[[int, int], None]
    BlobResult = tuple[str, FileFacts | AnalysisFailure]

#: So many blobs are held in memory, each with what it was before.
MAX_EDITED_BLOBS = 32

_BATCH_SIZE = 64
_ABSENT_REASON = "its content is not in this clone: `git fetch --refetch --no-filter` brings it"
_CHANGED_REASON = "it was changed while it was being read: run this again"


class PreviousFacts(NamedTuple):
    """What edited blobs were before."""

    # the blob that stood at the same path, by the blob that stands there now
    oids: Mapping[str, str]
    facts: dict[str, FileFacts]  # of those that stood there, as far as they are known

    def find_previous(self, oid: str) -> tuple[str, FileFacts] | None:
        """Give what a blob was before, as far as it is known."""
        past = self.oids.get(oid, "")
        return (past, self.facts[past]) if past in self.facts else None


def load_previous_facts(
    index: Index, unknown: Collection[str], pasts: Mapping[str, str]
) -> PreviousFacts | None:
    """Load what a few edited blobs were before."""
    wanted = {new: pasts[new] for new in unknown if new in pasts}
    if not wanted or len(unknown) > MAX_EDITED_BLOBS:
        return None
    index.recent.update(
        index.open_reader().load_facts(set(wanted.values()).difference(unknown), full=True)
    )
    return PreviousFacts(wanted, index.recent)


def persist_outcomes(session: Writer, outcomes: Iterator[BlobResult]) -> dict[str, str]:
    """Write facts in bounded batches as they come."""
    failed: dict[str, str] = {}
    batch: list[tuple[str, FileFacts]] = []
    for oid, outcome in outcomes:
        if isinstance(outcome, AnalysisFailure):
            failed[oid] = outcome.reason
            continue
        batch.append((oid, outcome))
        if len(batch) == _BATCH_SIZE:
            session.persist(batch)
            batch = []
    if batch:
        session.persist(batch)
    return failed


def analyze_git_blobs(
    repo: Repo,
    oids: Collection[str],
    *,
    disk: Mapping[str, bytes] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[BlobResult]:
    """Read blobs and analyze them."""
    absent: list[str] = []
    executor = executor or choose_executor(0, len(oids))
    blobs = read_contents(repo, sorted(oids), disk or {}, absent=absent)
    items = (WorkItem(BlobKey(oid, "python"), raw) for oid, raw in blobs)
    outcomes = ((key.oid, outcome) for key, outcome in executor.run(items))
    yield from _report_progress(outcomes, len(oids), progress)
    for oid in absent:
        yield oid, _make_failure(oid, disk or {})


def analyze_edited_blobs(
    repo: Repo,
    oids: Collection[str],
    *,
    pasts: PreviousFacts,
    disk: Mapping[str, bytes] | None = None,
    executor: SerialExecutor | None = None,
) -> Iterator[BlobResult]:
    """Read a few blobs and analyze what an edit has changed in them."""
    absent: list[str] = []
    olds = {pasts.oids[oid] for oid in oids if oid in pasts.oids}
    raws = dict(read_contents(repo, sorted(olds.union(oids)), disk or {}, absent=absent))
    is_wanted = set(oids).__contains__
    # What a blob was before may be among them, and is then analyzed first.
    found = sorted(filter(is_wanted, raws), key=lambda oid: oid not in olds)
    for key, outcome in (executor or SerialExecutor()).run(_make_items(found, raws, pasts)):
        if not isinstance(outcome, AnalysisFailure):
            pasts.facts[key.oid] = outcome
        yield key.oid, outcome
    for oid in filter(is_wanted, absent):
        yield oid, _make_failure(oid, disk or {})


def _make_items(
    oids: list[str], raws: Mapping[str, bytes], pasts: PreviousFacts
) -> Iterator[WorkItem]:
    for oid in oids:
        old = pasts.oids.get(oid, "")
        known = old in raws.keys() & pasts.facts
        previous = PreviousVersion(raws[old], pasts.facts[old]) if known else None
        yield WorkItem(BlobKey(oid, "python"), raws[oid], previous)


def _report_progress(
    outcomes: Iterator[BlobResult], size: int, progress: Progress | None
) -> Iterator[BlobResult]:
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        if progress is not None:
            progress(done, size)


def _make_failure(oid: str, disk: Collection[str]) -> AnalysisFailure:
    return AnalysisFailure(_CHANGED_REASON if oid in disk else _ABSENT_REASON)


def read_contents(
    repo: Repo, oids: list[str], disk: Mapping[str, bytes], *, absent: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Read blobs from git, or from disk where git may not have them."""
    rest = []
    for oid in oids:
        content = git.read_from_disk(repo, disk[oid], oid) if oid in disk else None
        if content is None:  # also what is staged, but not checked out
            rest.append(oid)
        else:
            yield oid, content
    for oid, content in git.read_blobs(repo, rest):
        if content is None:
            absent.append(oid)
        else:
            yield oid, content
