"""Bring the index up to date after git has moved: a commit, a checkout, a merge or a rebase."""

from __future__ import annotations

import os.path
from contextlib import suppress

from detent import TYPE_CHECKING, git
from detent.core.errors import DetentError
from detent.core.namedtuple import NamedTuple
from detent.index import background, refresh
from detent.index.views import WORKTREE_VIEWS, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.git import Repo
    from detent.index.handle import Index

#: More blobs than these are analysed when the hook has returned: git and the person wait for it.
MAX_BLOBS_AT_ONCE = 20


class MoveEvent(NamedTuple):
    """A hook that git runs after it has moved."""

    hook: str
    arguments: Sequence[str]


def refresh_after_move(repo: Repo, index: Index, event: MoveEvent) -> None:
    """Bring up to date what is indexed; what takes long is left to a process of its own."""
    if not _is_idle(repo, event):
        _refresh_views(repo, index, at_once=MAX_BLOBS_AT_ONCE)


def serve_refresh_requests(repo: Repo, index: Index) -> None:
    """Bring up to date what is indexed, as often as hooks have asked for it."""

    def refresh_now() -> None:
        with git.open_session(repo) as now:
            _refresh_views(now, index, at_once=None)

    background.serve_requests(repo, refresh_now)


def read_framework_event(repo: Repo) -> MoveEvent:
    """Read which hook runs and its arguments from the variables of a framework."""
    env = repo.env
    if kind := env.get("PRE_COMMIT_CHECKOUT_TYPE"):
        refs = [env.get(f"PRE_COMMIT_{name}_REF", "") for name in ("FROM", "TO")]
        return MoveEvent("post-checkout", [*refs, kind])
    is_rewrite = env.get("PRE_COMMIT_REWRITE_COMMAND")
    return MoveEvent("post-rewrite" if is_rewrite else "post-commit", [])


def _is_idle(repo: Repo, event: MoveEvent) -> bool:
    """Tell whether a hook has nothing to do, or another hook follows that has."""
    hook, arguments = event
    if hook == "post-checkout" and arguments[2:] == ["1"] and arguments[0] == arguments[1]:
        return True
    # A rebase checks out and commits many times, and ends with post-rewrite.
    states = ("rebase-merge", "rebase-apply")
    return hook != "post-rewrite" and any(
        os.path.isdir(os.path.join(repo.git_dir, state)) for state in states
    )


def _refresh_views(repo: Repo, index: Index, *, at_once: int | None) -> None:
    """Bring up to date what is indexed of the work tree; what fails is left to the next run."""
    if not index.exists:
        return
    with suppress(DetentError):
        for name in WORKTREE_VIEWS:
            if not _refresh_view(index, View(repo, name), at_once):
                _leave_to_background(repo, index)
                return


def _refresh_view(index: Index, view: View, at_once: int | None) -> bool:
    """Bring a view up to date if it is indexed; false if that would take long."""
    if index.open_reader().load_view(view.stored_name) is None:
        return True
    plan = refresh.plan_refresh(index.open_reader(), view)
    if at_once is not None and len(plan.unknown) > at_once:
        return False
    refresh.refresh_view(index, view, jobs=1)
    return True


def _leave_to_background(repo: Repo, index: Index) -> None:
    with suppress(OSError):
        background.request_refresh(repo, index.path)
