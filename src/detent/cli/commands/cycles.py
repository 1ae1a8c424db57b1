"""List the groups of code that reach each other by calls, or of modules by imports.

Examples
--------
detent cycles                  # of calls; a function that calls itself is a group of one
detent cycles --imports        # of modules that import each other
detent cycles --prefix src --min exact --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.graph_output import render_cycles
from detent.cli.relation_output import add_relation_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    parser.add_argument("--imports", action="store_true", help="of imports, instead of calls")
    add_relation_arguments(parser, ("exact", "inferred"))


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.list_cycles(
        at=namespace.at, imports=namespace.imports, least=namespace.min, paths=namespace.prefix
    )
    return Answer(0, render_cycles(found, namespace.limit))
