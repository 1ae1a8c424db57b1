"""Commits one after the other, with what each changes."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError
from detent.core.namedtuple import NamedTuple
from detent.git.changes import FileChange, parse_raw_changes
from detent.git.objects import resolve_revision
from detent.git.process import run_git

if TYPE_CHECKING:
    from detent.git.process import Repo

_MARK = b"\1"


class Commit(NamedTuple):
    """A commit, as the mainline sees it."""

    oid: str  # its object id
    seconds: int  # when it was committed, since 1970
    changes: list[FileChange]  # what it changes against its first parent


def list_first_parents(repo: Repo, since: str, until: str) -> list[Commit]:
    """List the commits on the way from one to another, following first parents."""
    ends = [_require_commit(repo, revision) for revision in (since, until)]
    flags = ["--first-parent", "-m", "--root", "--reverse", "--raw", "-z", "--no-renames"]
    flags += ["--no-abbrev", "--no-show-signature", "--format=%x01%H %ct"]
    said = run_git(repo, ["log", *flags, f"{ends[0]}..{ends[1]}", "--"])
    return _parse_commits(said.split(b"\0"))


def _parse_commits(fields: list[bytes]) -> list[Commit]:
    """Read records of a mark with the commit, each followed by pairs of a change and its path."""
    found: list[Commit] = []
    rest = iter(fields)
    for field in rest:
        text = field.strip(b"\n")
        if text.startswith(_MARK):
            oid, seconds = text[1:].decode("ascii").split(" ")
            found.append(Commit(oid, int(seconds), []))
        elif text:
            found[-1].changes.extend(parse_raw_changes(b"%b\0%b\0" % (text, next(rest))))
    return found


def list_ancestors(repo: Repo, revision: str, most: int) -> list[str]:
    """List a commit and those before it, following first parents."""
    oid = _require_commit(repo, revision)
    flags = ["--first-parent", f"--max-count={most}"]
    return run_git(repo, ["rev-list", *flags, oid, "--"]).decode("ascii").split()


def _require_commit(repo: Repo, revision: str) -> str:
    oid = resolve_revision(repo, f"{revision}^{{commit}}")
    if not oid:
        raise MeasurementError(
            f"no such commit: {revision!r}",
            "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings more",
        )
    return oid
