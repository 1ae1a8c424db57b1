"""List what there is to limit."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.budget.metrics import ISSUES, METRICS, Metric, sum_values
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import Namespace

_SHOWN = ("name", "unit", "meaning", "by")


def run(namespace: Namespace) -> int:
    """Run the action."""
    listed = [
        *METRICS.values(),
        METRICS[ISSUES]._replace(name=f"{ISSUES}.CODE", meaning="the same of one code"),
        Metric("sql.NAME", "", "what a query of your own gives", sum_values, by=()),
    ]
    if namespace.format == "json":
        members = [{name: getattr(one, name) for name in _SHOWN} for one in listed]
        console.write_line(data.render_json("metrics/1", metrics=members))
        return 0
    for metric in listed:
        console.write_line(f"{metric.name:<24} {metric.unit:<10} {metric.meaning}")
    return 0
