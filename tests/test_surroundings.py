"""Real commits where the set-up is not the usual one: the same bytes get the same verdict."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

import naive
from conftest import SOURCE, powerless
from detent.api.hook_names import HOOKS
from git_version import needs_git

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a\n"
GOOD = 'def {}():\n    """Do nothing."""\n'
COMMIT = ["commit", "-q", "-m", "change"]


def attempt(repo: Sandbox, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Try to commit all that is tracked."""
    return subprocess.run(
        ["git", *COMMIT, "-a", *arguments],
        cwd=repo.path,
        env={**repo.env, **env},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def assert_held(repo: Sandbox, *arguments: str, **env: str) -> None:
    """See that one new finding holds a commit back, nothing else does, and mending it helps."""
    before = repo.git("rev-parse", "-q", "--verify", "HEAD", check=False)
    repo.write("pkg/a.py", MODULE + BARE.format("fresh"))
    repo.git("add", "pkg/a.py")
    done = attempt(repo, *arguments, **env)
    assert done.returncode == 1, done.stderr
    said = (done.stdout + done.stderr).splitlines()
    assert said[0] == "pkg/a.py:4:1: GL08 No docstring [fresh]"
    assert said[-1].startswith("failed: 1 new finding in 1 changed file")
    assert [line.partition(":")[0] for line in said[1:-1]] == ["explain", "skip"]
    assert repo.git("rev-parse", "-q", "--verify", "HEAD", check=False) == before
    repo.write("pkg/a.py", MODULE + GOOD.format("fresh"))
    done = attempt(repo, *arguments, **env)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert repo.git("rev-parse", "HEAD") != before


@pytest.fixture
def hooked(repo: Sandbox, cli: Cli) -> Sandbox:
    """A repository with a finding in it, and the hook."""
    repo.commit(**{"pkg/a.py": MODULE, "pkg/b.py": MODULE + BARE.format("old")})
    assert cli("install").status == 0
    return repo


# ---- repositories of other kinds


KINDS = [
    ["--object-format=sha256"],
    pytest.param(["--ref-format=reftable"], marks=needs_git(2, 45)),
    ["--separate-git-dir=../elsewhere"],
]


@pytest.mark.parametrize("flags", KINDS, ids=lambda flags: flags[0])
def test_other_formats(repo: Sandbox, cli: Cli, tmp_path: Path, flags: list[str]) -> None:
    other = repo._replace(path=tmp_path / "other")
    other.path.mkdir()
    other.git("init", "-q", "-b", "main", *flags)
    assert cli("install", at=other.path).status == 0
    other.write("pkg/b.py", MODULE)
    other.git("add", "-A")
    other.git(*COMMIT)
    assert cli("index", at=other.path).status == 0
    assert_held(other)
    assert cli("verify", "--full", at=other.path).status == 0
    assert "pkg/a.py" in cli("export", "--at", "HEAD", at=other.path).out


INDEXES = [
    ["update-index --index-version 4"],
    ["update-index --split-index"],
    ["config core.untrackedCache true", "update-index --untracked-cache"],
    ["sparse-checkout set --cone --sparse-index pkg"],
]


@pytest.mark.parametrize("commands", INDEXES, ids=lambda commands: commands[0])
def test_other_kinds_of_index(hooked: Sandbox, cli: Cli, commands: list[str]) -> None:
    hooked.commit(**{"far/c.py": MODULE, "far/off/d.py": MODULE})
    for command in commands:
        hooked.git(*command.split())
    assert cli("index").status == 0
    assert_held(hooked)
    assert cli("verify", "--full").status == 0
    names = {line.split('"path":"')[1].split('"')[0] for line in cli("export").out.splitlines()}
    assert names == {path.decode() for path in naive.committed(hooked)}
    assert "far/off/d.py" in names


def test_a_commit_in_a_submodule_and_of_it(hooked: Sandbox, cli: Cli, tmp_path: Path) -> None:
    inner = hooked._replace(path=tmp_path / "inner")
    hooked.git("init", "-q", "-b", "main", str(inner.path))
    inner.commit(**{"pkg/a.py": MODULE})
    allowed = ["-c", "protocol.file.allow=always", "submodule", "--quiet"]
    hooked.git(*allowed, "add", str(inner.path), "sub.py")
    hooked.git(*COMMIT)
    sub = hooked._replace(path=hooked.path / "sub.py")
    assert cli("install", at=sub.path).status == 0
    assert_held(sub)
    assert (hooked.path / ".git/modules/sub.py/detent").is_dir()
    # To the repository around it, it is one entry that is no file, and not followed.
    assert attempt(hooked).returncode == 0
    assert "sub.py" not in cli("export").out
    assert_held(hooked)


def test_two_commits_at_once(hooked: Sandbox, cli: Cli, tmp_path: Path) -> None:
    hooked.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    linked = hooked._replace(path=tmp_path / "linked")
    for repo in (hooked, linked):
        assert cli("index", at=repo.path).status == 0
        for number in range(20):
            repo.write(f"pkg/n{number}.py", f"{MODULE}{GOOD.format('f')}X = {str(repo.path)!r}\n")
        repo.git("add", "-A")
    hooked.write("pkg/a.py", MODULE + BARE.format("fresh"))
    running = [
        subprocess.Popen(["git", *COMMIT, "-a"], cwd=repo.path, env=repo.env, stdout=-1, stderr=-1)
        for repo in (hooked, linked)
    ]
    said = [b"".join(one.communicate()).decode() for one in running]
    assert [one.returncode for one in running] == [1, 0], said
    assert said[0].startswith("pkg/a.py:4:1: GL08 ")
    assert said[1] == ""
    for repo in (hooked, linked):
        assert cli("verify", "--full", at=repo.path).status == 0


def test_what_is_squashed_answers_for_all_of_it(hooked: Sandbox) -> None:
    hooked.git("checkout", "-q", "-b", "side")
    hooked.commit(**{"pkg/a.py": MODULE + BARE.format("theirs")})
    hooked.git("checkout", "-q", "main")
    hooked.git("merge", "-q", "--squash", "side")
    done = attempt(hooked)
    assert done.returncode == 1
    assert "[theirs]" in done.stdout + done.stderr


# ---- the environment


def test_the_variables_of_another_repository(hooked: Sandbox, cli: Cli, tmp_path: Path) -> None:
    other = hooked._replace(path=tmp_path / "other")
    hooked.git("init", "-q", "-b", "main", str(other.path))
    other.commit(**{"pkg/a.py": MODULE})
    other.write("pkg/a.py", MODULE + BARE.format("there"))
    other.git("add", "-A")
    said = tmp_path / "said"
    hook = hooked.write(
        ".git/hooks/pre-commit",
        f"#!/bin/sh\n'{sys.executable}' -m detent check -C '{other.path}' >'{said}'\n",
    )
    hook.chmod(0o755)
    hooked.write("pkg/b.py", MODULE)
    assert attempt(hooked).returncode == 1
    assert said.read_text().startswith("pkg/a.py:4:1: GL08 No docstring [there]\n")
    assert not (hooked.path / ".git/detent").exists()


SURROUNDINGS = {
    "no home": {"HOME": "", "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": "dumb"},
    "pathspecs": {"GIT_ICASE_PATHSPECS": "1", "GIT_GLOB_PATHSPECS": "1"},
    "git dir without work tree": {"GIT_DIR": ".git"},
    "git dir and work tree": {"GIT_DIR": ".git", "GIT_WORK_TREE": "."},
    "settings on the way": {
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": "diff.relative",
        "GIT_CONFIG_VALUE_0": "true",
        "GIT_CONFIG_KEY_1": "diff.external",
        "GIT_CONFIG_VALUE_1": "/bin/false",
        "GIT_CONFIG_KEY_2": "alias.diff-index",
        "GIT_CONFIG_VALUE_2": "!false",
    },
    "python of others": {"PYTHONPATH": "nowhere", "PYTHONWARNINGS": "error", "PYTHONSAFEPATH": "1"},
}


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_whatever_the_environment(hooked: Sandbox, name: str) -> None:
    hooked.commit(**{"pkg/caf\u00e9.py": MODULE})
    assert_held(hooked, **SURROUNDINGS[name])


LESS = """
import os, signal, sys
for name in ("fcntl", "grp", "pwd", "termios"):  # ``resource`` is asked for by platform
    sys.modules[name] = None
for name in ("SIGHUP", "SIGPIPE", "pthread_sigmask", "sigwait"):
    delattr(signal, name)
for name in ("fork", "getuid", "geteuid", "mkfifo", "fchmod"):
    delattr(os, name)
from detent.cli.main import entry
entry()
"""


def test_a_system_that_has_less(hooked: Sandbox, tmp_path: Path) -> None:
    hooked.write("pkg/a.py", MODULE + BARE.format("fresh"))
    hooked.git("add", "-A")
    script = tmp_path / "less.py"
    script.write_text(LESS)
    for command in (["index"], ["hook", "pre-commit"], ["verify"]):
        done = subprocess.run(
            [sys.executable, str(script), *command],
            cwd=hooked.path, env=hooked.env, capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == (command[0] == "hook"), done.stderr
        assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="directories have no permissions of this kind")
@pytest.mark.parametrize("indexed", [False, True])
def test_a_git_directory_that_cannot_be_written(hooked: Sandbox, cli: Cli, indexed: bool) -> None:
    if indexed:
        assert cli("index").status == 0
    hooked.write("pkg/a.py", MODULE + BARE.format("fresh"))
    hooked.git("add", "-A")
    expected = cli("check", "--store", "memory:").out.splitlines()[0]
    places = [hooked.path / ".git", *(hooked.path / ".git").rglob("*")]
    modes = {path: path.stat().st_mode for path in places}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        for name in (["check"], ["hook", "pre-commit"]):
            done = subprocess.run(
                powerless((sys.executable, "-m", "detent", *name)),
                cwd=hooked.path, env=hooked.env, capture_output=True, check=False, encoding="utf-8",
            )  # fmt: skip
            assert done.returncode == 1
            assert done.stdout.splitlines()[0] == expected
            assert "this run keeps its index in memory" in done.stderr
            assert len(done.stderr.splitlines()) == 1
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert cli("verify").status == 0 if indexed else not (hooked.path / ".git/detent").exists()


def test_a_locked_index(hooked: Sandbox, cli: Cli) -> None:
    hooked.write("pkg/a.py", MODULE + BARE.format("fresh"))
    hooked.git("add", "-A")
    (hooked.path / ".git/index.lock").touch()
    for command in (["check"], ["hook", "pre-commit"]):
        answer = cli(*command)
        assert (answer.status, answer.err) == (1, "")
        assert answer.out.startswith("pkg/a.py:4:1: GL08 No docstring [fresh]\n")


def test_a_repository_of_another_user(hooked: Sandbox, tmp_path: Path) -> None:
    place = hooked.path.rename(tmp_path / "o'ther $x")
    other = hooked._replace(path=place)
    strange = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    for command in (["check"], ["hook", "pre-commit"], ["doctor"]):
        done = other.detent(*command, **strange)
        assert done.returncode == 3
        said, hint = done.stderr.splitlines()
        assert said.endswith("belongs to another user, so git refuses to read it")
    subprocess.run(hint.partition(": ")[2], shell=True, cwd=place, env=other.env, check=True)
    assert other.git("config", "--global", "safe.directory").strip() == os.path.realpath(place)


# ---- hooks that are put in place in other ways


@needs_git(2, 54)
def test_a_hook_of_the_settings(repo: Sandbox) -> None:
    repo.git("config", "hook.detent.command", f"'{sys.executable}' -m detent hook pre-commit")
    repo.git("config", "hook.detent.event", "pre-commit")
    assert_held(repo)


def test_hooks_of_the_settings_come_before_the_file(repo: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "log"
    repo.git("config", "hook.mine.command", f"echo settings >>'{log}'")
    repo.git("config", "hook.mine.event", "pre-commit")
    repo.write(".git/hooks/pre-commit", f"#!/bin/sh\necho file >>'{log}'\n").chmod(0o755)
    repo.git("commit", "-q", "--allow-empty", "-m", "x")
    # An older git passes over the settings without a word.
    assert log.read_text().split() in (["settings", "file"], ["file"])


def test_hooks_of_husky(repo: Sandbox, cli: Cli, tmp_path: Path) -> None:
    repo.commit(**{"pkg/a.py": MODULE})
    repo.git("config", "core.hooksPath", ".husky/_")
    hook = repo.write(".husky/_/pre-commit", f"#!/bin/sh\necho husky >>{tmp_path}/log\n")
    hook.chmod(0o755)
    assert "runs first" in cli("install").out
    assert_held(repo)
    assert (tmp_path / "log").read_text() == "husky\n" * 2
    cli("uninstall")
    assert hook.read_text().endswith("/log\n")


def test_install_writes_no_carriage_return(repo: Sandbox, tmp_path: Path) -> None:
    package = shutil.copytree(
        SOURCE / "src/detent", tmp_path / "lib/detent", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(SOURCE / "hooks", package / "hooks", dirs_exist_ok=True)
    for template in (package / "hooks").iterdir():
        template.write_bytes(template.read_bytes().replace(b"\n", b"\r\n"))
    names = ",".join(HOOKS)
    done = repo.detent("install", "--hooks", names, PYTHONPATH=str(package.parent))
    assert done.returncode == 0
    for name in HOOKS:
        hook = (repo.path / ".git/hooks" / name).read_bytes()
        assert hook.startswith(b"#!/bin/sh\n")
        assert b"\r" not in hook


def test_the_hooks_of_this_repository_have_no_carriage_return() -> None:
    for hook in (SOURCE / "hooks").iterdir():
        assert b"\r" not in hook.read_bytes()
    assert "/hooks/* text eol=lf" in (SOURCE / ".gitattributes").read_text().splitlines()


# ---- frameworks


def configured(repo: Sandbox, *places: str) -> None:
    """Let a framework run detent, from each of some directories."""
    entry = f"'{sys.executable}' -m detent hook pre-commit"
    flags = dict.fromkeys(["always_run", "require_serial", "verbose"], True)
    hook = {"id": "detent", "name": "detent", "entry": entry, "language": "system", **flags}
    hook["pass_filenames"] = False
    for place in places:
        settings = {"repos": [{"repo": "local", "hooks": [hook]}]}
        repo.write(f"{place}/.pre-commit-config.yaml", yaml.safe_dump(settings))


def framework(repo: Sandbox, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=repo.path, env=repo.env, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip


def test_two_projects_of_prek_at_once(repo: Sandbox, cli: Cli) -> None:
    repo.write(".pre-commit-config.yaml", "repos: []\n")
    configured(repo, "one", "two")
    repo.commit(**{"one/a.py": MODULE, "two/a.py": MODULE})
    assert cli("index").status == 0
    repo.write("one/a.py", MODULE + BARE.format("fresh"))
    repo.git("add", "-A")
    done = framework(repo, "prek", "run")
    assert done.returncode == 1
    # Each judges the commit, which is one.
    assert done.stdout.count("one/a.py:4:1: GL08 No docstring [fresh]") == 2, done.stdout
    assert done.stdout.count("failed: 1 new finding in 1 changed file") == 2
    assert "locked" not in done.stdout + done.stderr
    assert cli("verify", "--full").status == 0
    repo.write("one/a.py", MODULE + GOOD.format("fresh"))
    repo.git("add", "-A")
    assert framework(repo, "prek", "run").returncode == 0


@pytest.mark.parametrize("name", ["pre_commit", "prek"])
def test_a_framework_stashes_what_is_not_staged(repo: Sandbox, cli: Cli, name: str) -> None:
    configured(repo, ".")
    repo.commit(**{"pkg/a.py": MODULE, "pkg/b.py": MODULE})
    for view in ("staged", "worktree"):
        assert cli("index", "--at", view).status == 0
    repo.write("pkg/a.py", MODULE + GOOD.format("fresh"))
    repo.git("add", "-A")
    repo.write("pkg/a.py", MODULE + BARE.format("later"))
    (repo.path / "pkg/b.py").unlink()
    repo.write("pkg/new.py", MODULE + BARE.format("intended"))
    repo.git("add", "-N", "pkg/new.py")
    before = repo.git("status", "--porcelain=v2")
    done = framework(repo, name, "run")
    assert done.returncode == 0, done.stdout
    assert repo.git("status", "--porcelain=v2") == before
    repo.write("pkg/c.py", MODULE + BARE.format("more"))
    repo.git("add", "pkg/c.py")
    done = framework(repo, name, "run")
    assert done.returncode == 1
    assert "pkg/c.py:4:1: GL08 No docstring [more]" in done.stdout
    assert "failed: 1 new finding in 2 changed files" in done.stdout
    for view in ("staged", "worktree"):
        assert cli("export", "--at", view) == cli("export", "--at", view, "--store", "memory:")
