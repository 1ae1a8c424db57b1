"""Check the limits of the settings, list the metrics, and show what changed one.

Examples
--------
detent budget                     # the limits, and whether they hold
detent budget metrics             # the metrics that a limit can be set on
detent budget explain code.lines  # what made it more, and where
"""

from __future__ import annotations

import importlib
from argparse import SUPPRESS

from detent import TYPE_CHECKING
from detent.cli.context import add_common_arguments

if TYPE_CHECKING:
    from argparse import Namespace
    from types import ModuleType

    from detent.cli.parser import CommandParser

#: Every action, in the order of the help; each is a module of `detent.cli.commands.budgets`.
ACTIONS = {
    "check": "check the limits of the settings (default)",
    "metrics": "list the metrics that a limit can be set on",
    "explain": "show which symbols and files changed a metric, and by how much",
    "history": "measure a metric at past commits",
    "suggest": "propose limits that hold today",
    "measure": "run a command on two commits in turn, and check the limits on what it takes",
}
_DEFAULT = "check"
_BASE = (
    "compare with the merge base of REV and the checked version "
    "(default: HEAD, or the parent of a revision)"
)


def add_arguments(parser: CommandParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="staged")
    parser.add_argument("--base", metavar="REV", help=_BASE)
    actions = parser.add_subparsers(metavar="ACTION", dest="action", help=f"default: {_DEFAULT}")
    for name, summary in ACTIONS.items():
        module = _load_action(name)
        action = actions.add_parser(name, help=summary)
        action.describe(module)
        formats = getattr(module, "FORMATS", ("text", "json"))
        add_common_arguments(action, at=None, formats=formats)
        action.add_argument("--base", metavar="REV", default=SUPPRESS, help=_BASE)
        if hasattr(module, "add_arguments"):
            module.add_arguments(action)


def run(namespace: Namespace) -> int:
    """Run the command."""
    return int(_load_action(namespace.action or _DEFAULT).run(namespace))


def _load_action(name: str) -> ModuleType:
    return importlib.import_module(f"detent.cli.commands.budgets.{name}")
