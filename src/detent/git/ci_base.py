"""Which commit a run in CI is to be compared with, by what the service says of the run."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.errors import NotMeasured
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from detent.git import Repo

_DEEPER = "`git fetch --unshallow`; GitHub: `fetch-depth: 0`; GitLab: `GIT_DEPTH: 0`"

#: Variables that name the branch a pull request wants to go to; most services set them in no other
#: runs, the others say with a second variable whether this is one.
_TARGETS = (
    ("GITHUB_BASE_REF", "", ()),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "", ()),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", "", ()),
    ("BITBUCKET_PR_DESTINATION_BRANCH", "", ()),
    ("CHANGE_TARGET", "", ()),
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "BUILDKITE_PULL_REQUEST", ("", "false")),
    ("DRONE_TARGET_BRANCH", "DRONE_PULL_REQUEST", ("",)),
    ("TRAVIS_BRANCH", "TRAVIS_PULL_REQUEST", ("", "false")),
)


class Candidate(NamedTuple):
    """A commit that a change may be compared with.

    Attributes
    ----------
    revision : str
        As git resolves it.
    source : str
        What named it, for a person.
    binding : bool
        Whether it is an error that it is not in the clone: what a pull request wants to go to
        cannot be replaced by a guess, what a branch was before a forced push can.
    """

    revision: str
    source: str
    binding: bool = True


def candidates(env: Mapping[str, str], event: object) -> list[Candidate]:
    """List what a run may be compared with, the best first.

    Parameters
    ----------
    env : mapping of str to str
        The environment of the process.
    event : object
        What the file named by ``GITHUB_EVENT_PATH`` holds, or anything else.

    Returns
    -------
    list of Candidate
        Commits of pull requests, then the branches that they go to, then what was there before a
        push, then the default branch of the remote.
    """
    return [
        *_github(event if isinstance(event, dict) else {}),
        *_named(env, "CI_MERGE_REQUEST_DIFF_BASE_SHA"),
        *_branches(env),
        *_pushed(env, event if isinstance(event, dict) else {}),
        Candidate("refs/remotes/origin/HEAD", "the default branch of origin", binding=False),
    ]


def choose(repo: Repo, env: Mapping[str, str], event: object) -> Candidate:
    """Choose the first candidate that is in the clone.

    Parameters
    ----------
    repo : Repo
        The repository; its HEAD is judged.
    env, event : object
        As for `candidates`.

    Returns
    -------
    Candidate
        An object id, with where it comes from.

    Raises
    ------
    NotMeasured
        If what a pull request wants to go to is not in the clone, or nothing names a commit.
    """
    merged = _oid(event, "pull_request", "head", "sha")
    found = candidates(env, event)
    if merged and git.resolve(repo, "HEAD^2") == merged:
        # GitHub has merged the request into the base as it is now.
        found.insert(0, Candidate("HEAD^1", "the base of GitHub's merge commit"))
    for one in found:
        if oid := git.resolve(repo, f"{one.revision}^{{commit}}"):
            return _before(repo, one._replace(revision=oid))
        if one.binding:
            raise NotMeasured(
                f"the base {one.revision!r} ({one.source}) is not in this clone", _DEEPER
            )
    raise NotMeasured("nothing says what to compare with", "name it: `detent ci --base REV`")


def _before(repo: Repo, one: Candidate) -> Candidate:
    """Go back one commit where the candidate has all that HEAD has."""
    if one.binding or git.merge_base(repo, one.revision, "HEAD") != git.resolve(repo, "HEAD"):
        return one
    parent = git.first_parent(repo, "HEAD")
    return Candidate(parent or repo.empty_tree, f"before HEAD, which is in {one.source}")


def _github(event: dict[str, Any]) -> Iterator[Candidate]:
    for name, keys in (
        ("pull_request.base.sha", ("pull_request", "base", "sha")),
        ("merge_group.base_sha", ("merge_group", "base_sha")),
    ):
        if oid := _oid(event, *keys):
            yield Candidate(oid, f"{name} of GitHub's event")


def _branches(env: Mapping[str, str]) -> Iterator[Candidate]:
    for name, condition, negative in _TARGETS:
        if env.get(name) and (not condition or env.get(condition, "") not in negative):
            branch = env[name].removeprefix("refs/heads/")
            yield Candidate(f"refs/remotes/origin/{branch}", name)


def _pushed(env: Mapping[str, str], event: dict[str, Any]) -> Iterator[Candidate]:
    if oid := _oid(event, "before"):
        yield Candidate(oid, "before of GitHub's event", binding=False)
    for one in _named(env, "CI_COMMIT_BEFORE_SHA"):
        yield one._replace(binding=False)


def _named(env: Mapping[str, str], name: str) -> Iterator[Candidate]:
    if oid := _object_id(env.get(name)):
        yield Candidate(oid, name)


def _oid(value: object, *keys: str) -> str:
    """Follow the keys of nested objects to an object id."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return _object_id(value)


def _object_id(value: object) -> str:
    """Take nothing for an object id but one that names something."""
    if not isinstance(value, str) or len(value) not in {40, 64} or not value.strip("0"):
        return ""
    return value if all(digit in "0123456789abcdef" for digit in value) else ""
