"""Blobs of git to facts in a store, in bounded batches."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.executors import choose_executor
from detent.index.executors.base import AnalysisFailure, WorkItem
from detent.index.executors.serial import SerialExecutor
from detent.languages.base import PreviousVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.index.executors.base import Executor
    from detent.index.handle import Index
    from detent.index.views import View
    from detent.store.protocol import Session

    #: Called with the number of blobs done and the number of all.
    Progress = Callable[[int, int], None]
    BlobResult = tuple[BlobKey, FileFacts | AnalysisFailure]

#: So many blobs are held in memory, each with what it was before.
MAX_EDITED_BLOBS = 32

_BATCH_SIZE = 64
_ABSENT_REASON = "its content is not in this clone: `git fetch --refetch --no-filter` brings it"
_CHANGED_REASON = "it was changed while it was being read: run this again"


class PreviousFacts(NamedTuple):
    """What edited blobs were before."""

    # the blob that stood at the same path, by the blob that stands there now
    keys: Mapping[BlobKey, BlobKey]
    facts: dict[BlobKey, FileFacts]  # of those that stood there, as far as they are known


def load_previous_facts(
    index: Index, unknown: Collection[BlobKey], pasts: Mapping[BlobKey, BlobKey]
) -> PreviousFacts | None:
    """Load what a few edited blobs were before."""
    wanted = {new: pasts[new] for new in unknown if new in pasts}
    if not wanted or len(unknown) > MAX_EDITED_BLOBS:
        return None
    index.recent.update(
        index.open_reader().load_facts(set(wanted.values()).difference(unknown), full=True)
    )
    return PreviousFacts(wanted, index.recent)


def persist_outcomes(session: Session, outcomes: Iterator[BlobResult]) -> dict[BlobKey, str]:
    """Write facts in bounded batches as they come."""
    failed: dict[BlobKey, str] = {}
    batch: list[tuple[BlobKey, FileFacts]] = []
    for key, outcome in outcomes:
        if isinstance(outcome, AnalysisFailure):
            failed[key] = outcome.reason
            continue
        batch.append((key, outcome))
        if len(batch) == _BATCH_SIZE:
            session.persist(batch)
            batch = []
    if batch:
        session.persist(batch)
    return failed


def analyze_git_blobs(
    view: View,
    keys: Collection[BlobKey],
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[BlobResult]:
    """Read blobs and analyze them."""
    absent: list[BlobKey] = []
    executor = executor or choose_executor(0, len(keys))
    blobs = view.read_contents(sorted(keys), absent=absent)
    outcomes = executor.run(WorkItem(key, raw) for key, raw in blobs)
    yield from _report_progress(outcomes, len(keys), progress)
    for key in absent:
        yield key, _make_failure(key, view)


def analyze_edited_blobs(
    view: View,
    keys: Collection[BlobKey],
    *,
    pasts: PreviousFacts,
    executor: SerialExecutor | None = None,
) -> Iterator[BlobResult]:
    """Read a few blobs and analyze what an edit has changed in them."""
    absent: list[BlobKey] = []
    olds = {pasts.keys[key] for key in keys if key in pasts.keys}
    raws = dict(view.read_contents(sorted(olds.union(keys)), absent=absent))
    is_wanted = set(keys).__contains__
    # What a blob was before may be among them, and is then analyzed first.
    found = sorted(filter(is_wanted, raws), key=lambda key: key not in olds)
    for key, outcome in (executor or SerialExecutor()).run(_make_items(found, raws, pasts)):
        if not isinstance(outcome, AnalysisFailure):
            pasts.facts[key] = outcome
        yield key, outcome
    for key in filter(is_wanted, absent):
        yield key, _make_failure(key, view)


def _make_items(
    keys: list[BlobKey], raws: Mapping[BlobKey, bytes], pasts: PreviousFacts
) -> Iterator[WorkItem]:
    for key in keys:
        old = pasts.keys.get(key)
        known = old is not None and old in raws.keys() & pasts.facts
        previous = PreviousVersion(raws[old], pasts.facts[old]) if old and known else None
        yield WorkItem(key, raws[key], previous)


def _report_progress(
    outcomes: Iterator[BlobResult], size: int, progress: Progress | None
) -> Iterator[BlobResult]:
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        if progress is not None:
            progress(done, size)


def _make_failure(key: BlobKey, view: View) -> AnalysisFailure:
    return AnalysisFailure(_CHANGED_REASON if key in view.disk else _ABSENT_REASON)
