"""The protocol of an executor: files to analyze in, outcomes out, in the same order."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.analyze import analyze_content
from detent.core.model import Finding
from detent.core.namedtuple import NamedTuple, Protocol
from detent.core.signals import TimeLimitExceeded, limit_time
from detent.languages.base import ParseStats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.core.model import BlobKey, FileFacts
    from detent.languages.base import PreviousVersion


#: Time that the analysis of one file may take; most take milliseconds.
FILE_SECONDS = 30.0
_TOO_SLOW = "DT908"


class WorkItem(NamedTuple):
    """A file to analyze."""

    key: BlobKey
    raw: bytes
    previous: PreviousVersion | None = None  # the file before an edit: saves time


class AnalysisFailure(NamedTuple):
    """Why a file could not be analyzed."""

    reason: str  # one line


Outcome = tuple["BlobKey", "FileFacts | AnalysisFailure"]


class Executor(Protocol):
    """Analyzes files somewhere.

    An executor takes items from the iterable as it needs them, so that few files are in memory at
    a time, and adds what the work took to the `BuildStats` that it was made with.
    """

    def run(self, items: Iterable[WorkItem]) -> Iterator[Outcome]:
        """Analyze files; yield one outcome for each, in their order."""


class BuildStats:
    """What the analysis of one build took; each build has its own."""

    def __init__(self) -> None:
        self.parsed = ParseStats()
        self.queue_depth = 0  # pieces of work under way at most
        self.queue_waits = 0  # how often an outcome was not there yet
        self.worker_peaks: dict[int, int | None] = {}  # most memory in bytes, by process id

    def add_parsed(self, parsed: ParseStats) -> None:
        """Count what the parser did."""
        self.parsed = self.parsed.add(parsed)

    def add_peak(self, process: int, peak: int | None) -> None:
        """Note the most memory that a worker process has had so far; None where it is not known."""
        self.worker_peaks[process] = max(peak or 0, self.worker_peaks.get(process) or 0) or None


def analyze_item(item: WorkItem) -> tuple[Outcome, ParseStats]:
    """Analyze one file in this process; a defect, or too much time, costs this file only."""
    key, raw, previous = item
    if previous is not None and _is_too_slow(previous.facts):
        previous = None
    try:
        with limit_time(FILE_SECONDS):
            analysis = analyze_content(raw, key.language, previous)
    except TimeLimitExceeded:
        return (key, make_slow_facts(item)), ParseStats()
    except Exception as error:
        reason = f"defect in detent: {type(error).__name__}: {error}"
        return (key, AnalysisFailure(reason)), ParseStats()
    return (key, analysis.facts), analysis.stats


def make_slow_facts(item: WorkItem) -> FileFacts:
    """Make the facts of a file whose analysis takes too long: one finding."""
    message = f"the analysis takes more than {FILE_SECONDS:g} s: not analysed"
    facts = analyze_content(b"", item.key.language).facts
    return facts._replace(
        findings=(Finding(0, _TOO_SLOW, 1, 1, "", message),), size=len(item.raw), lines=0
    )


def _is_too_slow(facts: FileFacts) -> bool:
    return any(finding.code == _TOO_SLOW for finding in facts.findings)
