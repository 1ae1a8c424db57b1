"""Take the git hook away again, and put back what was there before.

Examples
--------
detent uninstall
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.commands.install import give_back, hooks, uninstall
from detent.cli.context import add_place
from detent.core.escape import clean
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent uninstall``.
    """
    add_place(parser, store=False)


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: always 0.
    """
    found = hooks(namespace.directory)
    for hook in found:
        console.write(clean(uninstall(hook)))
    give_back(found[0].parent)
    return 0
