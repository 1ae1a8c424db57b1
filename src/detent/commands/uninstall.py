"""Take the git hook away again, and put back what was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.commands.install import hooks, uninstall
from detent.report import console
from detent.report.clean import clean

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("-C", dest="directory", metavar="DIR", help="work in this directory")


def run(namespace: Namespace) -> int:
    """Run the command."""
    for hook in hooks(namespace.directory):
        console.write(clean(uninstall(hook)))
    return 0
