"""Budgets and overviews as lines for a person."""

from __future__ import annotations

from math import floor

from detent import TYPE_CHECKING
from detent.budget import EXCEEDED, EXEMPT, INCONCLUSIVE, NOT_MEASURED
from detent.budget.metrics import coverage
from detent.core.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from detent.budget.limits import Judgement
    from detent.budget.metrics import Tally
    from detent.report.text import Paint

_MARKS = {EXCEEDED: "red", NOT_MEASURED: "yellow", INCONCLUSIVE: "yellow", EXEMPT: "yellow"}
_MOST = 20
_WIDTH = 50


def budget_lines(judgements: Iterable[Judgement], paint: Paint) -> list[str]:
    """Write what became of the limits; those that are kept are left out.

    Parameters
    ----------
    judgements : iterable of Judgement
        In the order of the settings.
    paint : callable
        Colours a text.

    Returns
    -------
    list of str
        A line for each limit that is exceeded or could not be measured.
    """
    lines = []
    for one in judgements:
        if one.status in _MARKS:
            colour, word = _MARKS[one.status], one.status
            lines.append(f"budget {paint(colour, word)}: {limit_name(one)}: {clean(one.reason)}")
    return lines


def policy_lines(loosened: Iterable[str], paint: Paint) -> list[str]:
    """Write which limits are looser than in the base: somebody should want that.

    Parameters
    ----------
    loosened : iterable of str
        A limit each.
    paint : callable
        Colours a text.

    Returns
    -------
    list of str
        A line for each.
    """
    return [f"budget {paint('yellow', 'loosened')}: {clean(one)}" for one in loosened]


def limit_name(one: Judgement) -> str:
    """Name a limit, with the files and the group that it is on.

    Parameters
    ----------
    one : Judgement
        What became of it.

    Returns
    -------
    str
        Safe to print.
    """
    where = f" in {clean(', '.join(one.limit.paths))}" if one.limit.paths else ""
    return clean(one.limit.metric) + where + (f" of {clean(one.group)}" if one.group else "")


def percentage(percent: float) -> str:
    """Write a percentage with one digit, cut off: nothing looks fuller than it is.

    Parameters
    ----------
    percent : float
        From 0 to 100.

    Returns
    -------
    str
        Such as ``99.9 %``.
    """
    return f"{floor(percent * 10 + 1e-9) / 10:.1f} %"


def coverage_lines(groups: Mapping[str, Tally], by: str) -> list[str]:
    """Write a table of how much has a docstring.

    Parameters
    ----------
    groups : mapping of str to Tally
        By name.
    by : str
        What the names are of.

    Returns
    -------
    list of str
        The rows that lack most first, after 20 of them one that counts the rest, then the total.
    """
    rows = sorted(groups.items(), key=lambda row: (-row[1].missing, row[0]))
    left, total = rows[_MOST:], list(groups.values())
    lines = [f"{'documented':>10}  {'missing':>7}  {'needed':>7}  {by}"]
    lines += [_coverage_line([tally], _shortened(clean(name))) for name, tally in rows[:_MOST]]
    if left:
        lines.append(_coverage_line([tally for _, tally in left], f"{len(left):,} more"))
    return [*lines, _coverage_line(total, "total")]


def _coverage_line(tallies: Sequence[Tally], name: str) -> str:
    missing, needed = sum(one.missing for one in tallies), sum(one.needed for one in tallies)
    return f"{percentage(coverage(tallies)):>10}  {missing:>7,}  {needed:>7,}  {name}"


def _shortened(name: str) -> str:
    """Keep the end of a long name, so that the line fits 80 columns."""
    return name if len(name) <= _WIDTH else f"…{name[1 - _WIDTH :]}"
