"""Propose limits that hold today, with the range of each metric in the last commits.

Examples
--------
detent budget suggest >> pyproject.toml
detent budget suggest --since v1.0
"""

from __future__ import annotations

from math import floor

from detent import TYPE_CHECKING
from detent.api.budget import describe_metric
from detent.cli.commands.budgets.history import choose_last_commit
from detent.cli.context import Answer, answering
from detent.report import data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping, Sequence

    from detent.api import Repository

#: The metrics that most projects limit, and the bound to propose.
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
        "--since", metavar="REV", help="the first commit to look at (default: 100 commits ago)"
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the action."""
    points = repository.measure_history(
        list(_PROPOSED), since=namespace.since, until=choose_last_commit(namespace)
    )
    commits = len(points) - 1
    series = dict(
        zip(_PROPOSED, zip(*(point.values for point in points), strict=True), strict=True)
    )
    renderers = {
        "text": lambda: _render_toml(series, commits, repository.load_settings().source),
        "json": lambda: data.render_json(
            "suggest/1", commits=commits, limits=_build_limits(series)
        ),
    }
    return Answer(0, renderers)


def _format_bound(name: str, values: Sequence[float]) -> str:
    """Write a bound that holds today: a minimum is rounded down."""
    key = _PROPOSED[name]
    if key == "min":
        return f"min = {floor(values[-1] * 10) / 10:g}"
    return f"max = {values[-1]:g}" if key == "max" else key


def _build_limits(series: Mapping[str, Sequence[float]]) -> list[dict[str, object]]:
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


def _render_toml(series: Mapping[str, Sequence[float]], commits: int, source: str) -> str:
    prefix = "" if "detent.toml" in source else "tool.detent."
    period = "the last commit" if commits == 1 else f"the last {commits:,} commits"
    blocks = []
    for name, values in series.items():
        low, high = f"{min(values):.6g}", f"{max(values):.6g}"
        ranged = f"always {low}" if low == high else f"from {low} to {high}"
        unit = describe_metric(name).unit
        unit = unit.removesuffix("s") if values[-1] == 1 else unit
        blocks += [
            f"# {values[-1]:.6g} {unit} now, {ranged} in {period}",
            f"[[{prefix}budget.limit]]",
            f'metric = "{name}"',
            _format_bound(name, values),
            "",
        ]
    return "\n".join(blocks).rstrip()
