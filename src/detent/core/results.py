"""Results as plain values: findings, what a change does to them, limits, and the verdict."""

from __future__ import annotations

from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.model import FindingRow
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.core.model import Finding, Symbol

#: The statuses of a limit.
PASS, INCONCLUSIVE, EXCEEDED = "pass", "inconclusive", "exceeded"
NOT_MEASURED, EXEMPT = "not measurable", "exempt"


#: The order of all lists of findings.
get_sort_key = attrgetter("path", "line", "column", "code")


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
        finding.numpydoc_only,
        symbol.docstring_text,
        symbol.decorators,
        symbol.body,
        symbol.line,
        symbol.docstring.line if symbol.docstring else 0,
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


class LoosenedSetting(NamedTuple):
    """A setting that is looser than in the base, or a file that is no longer checked.

    Attributes
    ----------
    path : bytes
        The file with the setting, or the file that is no longer checked.
    line : int
        The line of the setting, from 1.
    kind : str
        ``setting loosened``, ``budget loosened`` or ``no longer checked``.
    message : str
        What has changed: the old value and the new one, or the reason.
    """

    path: bytes
    line: int
    kind: str
    message: str


class ViewSummary(NamedTuple):
    """The audited files of a view in figures, with their findings.

    Attributes
    ----------
    docstrings : DocstringCounts
        How many symbols need a docstring, and how many of them have none.
    findings : list of FindingRow
        All findings that count, by path and place.
    files, lines, symbols : int
        Number of audited files, and of lines and symbols in them.
    common_rules : dict of str to tuple of int
        The rules that most docstrings break, by code: how many do, and how many could. Counted
        for a first look only: nothing differs from the base, and there are no settings.
    """

    docstrings: DocstringCounts
    findings: list[FindingRow]
    files: int
    lines: int
    symbols: int
    common_rules: dict[str, tuple[int, int]]


class CheckResult(NamedTuple):
    """The result of a check: what a change does to findings and limits.

    Attributes
    ----------
    view : str
        What was checked: ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree of git that the view is based on; empty if the view is not indexed.
    base_trees : tuple of str
        Object ids of the trees that it was compared with.
    gate : str
        Which findings fail the check: ``new``, ``touched``, ``all`` or ``none``.
    changed_files : int
        Number of files that differ from the base.
    files : int or None
        Number of files in the view; None if the view is not indexed.
    analyzed : int
        Number of files that were analysed now. The results of the others were known.
    finding_diff : FindingDiff
        New, fixed and remaining findings of the files that differ.
    gated_findings : list of FindingRow
        The findings that the gate is about, errors and warnings.
    notes : list of FindingRow
        Changed files whose content is not in git (pointers of Git LFS); they fail nothing.
    limit_results : list of LimitResult
        What became of each limit.
    loosened : list of LoosenedSetting
        Settings that are looser than in the base, and files that are no longer checked.
    unused_exemptions : list of str
        Exemptions that have no effect, and why.
    failures : dict of bytes to str
        Files that the result depends on and that could not be analysed, and why.
    other_failures : dict of bytes to str
        Other files of the view that could not be analysed, and why.
    summary : ViewSummary or None
        All audited files of the view; None if the view is not indexed.
    """

    view: str
    tree: str
    base_trees: tuple[str, ...]
    gate: str
    changed_files: int
    files: int | None
    analyzed: int
    finding_diff: FindingDiff
    gated_findings: list[FindingRow]
    notes: list[FindingRow]
    limit_results: list[LimitResult]
    loosened: list[LoosenedSetting]
    unused_exemptions: list[str]
    failures: dict[bytes, str]
    other_failures: dict[bytes, str]
    summary: ViewSummary | None

    @property
    def blocking(self) -> list[FindingRow]:
        """The findings that fail the check."""
        return [finding for finding in self.gated_findings if finding.severity == "error"]

    @property
    def warnings(self) -> list[FindingRow]:
        """The findings that are shown and do not fail the check."""
        return [finding for finding in self.gated_findings if finding.severity != "error"]

    @property
    def is_clean(self) -> bool:
        """Whether no finding and no limit fails the check; see also `is_measured`."""
        exceeded = any(result.status == EXCEEDED for result in self.limit_results)
        return not self.blocking and not exceeded

    @property
    def is_measured(self) -> bool:
        """Whether nothing that the verdict depends on is missing."""
        unmeasured = any(result.status == NOT_MEASURED for result in self.limit_results)
        return not self.failures and not unmeasured

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to report, not even a warning or a note."""
        reported = any((self.gated_findings, self.notes, self.failures, self.loosened))
        return not reported and all(result.status == PASS for result in self.limit_results)


class RefreshResult(NamedTuple):
    """What bringing a view up to date came to.

    Attributes
    ----------
    name : str
        The name under which the view is stored.
    tree : str
        Object id of the tree of git that the view is based on.
    changed, deleted : int
        Number of files that are new or have other content, and of files that are gone.
    reused, analyzed : int
        Number of files whose results were known, and of files that were analysed.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    unequal : list of str or None
        The artifacts that differ from an earlier build of the same input; None if there is no such
        build, or nothing was built.
    """

    name: str
    tree: str
    changed: int
    deleted: int
    reused: int
    analyzed: int
    failures: dict[bytes, str]
    unequal: list[str] | None = None

    @property
    def files(self) -> int:
        """Number of files in the view."""
        return self.reused + self.analyzed + len(self.failures)
