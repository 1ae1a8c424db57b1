"""Find the places that refer to a function, method or class: calls, imports, bases and others.

Examples
--------
detent refs Model
detent refs Model.fit --min name-only     # also where nothing is known of the receiver
detent refs Model --prefix src --at v1.0 --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.relation_output import add_relation_arguments, render_references
from detent.cli.symbol_output import describe_suggestion

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    add_relation_arguments(parser, ("exact", "inferred", "name-only"))
    parser.add_argument("name", help="such as fit, Model.fit or *_fit")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.find_references(
        namespace.name, at=namespace.at, least=namespace.min, paths=namespace.prefix
    )
    notes = describe_suggestion(namespace.name, found.suggestion)
    return Answer(0 if found.roots else 1, render_references(found, namespace.limit), notes)
