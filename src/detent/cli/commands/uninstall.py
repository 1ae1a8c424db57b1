"""Remove the git hooks again, and restore what was there before.

Examples
--------
detent uninstall
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_location_arguments, answering
from detent.core.escape import clean_text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository

_MESSAGES = {
    "missing": "{} does not exist: nothing to do",
    "foreign": "{} is not detent's: nothing to do",
    "removed": "removed {}",
    "restored": "removed detent's hook; {} is the one that was there before",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser, store=False)


@answering
def run(repository: Repository, _: Namespace) -> Answer:
    """Run the command."""
    lines = [
        clean_text(_MESSAGES[change.action].format(change.path))
        for change in repository.uninstall_hooks()
    ]
    return Answer(0, {"text": lambda: lines})
