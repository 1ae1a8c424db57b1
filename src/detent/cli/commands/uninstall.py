"""Take the git hook away again, and put back what was there before.

Examples
--------
detent uninstall
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.commands.install import list_hooks, remove_hooks_directory, uninstall_hook
from detent.cli.context import add_location_arguments
from detent.core.escape import clean_text
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser, store=False)


def run(namespace: Namespace) -> int:
    """Run the command."""
    found = list_hooks(namespace.directory)
    for hook in found:
        console.write_line(clean_text(uninstall_hook(hook)))
    remove_hooks_directory(found[0].parent)
    return 0
