"""List the symbols of files or directories, in the order in which they stand there.

Examples
--------
detent symlist src/mine.py
detent symlist --public src       # the public ones of a directory
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.commands.sym import render_symbols
from detent.cli.context import add_common_arguments, open_index
from detent.cli.paths import make_path_filter
from detent.index import views
from detent.index.snapshot import take_snapshot
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.WORKTREE)
    parser.add_argument("--public", action="store_true", help="only public symbols")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="default: all files")


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo, index = open_index(namespace)
    now = take_snapshot(repo, index, namespace.at)
    now = now.restrict_to(make_path_filter(repo, namespace))
    found = [
        (path, symbol)
        for path, facts in sorted(now.load_files(full=True), key=lambda file: file[0])
        for symbol in facts.symbols[1:]
        if symbol.visibility == "public" or not namespace.public
    ]
    console.write_line(render_symbols("symlist/1", now, found, form=namespace.format))
    index.close()
    return 0
