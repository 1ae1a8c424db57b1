"""The commits of a push, or of a run of pre-commit or prek, and their bases."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.git import Repo

_PREFIX = "PRE_COMMIT_"


class CommitRange(NamedTuple):
    """A commit to check, and what it is compared with."""

    head: str  # a revision
    base: str  # a revision; the head itself where nothing counts as new
    source: str  # what the base is, in words; not escaped


def read_framework_range(repo: Repo) -> CommitRange | None:
    """Read the two revisions that a framework was asked to compare."""
    base, head = (repo.env.get(f"{_PREFIX}{name}_REF") for name in ("FROM", "TO"))
    # In hooks of a commit git names the index, and these variables come from another stage.
    if not (base and head) or "GIT_INDEX_FILE" in repo.env:
        return None
    return CommitRange(head, base, "--from-ref")


def find_pushed_ranges(repo: Repo, remote: str, lines: Iterable[str]) -> list[CommitRange]:
    """Find what a push brings to a remote, from the lines that git gives the hook."""
    ranges = []
    for line in lines:
        # The local ref may be any expression, with spaces in it; the last three fields have none.
        fields = line.rsplit(maxsplit=3)
        if len(fields) == 4:
            ranges.append(_find_ref_range(repo, remote, fields[1], there=fields[3]))
    return list(dict.fromkeys(commits for commits in ranges if commits))


def find_framework_push(repo: Repo) -> list[CommitRange]:
    """Find what is pushed where a framework has read the lines of git; it tells of one ref."""
    remote = repo.env.get(f"{_PREFIX}REMOTE_NAME", "")
    branch = repo.env.get(f"{_PREFIX}LOCAL_BRANCH", "HEAD")
    both = read_framework_range(repo)
    # Before a forced push the remote had another commit, which may not be here.
    there = both.base if both else ""
    found = _find_ref_range(repo, remote, both.head if both else branch, there=there)
    return [found] if found else []


def _find_ref_range(repo: Repo, remote: str, local: str, *, there: str) -> CommitRange | None:
    head, known = _resolve_commit(repo, local), _resolve_commit(repo, there)
    if not head:
        return None
    source = f"what {remote or 'the remote'} has"
    base = git.find_common_ancestor(repo, known, head) if known else None
    base = base or git.find_remote_base(repo, head, remote)
    if base == "":
        # Without anything to compare with, nothing counts as new.
        return CommitRange(head, head, f"itself: {remote or 'the remote'} has none of it")
    return CommitRange(head, base, source) if base and base != head else None


def _resolve_commit(repo: Repo, name: str) -> str:
    """Resolve a commit; empty for other objects, and for the zeros that mean no object."""
    return git.resolve_revision(repo, f"{name}^{{commit}}") if name.strip("0") else ""
