from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.core.errors import MeasurementError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox


def discovered(repo: Sandbox, place: Path | None = None) -> git.Repo:
    return git.discover_repo(str(place or repo.path), repo.env)


@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        ("HEAD", "HEAD^{tree}"),
        ("main", "HEAD^{tree}"),
        ("HEAD~1", "HEAD~1^{tree}"),
        ("v1", "HEAD~1^{tree}"),
        ("v1^{tree}", "HEAD~1^{tree}"),
        ("HEAD:sub", "HEAD:sub"),
        (":/first", "HEAD~1^{tree}"),
        ("@{0}", "HEAD^{tree}"),
    ],
)
def test_whatever_names_a_tree(repo: Sandbox, revision: str, expected: str) -> None:
    repo.commit("first", **{"sub/a.py": "a"})
    repo.git("tag", "-a", "-m", "annotated", "v1")
    repo.commit("second", **{"sub/b.py": "b", "HEAD": "", "main": "", "v1": ""})
    tree = repo.git("rev-parse", expected).strip()
    assert git.resolve_tree(discovered(repo), revision) == tree
    assert git.resolve_tree(discovered(repo), tree) == tree


@pytest.mark.parametrize(
    "revision", ["nothing", "", "--all", "-h", "HEAD:a.py", "HEAD..main", "0" * 40, "a b", "HEAD\n"]
)
def test_what_names_no_tree(repo: Sandbox, revision: str) -> None:
    repo.commit("first", **{"a.py": "a"})
    with pytest.raises(MeasurementError, match="no such revision"):
        git.resolve_tree(discovered(repo), revision)


def test_a_branch_without_commits_has_the_empty_tree(repo: Sandbox) -> None:
    empty = git.EMPTY_TREES["sha1"]
    assert git.resolve_tree(discovered(repo), "HEAD") == empty
    with pytest.raises(MeasurementError):
        git.resolve_tree(discovered(repo), "main")
    repo.commit("first", **{"a.py": "a"})
    repo.git("checkout", "-q", "--orphan", "other")
    assert git.resolve_tree(discovered(repo), "HEAD") == empty


def test_a_branch_whose_commit_is_lost_is_not_unborn(repo: Sandbox) -> None:
    head = repo.commit("first", **{"a.py": "a"})
    (repo.path / f".git/objects/{head[:2]}/{head[2:]}").unlink()
    with pytest.raises(MeasurementError, match="no such revision"):
        git.resolve_tree(discovered(repo), "HEAD")


def test_empty_trees_are_what_git_says(repo: Sandbox, tmp_path: Path) -> None:
    for object_format, oid in git.EMPTY_TREES.items():
        path = str(tmp_path / object_format)
        repo.git("init", "-q", f"--object-format={object_format}", path)
        assert repo.git("-C", path, "hash-object", "-t", "tree", "/dev/null").strip() == oid


def test_first_parent(repo: Sandbox) -> None:
    first, second = repo.commit("first"), repo.commit("second")
    assert git.resolve_first_parent(discovered(repo), second) == first
    assert git.resolve_first_parent(discovered(repo), first) == ""


def test_the_merge_base_of_two_branches(repo: Sandbox) -> None:
    fork = repo.commit("fork")
    repo.git("checkout", "-q", "-b", "other")
    repo.commit("other")
    repo.git("checkout", "-q", "main")
    repo.commit("main")
    found = discovered(repo)
    assert git.find_merge_base(found, "main", "other") == fork
    assert git.find_merge_base(found, fork, "other") == fork
    tree = git.resolve_tree(found, "main")
    assert git.find_merge_base(found, "main^{tree}", "other") == tree
    with pytest.raises(MeasurementError, match="no such revision"):
        git.find_merge_base(found, "nothing", "other")


def test_unrelated_branches_have_nothing_to_compare_with(repo: Sandbox) -> None:
    repo.commit("one")
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit("other")
    with pytest.raises(MeasurementError, match="no common ancestor"):
        git.find_merge_base(discovered(repo), "main", "other")


def test_a_shallow_clone_has_nothing_to_compare_with(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("fork")
    repo.git("branch", "other")
    for number in range(3):
        repo.commit(f"main {number}")
    repo.git("checkout", "-q", "other")
    repo.commit("other")
    url = f"file://{repo.path}"
    clone = repo._replace(path=tmp_path / "clone")
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", url, str(clone.path))
    with pytest.raises(MeasurementError, match="no common ancestor") as caught:
        git.find_merge_base(discovered(clone), "origin/main", "HEAD")
    assert "fetch" in caught.value.hint
    clone.git("fetch", "-q", "--unshallow")
    assert git.find_merge_base(discovered(clone), "origin/main", "HEAD")


EXPRESSIONS = [
    "HEAD",
    ":/newest",
    "HEAD^{/newest}",
    "HEAD^{/new:est|newest}",
    "@{u}",
    "@",
    "main@{0}",
    "light",
    "heavy",
    "twice",
    "heavy^{}",
    "refs/heads/main",
]


@pytest.mark.parametrize("revision", EXPRESSIONS)
def test_every_expression_has_its_commit_tree_and_parents(repo: Sandbox, revision: str) -> None:
    old = repo.commit("old", a="1")
    new = repo.commit("newest", a="2")
    repo.git("tag", "light")
    repo.git("tag", "-a", "heavy", "-m", "t")
    repo.git("tag", "-a", "twice", "-m", "t", "heavy")
    repo.git("branch", "up")
    repo.git("branch", "-q", "--set-upstream-to=up")
    here = discovered(repo)
    assert git.list_parents(here, revision) == [old]
    assert git.resolve_first_parent(here, revision) == old
    assert git.resolve_tree(here, revision) == repo.git("rev-parse", f"{new}^{{tree}}").strip()
    assert git.find_merge_base(here, revision, revision) == new


def test_a_tree_and_a_root_have_no_parents(repo: Sandbox) -> None:
    repo.commit("root", **{"a/b": "1"})
    here = discovered(repo)
    for revision in ("HEAD", "HEAD^{tree}", "HEAD:a", "nothing"):
        assert git.list_parents(here, revision) == []


def test_a_message_with_the_word_parent_names_none(repo: Sandbox) -> None:
    repo.commit(f"x\n\nparent {'1' * 40}")
    assert git.list_parents(discovered(repo), "HEAD") == []


def test_merge_heads(repo: Sandbox) -> None:
    repo.commit("fork")
    assert git.list_merge_heads(discovered(repo)) == []
    heads = []
    for name in ("one", "two"):
        repo.git("checkout", "-q", "-b", name, "main")
        heads.append(repo.commit(name, **{f"{name}.py": name}))
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-commit", "--no-ff", "one", "two")
    assert git.list_merge_heads(discovered(repo)) == heads
