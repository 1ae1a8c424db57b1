"""What a push brings is judged against what the remote has, whatever the push looks like."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from detent import git
from detent.git.push_range import (
    CommitRange,
    find_framework_push,
    find_pushed_ranges,
    read_framework_range,
)

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a\n\n\n"
GOOD = 'def {}():\n    """Do nothing."""\n\n\n'
LEGACY = MODULE + BARE.format("old")


class Shared(NamedTuple):
    """A repository whose remote has one commit of it, and the raw pre-push hook."""

    repo: Sandbox
    remote: Path

    def push(self, *arguments: str) -> str | None:
        """Push; give what was said where the push was held back."""
        before = self.there()
        done = subprocess.run(
            ["git", "push", "-q", *arguments],
            cwd=self.repo.path,
            env=self.repo.env,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert "Traceback" not in done.stderr
        if not done.returncode:
            assert done.stdout == ""
            return None
        assert self.there() == before
        return done.stdout + done.stderr

    def there(self) -> str:
        return self.repo.git(f"--git-dir={self.remote}", "for-each-ref")


@pytest.fixture
def shared(repo: Sandbox, cli: Cli, tmp_path: Path) -> Shared:
    remote = tmp_path / "remote.git"
    repo.git("init", "-q", "--bare", "-b", "main", str(remote))
    repo.git("remote", "add", "origin", str(remote))
    repo.commit(**{"pkg/old.py": LEGACY})
    repo.git("push", "-q", "-u", "origin", "main")
    assert cli("install", "--hooks", "pre-push").status == 0
    return Shared(repo, remote)


def bad(shared: Shared, name: str = "fresh") -> str:
    return shared.repo.commit(**{f"pkg/{name}.py": MODULE + BARE.format(name)})


def names(said: str | None) -> list[str]:
    assert said is not None, "the push was let through"
    return [line.rpartition("[")[2].rstrip("]") for line in said.splitlines() if ": GL08 " in line]


def test_what_a_push_brings(shared: Shared) -> None:
    bad(shared)
    said = shared.push()
    assert names(said) == ["fresh"]
    assert said
    assert "(what origin has)" in said.splitlines()[0]
    shared.repo.commit(**{"pkg/fresh.py": MODULE + GOOD.format("fresh")})
    assert shared.push() is None
    shared.repo.commit(note="no Python")
    assert shared.push() is None
    assert shared.push() is None


def test_a_new_branch_answers_for_its_own_commits(shared: Shared) -> None:
    shared.repo.git("checkout", "-q", "-b", "topic")
    assert shared.push("origin", "topic") is None
    bad(shared)
    assert names(shared.push("origin", "topic")) == ["fresh"]
    assert names(shared.push("origin", "topic:refs/heads/other")) == ["fresh"]
    assert shared.push("origin", "HEAD~1:refs/heads/other") is None


def test_a_branch_that_merged_what_the_remote_has(shared: Shared) -> None:
    shared.repo.git("checkout", "-q", "-b", "topic")
    shared.repo.commit(note="mine")
    shared.repo.git("checkout", "-q", "main")
    bad(shared, "theirs")
    shared.repo.git("push", "-q", "--no-verify")
    shared.repo.git("checkout", "-q", "topic")
    shared.repo.git("merge", "-q", "--no-edit", "main")
    assert shared.push("origin", "topic") is None
    bad(shared, "mine")
    assert names(shared.push("origin", "topic")) == ["mine"]


def test_another_branch_than_the_one_checked_out(shared: Shared) -> None:
    shared.repo.git("checkout", "-q", "-b", "topic")
    bad(shared)
    shared.repo.git("checkout", "-q", "main")
    assert shared.push("origin", "main") is None
    assert names(shared.push("origin", "topic")) == ["fresh"]
    assert names(shared.push("origin", "--all")) == ["fresh"]


def test_deleting_pushes_nothing(shared: Shared) -> None:
    shared.repo.git("push", "-q", "--no-verify", "origin", "main:topic")
    bad(shared)
    assert shared.push("origin", ":topic") is None
    assert "topic" not in shared.there()


def test_a_forced_push_is_compared_with_what_is_left(shared: Shared) -> None:
    bad(shared, "gone")
    shared.repo.git("push", "-q", "--no-verify")
    shared.repo.git("reset", "-q", "--hard", "HEAD~1")
    bad(shared)
    assert names(shared.push("--force")) == ["fresh"]
    shared.repo.git("reset", "-q", "--hard", "HEAD~1")
    assert shared.push("--force") is None


def test_what_somebody_else_has_pushed_meanwhile(shared: Shared, tmp_path: Path) -> None:
    other = shared.repo._replace(path=tmp_path / "other")
    shared.repo.git("clone", "-q", str(shared.remote), str(other.path))
    other.commit(note="theirs")
    other.git("push", "-q")
    bad(shared)
    assert names(shared.push("--force")) == ["fresh"]
    shared.repo.git("reset", "-q", "--hard", "HEAD~1")
    assert shared.push("--force") is None


@pytest.mark.parametrize("flags", [[], ["-a", "-m", "x"]])
def test_tags(shared: Shared, flags: list[str]) -> None:
    bad(shared)
    shared.repo.git("tag", *flags, "v1")
    assert names(shared.push("origin", "v1")) == ["fresh"]
    shared.repo.git("tag", *flags, "v0", "HEAD~1")
    assert shared.push("origin", "v0") is None
    shared.repo.git("tag", *flags, "blob", "HEAD:pkg/old.py")
    assert shared.push("origin", "blob") is None


@pytest.mark.parametrize("named", [True, False])
def test_a_remote_that_has_nothing(shared: Shared, tmp_path: Path, named: bool) -> None:
    empty = tmp_path / "empty.git"
    shared.repo.git("init", "-q", "--bare", str(empty))
    if named:
        shared.repo.git("remote", "add", "fork", str(empty))
    # What was never fetched from may have what any other remote has.
    assert shared.push("fork" if named else str(empty), "main") is None
    shared.repo.git("update-ref", "-d", "refs/remotes/origin/main")
    said = shared.push("fork" if named else str(empty), "main:again")
    assert said is None  # nothing is new where nothing is known


def test_the_gate_all_of_a_remote_that_has_nothing(shared: Shared, tmp_path: Path) -> None:
    empty = tmp_path / "empty.git"
    shared.repo.git("init", "-q", "--bare", str(empty))
    shared.repo.write("detent.toml", "gate = 'all'\n")
    shared.repo.commit(note="x")
    shared.repo.git("update-ref", "-d", "refs/remotes/origin/main")
    said = shared.push(str(empty), "main")
    assert names(said) == ["old"]
    assert "itself: " in str(said)


def test_the_gate_all(shared: Shared) -> None:
    shared.repo.write("detent.toml", "gate = 'all'\n")
    shared.repo.commit(note="x")
    assert names(shared.push()) == ["old"]


def test_the_hook_that_was_there_gets_the_same(shared: Shared, cli: Cli, tmp_path: Path) -> None:
    cli("uninstall")
    log = tmp_path / "log"
    hook = shared.repo.write(
        ".git/hooks/pre-push", f'#!/bin/sh\necho "$@" >"{log}"\ncat >>"{log}"\nexit $(cat code)\n'
    )
    hook.chmod(0o755)
    shared.repo.write("code", "0")
    head = shared.repo.commit(note="x")
    before = shared.repo.git("rev-parse", "HEAD~1").strip()
    cli("install", "--hooks", "pre-push")
    shared.repo.write("code", "7")
    assert names(shared.push()) == []
    assert log.read_text() == (
        f"origin {shared.remote}\nrefs/heads/main {head} refs/heads/main {before}\n"
    )
    shared.repo.write("code", "0")
    assert shared.push() is None


def test_nobody_says_what_is_pushed(shared: Shared) -> None:
    """The hook is called by hand: there is nothing to read."""
    bad(shared)
    done = subprocess.run(
        [sys.executable, "-m", "detent", "hook", "pre-push"],
        cwd=shared.repo.path,
        env=shared.repo.env,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0


# ---- what frameworks say


def test_the_environment_of_a_framework(shared: Shared) -> None:
    base = shared.repo.git("rev-parse", "HEAD").strip()
    head = bad(shared)

    def seen(**env: str) -> git.Repo:
        return git.discover_repo(str(shared.repo.path), {**shared.repo.env, **env})

    refs = {"PRE_COMMIT_FROM_REF": base, "PRE_COMMIT_TO_REF": head}
    assert read_framework_range(seen()) is None
    assert read_framework_range(seen(PRE_COMMIT_FROM_REF=base)) is None
    assert read_framework_range(seen(**refs)) == CommitRange(head, base, "--from-ref")
    assert read_framework_range(seen(**refs, GIT_INDEX_FILE=".git/index")) is None
    expected = [CommitRange(head, base, "what origin has")]
    remote = {"PRE_COMMIT_REMOTE_NAME": "origin"}
    assert find_framework_push(seen(**refs, **remote)) == expected
    assert find_framework_push(seen(**remote)) == expected
    assert (
        find_framework_push(seen(**remote, PRE_COMMIT_LOCAL_BRANCH="refs/heads/main")) == expected
    )
    assert find_framework_push(seen(**remote, PRE_COMMIT_LOCAL_BRANCH=base)) == []
    assert find_framework_push(seen(**remote, PRE_COMMIT_LOCAL_BRANCH="no such branch")) == []


@pytest.mark.parametrize("line", ["", "x", "a b c", "refs/heads/x 0 refs/heads/x 0", "--all b c d"])
def test_lines_that_say_nothing(shared: Shared, line: str) -> None:
    repo = git.discover_repo(str(shared.repo.path), shared.repo.env)
    assert find_pushed_ranges(repo, "origin", [line]) == []
