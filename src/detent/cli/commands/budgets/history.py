"""Measure a metric at past commits, along first parents, with the current settings.

Examples
--------
detent budget history docstring.issues
detent budget history docstring.undocumented --since v1.0
detent budget history docstring.coverage --since HEAD~500 --format svg > coverage.svg
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api import STAGED, WORKTREE
from detent.api.budget import describe_metric
from detent.cli.context import Answer, answering
from detent.core.escape import clean_text
from detent.report import data
from detent.report.plot import render_plot
from detent.report.text import format_count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.api.budget import CommitValues, MetricDescription

FORMATS = ("text", "json", "svg")
_LONGEST_SUBJECT = 60


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action."""
    parser.add_argument("metric", metavar="METRIC", help="one of `detent budget metrics`")
    parser.add_argument(
        "--since", metavar="REV", help="the start of the history (default: 100 commits ago)"
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the action."""
    name, until = namespace.metric, choose_last_commit(namespace)
    points = repository.measure_history([name], since=namespace.since, until=until)
    metric = describe_metric(name)
    renderers = {
        "text": lambda: _render_text(metric, points),
        "json": lambda: _render_json(metric, points),
        "svg": lambda: _render_svg(metric, points),
    }
    return Answer(0, renderers)


def choose_last_commit(namespace: Namespace) -> str:
    """Choose where a history ends."""
    return "HEAD" if namespace.at in (STAGED, WORKTREE) else str(namespace.at)


def _render_text(metric: MetricDescription, points: list[CommitValues]) -> list[str]:
    """Write the commits that changed the metric, between the first and the last."""
    lines = [f"{'date':<10}  {'commit':<10}  {metric.unit or 'value':>10}  {'change':<8}  subject"]
    before = None
    for point in points:
        value = point.values[0]
        if value != before or point is points[-1]:
            change = "" if before is None else f"{value - before:+.6g}" if value != before else "0"
            row = f"{point.time.date()}  {point.commit[:10]}  {value:>10,.6g}  {change:<8}  "
            row += clean_text(point.subject)[:_LONGEST_SUBJECT]
            lines.append(row.rstrip())
        before = value
    first, last = points[0].values[0], points[-1].values[0]
    return [*lines, f"{format_count(len(points) - 1, 'commit')}: {last - first:+.6g}"]


def _render_json(metric: MetricDescription, points: list[CommitValues]) -> str:
    members = [
        {
            "commit": point.commit,
            "date": point.time.isoformat().replace("+00:00", "Z"),
            "value": point.values[0],
            "subject": point.subject,
        }
        for point in points
    ]
    return data.render_json("history/1", metric=metric.name, unit=metric.unit, points=members)


def _render_svg(metric: MetricDescription, points: list[CommitValues]) -> str:
    title = f"{metric.name} ({metric.unit})" if metric.unit else metric.name
    pairs = [(int(point.time.timestamp()), point.values[0]) for point in points]
    return render_plot(pairs, title, most=100.0 if metric.unit == "%" else None)
