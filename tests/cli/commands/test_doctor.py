"""Each fault is named with the command that mends it, and that command mends it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from git_version import needs_git

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Answer, Cli, Sandbox


@pytest.fixture
def hook(repo: Sandbox, cli: Cli) -> Path:
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    cli("install")
    return repo.path / ".git/hooks/pre-commit"


def _remedies(answer: Answer) -> list[str]:
    return [one["remedy"] for one in json.loads(answer.out)["findings"] if one["remedy"]]


def test_a_good_set_up(hook: Path, cli: Cli) -> None:
    answer = cli("doctor")
    assert answer.status == 0
    assert {line.split()[0] for line in answer.out.splitlines()} == {"good"}


def test_a_repository_that_never_saw_detent(repo: Sandbox, cli: Cli) -> None:
    answer = cli("doctor", "--format", "json")
    assert answer.status == 0
    assert _remedies(answer) == ["`detent install`", "`detent index`"]
    repo.write(".pre-commit-config.yaml", "repos: []\n")
    assert "pre-commit install" in cli("doctor").out


@pytest.mark.skipif(os.name == "nt", reason="there are no run bits")
def test_a_hook_that_git_passes_over(hook: Path, cli: Cli) -> None:
    hook.chmod(0o644)
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert _remedies(answer) == [f"chmod +x {hook}"]


def test_a_hook_that_an_editor_gave_other_newlines(hook: Path, cli: Cli) -> None:
    ours = hook.read_bytes()
    hook.write_bytes(ours.replace(b"\n", b"\r\n"))
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert _remedies(answer) == ["run `detent install` again"]
    assert "CRLF" in answer.out
    cli("install")
    assert hook.read_bytes() == ours
    hook.write_bytes(b"#!/bin/sh\r\nexit 0\r\n")
    assert _remedies(cli("doctor", "--format", "json")) == [f"dos2unix {hook}"]


def test_a_hook_of_another_installation(hook: Path, cli: Cli) -> None:
    hook.write_text(hook.read_text() + "# as it was once\n")
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert _remedies(answer) == ["run `detent install` again"]
    cli("install")
    assert cli("doctor").status == 0


@pytest.mark.skipif(os.name == "nt", reason="a script is no Python there")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "that does not exist"),
        ("exit 1", "without detent"),
        ("echo 0.0.1", "calls detent 0.0.1"),
        (f"exec '{sys.executable}' -I -S \"$@\"", "without detent"),
    ],
)
def test_the_python_of_a_hook(
    hook: Path, cli: Cli, tmp_path: Path, script: str | None, said: str
) -> None:
    python = tmp_path / "it's a python"
    if script is not None:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    shown = str(python).replace("'", "'\\''")
    hook.write_text(hook.read_text().replace(f"python='{sys.executable}'", f"python='{shown}'"))
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    (found,) = (one["what"] for one in json.loads(answer.out)["findings"] if one["remedy"])
    assert said in found
    assert str(python) in found
    assert _remedies(answer) == ["run `detent install` again"]
    cli("install")
    assert cli("doctor").status == 0


def test_a_hook_that_another_program_replaced(repo: Sandbox, cli: Cli) -> None:
    hook = repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")
    hook.chmod(0o755)
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    cli("install")
    assert cli("doctor").status == 0
    hook.write_text("#!/bin/sh\nexit 0\n")
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert _remedies(answer)[-1:] == [f"`detent install`, or rm {hook}.detent-chained"]
    cli("install")
    assert cli("doctor").status == 0
    hook.with_name("pre-commit.detent-chained").chmod(0o644)
    assert _remedies(cli("doctor", "--format", "json")) == [f"chmod +x {hook}.detent-chained"]


def test_a_hook_of_a_framework(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexec prek hook-impl\n").chmod(0o755)
    assert "keeps it and adds detent" in cli("doctor").out
    repo.write(".pre-commit-config.yaml", "repos: [] # detent-check\n")
    answer = cli("doctor")
    assert answer.status == 0
    assert "keeps it and adds detent" not in answer.out
    assert "runs detent" in answer.out


# ---- hooks of git's settings


def test_a_git_that_knows_no_hooks_of_settings(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = tmp_path / "bin/git"
    git.parent.mkdir()
    real = shutil.which("git")
    version = "*--version) echo git version 2.53.9"
    git.write_text(f'#!/bin/sh\ncase "$*" in {version} ;; *) exec {real} "$@" ;; esac\n')
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(git.parent), prepend=os.pathsep)
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    repo.git("config", "hook.mine.command", "detent hook pre-commit")
    repo.git("config", "hook.mine.event", "pre-commit")
    repo.git("config", "hook.pre-commit.enabled", "false")
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert _remedies(answer) == ["`detent install`"]
    assert "only git 2.54 and later run it, not git version 2.53.9" in answer.out


@needs_git(2, 54)
def test_hooks_of_settings(repo: Sandbox, cli: Cli) -> None:
    def said() -> list[str]:
        return _remedies(cli("doctor", "--format", "json"))

    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    repo.git("config", "hook.mine.command", "detent hook pre-commit")
    assert said() == ["git config --add hook.mine.event pre-commit"]
    repo.git("config", "--add", "hook.mine.event", "pre-commit")
    assert said() == []
    assert "detent install" not in cli("check").out
    repo.git("config", "hook.mine.enabled", "off")
    assert said() == ["git config hook.mine.enabled true"]
    repo.git("config", "hook.mine.enabled", "true")
    cli("install")
    assert said() == ["`detent uninstall`"]
    repo.git("config", "--remove-section", "hook.mine")
    assert said() == []
    repo.git("config", "hook.pre-commit.enabled", "false")
    assert said() == ["git config --unset hook.pre-commit.enabled"]


def test_settings_that_cannot_be_followed(hook: Path, repo: Sandbox, cli: Cli) -> None:
    repo.write("detent.toml", "gate = 'nwe'\n")
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert _remedies(answer) == ["did you mean 'new'?"]


def test_an_index_that_is_behind_or_damaged(hook: Path, repo: Sandbox, cli: Cli) -> None:
    repo.write("b.py", "y = 1\n")
    repo.git("add", "-A")
    assert _remedies(cli("doctor", "--format", "json")) == ["`detent index`"]
    (index,) = (repo.path / ".git/detent").glob("index-*.sqlite")
    for beside in index.parent.glob("*-*m"):
        beside.unlink()
    index.write_bytes(b"no database at all" * 100)
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert "detent index --full" in _remedies(answer)[0]
    cli("index", "--full")
    assert cli("doctor").status == 0


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
@pytest.mark.parametrize("name", ["pre-commit", ".detent-made", "../.pre-commit-config.yaml"])
def test_a_hook_that_never_ends_is_not_read(repo: Sandbox, cli: Cli, name: str) -> None:
    repo.commit(**{"a.py": "x = 1\n", ".husky/x": ""})
    repo.git("config", "core.hooksPath", ".husky")
    (repo.path / ".husky" / name).symlink_to("/dev/zero")
    assert cli("doctor").status in (0, 1, 3)
    assert cli("uninstall").status == 0
    assert cli("check").status == 0


def test_a_foreign_hook_checks_nothing(repo: Sandbox, cli: Cli) -> None:
    hook = repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")
    hook.chmod(0o755)
    repo.write(".pre-commit-config.yaml", "# detent\n")
    for _ in range(2):
        lines = [line for line in cli("doctor").out.splitlines() if str(hook) in line]
        assert len(lines) == 1
        assert "commits are not checked" in lines[0]
        assert not lines[0].startswith("good")
        (repo.path / ".pre-commit-config.yaml").unlink(missing_ok=True)
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\ndetent hook pre-commit\n")
    assert "commits are not checked" not in cli("doctor").out


@pytest.mark.parametrize("reason", ["Read-only file system", "No space left on device"])
def test_a_place_where_no_index_can_be(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, reason)

    monkeypatch.setattr("detent.api.doctor.try_writing", refuse)
    answer = cli("doctor")
    assert f"cannot be written: {reason}" in answer.out
    assert answer.status != 0


def test_a_doctor_leaves_nothing_behind(repo: Sandbox, cli: Cli) -> None:
    before = sorted((repo.path / ".git").rglob("*"))
    cli("doctor")
    assert sorted((repo.path / ".git").rglob("*")) == before
