"""Check a change: its new findings, and the limits of the settings."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.api.base_settings import list_loosened
from detent.api.diff import diff_findings, diff_located, load_audited_diff
from detent.audit import matching
from detent.audit.codes import CODES, FIXABLE
from detent.core.results import CheckResult, FindingDiff
from detent.index.refresh import refresh_view

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detent.budget.rules import BudgetRule
    from detent.budget.source import MetricSource
    from detent.core.model import FindingRow
    from detent.core.results import LimitResult, ViewSummary
    from detent.git import Repo
    from detent.index.diff import Files, ViewDiff
    from detent.index.ingest import Progress
    from detent.index.project import Project
    from detent.index.views import View


def check_view(
    project: Project,
    view: View,
    base: str | None,
    *,
    gate: str | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Bring the index of a view up to date, and check its change."""
    done = refresh_view(project.index, view, progress=progress)
    result = check_change(project, view, base, gate=gate or project.config.gate, is_indexed=True)
    return result._replace(
        tree=done.tree,
        files=done.files,
        analyzed=done.analyzed,
        other_failures={
            path: reason for path, reason in done.failures.items() if path not in result.failures
        },
    )


def check_change(
    project: Project, view: View, base: str | None, *, gate: str, is_indexed: bool
) -> CheckResult:
    """Check the change of a view; where all of it is indexed, also what needs all of its files."""
    rules = load_rules(project)
    diff = load_audited_diff(project, view, base)
    project.load_changed_settings(view.list_changes(diff.trees[0]))
    findings = diff_findings(diff, project.selection)
    files, failures, summary = (
        _load_summary(project, view, is_change=bool(diff.paths)) if is_indexed else (None, {}, None)
    )
    if not needs_all_files(gate, rules):
        failures = {}
    limit_results: list[LimitResult] = []
    unused: list[str] = []
    if rules or project.config.exemptions:
        source = make_metric_source(project, view, diff=diff, files=files)
        limit_results, unused = _check_limits(project, rules, source)
    return CheckResult(
        view=view.name,
        tree="",
        base_trees=diff.trees,
        gate=gate,
        changed_files=diff.paths,
        files=None,
        analyzed=diff.analyzed,
        finding_diff=findings,
        gated_findings=select_gated_findings(gate, findings, diff, summary=summary),
        notes=matching.locate_notes(diff.head, project.selection),
        limit_results=limit_results,
        loosened=list_loosened(project, view, diff.trees),
        unused_exemptions=unused,
        failures={**failures, **diff.failures},
        other_failures={},
        summary=summary,
    )


def restrict_result(result: CheckResult, repo: Repo, named: Collection[bytes]) -> CheckResult:
    """Leave out the findings and failures of files that are not below some paths."""
    if not named:
        return result
    from detent.api.paths import make_path_filter

    is_chosen = make_path_filter(repo, named)

    def choose(findings: list[FindingRow]) -> list[FindingRow]:
        return [finding for finding in findings if is_chosen(finding.path)]

    def choose_failures(failures: dict[bytes, str]) -> dict[bytes, str]:
        return {path: reason for path, reason in failures.items() if is_chosen(path)}

    return result._replace(
        finding_diff=FindingDiff(*map(choose, result.finding_diff)),
        gated_findings=choose(result.gated_findings),
        notes=choose(result.notes),
        failures=choose_failures(result.failures),
        other_failures=choose_failures(result.other_failures),
        summary=result.summary
        and result.summary._replace(findings=choose(result.summary.findings)),
    )


def select_gated_findings(
    gate: str, findings: FindingDiff, diff: ViewDiff, *, summary: ViewSummary | None
) -> list[FindingRow]:
    """Select the findings that a gate is about, by path and place."""
    if gate == "none":
        return []
    if gate == "all" and summary is not None:
        return summary.findings
    if gate == "touched":
        base = [file for files in diff.bases for file in files]
        touched = matching.find_touched_symbols(base, diff.head, diff.renames)
        old = [row for row in findings.remaining if (row.path, row.symbol_line) in touched]
        return sorted([*findings.new, *old], key=attrgetter("path", "line", "column"))
    return findings.new


def is_fixable(code: str) -> bool:
    """Tell whether findings of a rule can be fixed without a person."""
    return code in FIXABLE


def load_rules(project: Project) -> tuple[BudgetRule, ...]:
    """Load the limits of the settings; a limit that means nothing is an error."""
    if not project.config.limits:
        return ()
    from detent.budget.rules import resolve_rules

    return resolve_rules(project.config.limits, CODES)


def needs_all_files(gate: str, rules: Collection[BudgetRule]) -> bool:
    """Tell whether a check needs all files of the view, and not only those that differ."""
    if gate == "all" or not rules:
        return gate == "all"
    from detent.budget import limits

    return any(limits.needs_all_files(*part) for rule in rules for part in rule.parts)


def measures_index(rules: Iterable[BudgetRule]) -> bool:
    """Tell whether a limit is about the index, which must be there then."""
    return any(metric.scope == "index" for rule in rules for _, metric in rule.parts)


def make_metric_source(
    project: Project, view: View, *, diff: ViewDiff, files: Files | None
) -> MetricSource:
    """Make what computes metrics, from a change and all audited files where they are known."""
    from detent.budget.source import MetricSource

    return MetricSource(
        project, view, lambda locate: diff_located(diff, locate), two=diff, whole=files
    )


def _load_summary(
    project: Project, view: View, *, is_change: bool
) -> tuple[Files, dict[bytes, str], ViewSummary]:
    from detent.api.view import load_audited_files, summarize_files

    files, failures = load_audited_files(project, view)
    summary = summarize_files(project, files)
    if is_change or project.config.source or project.config.written:
        return files, failures, summary
    from detent.api.proposal import find_common_rules

    common = find_common_rules(files, summary.findings)
    return files, failures, summary._replace(common_rules=common)


def _check_limits(
    project: Project, rules: Iterable[BudgetRule], source: MetricSource
) -> tuple[list[LimitResult], list[str]]:
    """Check the limits; what this needs is loaded only where there are some."""
    from detent.budget import limits, policy

    results = limits.check_limits(rules, source, CODES)
    today = datetime.now(UTC).date()
    return policy.apply_exemptions(results, project.config.exemptions, today)
