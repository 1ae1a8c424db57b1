"""Every call of git.

git is asked in bytes and with ``-z``, with the settings that matter fixed on each call, and for
object ids rather than paths, so that no file name can be taken for an option, a revision or a
pattern. Nothing here reads the index file or an object by itself: `docs/decisions` says why.
"""

from detent.git.attributes import expect_generated_or_vendored, generated_or_vendored
from detent.git.changes import (
    FileChange,
    UnmergedError,
    expect_staged_changes,
    find_renames,
    list_all_changes,
    list_staged_changes,
    list_tree_changes,
    list_worktree_changes,
    run_in_thread,
)
from detent.git.disk import compute_blob_id, read_from_disk
from detent.git.objects import (
    expect_blobs,
    find_common_ancestor,
    find_merge_base,
    find_remote_base,
    list_merge_heads,
    list_recent_blobs,
    list_worktrees,
    read_blobs,
    read_version,
    resolve_first_parent,
    resolve_revision,
    resolve_tree,
)
from detent.git.process import EMPTY_TREES, Repo, discover_repo, expect_repo
from detent.git.session import invalidate, session

__all__ = [
    "EMPTY_TREES",
    "FileChange",
    "Repo",
    "UnmergedError",
    "compute_blob_id",
    "discover_repo",
    "expect_blobs",
    "expect_generated_or_vendored",
    "expect_repo",
    "expect_staged_changes",
    "find_common_ancestor",
    "find_merge_base",
    "find_remote_base",
    "find_renames",
    "generated_or_vendored",
    "invalidate",
    "list_all_changes",
    "list_merge_heads",
    "list_recent_blobs",
    "list_staged_changes",
    "list_tree_changes",
    "list_worktree_changes",
    "list_worktrees",
    "read_blobs",
    "read_from_disk",
    "read_version",
    "resolve_first_parent",
    "resolve_revision",
    "resolve_tree",
    "run_in_thread",
    "session",
]
