from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.core.errors import GitError
from detent.git.commits import check_out_commit, list_ancestors, list_first_parents
from detent.git.process import call_git, find_program

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from conftest import Sandbox


def discovered(repo: Sandbox, place: Path | None = None, **env: str) -> git.Repo:
    return git.discover_repo(str(place or repo.path), {**repo.env, **env})


def explicit(repo: Sandbox, **env: str) -> git.Repo:
    return git.discover_repo(str(repo.path), {**repo.env, **env}, explicit=True)


@pytest.fixture
def other(repo: Sandbox, tmp_path: Path) -> Sandbox:
    """A second repository, with a commit."""
    found = repo._replace(path=tmp_path / "other")
    repo.git("init", "-q", "-b", "main", str(found.path))
    found.commit("other", **{"other.py": "x"})
    return found


def test_from_a_subdirectory_everything_is_seen_from_the_top(repo: Sandbox) -> None:
    repo.commit("one", **{"a.py": "a", "sub/b.py": "b"})
    found = discovered(repo, repo.path / "sub", GIT_PREFIX="sub/")
    top = os.path.realpath(repo.path)
    assert found[:4] == (top, f"{top}/.git", f"{top}/.git", "sha1")
    assert (found.bare, found.worktree) == (False, "")
    assert [change.path for change in git.list_staged_changes(found, found.empty_tree)] == [
        b"a.py",
        b"sub/b.py",
    ]


def test_a_linked_work_tree_has_a_git_directory_of_its_own(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("one", **{"a.py": "a"})
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    found = discovered(repo, tmp_path / "linked")
    assert found.common_dir == discovered(repo).common_dir
    assert found.worktree == "worktrees/linked"
    # A hook of git is given the one variable, and not the other.
    assert discovered(repo, tmp_path / "linked", GIT_DIR=found.git_dir)[:5] == found[:5]


@pytest.mark.parametrize("git_dir", ["", "bare.git"])
def test_a_bare_repository_has_no_work_tree(repo: Sandbox, tmp_path: Path, git_dir: str) -> None:
    head = repo.commit("one", **{"a.py": "a"})
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    if git_dir:
        found = discovered(repo, tmp_path, GIT_DIR=git_dir)
    else:
        found = discovered(repo, tmp_path / "bare.git")
    assert found.bare
    assert found.top == found.git_dir == found.common_dir == os.path.realpath(tmp_path / "bare.git")
    assert git.resolve_tree(found, "HEAD") == repo.git("rev-parse", f"{head}^{{tree}}").strip()


def test_a_submodule_is_a_repository_of_its_own(repo: Sandbox, other: Sandbox) -> None:
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path))
    inner = repo._replace(path=repo.path / "other")
    found = discovered(inner)
    assert found.common_dir == f"{os.path.realpath(repo.path)}/.git/modules/other"
    assert found.worktree == ""
    assert [change.path for change in git.list_staged_changes(found, found.empty_tree)] == [
        b"other.py"
    ]
    assert discovered(inner, GIT_DIR=found.git_dir)[:5] == found[:5]


@pytest.mark.parametrize("relative", [False, True])
def test_the_environment_names_the_repository(
    repo: Sandbox, other: Sandbox, monkeypatch: pytest.MonkeyPatch, relative: bool
) -> None:
    place = str(other.path / ".git")
    env = {"GIT_DIR": os.path.relpath(place, repo.path) if relative else place}
    env["GIT_WORK_TREE"] = str(other.path)
    monkeypatch.chdir(repo.path)
    found = git.discover_repo(".", {**repo.env, **env})
    assert found.git_dir == os.path.realpath(place)
    assert [change.path for change in git.list_staged_changes(found, found.empty_tree)] == [
        b"other.py"
    ]


def test_a_directory_that_a_person_names_comes_before_the_environment(
    repo: Sandbox, other: Sandbox
) -> None:
    repo.commit("one", **{"a.py": "a"})
    there = other.path / ".git"
    found = explicit(
        repo,
        GIT_DIR=str(there),
        GIT_WORK_TREE=str(other.path),
        GIT_INDEX_FILE=str(there / "index"),
        GIT_COMMON_DIR=str(there),
        GIT_OBJECT_DIRECTORY=str(there / "objects"),
        GIT_SHALLOW_FILE=str(there / "shallow"),
        GIT_PREFIX="nowhere/",
    )
    assert found.git_dir == os.path.realpath(repo.path / ".git")
    changes = git.list_staged_changes(found, found.empty_tree)
    assert [change.path for change in changes] == [b"a.py"]
    assert dict(git.read_blobs(found, [changes[0].new or ""])) == {changes[0].new: b"a"}


