"""Delete what no view and no recent commit needs."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.model import BlobKey
from detent.index import views
from detent.languages import LANGUAGES

if TYPE_CHECKING:
    from detent.git import Repo
    from detent.index.handle import Index


def collect_garbage(repo: Repo, index: Index, since: str) -> int:
    """Delete the facts of old blobs; give how many there were."""
    names = [f"{tree}/{view}" for tree in git.list_worktrees(repo) for view in views.WORKTREE_VIEWS]
    recent = git.list_recent_blobs(repo, since)
    keys = [BlobKey(oid, language) for oid in recent for language in LANGUAGES]
    return index.open_writer().collect_garbage(names, keys)
