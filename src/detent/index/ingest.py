"""Analysis of blobs: from their bytes to facts, and to the store in bounded batches."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import Protocol
from detent.index.executors import choose_executor
from detent.index.executors.base import AnalysisFailure, WorkItem
from detent.index.executors.serial import SerialExecutor
from detent.languages.base import PreviousVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.index.executors.base import BuildStats, Outcome
    from detent.store.protocol import Session

    #: Called with the number of files done and the number of all.
    Progress = Callable[[int, int], None]

#: So many edited blobs are held in memory, each with its previous version.
MAX_EDITED_BLOBS = 32

_BATCH_SIZE = 64


class ContentReader(Protocol):
    """Reads the bytes of blobs, and remembers facts of this run; a `View` is one."""

    facts: dict[BlobKey, FileFacts]

    def read_contents(
        self, keys: Iterable[BlobKey], *, absent: list[BlobKey] | None = None
    ) -> Iterator[tuple[BlobKey, bytes]]:
        """See `View.read_contents`."""

    def explain_absence(self, key: BlobKey, /) -> str:
        """See `View.explain_absence`."""


def persist_outcomes(session: Session, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Write facts in bounded batches, and pass all outcomes on."""
    batch: list[tuple[BlobKey, FileFacts]] = []
    for key, outcome in outcomes:
        if not isinstance(outcome, AnalysisFailure):
            batch.append((key, outcome))
        if len(batch) == _BATCH_SIZE:
            session.persist(batch)
            batch = []
        yield key, outcome
    if batch:
        session.persist(batch)


def collect_failures(outcomes: Iterable[Outcome]) -> dict[BlobKey, str]:
    """Collect why blobs could not be analyzed."""
    return {
        key: outcome.reason for key, outcome in outcomes if isinstance(outcome, AnalysisFailure)
    }


def analyze_blobs(
    reader: ContentReader,
    keys: Collection[BlobKey],
    *,
    jobs: int = 0,
    stats: BuildStats | None = None,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Read blobs and analyze them."""
    absent: list[BlobKey] = []
    contents = reader.read_contents(sorted(keys), absent=absent)
    outcomes = choose_executor(jobs, len(keys), stats).run(WorkItem(*item) for item in contents)
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        if progress is not None:
            progress(done, len(keys))
    yield from _list_absent(reader, absent)


def analyze_edits(
    reader: ContentReader,
    keys: Collection[BlobKey],
    previous: Mapping[BlobKey, BlobKey],
    *,
    stats: BuildStats | None = None,
) -> Iterator[Outcome]:
    """Read a few blobs, and analyze what has changed since their previous versions."""
    absent: list[BlobKey] = []
    olds = {previous[key] for key in keys if key in previous}
    raws = dict(reader.read_contents(sorted(olds.union(keys)), absent=absent))
    is_wanted = set(keys).__contains__
    # A previous version may be among them, and is then analyzed first.
    ordered = sorted(filter(is_wanted, raws), key=lambda key: key not in olds)
    items = _make_items(ordered, raws, previous, facts=reader.facts)
    for key, outcome in SerialExecutor(stats).run(items):
        if not isinstance(outcome, AnalysisFailure):
            reader.facts[key] = outcome
        yield key, outcome
    yield from _list_absent(reader, filter(is_wanted, absent))


def _make_items(
    keys: list[BlobKey],
    raws: Mapping[BlobKey, bytes],
    previous: Mapping[BlobKey, BlobKey],
    *,
    facts: Mapping[BlobKey, FileFacts],
) -> Iterator[WorkItem]:
    for key in keys:
        old = previous.get(key)
        version = None
        if old is not None and old in raws and old in facts:
            version = PreviousVersion(raws[old], facts[old])
        yield WorkItem(key, raws[key], version)


def _list_absent(reader: ContentReader, absent: Iterable[BlobKey]) -> Iterator[Outcome]:
    for key in absent:
        yield key, AnalysisFailure(reader.explain_absence(key))
