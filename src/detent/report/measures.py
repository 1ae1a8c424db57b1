"""Budgets and overviews as lines for a person."""

from __future__ import annotations

from math import floor

from detent import TYPE_CHECKING
from detent.core.escape import clean_text
from detent.core.results import EXCEEDED, EXEMPT, INCONCLUSIVE, NOT_MEASURED, sum_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.core.results import DocstringCounts, LimitResult
    from detent.report.text import Paint

_MARKS = {EXCEEDED: "red", NOT_MEASURED: "yellow", INCONCLUSIVE: "yellow", EXEMPT: "yellow"}
_MOST = 20
_WIDTH = 50


def format_limit_results(judgements: Iterable[LimitResult], paint: Paint) -> list[str]:
    """Write what became of the limits; those that are kept are left out."""
    lines = []
    for one in judgements:
        if one.status in _MARKS:
            colour, word = _MARKS[one.status], one.status
            lines.append(
                f"budget {paint(colour, word)}: {format_limit_name(one)}: {clean_text(one.reason)}"
            )
    return lines


def format_loosened_limits(loosened: Iterable[str], paint: Paint) -> list[str]:
    """Write which limits are looser than in the base: somebody should want that."""
    return [f"budget {paint('yellow', 'loosened')}: {clean_text(one)}" for one in loosened]


def format_limit_name(one: LimitResult) -> str:
    """Name a limit, with the files and the group that it is on."""
    where = f" in {clean_text(', '.join(one.paths))}" if one.paths else ""
    return clean_text(one.metric) + where + (f" of {clean_text(one.group)}" if one.group else "")


def format_percentage(percent: float) -> str:
    """Write a percentage with one digit, cut off: nothing looks fuller than it is."""
    return f"{floor(percent * 10 + 1e-9) / 10:.1f}%"


def format_coverage(groups: Mapping[str, DocstringCounts], by: str) -> list[str]:
    """Write the coverage of each group as a table, the worst groups first."""
    rows = sorted(groups.items(), key=lambda row: (-row[1].missing, row[0]))
    rest = sum_counts(counts for _, counts in rows[_MOST:])
    lines = [f"{'documented':>10}  {'missing':>7}  {'needed':>7}  {by}"]
    lines += [
        _format_coverage_row(counts, _shorten_name(clean_text(name)))
        for name, counts in rows[:_MOST]
    ]
    if len(rows) > _MOST:
        lines.append(_format_coverage_row(rest, f"{len(rows) - _MOST:,} more"))
    return [*lines, _format_coverage_row(sum_counts(groups.values()), "total")]


def _format_coverage_row(counts: DocstringCounts, name: str) -> str:
    percent = format_percentage(counts.percent)
    return f"{percent:>10}  {counts.missing:>7,}  {counts.needed:>7,}  {name}"


def _shorten_name(name: str) -> str:
    """Keep the end of a long name, so that the line fits 80 columns."""
    return name if len(name) <= _WIDTH else f"…{name[1 - _WIDTH :]}"
