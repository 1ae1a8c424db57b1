"""Every call of git.

git is asked in bytes and with ``-z``, with the settings that matter fixed on each call, and for
object ids rather than paths, so that no file name can be taken for an option, a revision or a
pattern. Nothing here reads the index file or an object by itself: `docs/decisions` says why.
"""

from detent.git.attributes import expect_foreign, foreign
from detent.git.changes import (
    Change,
    Unmerged,
    beside,
    committed,
    edited,
    expect_staged,
    on_both,
    renames,
    staged,
)
from detent.git.disk import blob_id, on_disk
from detent.git.objects import (
    base_on_remote,
    blobs,
    common_ancestor,
    expect_blobs,
    first_parent,
    merge_base,
    merge_heads,
    recent_blobs,
    resolve,
    tree_of,
    version,
    worktrees,
)
from detent.git.process import EMPTY_TREES, Repo, discover, expect_repo
from detent.git.session import look_again, standing

__all__ = [
    "EMPTY_TREES",
    "Change",
    "Repo",
    "Unmerged",
    "base_on_remote",
    "beside",
    "blob_id",
    "blobs",
    "committed",
    "common_ancestor",
    "discover",
    "edited",
    "expect_blobs",
    "expect_foreign",
    "expect_repo",
    "expect_staged",
    "first_parent",
    "foreign",
    "look_again",
    "merge_base",
    "merge_heads",
    "on_both",
    "on_disk",
    "recent_blobs",
    "renames",
    "resolve",
    "staged",
    "standing",
    "tree_of",
    "version",
    "worktrees",
]
