"""Show which symbols differ between two states, and how: signatures, defaults, docstrings, bodies.

With --public, only what users of the packages see: the public names that modules, imports in
packages and __all__ give them, as release notes have them. Moves and renames are followed.

Examples
--------
detent diff HEAD                       # the work tree against the last commit
detent diff main staged --prefix src
detent diff HEAD staged --callers      # and which calls break
detent diff v1.0 HEAD --public         # for release notes
detent diff v1.0 HEAD --public --breaking --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.diff_output import render_diff
from detent.cli.relation_output import add_choice_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    parser.add_argument("--public", action="store_true", help="only what users of the packages see")
    parser.add_argument(
        "--breaking", action="store_true", help="only what may break code that uses it"
    )
    parser.add_argument(
        "--callers", action="store_true", help="also the calls that break, unless --public"
    )
    add_choice_arguments(parser)
    parser.add_argument("base", metavar="A", help="the old state: a revision")
    parser.add_argument("head", metavar="B", nargs="?", help="the new state, instead of --at")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    at = namespace.head or namespace.at
    found = repository.diff_symbols(
        namespace.base,
        at=at,
        public=namespace.public,
        callers=namespace.callers,
        paths=namespace.prefix,
    )
    if namespace.breaking:
        found = found.keep_breaking()
    return Answer(0, render_diff(found, namespace.limit))