@pytest.mark.parametrize(
    "name", [b"with space", b"caf\xc3\xa9", b"latin-\xe9", b"form\x0cfeed", b"\xe2\x80\xa8"]
)
def test_any_directory_will_do(repo: Sandbox, tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    repo.git("init", "-q", str(path).encode("utf-8", "surrogateescape"))
    assert discovered(repo, path).top == os.path.realpath(path)


@pytest.mark.parametrize(
    ("place", "env", "match"),
    [
        ("", {"GIT_CEILING_DIRECTORIES": "{}"}, "no git repository"),
        ("missing", {}, "no such directory"),
        ("repo", {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}, "another user"),
        ("repo/.git", {}, "no git repository"),
        ("repo", {"GIT_DIR": "nowhere"}, "no git repository"),
        ("repo", {"PATH": ""}, "not on PATH"),
    ],
)
def test_what_is_no_repository(
    repo: Sandbox, tmp_path: Path, place: str, env: dict[str, str], match: str
) -> None:
    env = {name: value.format(tmp_path) for name, value in env.items()}
    with pytest.raises(GitError, match=match) as caught:
        discovered(repo, tmp_path / place, **env)
    assert caught.value.hint


def test_what_git_says_is_passed_on(repo: Sandbox) -> None:
    found = discovered(repo)
    with pytest.raises(GitError, match=r"git failed in .*: fatal: "):
        git.list_tree_changes(found, found.empty_tree, "0" * 40)


def test_no_call_takes_a_lock_or_asks_a_person(repo: Sandbox) -> None:
    repo.commit("one", **{"a.py": "a"})
    os.utime(repo.path / "a.py", (1, 1))
    index = repo.path / ".git/index"
    before = index.read_bytes(), index.stat().st_mtime_ns
    found = discovered(repo)
    (repo.path / ".git/index.lock").touch()
    assert git.list_staged_changes(found, git.resolve_tree(found, "HEAD")) == []
    assert git.list_worktree_changes(found) == []
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before
    assert call_git(found, ["cat-file", "--batch"]).stdout == b""


def opened(repo: Sandbox) -> AbstractContextManager[git.Repo]:
    return git.open_repo(str(repo.path), repo.env)


def test_the_head_is_as_it_was_found(repo: Sandbox, other: Sandbox) -> None:
    with opened(repo) as unborn:
        assert git.resolve_tree(unborn, "HEAD") == unborn.empty_tree
    repo.commit("one", **{"a.py": "a"})
    first = repo.git("rev-parse", "HEAD^{tree}").strip()
    with opened(repo) as found, opened(other) as there:
        repo.commit("two", **{"a.py": "b"})
        assert git.resolve_tree(found, "HEAD") == first
        # Another repository has a head of its own, and what looks again sees what there is.
        assert git.resolve_tree(there, "HEAD") not in ("", first)
        assert found.session
        found.session.invalidate()
        second = repo.git("rev-parse", "HEAD^{tree}").strip()
        assert git.resolve_tree(found, "HEAD") == second != first


def test_a_program_is_never_found_in_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    for folder in (tmp_path, tmp_path / "bin"):
        (folder / "git.exe").write_text("")
    for before in ("", ".", "bin"):
        assert find_program("git.exe", before) == f"{os.devnull}{os.sep}git.exe"
        path = f"{before}{os.pathsep}{tmp_path / 'bin'}"
        assert find_program("git.exe", path) == str(tmp_path / "bin/git.exe")


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
@pytest.mark.parametrize("name", ["a\nb", "\n", "a\n", "\nfalse\nsha1\n/\n.git\n/\n"])
def test_a_newline_in_the_path(tmp_path: Path, repo: Sandbox, name: str) -> None:
    (top := tmp_path / name).mkdir(parents=True)
    odd = repo._replace(path=top)
    odd.git("init", "-q", "-b", "main")
    for _ in range(2):  # without a commit, and with one
        found = discovered(odd)
        assert found[:5] == (str(top), f"{top}/.git", f"{top}/.git", "sha1", False)
        odd.commit("first", **{"sub/a.py": "x"})
    assert discovered(odd, top / "sub")[:2] == found[:2]
    assert [change.path for change in git.list_staged_changes(found, found.empty_tree)] == [
        b"sub/a.py"
    ]
    odd.git("clone", "-q", "--bare", ".", "bare\n.git")
    bare = discovered(odd, top / "bare\n.git")
    assert (bare.git_dir, bare.bare) == (f"{top}/bare\n.git", True)
    odd.git("config", "filter.twice.clean", "cat; echo")
    odd.write(".gitattributes", "*.py filter=twice\n")
    odd.write("sub/a.py", "y")
    (change,) = git.list_worktree_changes(found)
    assert change.new is not None
    assert git.read_from_disk(found, change.path, change.new) == b"y\n"


HOSTILE_SETTINGS = {
    "core.pager": "touch {}",
    "core.fsmonitor": "touch {}",
    "diff.external": "touch {}",
    "diff.py.textconv": "touch {}",
    "diff.py.command": "touch {}",
    "gpg.program": "touch {}",
    "core.sshCommand": "touch {}",
    "alias.log": "!touch {}",
    "alias.diff-tree": "!touch {}",
    "log.showSignature": "true",
    "log.showRoot": "false",
    "log.diffMerges": "remerge",
    "log.follow": "true",
    "log.decorate": "full",
    "log.date": "human",
    "log.mailmap": "true",
    "format.pretty": "fuller",
    "format.notes": "true",
    "color.ui": "always",
    "color.diff": "always",
    "core.quotePath": "true",
    "core.abbrev": "4",
    "core.safecrlf": "true",
    "diff.renames": "copies",
    "diff.noPrefix": "true",
    "diff.relative": "true",
    "diff.orderFile": "order",
    "diff.submodule": "log",
    "diff.ignoreSubmodules": "none",
    "diff.context": "0",
    "diff.algorithm": "patience",
    "diff.wordRegex": ".",
    "grep.patternType": "perl",
    "rev-list.x": "y",
    "notes.displayRef": "*",
}
HOSTILE_VARIABLES = {
    "GIT_PAGER": "touch {}",
    "GIT_EXTERNAL_DIFF": "touch {}",
    "GIT_SSH_COMMAND": "touch {}",
    "GIT_ASKPASS": "touch {}",
    "GIT_EDITOR": "touch {}",
    "GIT_ICASE_PATHSPECS": "1",
    "GIT_GLOB_PATHSPECS": "1",
    "GIT_NOGLOB_PATHSPECS": "1",
    "GIT_DIFF_OPTS": "--unified=9",
    "GIT_TRACE": "1",
    "GIT_TRACE2": "1",
    "GIT_ATTR_SOURCE": "HEAD",
    "GIT_NAMESPACE": "x",
    "GIT_NOTES_REF": "refs/heads/main",
    "GIT_ALLOW_PROTOCOL": "https",
}


@pytest.mark.skipif(os.name == "nt", reason="the programs are those of POSIX")
@pytest.mark.parametrize("name", [*HOSTILE_SETTINGS, *HOSTILE_VARIABLES])
def test_no_setting_changes_an_answer_or_runs_a_program(
    repo: Sandbox, tmp_path: Path, name: str
) -> None:
    repo.commit(
        "first", **{"a.py": "a\n" * 9, "b.py": "b\n" * 9, ".gitattributes": "*.py diff=py\n"}
    )
    first = repo.git("rev-parse", "HEAD").strip()
    repo.git("mv", "a.py", "ä.py")
    repo.commit("second", **{"c.py": "c\r\n", "b.py": "b\r\n" * 8, "z\t.py": "z"})
    repo.git("tag", "-m", "t", "v1")
    repo.write("b.py", "work")
    repo.write("c.py", "staged\r\n")
    repo.git("add", "c.py")

    def ask(**env: str) -> list[object]:
        with git.open_repo(str(repo.path), {**repo.env, **env}) as found:
            tree = git.resolve_tree(found, first)
            paths = [b"a.py", b"b.py", "ä.py".encode()]
            check_out_commit(found, "HEAD", str(tmp_path / f"checkout{len(env)}"))
            return [
                git.list_staged_changes(found, tree),
                git.list_worktree_changes(found),
                git.list_tree_changes(found, tree, git.resolve_tree(found, "HEAD")),
                git.find_renames(found, tree, None),
                git.generated_or_vendored(found, paths),
                sorted(git.list_recent_blobs(found, "30.years")),
                list_first_parents(found, "HEAD^", "HEAD"),
                list_ancestors(found, "HEAD", 9),
                git.find_merge_base(found, "HEAD^", "HEAD"),
                git.find_remote_base(found, "HEAD", "origin"),
                list(git.read_blobs(found, [change.new or "" for change in found_changes(found)])),
            ]

    expected = ask()
    mark = tmp_path / "mark"
    (repo.path / "order").write_text("*z*\n*b*\n")
    if name in HOSTILE_VARIABLES:
        assert ask(**{name: HOSTILE_VARIABLES[name].format(mark)}) == expected
    else:
        repo.git("config", name, HOSTILE_SETTINGS[name].format(mark))
        assert ask(X="1") == expected
    assert not mark.exists()


def found_changes(found: git.Repo) -> list[git.FileChange]:
    return git.list_staged_changes(found, found.empty_tree)
