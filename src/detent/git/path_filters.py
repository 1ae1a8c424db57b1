"""An index of which commit changes which paths, made by git in a directory of ours.

A commit graph with filters for changed paths makes `git log -- PATH` read only commits that may
have changed the path. git makes none by itself, and its own files are not ours to add to.
"""

from __future__ import annotations

import os
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.errors import GitError
from detent.git.process import call_git, require_success

if TYPE_CHECKING:
    from detent.git.process import Repo

#: With fewer commits, git is quick enough without filters; with more, they take minutes.
_LEAST_COMMITS = 1_000
_MOST_COMMITS = 200_000
_TIP = "tip"


def open_path_filters(repo: Repo, commit: str, directory: str) -> Repo:
    """Give a repository in which git finds the changes of paths quickly.

    The filters are made, or made again, if a thousand commits lack them; without any if that is
    not possible.
    """
    own = repo.with_variables(
        GIT_OBJECT_DIRECTORY=directory,
        GIT_ALTERNATE_OBJECT_DIRECTORIES=_list_object_directories(repo),
    )
    with suppress(OSError, GitError):
        if _has_filters(repo, commit, directory):
            return own._replace(session=repo.session)
        if _LEAST_COMMITS <= _count_commits(repo, commit) <= _MOST_COMMITS:
            _make_filters(own, commit, directory)
            return own._replace(session=repo.session)
    return repo


def _list_object_directories(repo: Repo) -> str:
    """List the directories of the repository's objects, as git reads them from a variable."""
    main = repo.env.get("GIT_OBJECT_DIRECTORY") or os.path.join(repo.common_dir, "objects")
    quoted = '"' + main.replace("\\", "\\\\").replace('"', '\\"') + '"'
    others = repo.env.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
    return os.pathsep.join([quoted, others] if others else [quoted])


def _has_filters(repo: Repo, commit: str, directory: str) -> bool:
    """Tell whether there are filters for all but a few commits."""
    try:
        with open(os.path.join(directory, _TIP), encoding="ascii") as file:
            tip = file.read()
    except (OSError, UnicodeError):
        return False
    return tip == commit or _count_commits(repo, f"^{tip}", commit) < _LEAST_COMMITS


def _count_commits(repo: Repo, *commits: str) -> int:
    most = f"--max-count={_MOST_COMMITS + 1}"
    done = call_git(repo, ["rev-list", "--count", most, *commits, "--"])
    return int(done.stdout) if done.returncode == 0 else _MOST_COMMITS + 1


def _make_filters(own: Repo, commit: str, directory: str) -> None:
    """Make the filters of a commit and of all before it."""
    os.makedirs(os.path.join(directory, "info"), exist_ok=True)
    command = ["commit-graph", "write", "--stdin-commits", "--changed-paths", "--no-progress"]
    done = call_git(own, [*command, "--object-dir", directory], given=f"{commit}\n".encode())
    require_success(done, own.top)
    with open(os.path.join(directory, _TIP), "w", encoding="ascii") as file:
        file.write(commit)
