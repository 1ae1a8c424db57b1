"""Install the git hooks, beside what is there already.

Examples
--------
detent install                    # all hooks
detent install --hooks pre-commit,post-commit
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.hook_names import HOOKS, PUSH_HOOK
from detent.cli.context import Answer, add_location_arguments, answering
from detent.core.errors import UsageError
from detent.core.escape import clean_text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.api.install import HookChange


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser, store=False)
    parser.add_argument(
        "--hooks",
        metavar="NAME,…",
        type=_parse_hook_names,
        help=f"only these (default: all but {PUSH_HOOK}): {', '.join(HOOKS)}",
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    lines = [
        clean_text(_describe_change(change)) for change in repository.install_hooks(namespace.hooks)
    ]
    return Answer(0, {"text": lambda: lines})


def _parse_hook_names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or not set(names).issubset(HOOKS):
        raise UsageError(f"unknown hook in {text!r}", f"the hooks are {', '.join(HOOKS)}")
    return names


def _describe_change(change: HookChange) -> str:
    done = f"{change.action} {change.path}"
    if change.chained:
        done += f"; the hook that was there before runs first, as {change.chained}"
    return done
