"""A commit in a directory of its own, to run something there."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.errors import NotMeasured
from detent.git.objects import resolve
from detent.git.process import call, checked

if TYPE_CHECKING:
    from detent.git.process import Repo

_LOCAL = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")


def commit_of(repo: Repo, revision: str) -> str:
    """Resolve a revision to a commit.

    Parameters
    ----------
    repo : Repo
        The repository.
    revision : str
        As a person gives it; taken for nothing but a revision.

    Returns
    -------
    str
        Its object id.

    Raises
    ------
    NotMeasured
        If there is no such commit.
    """
    if found := resolve(repo, f"{revision}^{{commit}}"):
        return found
    raise NotMeasured(
        f"no such commit: {revision!r}",
        "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings older commits",
    )


def check_out(repo: Repo, commit: str, place: str) -> None:
    """Clone a repository with one commit checked out; neither knows of the other afterwards.

    Parameters
    ----------
    repo : Repo
        The repository; objects are shared with it.
    commit : str
        Object id of the commit.
    place : str
        A directory that is not there yet.

    Raises
    ------
    GitError
        If git cannot do it.
    """
    env = {name: value for name, value in repo.env.items() if name not in _LOCAL}
    # No hooks: neither those of the template nor those that a person has set for all repositories.
    quiet = ["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"]
    clone = ["clone", "--quiet", "--shared", "--no-checkout", "--template=", "--", repo.common_dir]
    checked(call(env, repo.top, [*quiet, *clone, place]), repo.top)
    checked(call(env, place, [*quiet, "checkout", "--quiet", "--detach", commit]), place)
