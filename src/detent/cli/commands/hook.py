"""What the git hooks call: quick, silent where all is well, and only about what comes in.

Examples
--------
detent hook pre-commit
"""

from __future__ import annotations

from types import SimpleNamespace

from detent import TYPE_CHECKING
from detent.api.hook_names import CHECK_HOOKS, HOOKS, PUSH_HOOK
from detent.cli.context import add_location_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

#: Not git's: any hook that follows git's moves, for frameworks, whose environment names the hook;
#: and what these hooks leave to a process of its own.
_REFRESH, _BACKGROUND = "refresh", "background"
NAMES = (*HOOKS, _REFRESH, _BACKGROUND)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "name",
        choices=NAMES,
        help="the hook that git runs; refresh: after any of its moves, for pre-commit and prek; "
        "background: what hooks leave to a process of its own",
    )
    parser.add_argument("rest", nargs="*", metavar="ARGUMENT", help="what git gives the hook")
    add_location_arguments(parser)


def parse_hook_arguments(words: Sequence[str]) -> SimpleNamespace | None:
    """Read the arguments as hooks and frameworks give them: to make a parser takes 3 ms."""
    name, *rest = words or ("",)
    if name not in NAMES or any(word.startswith("-") for word in rest):
        return None
    return SimpleNamespace(name=name, rest=rest, directory=None, store=None, run=run)


def run(namespace: Namespace) -> int:
    """Run the command."""
    # Each hook imports only what it needs.
    if namespace.name in CHECK_HOOKS or namespace.name == PUSH_HOOK:
        from detent.cli.hooks import gates

        check = gates.check_push if namespace.name == PUSH_HOOK else gates.check_commit
        return check(namespace)
    from detent.cli.hooks import moves

    if namespace.name == _BACKGROUND:
        return moves.refresh_in_background(namespace)
    return moves.refresh_after_move(namespace, named=namespace.name != _REFRESH)
