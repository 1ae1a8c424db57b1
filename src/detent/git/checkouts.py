"""A commit in a directory of its own, to run something there."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError
from detent.git.objects import resolve_revision
from detent.git.process import call_git, require_success

if TYPE_CHECKING:
    from detent.git.process import Repo

_LOCAL_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")


def require_commit(repo: Repo, revision: str) -> str:
    """Resolve a revision to a commit."""
    if found := resolve_revision(repo, f"{revision}^{{commit}}"):
        return found
    raise MeasurementError(
        f"no such commit: {revision!r}",
        "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings older commits",
    )


def check_out_commit(repo: Repo, commit: str, place: str) -> None:
    """Clone a repository with one commit checked out; neither knows of the other afterwards."""
    env = {name: value for name, value in repo.env.items() if name not in _LOCAL_VARIABLES}
    # No hooks: neither those of the template nor those that a person has set for all repositories.
    quiet = ["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"]
    clone = ["clone", "--quiet", "--shared", "--no-checkout", "--template=", "--", repo.common_dir]
    require_success(call_git(env, repo.top, [*quiet, *clone, place]), repo.top)
    require_success(
        call_git(env, place, [*quiet, "checkout", "--quiet", "--detach", commit]), place
    )
