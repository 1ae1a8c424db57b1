"""Limits and coverage as lines of text."""

from __future__ import annotations

from math import floor

from detent import TYPE_CHECKING
from detent.core.escape import clean_path, clean_text
from detent.core.results import EXCEEDED, EXEMPT, INCONCLUSIVE, NOT_MEASURED, sum_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from detent.core.results import DocstringCounts, LimitResult, LoosenedSetting
    from detent.report.text import Paint

_COLOURS = {EXCEEDED: "red", NOT_MEASURED: "yellow", INCONCLUSIVE: "yellow", EXEMPT: "yellow"}
_MOST_ROWS = 20
_MOST_LOOSENED = 100
_NAME_WIDTH = 50


def format_limit_results(results: Iterable[LimitResult], paint: Paint) -> list[str]:
    """Write the results of limits, except of those that pass."""
    return [
        f"budget {paint(_COLOURS[result.status], result.status)}: "
        f"{format_limit_name(result)}: {clean_text(result.reason)}"
        for result in results
        if result.status in _COLOURS
    ]


def format_loosened(loosened: Sequence[LoosenedSetting], paint: Paint) -> list[str]:
    """Write which settings are looser than in the base, and which files are not checked now."""
    lines = [
        f"{clean_path(setting.path)}:{setting.line}: {paint('yellow', setting.kind)}: "
        f"{clean_text(setting.message)}"
        for setting in loosened[:_MOST_LOOSENED]
    ]
    if len(loosened) > _MOST_LOOSENED:
        rest = f"{len(loosened) - _MOST_LOOSENED:,} more are in the output of --format json"
        lines.append(f"{paint('yellow', 'no longer checked')}: {rest}")
    return lines


def format_limit_name(result: LimitResult) -> str:
    """Write the metric of a limit, with its files and its group."""
    paths = f" in {clean_text(', '.join(result.paths))}" if result.paths else ""
    group = f" of {clean_text(result.group)}" if result.group else ""
    return f"{clean_text(result.metric)}{paths}{group}"


def format_percentage(percent: float) -> str:
    """Write a percentage with one digit, rounded down: 99.96 must not read as 100."""
    return f"{floor(percent * 10 + 1e-9) / 10:.1f}%"


def format_coverage(groups: Mapping[str, DocstringCounts], by: str) -> list[str]:
    """Write the coverage of each group as a table, the worst groups first."""
    rows = sorted(groups.items(), key=lambda row: (-row[1].missing, row[0]))
    rest = sum_counts(counts for _, counts in rows[_MOST_ROWS:])
    lines = [f"{'documented':>10}  {'missing':>7}  {'needed':>7}  {by}"]
    lines += [
        _format_coverage_row(counts, _shorten_name(clean_text(name)))
        for name, counts in rows[:_MOST_ROWS]
    ]
    if len(rows) > _MOST_ROWS:
        lines.append(_format_coverage_row(rest, f"{len(rows) - _MOST_ROWS:,} more"))
    return [*lines, _format_coverage_row(sum_counts(groups.values()), "total")]


def _format_coverage_row(counts: DocstringCounts, name: str) -> str:
    percent = format_percentage(counts.percent)
    return f"{percent:>10}  {counts.missing:>7,}  {counts.needed:>7,}  {name}"


def _shorten_name(name: str) -> str:
    """Cut the start of a long name, so that the line fits 80 columns."""
    return name if len(name) <= _NAME_WIDTH else f"…{name[1 - _NAME_WIDTH :]}"
