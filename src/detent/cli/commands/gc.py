"""Forget the facts that no view and no recent commit needs; all of them can be had again.

Examples
--------
detent gc                         # what 90 days of commits do not need
detent gc --since 2.weeks
"""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.cli.context import add_place, open_index
from detent.index import views
from detent.report import console, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.git import Repo
    from detent.index.handle import Index


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of the command.
    """
    add_place(parser)
    parser.add_argument(
        "--since",
        metavar="DATE",
        default="90.days",
        help="keep what commits since then wrote, on any branch (default: 90.days)",
    )


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        The arguments.

    Returns
    -------
    int
        The exit status.
    """
    repo, index = open_index(namespace)
    if not index.exists:
        console.write(f"there is no index at {index.path}: nothing to do")
        return 0
    before = index.size
    gone = index.healed(lambda: _collect(repo, index, namespace.since))
    index.close()
    size = f"{index.size / 1e6:.1f} MB, was {before / 1e6:.1f} MB"
    console.write(f"{text.plural(gone, 'blob')} forgotten; the index has {size}")
    return 0


def _collect(repo: Repo, index: Index, since: str) -> int:
    names = [f"{tree}/{view}" for tree in git.worktrees(repo) for view in views.OF_WORKTREES]
    session = index.writer().begin()
    gone = session.collect(names, git.recent_blobs(repo, since))
    session.close()
    return gone
