"""List the metrics that a limit can be set on."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.budget import list_metrics
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import Namespace


def run(namespace: Namespace) -> int:
    """Run the action."""
    metrics = list_metrics()
    if namespace.format == "json":
        members = [
            {"name": metric.name, "unit": metric.unit, "meaning": metric.meaning, "by": metric.by}
            for metric in metrics
        ]
        console.write_line(data.render_json("metrics/1", metrics=members))
        return 0
    console.write_lines(
        f"{metric.name:<24} {metric.unit:<10} {metric.meaning}" for metric in metrics
    )
    return 0
