"""Putting the hook in place beside what is there, and taking it away again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import powerless
from detent.api.hook_names import HOOKS, PUSH_HOOK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Cli, Sandbox

DEFAULT = [name for name in HOOKS if name != PUSH_HOOK]
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
    assert cli("install").out.splitlines() == [f"installed {hooks / name}" for name in DEFAULT]
    once = tree(hooks)
    assert {once[name][0] & 0o777 for name in DEFAULT} == {0o755}
    assert cli("install").out.splitlines() == [f"rewritten {hooks / name}" for name in DEFAULT]
    assert tree(hooks) == once
    assert cli("uninstall").out.count("removed") == len(DEFAULT)
    assert tree(hooks) == before
    assert cli("uninstall").out.count("nothing to do") == len(HOOKS)


def test_only_some_hooks(cli: Cli, hooks: Path) -> None:
    before = tree(hooks)
    assert cli("install", "--hooks", "pre-commit, post-merge").status == 0
    assert set(tree(hooks)) - set(before) == {"pre-commit", "post-merge"}
    for wrong in ("pre-comit", "", ",", "update", "../x"):
        answer = cli("install", "--hooks", wrong)
        assert answer.status == 2
        assert "the hooks are pre-commit, " in answer.err
    assert cli("uninstall").status == 0
    assert tree(hooks) == before


@pytest.mark.parametrize("place", ["", "config/git/hooks"])
def test_a_directory_that_was_made_goes_again(repo: Sandbox, cli: Cli, place: str) -> None:
    shutil.rmtree(repo.path / ".git/hooks")
    hooks = repo.path / (place or ".git/hooks")
    if place:
        repo.git("config", "core.hooksPath", place)
    before = sorted(repo.path.rglob("*"))
    for _ in range(2):
        assert cli("install").status == 0
    assert cli("uninstall").status == 0
    assert sorted(repo.path.rglob("*")) == before
    # What somebody else put there stays.
    assert cli("install").status == 0
    (hooks / "commit-msg").write_bytes(OTHER)
    assert cli("uninstall").status == 0
    assert [path.name for path in hooks.iterdir()] == ["commit-msg"]
    (hooks / "commit-msg").unlink()
    for command in ("install", "uninstall"):  # into one that is empty
        assert cli(command).status == 0
    assert list(hooks.iterdir()) == []


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_a_shell_script_that_parses(cli: Cli, hooks: Path, name: str) -> None:
    assert cli("install", "--hooks", name).status == 0
    text = (hooks / name).read_text()
    assert "@" not in text.replace('"$@"', "")
    assert subprocess.run(["sh", "-n", hooks / name], check=False).returncode == 0


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
    (hooks / "pre-commit").write_bytes(OTHER)
    (hooks / "pre-commit.detent-chained").write_bytes(OTHER + b"# older\n")
    before = tree(hooks)
    answer = cli("install")
    assert answer.status == 2
    assert "pre-commit.detent-chained" in answer.err
    assert tree(hooks) == before


def test_another_program_writes_its_hook_once_more(cli: Cli, hooks: Path) -> None:
    (hooks / "pre-commit").write_bytes(OTHER)
    before = tree(hooks)
    cli("install")
    (hooks / "pre-commit").write_bytes(OTHER)
    (hooks / "pre-commit").chmod(0o644)
    assert "runs first" in cli("install").out
    cli("uninstall")
    assert tree(hooks) == before


# ---- beside other programs, as they write their hooks

HUSKY = """#!/usr/bin/env sh
[ "$HUSKY" = "2" ] && set -x
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n

[ ! -f "$s" ] && exit 0

[ "${HUSKY-}" = "0" ] && exit 0

export PATH="node_modules/.bin:$PATH"
sh -e "$s" "$@"
c=$?

[ $c != 0 ] && echo "husky - $n script failed (code $c)"
[ $c = 127 ] && echo "husky - command not found in PATH=$PATH"
exit $c
"""
LEFTHOOK = """#!/bin/sh

if [ "$LEFTHOOK_VERBOSE" = "1" -o "$LEFTHOOK_VERBOSE" = "true" ]; then
  set -x
fi

if [ "$LEFTHOOK" = "0" ]; then
  exit 0
fi

call_lefthook()
{
  if test -n "$LEFTHOOK_BIN"
  then
    "$LEFTHOOK_BIN" "$@"
  else
    echo "Can't find lefthook in PATH"
  fi
}

