"""Which commit a run in CI is compared with, on real clones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from detent import git
from detent.core.errors import MeasurementError
from detent.git import ci_base

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox

OID = "a" * 40
ZERO = "0" * 40
GITHUB = "of GitHub's event"

NAMED: list[tuple[dict[str, str], object, list[tuple[str, str]]]] = [
    ({}, {}, []),
    ({}, {"pull_request": {"base": {"sha": OID}}}, [(OID, f"pull_request.base.sha {GITHUB}")]),
    ({}, {"merge_group": {"base_sha": OID}}, [(OID, f"merge_group.base_sha {GITHUB}")]),
    ({}, {"before": OID}, [(OID, f"before {GITHUB}")]),
    ({}, {"before": ZERO}, []),
    ({}, {"before": "HEAD~1"}, []),
    ({}, {"before": ["x"], "pull_request": OID}, []),
    ({}, [1], []),
    ({}, None, []),
    ({"GITHUB_BASE_REF": "main"}, {}, [("refs/remotes/origin/main", "GITHUB_BASE_REF")]),
    ({"GITHUB_BASE_REF": ""}, {}, []),
    ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": OID}, {}, [(OID, "CI_MERGE_REQUEST_DIFF_BASE_SHA")]),
    (
        {"CI_COMMIT_BEFORE_SHA": OID, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "a/b"},
        {},
        [
            ("refs/remotes/origin/a/b", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
            (OID, "CI_COMMIT_BEFORE_SHA"),
        ],
    ),
    ({"CI_COMMIT_BEFORE_SHA": ZERO}, {}, []),
    (
        {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
        {},
        [("refs/remotes/origin/main", "SYSTEM_PULLREQUEST_TARGETBRANCH")],
    ),
    (
        {"BITBUCKET_PR_DESTINATION_BRANCH": "dev"},
        {},
        [("refs/remotes/origin/dev", "BITBUCKET_PR_DESTINATION_BRANCH")],
    ),
    ({"CHANGE_TARGET": "dev"}, {}, [("refs/remotes/origin/dev", "CHANGE_TARGET")]),
    (
        {"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "dev", "BUILDKITE_PULL_REQUEST": "7"},
        {},
        [("refs/remotes/origin/dev", "BUILDKITE_PULL_REQUEST_BASE_BRANCH")],
    ),
    ({"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "x", "BUILDKITE_PULL_REQUEST": "false"}, {}, []),
    ({"DRONE_TARGET_BRANCH": "main"}, {}, []),
    (
        {"DRONE_TARGET_BRANCH": "main", "DRONE_PULL_REQUEST": "3"},
        {},
        [("refs/remotes/origin/main", "DRONE_TARGET_BRANCH")],
    ),
    ({"TRAVIS_BRANCH": "main", "TRAVIS_PULL_REQUEST": "false"}, {}, []),
    (
        {"TRAVIS_BRANCH": "main", "TRAVIS_PULL_REQUEST": "12"},
        {},
        [("refs/remotes/origin/main", "TRAVIS_BRANCH")],
    ),
]


@pytest.mark.parametrize(("env", "event", "expected"), NAMED)
def test_what_the_services_say(
    env: dict[str, str], event: object, expected: list[tuple[str, str]]
) -> None:
    found = [(one.revision, one.source) for one in ci_base.list_candidates(env, event)]
    default = ("refs/remotes/origin/HEAD", "the default branch of origin")
    assert found == [*expected, default]


class Hosted:
    """A repository with a branch to merge, and clones of it as services make them."""

    def __init__(self, repo: Sandbox, place: Path) -> None:
        self.repo, self.place = repo, place
        self.first = repo.commit("first", **{"a.py": "1"})
        repo.git("checkout", "-q", "-b", "topic")
        self.topic = repo.commit("topic", **{"b.py": "1"})
        repo.git("checkout", "-q", "main")
        self.main = repo.commit("main goes on", **{"a.py": "2"})
        repo.git("checkout", "-q", "--detach")
        repo.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
        self.merge = repo.git("rev-parse", "HEAD").strip()
        repo.git("branch", "pull", self.merge)
        repo.git("checkout", "-q", "main")

    def clone(self, branch: str, *options: str) -> git.Repo:
        target = self.place / "clone"
        source = self.repo.path.as_uri()
        self.repo.git("clone", "-q", *options, "-b", branch, source, str(target))
        return git.discover_repo(str(target), self.repo.env)

    @property
    def event(self) -> dict[str, Any]:
        return {"pull_request": {"base": {"sha": self.first}, "head": {"sha": self.topic}}}


@pytest.fixture
def hosted(repo: Sandbox, tmp_path: Path) -> Hosted:
    return Hosted(repo, tmp_path)


@pytest.mark.parametrize("options", [(), ("--depth", "2")])
def test_a_merge_commit_of_github_is_compared_with_its_base(
    hosted: Hosted, options: tuple[str, ...]
) -> None:
    clone = hosted.clone("pull", *options)
    assert ci_base.choose_base(clone, {}, hosted.event) == (
        hosted.main, "the base of GitHub's merge commit", True
    )  # fmt: skip


def test_the_branch_itself_is_compared_with_the_base_of_the_event(hosted: Hosted) -> None:
    assert ci_base.choose_base(hosted.clone("topic"), {}, hosted.event).revision == hosted.first


@pytest.mark.parametrize("branch", ["pull", "topic"])
def test_a_clone_that_is_too_shallow_is_no_reason_to_guess(hosted: Hosted, branch: str) -> None:
    clone = hosted.clone(branch, "--depth", "1")
    with pytest.raises(MeasurementError, match="is not in this clone") as caught:
        ci_base.choose_base(clone, {"GITHUB_BASE_REF": "main"}, hosted.event)
    assert "fetch-depth: 0" in caught.value.hint
    assert "git fetch --unshallow" in caught.value.hint


def test_a_forced_push_is_compared_with_the_default_branch(hosted: Hosted) -> None:
    clone = hosted.clone("topic")
    assert ci_base.choose_base(clone, {}, {"before": OID}) == (
        hosted.main, "the default branch of origin", False
    )  # fmt: skip
    assert ci_base.choose_base(clone, {}, {"before": hosted.first}).revision == hosted.first


def test_what_the_default_branch_has_already_is_compared_with_its_parent(hosted: Hosted) -> None:
    found = ci_base.choose_base(hosted.clone("main"), {"CI_COMMIT_BEFORE_SHA": ZERO}, {})
    assert found.revision == hosted.first
    assert found.source == "before HEAD, which is in the default branch of origin"


def test_the_first_commit_of_all_is_compared_with_nothing(hosted: Hosted) -> None:
    hosted.repo.git("checkout", "-q", hosted.first)
    hosted.repo.git("branch", "-f", "main", hosted.first)
    clone = hosted.clone("main")
    assert ci_base.choose_base(clone, {}, {}).revision == clone.empty_tree


def test_without_a_remote_somebody_has_to_say_it(repo: Sandbox) -> None:
    repo.commit(**{"a.py": "1"})
    with pytest.raises(MeasurementError) as caught:
        ci_base.choose_base(git.discover_repo(str(repo.path), repo.env), {}, {})
    assert caught.value.hint == "name one: `detent ci --base REV`"


def test_a_branch_is_never_taken_for_an_option(repo: Sandbox) -> None:
    repo.commit(**{"a.py": "1"})
    clone = git.discover_repo(str(repo.path), repo.env)
    for name in ("--all", "-x", "$(touch x)", "a b", "..", "\n", ":/first", "@{upstream}"):
        with pytest.raises(MeasurementError):
            ci_base.choose_base(clone, {"CHANGE_TARGET": name}, {})
    assert sorted(path.name for path in repo.path.iterdir()) == [".git", "a.py"]
