"""The hooks that follow git's moves: they bring up to date what is indexed of the work tree."""

from __future__ import annotations

import os.path
from contextlib import suppress

from detent import TYPE_CHECKING, git
from detent.cli.context import open_index
from detent.core.errors import DetentError
from detent.index import views

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from detent.git import Repo
    from detent.index.handle import Index

#: More blobs than these are analysed when the hook has returned: git and the person wait for it.
_AT_ONCE = 20


def refresh_after_move(namespace: Namespace, *, named: bool) -> int:
    """Bring up to date what is indexed; what takes long is left to a process of its own."""
    with suppress(DetentError):
        repo, index = open_index(namespace)
        event = (namespace.name, namespace.rest) if named else _read_event(repo)
        if not _is_idle(repo, *event):
            _refresh_views(repo, index, at_once=_AT_ONCE)
        index.close()
    return 0


def refresh_in_background(namespace: Namespace) -> int:
    """Bring up to date what is indexed, as often as hooks have asked for it."""
    from detent.index import background

    with suppress(DetentError):
        repo, index = open_index(namespace)
        background.serve_requests(repo, lambda: _refresh_in_session(repo, index))
        index.close()
    return 0


def _refresh_in_session(repo: Repo, index: Index) -> None:
    """Bring up to date what is indexed, by what git answers now."""
    with git.open_session(repo) as now:
        _refresh_views(now, index, at_once=None)


def _read_event(repo: Repo) -> tuple[str, list[str]]:
    """Tell which hook it is, and what git gives it, as frameworks say in the environment."""
    said = repo.env.get
    if kind := said("PRE_COMMIT_CHECKOUT_TYPE"):
        return "post-checkout", [
            said("PRE_COMMIT_FROM_REF", ""),
            said("PRE_COMMIT_TO_REF", ""),
            kind,
        ]
    return "post-rewrite" if said("PRE_COMMIT_REWRITE_COMMAND") else "post-commit", []


def _is_idle(repo: Repo, name: str, rest: Sequence[str]) -> bool:
    """Whether a hook has nothing to bring up to date, or will be followed by one that has."""
    if name == "post-checkout" and rest[2:] == ["1"] and rest[0] == rest[1]:
        return True
    # A rebase checks out and commits many times, and ends with post-rewrite.
    states = ("rebase-merge", "rebase-apply")
    return name != "post-rewrite" and any(
        os.path.isdir(os.path.join(repo.git_dir, one)) for one in states
    )


def _refresh_views(repo: Repo, index: Index, *, at_once: int | None) -> None:
    """Bring up to date what is indexed of the work tree; what fails is left to the next run."""
    if not index.exists:
        return
    from detent.index import refresh

    with suppress(DetentError):
        for view in views.WORKTREE_VIEWS:
            name = views.make_stored_name(repo, view, "")
            if index.open_reader().load_view(name) is None:
                continue
            if (
                at_once is None
                or len(refresh.plan_refresh(repo, index.open_reader(), view).unknown) <= at_once
            ):
                refresh.refresh_view(repo, index, view, jobs=1)
                continue
            _leave_to_background(repo, index)
            return


def _leave_to_background(repo: Repo, index: Index) -> None:
    from detent.index import background

    with suppress(OSError):
        background.request_refresh(repo, index.path)