call_lefthook run "pre-commit" "$@"
"""
#: What the other program does: it keeps a list, and holds back while there is a file ``stop``.
PROGRAM = 'echo "$0 $*" >>log\ntest ! -e stop\n'


def husky(repo: Sandbox) -> Path:
    repo.git("config", "core.hooksPath", ".husky/_")
    for name in ("pre-commit", "post-commit", "pre-push"):
        text = '#!/usr/bin/env sh\n. "$(dirname "$0")/h"'
        repo.write(f".husky/_/{name}", text).chmod(0o755)
    repo.write(".husky/_/h", HUSKY)
    repo.write(".husky/_/.gitignore", "*")
    repo.write(".husky/pre-commit", PROGRAM)
    return repo.path / ".husky/_"


def lefthook(repo: Sandbox) -> Path:
    repo.write(".git/lefthook", f"#!/bin/sh\n{PROGRAM}").chmod(0o755)
    repo.env["LEFTHOOK_BIN"] = str(repo.path / ".git/lefthook")
    repo.write(".git/hooks/pre-commit", LEFTHOOK).chmod(0o755)
    return repo.path / ".git/hooks"


def bash(repo: Sandbox) -> Path:
    text = '#!/usr/bin/env bash\ncd "$(dirname "$0")/../.."\n'
    repo.write(".git/hooks/pre-commit", text + PROGRAM).chmod(0o750)
    return repo.path / ".git/hooks"


def pre_commit(repo: Sandbox, module: str = "pre_commit") -> Path:
    entry = f"sh -c '{PROGRAM.replace(chr(10), ';').rstrip(';')}'"
    fixed = "language: system, always_run: true, pass_filenames: false"
    hook = f"{{id: other, name: other, entry: {json.dumps(entry)}, {fixed}}}"
    repo.write(".pre-commit-config.yaml", f"repos: [{{repo: local, hooks: [{hook}]}}]\n")
    repo.git("add", ".pre-commit-config.yaml")
    command = [sys.executable, "-m", module, "install"]
    subprocess.run(command, cwd=repo.path, env=repo.env, check=True, capture_output=True)
    return repo.path / ".git/hooks"


def prek(repo: Sandbox) -> Path:
    return pre_commit(repo, "prek")


@pytest.mark.parametrize(
    "other", [husky, lefthook, bash, pre_commit, prek], ids=lambda one: one.__name__
)
def test_both_work_and_all_is_as_before(
    repo: Sandbox, cli: Cli, other: Callable[[Sandbox], Path]
) -> None:
    place = other(repo)
    repo.git("config", "core.excludesFile", str(repo.write(".git/excluded", "log\nstop\n.husky\n")))
    before = tree(place)
    for _ in range(2):
        assert cli("install").status == 0
    log, stop = repo.path / "log", repo.path / "stop"

    def commits() -> tuple[bool, int]:
        head = repo.git("rev-parse", "-q", "--verify", "HEAD", check=False)
        ran = len(log.read_text().splitlines()) if log.exists() else 0
        repo.git("commit", "-q", "-m", "x", check=False)
        after = repo.git("rev-parse", "-q", "--verify", "HEAD", check=False)
        return after != head, len(log.read_text().splitlines()) - ran

    repo.write("a.py", "def f(a):\n    return a\n")
    repo.git("add", "a.py")
    assert commits() == (False, 1)  # detent holds it back
    repo.write("a.py", "")
    repo.git("add", "a.py")
    stop.touch()
    assert commits() == (False, 1)  # the other one does
    stop.unlink()
    assert commits() == (True, 1)
    assert cli("uninstall").status == 0
    assert tree(place) == before
    repo.write("a.py", "def f(a):\n    return a\n")
    repo.git("add", "a.py")
    assert commits() == (True, 1)


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


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
@pytest.mark.parametrize(
    "name", ["py\\thon", "it's", "'", "a\nb", "a'\nb", "$HOME `x`", "@HOOK@ @FILES@", "\udcff", " "]
)
def test_any_interpreter_path(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    assert cli("index").status == 0
    mark = tmp_path / "called"
    interpreter = tmp_path / name
    interpreter.write_text(f"#!/bin/sh\necho called >>'{mark}'\n")
    interpreter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    assert cli("install").status == 0
    assert "another Python" not in cli("doctor").out
    repo.commit(**{"b.py": "x = 1\n"})
    assert "called" in mark.read_text()


def test_a_bare_repository_has_no_use_for_the_hooks(cli: Cli, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    before = tree(bare / "hooks")
    answer = cli("install", at=bare)
    assert answer.status == 2
    assert "bare.git has no work tree, so git runs none of these hooks" in answer.err
    assert "detent ci" in answer.err
    assert tree(bare / "hooks") == before


@pytest.mark.parametrize("scope", ["--global", "--local"])
@pytest.mark.parametrize("exists", [False, True])
def test_hooks_that_other_repositories_have_too(
    repo: Sandbox,
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    scope: str,
    exists: bool,
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "home/.gitconfig"))
    shared = tmp_path / "shared"
    if exists:
        shared.mkdir()
    repo.git("config", scope, "core.hooksPath", str(shared))
    try:
        answer = cli("install")
    finally:
        repo.git("config", scope, "--unset", "core.hooksPath")
    assert answer.status == 2
    assert str(shared) in answer.err
    assert "git config --local core.hooksPath .git/hooks" in answer.err
    assert shared.exists() == exists
    assert not exists or not list(shared.iterdir())
    assert cli("install").status == 0
