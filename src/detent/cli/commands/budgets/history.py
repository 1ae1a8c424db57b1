"""Measure a metric at past commits, along first parents, by the settings of now.

Examples
--------
detent budget history docstring.undocumented --since v1.0
detent budget history docstring.coverage --since HEAD~500 --format svg > coverage.svg
"""

from __future__ import annotations

from datetime import datetime, timezone

from detent import TYPE_CHECKING, config
from detent.audit.codes import CODES
from detent.budget.history import can_look_back, history
from detent.budget.rules import named
from detent.cli.context import open_index, say
from detent.core.errors import UsageError
from detent.index import views
from detent.index.project import subject_of
from detent.report import console, data
from detent.report.plot import plot

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.budget.history import Point
    from detent.budget.metrics import Metric
    from detent.index.project import Subject

FORMATS = ("text", "json", "svg")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent budget history``.
    """
    parser.add_argument("metric", metavar="METRIC", help="one of `detent budget metrics`")
    parser.add_argument(
        "--since", metavar="REV", required=True, help="where the history begins, such as HEAD~100"
    )


def run(namespace: Namespace) -> int:
    """Run the action.

    Parameters
    ----------
    namespace : Namespace
        What the parser made of the arguments.

    Returns
    -------
    int
        The exit status: 0.
    """
    repo, index = open_index(namespace)
    subject = subject_of(repo, config.load(repo.top), index)
    metric = _chosen(subject, namespace.metric)
    points = index.healed(
        lambda: history(
            subject,
            [metric],
            namespace.since,
            until=last_commit(namespace),
            progress=console.progress("analysing"),
        )
    )
    say(index.notes)
    console.write(_shown(metric, points, namespace.format))
    index.close()
    return 0


def last_commit(namespace: Namespace) -> str:
    """Choose where a history ends.

    Parameters
    ----------
    namespace : Namespace
        Has `at`.

    Returns
    -------
    str
        HEAD for what is not committed.
    """
    return "HEAD" if namespace.at in (views.STAGED, views.WORKTREE) else str(namespace.at)


def _chosen(subject: Subject, name: str) -> Metric:
    metric = named(name, CODES, [one.metric for one in subject.config.limits if one.sql])
    if not can_look_back(metric):
        hint = "docstring.issues, docstring.undocumented, docstring.coverage and code.* have one"
        raise UsageError(f"{name} has no history: it is more than what each file adds", hint)
    if name.startswith("docstring.") and subject.config.engine == config.NUMPYDOC:
        raise UsageError(
            f'{name} has no history with engine = "numpydoc"',
            "the past is judged by detent's rules",
        )
    return metric


def _shown(metric: Metric, points: list[Point], form: str) -> str:
    if form == "svg":
        unit = f" ({metric.unit})" if metric.unit else ""
        return plot([(one.seconds, one.values[0]) for one in points], f"{metric.name}{unit}")
    if form == "json":
        members = [
            {"commit": one.commit, "date": _date(one.seconds), "value": one.values[0]}
            for one in points
        ]
        return data.document("history/1", metric=metric.name, unit=metric.unit, points=members)
    return "\n".join(_lines(metric, points))


def _lines(metric: Metric, points: list[Point]) -> list[str]:
    """Write the commits that changed the metric, between the first and the last."""
    lines = [f"{'date':<10}  {'commit':<10}  {metric.unit or 'value':>10}  change"]
    before = None
    for one in points:
        value = one.values[0]
        if value != before or one is points[-1]:
            change = "" if before is None else f"{value - before:+.6g}" if value != before else "0"
            date = _date(one.seconds)[:10]
            lines.append(f"{date}  {one.commit[:10]}  {value:>10,.6g}  {change}".rstrip())
        before = value
    first, last = points[0].values[0], points[-1].values[0]
    return [*lines, f"{len(points) - 1:,} commits: {last - first:+.6g}"]


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")
