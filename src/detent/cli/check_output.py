"""The result of a check as text or JSON, and its exit status."""

from __future__ import annotations

from collections import Counter

from detent import TYPE_CHECKING
from detent.api.check import is_fixable
from detent.cli.context import describe_view
from detent.cli.finding_output import render_exclusions, render_findings
from detent.cli.item_output import make_item_renderers
from detent.core.escape import clean_path, clean_text
from detent.core.results import EXCEEDED, NOT_MEASURED
from detent.report import console, data, measures, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from detent.api import Repository
    from detent.cli.context import Renderer
    from detent.core.results import CheckResult, ViewSummary
    from detent.report.items import ReportItem

_NOT_MEASURED_STATUS = 3
_VIEWS_WITH_FILES = ("staged", "worktree")


def choose_exit_status(result: CheckResult) -> int:
    """Choose the exit status: findings come first, since they are known."""
    if not result.is_clean:
        return 1
    return 0 if result.is_measured else _NOT_MEASURED_STATUS


def render_result(result: CheckResult, repository: Repository, *, quiet: bool = False) -> list[str]:
    """Write what fails a check and, unless it is to be quiet, what else it found."""
    found = result.blocking if quiet else [*result.gated_findings, *result.notes]
    failing = (EXCEEDED, NOT_MEASURED)
    limits = [limit for limit in result.limit_results if limit.status in failing or not quiet]
    paint = console.make_painter()
    return [
        *render_findings(found, repository, result.view),
        *text.format_failures(result.failures),
        *measures.format_limit_results(limits, paint),
        *measures.format_loosened(result.loosened, paint),
    ]


def describe_basis(result: CheckResult, repository: Repository, base: str | None) -> list[str]:
    """Write what a result is based on: settings, what was compared, and which files."""
    files = repository.list_changes(result.view, base=base)
    source = clean_text(repository.load_settings().source) or "defaults"
    trees = " and ".join(tree[:10] for tree in result.base_trees)
    return [
        f"settings: {source}; gate: {result.gate}; compared with the tree {trees}",
        *(f"checked {clean_path(path)}" for path in files.checked),
        *render_exclusions(files.excluded, every=True),
        "all other files are unchanged",
    ]


def summarize_result(result: CheckResult, seconds: float) -> str:
    """Write in one line what failed, what was checked, and how long it took."""
    parts = _list_problems(result)
    if not result.blocking:
        parts.append(_count_blocking(result))
    if result.warnings:
        parts.append(text.format_count(len(result.warnings), "warning"))
    if result.loosened:
        number = len(result.loosened)
        what = "setting or file" if number == 1 else "settings or files"
        parts.append(f"{number:,} {what} loosened")
    if result.finding_diff.fixed:
        parts.append(f"{len(result.finding_diff.fixed):,} fixed")
    if result.finding_diff.remaining:
        parts.append(f"{len(result.finding_diff.remaining):,} as before")
    if result.files is None:
        parts.append(f"{text.format_count(result.analyzed, 'blob')} analysed")
    else:
        files, reused = text.format_count(result.files, "file"), result.files - result.analyzed
        parts.append(f"{files}: {result.analyzed:,} analysed, {reused:,} reused")
    colour, word = "green", "clean"
    if not result.is_clean:
        colour, word = "red", "failed"
    elif not result.is_measured:
        colour, word = "yellow", "not measured"
    return f"{console.make_painter()(colour, word)}: {' · '.join(parts)} · {seconds:.2f} s"


def suggest_remedies(result: CheckResult, git_command: str = "") -> list[str]:
    """Write what to do about findings that fail a check, and how to skip it once."""
    codes = Counter(finding.code for finding in result.blocking)
    steps = []
    if codes:
        steps.append(f"explain:  detent audit --explain {codes.most_common(1)[0][0]}")
    fixable = sum(number for code, number in codes.items() if is_fixable(code))
    if fixable and result.view in _VIEWS_WITH_FILES:
        count = f"{fixable:,} of {text.format_count(len(result.blocking), 'finding')}"
        steps.append(f"fix:      detent audit --fix --new-since HEAD   ({count})")
    if git_command and choose_exit_status(result):
        steps.append(f"skip:     {git_command} --no-verify   (once)")
    return [*steps, ""] if steps else []


