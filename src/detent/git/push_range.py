"""What a push or a run of a framework is about: a commit, and what is there already."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.git import Repo

_PREFIX = "PRE_COMMIT_"


class CommitRange(NamedTuple):
    """A commit that is to be judged, and what it is compared with."""

    head: str  # revisions; the same where nobody has any of it yet
    base: str
    source: str  # what the base is, for a person; not made safe to print


def read_framework_range(repo: Repo) -> CommitRange | None:
    """Read the two revisions that a framework was asked to compare."""
    base, head = (repo.env.get(f"{_PREFIX}{name}_REF") for name in ("FROM", "TO"))
    # git names the index in every hook of a commit: the variables are then left from another stage.
    if not (base and head) or "GIT_INDEX_FILE" in repo.env:
        return None
    return CommitRange(head, base, "--from-ref")


def find_pushed_ranges(repo: Repo, remote: str, lines: Iterable[str]) -> list[CommitRange]:
    """Find what a push brings to a remote."""
    found = []
    for line in lines:
        # The local ref may be any expression: spaces are only sure between the last three.
        fields = line.rsplit(maxsplit=3)
        if len(fields) == 4 and (one := _find_ref_range(repo, remote, fields[1], there=fields[3])):
            found.append(one)
    return list(dict.fromkeys(found))


def find_framework_push(repo: Repo) -> list[CommitRange]:
    """Find what is pushed where a framework has read what git tells of it."""
    remote = repo.env.get(f"{_PREFIX}REMOTE_NAME", "")
    branch = repo.env.get(f"{_PREFIX}LOCAL_BRANCH", "HEAD")
    both = read_framework_range(repo)
    # What was there before a forced push is no base, and one that is not here cannot be.
    here = both.base if both else ""
    one = _find_ref_range(repo, remote, both.head if both else branch, there=here)
    return [one] if one else []


def _find_ref_range(repo: Repo, remote: str, local: str, *, there: str) -> CommitRange | None:
    head, known = _resolve_commit(repo, local), _resolve_commit(repo, there)
    if not head:
        return None
    source = f"what {remote or 'the remote'} has"
    base = known and git.find_common_ancestor(repo, known, head)
    left = base or git.find_remote_base(repo, head, remote)
    if left == "":
        # Nothing is new where nothing was before.
        return CommitRange(head, head, f"itself: {remote or 'the remote'} has none of it")
    return None if left in (None, head) else CommitRange(head, str(left), source)


def _resolve_commit(repo: Repo, name: str) -> str:
    """Resolve a commit; empty for zeros, git's word for nothing, and for other objects."""
    return git.resolve_revision(repo, f"{name}^{{commit}}") if name.strip("0") else ""
