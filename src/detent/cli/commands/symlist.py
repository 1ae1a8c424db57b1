"""List the symbols of files or directories, in the order in which they stand there.

Examples
--------
detent symlist src/mine.py
detent symlist --public src       # the public ones of a directory
detent symlist --tree --counts src/mine.py
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.symbol_output import render_symbols

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    parser.add_argument("--public", action="store_true", help="only public symbols")
    parser.add_argument("--tree", action="store_true", help="by file, and by what is in what")
    parser.add_argument(
        "--counts",
        action="store_true",
        help="how many call each, and how many it calls",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="default: all files")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.symbols(
        at=namespace.at, paths=namespace.paths, public=namespace.public, counts=namespace.counts
    )
    return Answer(0, render_symbols("symlist/1", found, is_tree=namespace.tree))