def _list_problems(result: CheckResult) -> list[str]:
    """Write what fails a check or keeps it from a verdict, with how much of each."""
    parts = [_count_blocking(result)] if result.blocking else []
    statuses = [limit.status for limit in result.limit_results]
    counts = [(status, statuses.count(status)) for status in (EXCEEDED, NOT_MEASURED)]
    parts += [f"{text.format_count(count, 'limit')} {status}" for status, count in counts if count]
    if result.failures:
        parts.append(f"{text.format_count(len(result.failures), 'file')} not analysed")
    return parts


def _count_blocking(result: CheckResult) -> str:
    """Write how many findings fail a check, and among which ones the gate looks for them."""
    changed = text.format_count(result.changed_files, "changed file")
    if result.gate == "none":
        return f"findings not judged (gate none) in {changed}"
    number = len(result.blocking)
    if result.gate == "all" and result.summary is not None:
        files = text.format_count(result.summary.files, "file")
        return f"{text.format_count(number, 'finding')} in {files}"
    if result.gate == "touched":
        return f"{text.format_count(number, 'finding')} in touched symbols of {changed}"
    return f"{text.format_count(number, 'new finding')} in {changed}"


def render_overview(result: CheckResult, summary: ViewSummary) -> list[str]:
    """Write how much there is, and which findings are the most frequent: for a first look."""
    from detent.api.explain import list_rule_titles

    needed, missing = summary.docstrings
    total = (result.files or 0) - len({**result.other_failures, **result.failures})
    files = text.format_count(total, "Python file")
    audited = f"{summary.files:,} of {files}" if summary.files < total else files
    lines = text.format_count(summary.lines, "line")
    symbols = text.format_count(summary.symbols, "symbol")
    share = f"{measures.format_percentage(summary.docstrings.percent)} documented"
    of = f"{needed - missing:,} of {text.format_count(needed, 'symbol')} that "
    of += "needs a docstring" if needed == 1 else "need a docstring"
    place = describe_view(result.view, result.tree)
    ranking = text.format_ranking(summary.findings, list_rule_titles(), console.make_painter())
    if ranking:
        ranking[0] = f"{text.format_total(summary.findings)}, {ranking[0]}"
        ranking.insert(0, "")
    return [f"{place}: {audited} audited, {lines}, {symbols}", f"{share}: {of}", *ranking, ""]


def make_renderers(
    result: CheckResult, repository: Repository, *, seconds: float
) -> dict[str, Renderer]:
    """Make what writes a result in each format but text."""

    def list_items() -> list[ReportItem]:
        from detent.report.items import list_report_items

        return list_report_items(result, repository.load_settings().source.partition(" ")[0])

    return {
        "json": lambda: render_document(result, seconds),
        **make_item_renderers(
            list_items, lambda: _list_records(result), repository, at=result.view
        ),
    }


def _list_records(result: CheckResult) -> Iterator[tuple[str, dict[str, Any]]]:
    new = set(result.finding_diff.new)
    for finding in dict.fromkeys([*result.gated_findings, *result.finding_diff.new]):
        yield "finding", {**data.encode_finding(finding), "new": finding in new}
    yield from (("note", data.encode_finding(finding)) for finding in result.notes)
    yield from (("limit", data.encode_limit_result(limit)) for limit in result.limit_results)
    failures = data.encode_failures({**result.other_failures, **result.failures})
    yield from (("failure", failure) for failure in failures)


def render_document(result: CheckResult, seconds: float) -> str:
    """Write a result as JSON."""
    return data.render_json(
        "check/1",
        view=result.view,
        tree=result.tree,
        clean=result.is_clean and result.is_measured,
        new=[data.encode_finding(finding) for finding in result.finding_diff.new],
        fixed=[data.encode_finding(finding) for finding in result.finding_diff.fixed],
        blocking=[data.encode_finding(finding) for finding in result.blocking],
        warnings=[data.encode_finding(finding) for finding in result.warnings],
        notes=[data.encode_finding(finding) for finding in result.notes],
        budget=[data.encode_limit_result(limit) for limit in result.limit_results],
        loosened=data.encode_loosened(result.loosened),
        coverage=round(result.summary.docstrings.percent if result.summary else 100.0, 4),
        changed_files=result.changed_files,
        files=result.files,
        analysed=result.analyzed,
        failures=data.encode_failures({**result.other_failures, **result.failures}),
        seconds=round(seconds, 3),
    )
