"""Commits along first parents, and one in a directory of its own."""

from __future__ import annotations

import os
from collections import Counter

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.git.changes import FileChange, parse_raw_changes
from detent.git.process import (
    LOCAL_VARIABLES,
    LOG_OPTIONS,
    call_git_in,
    require_success,
    resolve_revision,
    run_git,
)
from detent.git.revisions import require_commit

if TYPE_CHECKING:
    from detent.git.process import Repo

_MARK = b"\1"


class Commit(NamedTuple):
    """A commit of the mainline."""

    oid: str  # its object id
    seconds: int  # when it was committed, since 1970
    changes: list[FileChange]  # what it changes against its first parent
    subject: str = ""  # the first line of its message


def list_first_parents(repo: Repo, since: str, until: str) -> list[Commit]:
    """List the commits between two commits, following first parents."""
    first, last = (require_commit(repo, revision) for revision in (since, until))
    flags = ["--first-parent", "-m", "--reverse", "--raw", "-z"]
    log = run_git(
        repo, ["log", *LOG_OPTIONS, *flags, "--format=%x01%H %ct %s", f"{first}..{last}", "--"]
    )
    return _parse_log(log.split(b"\0"))


def list_path_changes(repo: Repo, commit: str, path: bytes, *, since: str) -> list[Commit]:
    """List the commits up to one that change a file, the newest first; of merges, none."""
    flags = ["--raw", "-z", "--format=%x01%H %ct %s", *([f"--since={since}"] if since else [])]
    log = run_git(repo, ["log", *LOG_OPTIONS, *flags, commit, "--", os.fsdecode(path)])
    return _parse_log(log.split(b"\0"))


def count_path_changes(repo: Repo, revision: str, most: int) -> Counter[bytes]:
    """Count how many of the last commits changed each path; of merges, none."""
    if not resolve_revision(repo, f"{revision}^{{commit}}"):
        return Counter()  # before the first commit, or a tree
    flags = ["--no-merges", f"--max-count={most}", "--name-only", "--no-renames", "-z", "--format="]
    names = run_git(repo, ["log", *LOG_OPTIONS, *flags, revision, "--"])
    return Counter(name.strip(b"\n") for name in names.split(b"\0") if name.strip(b"\n"))


def _parse_log(fields: list[bytes]) -> list[Commit]:
    """Read records of a mark with the commit, each followed by pairs of a change and its path."""
    found: list[Commit] = []
    rest = iter(fields)
    for field in rest:
        text = field.strip(b"\n")
        if text.startswith(_MARK):
            oid, seconds, subject = text[1:].decode("utf-8", "replace").split(" ", 2)
            found.append(Commit(oid, int(seconds), [], subject))
        elif text:
            found[-1].changes.extend(parse_raw_changes(b"%b\0%b\0" % (text, next(rest))))
    return found


def list_ancestors(repo: Repo, revision: str, most: int) -> list[str]:
    """List a commit and those before it, following first parents."""
    oid = require_commit(repo, revision)
    flags = ["--first-parent", f"--max-count={most}"]
    return run_git(repo, ["rev-list", *flags, oid, "--"]).decode("ascii").split()


def check_out_commit(repo: Repo, commit: str, directory: str) -> None:
    """Clone a repository with one commit checked out; neither knows of the other afterwards."""
    env = {name: value for name, value in repo.env.items() if name not in LOCAL_VARIABLES}
    env["GIT_ALLOW_PROTOCOL"] = "file"
    # No hooks: neither those of the template nor those that a person has set for all repositories.
    quiet = ["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"]
    quiet += ["-c", "submodule.recurse=false", "-c", "clone.rejectShallow=false"]
    clone = ["clone", "--quiet", "--shared", "--no-checkout", "--template=", "--", repo.common_dir]
    require_success(call_git_in(repo.top, env, [*quiet, *clone, directory]), repo.top)
    checkout = ["checkout", "--quiet", "--detach", commit]
    require_success(call_git_in(directory, env, [*quiet, *checkout]), directory)
