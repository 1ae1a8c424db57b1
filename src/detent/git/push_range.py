"""What a push or a run of a framework is about: a commit, and what is there already."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.git import Repo

_PREFIX = "PRE_COMMIT_"


class Range(NamedTuple):
    """A commit that is to be judged, and what it is compared with.

    Attributes
    ----------
    head, base : str
        Revisions; the same where nobody has any of it yet.
    source : str
        What the base is, for a person; not made safe to print.
    """

    head: str
    base: str
    source: str


def between(repo: Repo) -> Range | None:
    """Read the two revisions that a framework was asked to compare.

    Parameters
    ----------
    repo : Repo
        The repository, with the environment of the process.

    Returns
    -------
    Range or None
        None in a commit, and where no framework named both.
    """
    base, head = (repo.env.get(f"{_PREFIX}{name}_REF") for name in ("FROM", "TO"))
    # git names the index in every hook of a commit: the variables are then left from another stage.
    if not (base and head) or "GIT_INDEX_FILE" in repo.env:
        return None
    return Range(head, base, "--from-ref")


def pushed(repo: Repo, remote: str, lines: Iterable[str]) -> list[Range]:
    """Find what a push brings to a remote.

    Parameters
    ----------
    repo : Repo
        The repository, with the environment of the process.
    remote : str
        Its name, or a URL.
    lines : iterable of str
        What git tells its pre-push hook: local ref, its object, remote ref and what is there now.

    Returns
    -------
    list of Range
        One for each ref that brings commits; nothing for what is deleted, or there already.
    """
    found = []
    for line in lines:
        # The local ref may be any expression: spaces are only sure between the last three.
        fields = line.rsplit(maxsplit=3)
        if len(fields) == 4 and (one := _of_ref(repo, remote, fields[1], there=fields[3])):
            found.append(one)
    return list(dict.fromkeys(found))


def of_framework(repo: Repo) -> list[Range]:
    """Find what is pushed where a framework has read what git tells of it.

    Parameters
    ----------
    repo : Repo
        The repository, with the environment of the process.

    Returns
    -------
    list of Range
        One at the most: a framework tells of one ref only.
    """
    remote = repo.env.get(f"{_PREFIX}REMOTE_NAME", "")
    branch = repo.env.get(f"{_PREFIX}LOCAL_BRANCH", "HEAD")
    both = between(repo)
    # What was there before a forced push is no base, and one that is not here cannot be.
    here = both.base if both else ""
    one = _of_ref(repo, remote, both.head if both else branch, there=here)
    return [one] if one else []


def _of_ref(repo: Repo, remote: str, local: str, *, there: str) -> Range | None:
    head, known = _commit(repo, local), _commit(repo, there)
    if not head:
        return None
    source = f"what {remote or 'the remote'} has"
    base = known and git.common_ancestor(repo, known, head)
    left = base or git.base_on_remote(repo, head, remote)
    if left == "":
        # Nothing is new where nothing was before.
        return Range(head, head, f"itself: {remote or 'the remote'} has none of it")
    return None if left in (None, head) else Range(head, str(left), source)


def _commit(repo: Repo, name: str) -> str:
    """Resolve a commit; empty for zeros, git's word for nothing, and for other objects."""
    return git.resolve(repo, f"{name}^{{commit}}") if name.strip("0") else ""
