"""Putting the hook in place beside what is there, and taking it away again."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import powerless

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

OTHER = b"#!/bin/sh\r\n# \xff mine\nexit 0\n"


def tree(directory: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.name: (path.lstat().st_mode, path.read_bytes())
        for path in directory.iterdir()
        if path.exists() and not path.name.endswith(".sample")
    }


@pytest.fixture
def hooks(repo: Sandbox) -> Path:
    return repo.path / ".git/hooks"


def test_install_twice_and_uninstall_twice(cli: Cli, hooks: Path) -> None:
    before = tree(hooks)
    assert cli("install").out == f"installed {hooks / 'pre-commit'}\n"
    once = tree(hooks)
    assert once["pre-commit"][0] & 0o777 == 0o755
    assert cli("install").out == f"installed anew {hooks / 'pre-commit'}\n"
    assert tree(hooks) == once
    assert "removed" in cli("uninstall").out
    assert tree(hooks) == before
    assert "nothing to do" in cli("uninstall").out


@pytest.mark.parametrize("mode", [0o755, 0o644, 0o700])
def test_what_was_there_comes_back(cli: Cli, hooks: Path, mode: int) -> None:
    (hooks / "pre-commit").write_bytes(OTHER)
    (hooks / "pre-commit").chmod(mode)
    before = tree(hooks)
    for _ in range(2):
        assert "runs first, as pre-commit.detent-chained" in cli("install").out
    assert "was there before" in cli("uninstall").out
    assert tree(hooks) == before


def test_a_link_that_leads_nowhere_comes_back(cli: Cli, hooks: Path) -> None:
    (hooks / "pre-commit").symlink_to("gone")
    cli("install")
    assert cli("install").status == 0
    cli("uninstall")
    assert (hooks / "pre-commit").is_symlink()
    assert {path.name for path in hooks.iterdir() if "detent" in path.name} == set()


def test_two_hooks_to_choose_from(cli: Cli, hooks: Path) -> None:
    for name in ("pre-commit", "pre-commit.detent-chained"):
        (hooks / name).write_bytes(OTHER)
    before = tree(hooks)
    answer = cli("install")
    assert answer.status == 2
    assert "pre-commit.detent-chained" in answer.err
    assert tree(hooks) == before


def test_a_hook_of_another_is_not_taken_away(cli: Cli, hooks: Path) -> None:
    (hooks / "pre-commit").write_bytes(OTHER)
    before = tree(hooks)
    assert cli("uninstall").status == 0
    assert tree(hooks) == before


@pytest.mark.parametrize("place", [".husky", "deep/er/hooks"])
def test_the_hooks_path_of_git_is_used(repo: Sandbox, cli: Cli, place: str) -> None:
    repo.git("config", "core.hooksPath", place)
    (repo.path / "sub").mkdir()
    assert cli("install", at=repo.path / "sub").status == 0
    assert (repo.path / place / "pre-commit").exists()
    repo.write("a.py", "def f(a):\n    return a\n")
    repo.git("add", "a.py")
    repo.git("commit", "-q", "-m", "x", check=False)
    assert repo.git("rev-parse", "--verify", "-q", "HEAD", check=False) == ""


def test_one_hook_serves_all_work_trees(
    repo: Sandbox, cli: Cli, hooks: Path, tmp_path: Path
) -> None:
    repo.commit()
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    assert str(hooks / "pre-commit") in cli("install", at=tmp_path / "linked").out


def test_a_place_where_nothing_can_be_written(repo: Sandbox, cli: Cli) -> None:
    repo.write("file", "x")
    repo.git("config", "core.hooksPath", "file/hooks")
    answer = cli("install")
    assert answer.status == 3
    assert "cannot be written" in answer.err


@pytest.mark.skipif(os.name == "nt", reason="other permissions")
@pytest.mark.parametrize("chained", [False, True])
def test_a_hook_that_cannot_be_taken_away(repo: Sandbox, hooks: Path, chained: bool) -> None:
    if chained:
        (hooks / "pre-commit").write_bytes(OTHER)
    assert repo.detent("install").returncode == 0
    before = tree(hooks)
    hooks.chmod(0o555)
    command = powerless((sys.executable, "-m", "detent", "uninstall"))
    done = subprocess.run(
        command, cwd=repo.path, env=repo.env, capture_output=True, check=False, text=True
    )
    hooks.chmod(0o755)
    assert (done.returncode, done.stdout) == (3, "")
    assert "cannot be removed" in done.stderr
    assert tree(hooks) == before
