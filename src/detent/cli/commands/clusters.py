"""Divide the code into clusters, with many calls inside and few between them.

The same code always has the same clusters. A cluster that spans several packages, or a package
that is in many clusters, shows where the layout and the calls disagree.

Examples
--------
detent clusters
detent clusters --prefix src --limit 5 --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.graph_output import render_clusters
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
    found = repository.find_clusters(at=namespace.at, least=namespace.min, paths=namespace.prefix)
    return Answer(0, render_clusters(found, namespace.limit))
