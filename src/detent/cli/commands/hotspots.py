"""Rank functions and methods: those that are complex, called by much code, and changed often.

The score is complexity x (1 + callers) x (1 + commits): McCabe's complexity, the number of other
pieces of code that call it, and how many of the last 1,000 commits changed its file.

Examples
--------
detent hotspots
detent hotspots --prefix src --limit 50 --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.graph_output import render_hotspots
from detent.cli.relation_output import add_relation_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository

_SHOWN = 20


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    add_relation_arguments(parser, ("exact", "inferred"))
    parser.set_defaults(limit=_SHOWN)


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.rank_hotspots(at=namespace.at, least=namespace.min, paths=namespace.prefix)
    return Answer(0, render_hotspots(found, namespace.limit))
