"""Propose limits that hold today, with what the metrics did in the last commits.

Examples
--------
detent budget suggest >> pyproject.toml
detent budget suggest --since v1.0
"""

from __future__ import annotations

from math import floor

from detent import TYPE_CHECKING, config
from detent.budget.history import measure_history
from detent.budget.metrics import METRICS
from detent.cli.commands.budgets.history import choose_last_commit
from detent.cli.context import open_index, print_notes
from detent.git.commits import list_ancestors
from detent.index.project import Project
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from detent.budget.metrics import Metric
    from detent.git import Repo

_COMMITS = 100
#: What is worth a limit, and which: the rest is a matter of taste.
_PROPOSED = {
    "docstring.issues": 'ratchet = "never-worse"',
    "docstring.undocumented": 'ratchet = "never-worse"',
    "docstring.coverage": "min",
    "code.function.lines.max": "max",
    "code.parameters.max": "max",
    "code.nesting.max": "max",
    "code.complexity.max": "max",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action."""
    parser.add_argument(
        "--since", metavar="REV", help=f"where to begin to look (default: {_COMMITS} commits ago)"
    )


def run(namespace: Namespace) -> int:
    """Run the action."""
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    until = choose_last_commit(namespace)
    since = namespace.since or _choose_start(repo, until)
    metrics = [METRICS[name] for name in _PROPOSED]
    points = index.with_recovery(
        lambda: measure_history(
            project, metrics, since, until=until, progress=console.make_progress("analysing")
        )
    )
    print_notes(index.notes)
    series = {
        metric.name: [one.values[number] for one in points] for number, metric in enumerate(metrics)
    }
    if namespace.format == "json":
        console.write_line(
            data.render_json("suggest/1", commits=len(points) - 1, limits=_build_limits(series))
        )
    else:
        prefix = "" if "detent.toml" in project.config.source else "tool.detent."
        console.write_line(_render_toml(series, len(points) - 1, prefix))
    index.close()
    return 0


def _choose_start(repo: Repo, until: str) -> str:
    """Go back as far as there are commits, and no further than so many."""
    count = len(list_ancestors(repo, until, _COMMITS + 1)) - 1
    return f"{until}~{count}"


def _format_bound(name: str, values: Sequence[float]) -> str:
    """Write the bound that holds today; of a percentage down, so that it does."""
    key = _PROPOSED[name]
    if key == "min":
        return f"min = {floor(values[-1] * 10) / 10:g}"
    return f"max = {values[-1]:g}" if key == "max" else key


def _build_limits(series: dict[str, list[float]]) -> list[dict[str, object]]:
    return [
        {
            "metric": name,
            "bound": _format_bound(name, values),
            "value": values[-1],
            "least": min(values),
            "greatest": max(values),
        }
        for name, values in series.items()
    ]


def _render_toml(series: dict[str, list[float]], commits: int, prefix: str) -> str:
    blocks = []
    for name, values in series.items():
        metric: Metric = METRICS[name]
        low, high = (f"{one:.6g}" for one in (min(values), max(values)))
        ranged = f"always {low}" if low == high else f"from {low} to {high}"
        blocks += [
            f"# {values[-1]:.6g} {metric.unit} now, {ranged} in the last {commits:,} commits",
            f"[[{prefix}budget.limit]]",
            f'metric = "{name}"',
            _format_bound(name, values),
            "",
        ]
    return "\n".join(blocks).rstrip()
