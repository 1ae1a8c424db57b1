"""List all calls of a view: one JSON object a line, or a graph for Graphviz.

Examples
--------
detent edges > edges.jsonl
detent edges --prefix src --min exact --format dot > calls.dot
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.relation_output import add_relation_arguments, render_edges

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree", formats=("jsonl", "dot"))
    add_relation_arguments(parser, ("exact", "inferred"))


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.list_edges(at=namespace.at, least=namespace.min, paths=namespace.prefix)
    return Answer(0, render_edges(found, namespace.limit))
