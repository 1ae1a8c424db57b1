"""Find symbols by name: a whole name, a dotted end of one, or a pattern of * and ?.

A dotted name may begin with the directories of the module, as in pkg.mod.Model.fit.

Examples
--------
detent sym fit                    # everything of that name
detent sym Model.fit              # that method of any Model
detent sym '*_fit' --at v1.0 --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.symbol_output import describe_suggestion, render_symbols

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    parser.add_argument("name", help="such as fit, Model.fit or *_fit")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.symbols(namespace.name, at=namespace.at)
    notes = describe_suggestion(namespace.name, found.suggestion)
    return Answer(0 if found.symbols else 1, render_symbols("sym/1", found), notes)
