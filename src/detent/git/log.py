"""Commits one after the other, with what each changes."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.errors import NotMeasured
from detent.core.namedtuple import NamedTuple
from detent.git.changes import Change, raw_changes
from detent.git.objects import resolve
from detent.git.process import run

if TYPE_CHECKING:
    from detent.git.process import Repo

_MARK = b"\1"


class Commit(NamedTuple):
    """A commit, as the mainline sees it.

    Attributes
    ----------
    oid : str
        Its object id.
    seconds : int
        When it was committed, since 1970.
    changes : list of Change
        What it changes against its first parent.
    """

    oid: str
    seconds: int
    changes: list[Change]


def first_parents(repo: Repo, since: str, until: str) -> list[Commit]:
    """List the commits on the way from one to another, following first parents.

    Parameters
    ----------
    repo : Repo
        The repository.
    since : str
        A revision; it is not listed itself.
    until : str
        The last one.

    Returns
    -------
    list of Commit
        The oldest first.

    Raises
    ------
    NotMeasured
        If there is no such revision.
    """
    ends = [_commit(repo, revision) for revision in (since, until)]
    flags = ["--first-parent", "-m", "--root", "--reverse", "--raw", "-z", "--no-renames"]
    flags += ["--no-abbrev", "--no-show-signature", "--format=%x01%H %ct"]
    said = run(repo, ["log", *flags, f"{ends[0]}..{ends[1]}", "--"])
    return _commits(said.split(b"\0"))


def _commits(fields: list[bytes]) -> list[Commit]:
    """Read records of a mark with the commit, each followed by pairs of a change and its path."""
    found: list[Commit] = []
    rest = iter(fields)
    for field in rest:
        text = field.strip(b"\n")
        if text.startswith(_MARK):
            oid, seconds = text[1:].decode("ascii").split(" ")
            found.append(Commit(oid, int(seconds), []))
        elif text:
            found[-1].changes.extend(raw_changes(b"%b\0%b\0" % (text, next(rest))))
    return found


def ancestors(repo: Repo, revision: str, most: int) -> list[str]:
    """List a commit and those before it, following first parents.

    Parameters
    ----------
    repo : Repo
        The repository.
    revision : str
        The commit.
    most : int
        How many at most.

    Returns
    -------
    list of str
        Object ids, the newest first.

    Raises
    ------
    NotMeasured
        If there is no such commit.
    """
    oid = _commit(repo, revision)
    flags = ["--first-parent", f"--max-count={most}"]
    return run(repo, ["rev-list", *flags, oid, "--"]).decode("ascii").split()


def _commit(repo: Repo, revision: str) -> str:
    oid = resolve(repo, f"{revision}^{{commit}}")
    if not oid:
        raise NotMeasured(
            f"no such commit: {revision!r}",
            "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings more",
        )
    return oid
