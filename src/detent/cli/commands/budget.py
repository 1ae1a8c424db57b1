"""Check the limits of the settings, show what there is to limit, and what made a metric worse.

Examples
--------
detent budget                     # the limits, and whether they hold
detent budget metrics             # what there is to limit
detent budget explain code.lines  # what made it more, and where
"""

from __future__ import annotations

import importlib
from argparse import SUPPRESS

from detent import TYPE_CHECKING
from detent.cli.context import add_common_arguments
from detent.index import views

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from types import ModuleType

#: Every action, in the order of the help; each is a module of `detent.cli.commands.budgets`.
ACTIONS = {
    "check": "check the limits of the settings (default)",
    "metrics": "list what there is to limit",
    "explain": "show which symbols and files made a metric worse or better, and by how much",
    "history": "measure a metric at past commits",
    "suggest": "propose limits that hold today",
    "measure": "run a command on two commits in turn, and hold the limits on what it takes",
}
_DEFAULT = "check"
_BASE = "compare with what REV and the view have in common (default: HEAD, or the parent)"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.STAGED)
    parser.add_argument("--base", metavar="REV", help=_BASE)
    actions = parser.add_subparsers(metavar="ACTION", dest="action", help=f"default: {_DEFAULT}")
    for name, summary in ACTIONS.items():
        module = _load_action(name)
        sub = actions.add_parser(name, help=summary, description=module.__doc__)
        add_common_arguments(sub, at=None, formats=getattr(module, "FORMATS", ("text", "json")))
        sub.add_argument("--base", metavar="REV", default=SUPPRESS, help=_BASE)
        if hasattr(module, "add_arguments"):
            module.add_arguments(sub)


def run(namespace: Namespace) -> int:
    """Run the command."""
    return int(_load_action(namespace.action or _DEFAULT).run(namespace))


def _load_action(name: str) -> ModuleType:
    return importlib.import_module(f"detent.cli.commands.budgets.{name}")
