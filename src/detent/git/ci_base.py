"""Choose the commit that a run in CI is compared with, by the variables of the service."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.errors import MeasurementError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from detent.git import Repo

_FETCH_HINT = "`git fetch --unshallow`; GitHub: `fetch-depth: 0`; GitLab: `GIT_DEPTH: 0`"

#: Variables that name the target branch of a pull request. Most services set them in no other runs;
#: the others have a second variable whose value is not one of these in a pull request.
_TARGET_VARIABLES = (
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
    """A commit that a change may be compared with."""

    revision: str  # as git resolves it
    source: str  # the variable or event that named it
    required: bool = True  # whether it is an error if the clone does not have it


def list_candidates(env: Mapping[str, str], event: object) -> list[Candidate]:
    """List the candidates, the best first."""
    return [
        *_list_github_bases(event if isinstance(event, dict) else {}),
        *_read_variable(env, "CI_MERGE_REQUEST_DIFF_BASE_SHA"),
        *_list_target_branches(env),
        *_list_push_bases(env, event if isinstance(event, dict) else {}),
        Candidate("refs/remotes/origin/HEAD", "the default branch of origin", required=False),
    ]


def choose_base(repo: Repo, env: Mapping[str, str], event: object) -> Candidate:
    """Choose the first candidate that is in the clone."""
    merged = _follow_keys(event, "pull_request", "head", "sha")
    found = list_candidates(env, event)
    if merged and git.resolve_revision(repo, "HEAD^2") == merged:
        # GitHub has merged the request into the base as it is now.
        found.insert(0, Candidate("HEAD^1", "the base of GitHub's merge commit"))
    for candidate in found:
        if oid := git.resolve_revision(repo, f"{candidate.revision}^{{commit}}"):
            return _move_before_head(repo, candidate._replace(revision=oid))
        if candidate.required:
            raise MeasurementError(
                f"the base {candidate.revision!r} ({candidate.source}) is not in this clone",
                _FETCH_HINT,
            )
    raise MeasurementError(
        "no base commit found to compare with", "name one: `detent ci --base REV`"
    )


def _move_before_head(repo: Repo, candidate: Candidate) -> Candidate:
    """Take the parent of HEAD where an optional candidate contains HEAD already."""
    if candidate.required:
        return candidate
    base = git.find_merge_base(repo, candidate.revision, "HEAD")
    if base != git.resolve_revision(repo, "HEAD"):
        return candidate
    parents = git.list_parents(repo, "HEAD")
    parent = parents[0] if parents else repo.empty_tree
    return Candidate(parent, f"before HEAD, which is in {candidate.source}")


def _list_github_bases(event: dict[str, Any]) -> Iterator[Candidate]:
    for name, keys in (
        ("pull_request.base.sha", ("pull_request", "base", "sha")),
        ("merge_group.base_sha", ("merge_group", "base_sha")),
    ):
        if oid := _follow_keys(event, *keys):
            yield Candidate(oid, f"{name} of GitHub's event")


def _list_target_branches(env: Mapping[str, str]) -> Iterator[Candidate]:
    for name, condition, negative in _TARGET_VARIABLES:
        if env.get(name) and (not condition or env.get(condition, "") not in negative):
            branch = env[name].removeprefix("refs/heads/")
            yield Candidate(f"refs/remotes/origin/{branch}", name)


def _list_push_bases(env: Mapping[str, str], event: dict[str, Any]) -> Iterator[Candidate]:
    if oid := _follow_keys(event, "before"):
        yield Candidate(oid, "before of GitHub's event", required=False)
    for candidate in _read_variable(env, "CI_COMMIT_BEFORE_SHA"):
        yield candidate._replace(required=False)


def _read_variable(env: Mapping[str, str], name: str) -> Iterator[Candidate]:
    if oid := _validate_oid(env.get(name)):
        yield Candidate(oid, name)


def _follow_keys(value: object, *keys: str) -> str:
    """Follow the keys of nested objects to an object id."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return _validate_oid(value)


def _validate_oid(value: object) -> str:
    """Give an object id that names something, else an empty string."""
    if not isinstance(value, str) or len(value) not in {40, 64} or not value.strip("0"):
        return ""
    return value if all(digit in "0123456789abcdef" for digit in value) else ""
