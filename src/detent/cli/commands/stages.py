"""Show what the last builds of the index took, stage by stage, or compare two of them.

Examples
--------
detent stages                     # the last ten builds, and the steps of the newest
detent stages --format json       # all checkpoints
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_format_argument, add_location_arguments, answering
from detent.cli.stage_output import render_comparison, render_table
from detent.core.errors import UsageError
from detent.report import data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser)
    add_format_argument(parser)
    parser.add_argument(
        "--compare",
        nargs="*",
        metavar="BUILD",
        help="compare two builds, named by number or by the beginning of their names "
        "(default: 1 and 2, the last two)",
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    builds = repository.list_builds()
    if namespace.compare is None:
        renderers = {
            "text": lambda: render_table(builds),
            "json": lambda: data.render_json("stages/1", builds=builds),
        }
    else:
        found = repository.compare_builds(*_complete_build_names(namespace.compare))
        renderers = {
            "text": lambda: render_comparison(builds, found),
            "json": lambda: data.render_json("stages/1", compare=found._asdict()),
        }
    return Answer(0, renderers)


def _complete_build_names(names: list[str]) -> list[str]:
    """Add the last build to a single name; without names, name the last two."""
    if len(names) > 2:
        raise UsageError(
            f"{len(names)} builds cannot be compared, only two", "`detent stages` lists the builds"
        )
    return {0: ["2", "1"], 1: [*names, "1"]}.get(len(names), names)
