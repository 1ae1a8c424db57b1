"""Views and their path sets: which blob stands at which path, and what differs from before.

A stored view is a tree of git and the paths where it differs from that tree. Bringing it up to date
takes the difference of two trees where the tree has moved on, and the difference of the index (and
of the work tree) from the new one: git gives both in milliseconds, and no file is read to find out
that it has not changed.
"""

from __future__ import annotations

import os

from detent import TYPE_CHECKING, git
from detent.core.errors import GitError
from detent.core.model import BlobKey
from detent.core.namedtuple import NamedTuple
from detent.languages import detect_language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detent.git import FileChange, Repo
    from detent.store.protocol import StoredView

STAGED = "staged"
WORKTREE = "worktree"

#: The views that each work tree has of its own.
WORKTREE_VIEWS = (STAGED, WORKTREE)


class PathSets(NamedTuple):
    """How a view differs from what was stored of it."""

    tree: str  # the tree that it is taken from now
    is_complete: bool
    present: dict[bytes, BlobKey | None]  # blob by path; None for what is gone
    # the paths where the view differs from `tree`, and what the tree has there
    differences: dict[bytes, BlobKey | None]


def make_stored_name(repo: Repo, view: str, tree: str) -> str:
    """Give the name under which a view is stored."""
    if view not in WORKTREE_VIEWS:
        return f"@{tree}"
    # The directory of a work tree need not be UTF-8, but what is stored must be.
    return os.fsencode(f"{repo.worktree}/{view}").decode("utf-8", "backslashreplace")


def resolve_base_tree(repo: Repo, view: str) -> str:
    """Resolve the tree that a view is taken from."""
    return git.resolve_tree(repo, "HEAD" if view in WORKTREE_VIEWS else view)


def list_differences(repo: Repo, view: str, tree: str) -> list[FileChange]:
    """Compare the files of a view that detent analyses with a tree."""
    return _select_analyzed(list_changes(repo, view, tree))


def list_changes(repo: Repo, view: str, tree: str) -> list[FileChange]:
    """Compare a view with a tree, in files of all kinds."""
    if view not in WORKTREE_VIEWS:
        target = git.resolve_tree(repo, view)
        return git.list_tree_changes(repo, tree, target) if target != tree else []
    indexed = git.list_staged_changes(repo, tree)
    edited = git.list_worktree_changes(repo) if view == WORKTREE else []
    found = {change.path: change for change in indexed}
    for change in edited:
        before = found.get(change.path)
        old = change.old if before is None else before.old
        found[change.path] = change._replace(old=old)
    return [change for change in found.values() if change.old != change.new]


def list_files(repo: Repo, view: str) -> set[bytes]:
    """List all regular files of a view, those of other languages too."""
    return {one.path for one in list_changes(repo, view, repo.empty_tree) if one.new is not None}


def generated_or_vendored(repo: Repo, view: str, paths: Collection[bytes]) -> set[bytes]:
    """Find the files that the attributes of a view call generated or vendored."""
    tree = None if view in WORKTREE_VIEWS else git.resolve_tree(repo, view)
    return git.generated_or_vendored(repo, paths, tree=tree, disk=view == WORKTREE)


def compute_path_sets(
    repo: Repo, view: str, stored: StoredView | None, *, tree: str | None = None
) -> PathSets:
    """Work out what a view is now, as far as it may differ from what is stored."""
    tree = tree or resolve_base_tree(repo, view)
    moved = None if stored is None else _diff_trees(repo, stored.tree, tree)
    if stored is None or moved is None:
        present = {
            c.path: make_key(c.path, c.new)
            for c in _select_analyzed(git.list_tree_changes(repo, repo.empty_tree, tree))
        }
    else:
        present = {**stored.differences, **{c.path: make_key(c.path, c.new) for c in moved}}
    differ = list_differences(repo, view, tree)
    present.update((c.path, make_key(c.path, c.new)) for c in differ)
    return PathSets(
        tree=tree,
        is_complete=moved is None,
        present=present,
        differences={c.path: make_key(c.path, c.old) for c in differ},
    )


def make_key(path: bytes, oid: str | None) -> BlobKey | None:
    """Make the key of what is at a path; None for nothing, or for no language of ours."""
    language = detect_language(path)
    return BlobKey(oid, language) if oid and language else None


def list_analyzed_files(repo: Repo, view: str) -> dict[bytes, BlobKey]:
    """List all files of a view that detent analyses, stored or not."""
    present = compute_path_sets(repo, view, None).present
    return {path: key for path, key in present.items() if key is not None}


def _diff_trees(repo: Repo, old: str, new: str) -> list[FileChange] | None:
    """Compare two trees; None where git has forgotten the old one."""
    if old == new:
        return []
    try:
        return _select_analyzed(git.list_tree_changes(repo, old, new))
    except GitError:
        return None


def _select_analyzed(changes: Iterable[FileChange]) -> list[FileChange]:
    return sorted(change for change in changes if detect_language(change.path))
