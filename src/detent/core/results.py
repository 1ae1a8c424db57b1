"""Results as plain values: findings, what a change does to them, limits, and the verdict."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import FindingRow
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.core.model import FileFacts, Finding, Symbol

#: The statuses of a limit.
PASS, INCONCLUSIVE, EXCEEDED = "pass", "inconclusive", "exceeded"
NOT_MEASURED, EXEMPT = "not measurable", "exempt"


class FindingDiff(NamedTuple):
    """What a change does to the findings; each list is sorted by path and place."""

    new: list[FindingRow]  # only in the head
    fixed: list[FindingRow]  # only in the base, with the places of the base
    remaining: list[FindingRow]  # in both, with the places of the head


def make_finding_row(
    path: bytes, finding: Finding, symbol: Symbol, *, severity: str = "error"
) -> FindingRow:
    """Join a finding and its symbol to a record that has all that matching needs."""
    return FindingRow(
        path,
        severity,
        symbol.qualname,
        symbol.role,
        finding.code,
        finding.line,
        finding.column,
        finding.subject,
        finding.message,
        finding.requires_addition,
        finding.pending_on,
        symbol.docstring_text,
        symbol.decorators,
        symbol.body,
        symbol.line,
    )


class Suppression(NamedTuple):
    """A finding that a comment in the code suppresses."""

    finding: FindingRow
    reason: str  # the text of the comment after the codes; may be empty
    is_new: bool  # whether the base lacks such a finding, suppressed or not


class DocstringCounts(NamedTuple):
    """How many symbols need a docstring, and how many of them have none."""

    needed: int = 0
    missing: int = 0

    @property
    def percent(self) -> float:
        """Docstring coverage; 100 where nothing needs a docstring."""
        return 100.0 * (self.needed - self.missing) / self.needed if self.needed else 100.0


def sum_counts(counts: Iterable[DocstringCounts]) -> DocstringCounts:
    """Add up the counts of files or groups."""
    needed = missing = 0
    for count in counts:
        needed += count.needed
        missing += count.missing
    return DocstringCounts(needed, missing)


class LimitResult(NamedTuple):
    """The result of checking one limit, in one group."""

    metric: str  # as in the settings; a single metric if the pattern there matches several
    paths: tuple[str, ...]  # globs of the limit; empty for all files
    status: str  # one of the statuses above
    value: float | None  # None if it could not be measured
    reason: str  # one line
    group: str = ""  # the package, code and kind, as far as the limit is ``by`` them


class ViewSummary(NamedTuple):
    """A whole view, restricted to the files that the settings audit."""

    docstrings: DocstringCounts
    findings: list[FindingRow]  # all that count
    lines: int
    symbols: int
    failures: dict[bytes, str]  # paths that could not be analysed, and why
    files: list[tuple[bytes, FileFacts]]


class CheckResult(NamedTuple):
    """The verdict on a change, with everything it is based on."""

    finding_diff: FindingDiff
    gated_findings: list[FindingRow]  # the findings that the gate looks at
    notes: list[FindingRow]  # files that were not audited, and why
    limit_results: list[LimitResult]
    loosened_limits: list[str]  # limits that are looser than in the base
    unused_exemptions: list[str]  # exemptions without effect, and why
    changed_files: int
    analyzed: int  # files that had no facts in the index
    diff_failures: dict[bytes, str]  # changed files that could not be compared, and why
    blobs: dict[bytes, str]  # object ids of the changed files
    view_summary: ViewSummary | None  # None if only the changed files were looked at
    needs_view_summary: bool  # whether the verdict depends on it

    @property
    def blocking(self) -> list[FindingRow]:
        """The findings that fail the check."""
        return [finding for finding in self.gated_findings if finding.severity == "error"]

    @property
    def warnings(self) -> list[FindingRow]:
        """The findings that are shown and do not fail the check."""
        return [finding for finding in self.gated_findings if finding.severity != "error"]

    @property
    def failures(self) -> dict[bytes, str]:
        """The files that the verdict needed and that could not be analysed, with the reasons."""
        if self.view_summary is None or not self.needs_view_summary:
            return self.diff_failures
        return {**self.view_summary.failures, **self.diff_failures}

    @property
    def is_clean(self) -> bool:
        """Whether no finding and no limit fails the check."""
        exceeded = any(result.status == EXCEEDED for result in self.limit_results)
        return not self.blocking and not exceeded

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to report, not even a warning or a note."""
        reported = any((self.gated_findings, self.notes, self.failures, self.loosened_limits))
        return not reported and all(result.status == PASS for result in self.limit_results)
