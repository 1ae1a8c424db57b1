"""Measure a metric at past commits, along first parents, by the settings of now.

Examples
--------
detent budget history docstring.undocumented --since v1.0
detent budget history docstring.coverage --since HEAD~500 --format svg > coverage.svg
"""

from __future__ import annotations

from datetime import UTC, datetime

from detent import TYPE_CHECKING, config
from detent.audit.codes import CODES
from detent.budget.history import has_history, measure_history
from detent.budget.rules import require_metric
from detent.cli.context import open_index, print_notes
from detent.core.errors import UsageError
from detent.index import views
from detent.index.project import Project
from detent.report import console, data
from detent.report.plot import render_plot

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.budget.history import HistoryPoint
    from detent.budget.metrics import Metric

FORMATS = ("text", "json", "svg")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action."""
    parser.add_argument("metric", metavar="METRIC", help="one of `detent budget metrics`")
    parser.add_argument(
        "--since", metavar="REV", required=True, help="where the history begins, such as HEAD~100"
    )


def run(namespace: Namespace) -> int:
    """Run the action."""
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    metric = _choose_metric(project, namespace.metric)
    points = index.with_recovery(
        lambda: measure_history(
            project,
            [metric],
            namespace.since,
            until=choose_last_commit(namespace),
            progress=console.make_progress("analysing"),
        )
    )
    print_notes(index.notes)
    console.write_line(_render_history(metric, points, namespace.format))
    index.close()
    return 0


def choose_last_commit(namespace: Namespace) -> str:
    """Choose where a history ends."""
    return "HEAD" if namespace.at in (views.STAGED, views.WORKTREE) else str(namespace.at)


def _choose_metric(project: Project, name: str) -> Metric:
    metric = require_metric(name, CODES, [one.metric for one in project.config.limits if one.sql])
    if not has_history(metric):
        hint = "docstring.issues, docstring.undocumented, docstring.coverage and code.* have one"
        raise UsageError(f"{name} has no history: it is more than what each file adds", hint)
    if name.startswith("docstring.") and project.config.engine == config.NUMPYDOC:
        raise UsageError(
            f'{name} has no history with engine = "numpydoc"',
            "the past is judged by detent's rules",
        )
    return metric


def _render_history(metric: Metric, points: list[HistoryPoint], form: str) -> str:
    if form == "svg":
        unit = f" ({metric.unit})" if metric.unit else ""
        return render_plot([(one.seconds, one.values[0]) for one in points], f"{metric.name}{unit}")
    if form == "json":
        members = [
            {"commit": one.commit, "date": _format_date(one.seconds), "value": one.values[0]}
            for one in points
        ]
        return data.render_json("history/1", metric=metric.name, unit=metric.unit, points=members)
    return "\n".join(_render_text(metric, points))


def _render_text(metric: Metric, points: list[HistoryPoint]) -> list[str]:
    """Write the commits that changed the metric, between the first and the last."""
    lines = [f"{'date':<10}  {'commit':<10}  {metric.unit or 'value':>10}  change"]
    before = None
    for one in points:
        value = one.values[0]
        if value != before or one is points[-1]:
            change = "" if before is None else f"{value - before:+.6g}" if value != before else "0"
            date = _format_date(one.seconds)[:10]
            lines.append(f"{date}  {one.commit[:10]}  {value:>10,.6g}  {change}".rstrip())
        before = value
    first, last = points[0].values[0], points[-1].values[0]
    return [*lines, f"{len(points) - 1:,} commits: {last - first:+.6g}"]


def _format_date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
