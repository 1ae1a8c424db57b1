"""What the git hooks call: quick, silent where all is well, and only about what comes in.

Examples
--------
detent hook pre-commit
"""

from __future__ import annotations

from types import SimpleNamespace

from detent import TYPE_CHECKING, git
from detent.cli.context import add_place, expect_repo

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

GATES = ("pre-commit", "pre-merge-commit")
REFRESHES = ("post-commit", "post-merge", "post-checkout", "post-rewrite")
PUSH = "pre-push"
HOOKS = (*GATES, *REFRESHES, PUSH)
#: Not git's: any of `REFRESHES`, for frameworks, which say in the environment which one it is; and
#: what these hooks leave to a process of its own.
_REFRESH, _BACKGROUND = "refresh", "background"
NAMES = (*HOOKS, _REFRESH, _BACKGROUND)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent hook``.
    """
    parser.add_argument(
        "name",
        choices=NAMES,
        help="the hook that git runs; refresh: after any of its moves, for pre-commit and prek; "
        "background: what hooks leave to a process of its own",
    )
    parser.add_argument("rest", nargs="*", metavar="ARGUMENT", help="what git gives the hook")
    add_place(parser)
    parser.add_argument(
        "--sure",
        action="store_true",
        help="for the raw hook: end with 10, 11 or 12 where the same will pass again",
    )


def plain(words: Sequence[str]) -> SimpleNamespace | None:
    """Read the arguments as hooks and frameworks give them: to make a parser takes 3 ms.

    Parameters
    ----------
    words : sequence of str
        What follows ``detent hook``.

    Returns
    -------
    SimpleNamespace or None
        What a parser with `add_arguments` makes of them; None where that has to be seen.
    """
    name, *rest = words or ("",)
    sure = rest[:1] == ["--sure"]
    rest = rest[sure:]
    if name not in NAMES or any(word.startswith("-") for word in rest):
        return None
    return SimpleNamespace(name=name, rest=rest, sure=sure, directory=None, store=None, run=run)


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: as for `detent check` where the hook judges, else 0; where it was asked
        how sure a clean verdict is, `SAME`, `IDLE` or `BOTH` of `detent.cli.hooks.gates` in the
        place of 0.
    """
    if namespace.name in GATES or namespace.name == PUSH:
        return _judge(namespace)
    from detent.cli.hooks import moves

    if namespace.name == _BACKGROUND:
        return moves.catch_up(namespace)
    return moves.follow(namespace, named=namespace.name != _REFRESH)


@git.standing()
def _judge(namespace: Namespace) -> int:
    """Judge what comes in; git looks for the repository while what judges is loaded."""
    expect_repo(namespace.directory)
    from detent.cli.hooks import gates

    return gates.push(namespace) if namespace.name == PUSH else gates.commit(namespace)
