"""Every change of a file in the history of a repository, the newest commit first."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.git.process import LOG_OPTIONS, resolve_revision, run_git
from detent.git.revisions import require_commit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from detent.git.process import Repo

_MARK = b"\1"
_REGULAR_MODE = "100"


class LoggedChange(NamedTuple):
    """What a commit changed at one path."""

    commit: str
    seconds: int  # when it was committed, since 1970
    path: bytes
    old: str  # object ids of regular files; empty where there is none
    new: str


def list_logged_changes(
    repo: Repo, revision: str, paths: Collection[bytes] = ()
) -> list[LoggedChange]:
    """List what the commits up to a revision, or between two, or of all refs, changed.

    A merge counts as the commits that it merges, which are listed by themselves.
    """
    flags = ["--raw", "-z", "--format=%x01%H %ct"]
    which = _resolve_range(repo, revision) if revision else ["--all"]
    log = run_git(repo, ["log", *LOG_OPTIONS, *flags, *which, "--", *map(os.fsdecode, paths)])
    return list(_parse_changes(log))


def identify_history(repo: Repo, revision: str) -> str:
    """Name what `list_logged_changes` lists: the same name means the same list."""
    if revision:
        return " ".join(_resolve_range(repo, revision))
    refs = run_git(repo, ["for-each-ref", "--format=%(objectname)"]).decode("ascii").split()
    return " ".join(sorted({resolve_revision(repo, "HEAD"), *refs}))


def _resolve_range(repo: Repo, revision: str) -> list[str]:
    since, dots, until = revision.partition("..")
    if not dots:
        return [require_commit(repo, revision)]
    return [require_commit(repo, until or "HEAD"), f"^{require_commit(repo, since or 'HEAD')}"]


def _parse_changes(log: bytes) -> Iterator[LoggedChange]:
    commit, seconds = "", 0
    rest = iter(log.split(b"\0"))
    for field in rest:
        text = field.strip(b"\n")
        if text.startswith(_MARK):
            oid, time = text[1:].decode("ascii").split(" ")
            commit, seconds = oid, int(time)
        elif text:
            old_mode, new_mode, old, new, _ = text[1:].decode("ascii").split(" ")
            yield LoggedChange(
                commit,
                seconds,
                next(rest),
                old if old_mode.startswith(_REGULAR_MODE) else "",
                new if new_mode.startswith(_REGULAR_MODE) else "",
            )
