"""Find the calls that a function, method or class makes, or with --incoming the calls of it.

Examples
--------
detent calls Model.fit                    # what it calls
detent calls Model.fit --incoming         # who calls it
detent calls fit --incoming --min exact --prefix src --format json
detent calls fit --format dot             # for Graphviz
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.relation_output import add_relation_arguments, render_calls
from detent.cli.symbol_output import describe_suggestion

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree", formats=("text", "json", "dot"))
    parser.add_argument("--incoming", action="store_true", help="the calls of it")
    add_relation_arguments(parser, ("exact", "inferred"))
    parser.add_argument("name", help="such as fit, Model.fit or *_fit")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.find_calls(
        namespace.name,
        at=namespace.at,
        incoming=namespace.incoming,
        least=namespace.min,
        paths=namespace.prefix,
    )
    notes = describe_suggestion(namespace.name, found.suggestion)
    return Answer(0 if found.roots else 1, render_calls(found, namespace.limit), notes)
