"""Propose limits that hold today, with what the metrics did in the last commits.

Examples
--------
detent budget suggest >> pyproject.toml
detent budget suggest --since v1.0
"""

from __future__ import annotations

from math import floor

from detent import TYPE_CHECKING, config
from detent.budget.history import history
from detent.budget.metrics import METRICS
from detent.cli.commands.budgets.history import last_commit
from detent.cli.context import open_index, say
from detent.git.log import ancestors
from detent.index.project import subject_of
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
    """Add the arguments of the action.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent budget suggest``.
    """
    parser.add_argument(
        "--since", metavar="REV", help=f"where to begin to look (default: {_COMMITS} commits ago)"
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
    until = last_commit(namespace)
    since = namespace.since or _earlier(repo, until)
    metrics = [METRICS[name] for name in _PROPOSED]
    points = index.healed(
        lambda: history(
            subject, metrics, since, until=until, progress=console.progress("analysing")
        )
    )
    say(index.notes)
    series = {
        metric.name: [one.values[number] for one in points] for number, metric in enumerate(metrics)
    }
    if namespace.format == "json":
        console.write(data.document("suggest/1", commits=len(points) - 1, limits=_values(series)))
    else:
        prefix = "" if "detent.toml" in subject.config.source else "tool.detent."
        console.write(_toml(series, len(points) - 1, prefix))
    index.close()
    return 0


def _earlier(repo: Repo, until: str) -> str:
    """Go back as far as there are commits, and no further than so many."""
    count = len(ancestors(repo, until, _COMMITS + 1)) - 1
    return f"{until}~{count}"


def _bound(name: str, values: Sequence[float]) -> str:
    """Write the bound that holds today; of a percentage down, so that it does."""
    key = _PROPOSED[name]
    if key == "min":
        return f"min = {floor(values[-1] * 10) / 10:g}"
    return f"max = {values[-1]:g}" if key == "max" else key


def _values(series: dict[str, list[float]]) -> list[dict[str, object]]:
    return [
        {
            "metric": name,
            "bound": _bound(name, values),
            "value": values[-1],
            "least": min(values),
            "greatest": max(values),
        }
        for name, values in series.items()
    ]


def _toml(series: dict[str, list[float]], commits: int, prefix: str) -> str:
    blocks = []
    for name, values in series.items():
        metric: Metric = METRICS[name]
        low, high = (f"{one:.6g}" for one in (min(values), max(values)))
        ranged = f"always {low}" if low == high else f"from {low} to {high}"
        blocks += [
            f"# {values[-1]:.6g} {metric.unit} now, {ranged} in the last {commits:,} commits",
            f"[[{prefix}budget.limit]]",
            f'metric = "{name}"',
            _bound(name, values),
            "",
        ]
    return "\n".join(blocks).rstrip()
