"""List what there is to limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.budget.metrics import METRICS
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action: there are none.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent budget metrics``.
    """


def run(namespace: Namespace) -> int:  # noqa: ARG001
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
    for metric in METRICS.values():
        console.write(f"{metric.name:<24} {metric.unit:<9} {metric.meaning}")
    return 0
