"""Delete cached results that are no longer needed; they can be recomputed.

Examples
--------
detent gc                         # what no branch has used for 90 days
detent gc --since 2.weeks
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_location_arguments, answering
from detent.report import text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser)
    parser.add_argument(
        "--since",
        metavar="DATE",
        default="90.days",
        help="keep the results for commits since then, on any branch (default: 90.days)",
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    before = repository.index_size
    count = repository.collect_garbage(namespace.since)
    line = f"there is no index at {repository.index_path}: nothing to do"
    if before:
        gone = text.format_count(count, "blob")
        size = f"{repository.index_size / 1e6:.1f} MB, was {before / 1e6:.1f} MB"
        line = f"{gone} deleted; the index has {size}"
    return Answer(0, {"text": lambda: line})
