"""Forget the facts that no view and no recent commit needs; all of them can be had again.

Examples
--------
detent gc                         # what 90 days of commits do not need
detent gc --since 2.weeks
"""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.cli.context import add_location_arguments, open_index
from detent.index import views
from detent.report import console, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.git import Repo
    from detent.index.handle import Index


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser)
    parser.add_argument(
        "--since",
        metavar="DATE",
        default="90.days",
        help="keep what commits since then wrote, on any branch (default: 90.days)",
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo, index = open_index(namespace)
    if not index.exists:
        console.write_line(f"there is no index at {index.path}: nothing to do")
        return 0
    before = index.size
    gone = index.with_recovery(lambda: _collect_garbage(repo, index, namespace.since))
    index.close()
    size = f"{index.size / 1e6:.1f} MB, was {before / 1e6:.1f} MB"
    console.write_line(f"{text.format_count(gone, 'blob')} forgotten; the index has {size}")
    return 0


def _collect_garbage(repo: Repo, index: Index, since: str) -> int:
    names = [f"{tree}/{view}" for tree in git.list_worktrees(repo) for view in views.WORKTREE_VIEWS]
    session = index.open_writer().begin_session()
    gone = session.collect_garbage(names, git.list_recent_blobs(repo, since))
    session.close()
    return gone
