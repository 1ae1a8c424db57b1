"""Every call of git.

git is asked in bytes and with ``-z``, with the settings that matter fixed on each call, and for
object ids rather than paths, so that no file name can be taken for an option, a revision or a
pattern. Nothing here reads the index file or an object by itself: `docs/decisions` says why.
"""

from detent.git.attributes import generated_or_vendored
from detent.git.blobs import find_missing_objects, read_blobs, read_small_blobs
from detent.git.changes import (
    FileChange,
    UnmergedError,
    find_renames,
    list_staged_changes,
    list_tree_changes,
    list_untracked_files,
    list_worktree_changes,
)
from detent.git.disk import (
    compute_blob_id,
    is_tracked,
    read_from_disk,
    write_tree_files,
)
from detent.git.process import (
    EMPTY_TREES,
    Repo,
    discover_repo,
    open_repo,
    open_session,
    resolve_revision,
)
from detent.git.revisions import (
    find_common_ancestor,
    find_merge_base,
    find_remote_base,
    list_merge_heads,
    list_parents,
    list_recent_blobs,
    list_worktrees,
    read_version,
    resolve_first_parent,
    resolve_tree,
)
from detent.git.session import GitSession

__all__ = [
    "EMPTY_TREES",
    "FileChange",
    "GitSession",
    "Repo",
    "UnmergedError",
    "compute_blob_id",
    "discover_repo",
    "find_common_ancestor",
    "find_merge_base",
    "find_missing_objects",
    "find_remote_base",
    "find_renames",
    "generated_or_vendored",
    "is_tracked",
    "list_merge_heads",
    "list_parents",
    "list_recent_blobs",
    "list_staged_changes",
    "list_tree_changes",
    "list_untracked_files",
    "list_worktree_changes",
    "list_worktrees",
    "open_repo",
    "open_session",
    "read_blobs",
    "read_from_disk",
    "read_small_blobs",
    "read_version",
    "resolve_first_parent",
    "resolve_revision",
    "resolve_tree",
    "write_tree_files",
]
