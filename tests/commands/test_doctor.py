"""Each fault is named with the command that mends it, and that command mends it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

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
    assert _remedies(answer) == ["`detent install` writes it anew"]
    assert "CRLF" in answer.out
    cli("install")
    assert hook.read_bytes() == ours
    hook.write_bytes(b"#!/bin/sh\r\nexit 0\r\n")
    assert _remedies(cli("doctor", "--format", "json")) == [f"dos2unix {hook}"]


def test_a_hook_of_another_installation(hook: Path, cli: Cli) -> None:
    hook.write_text(hook.read_text().replace("python", "python-of-old", 1))
    answer = cli("doctor", "--format", "json")
    assert answer.status == 1
    assert _remedies(answer) == ["`detent install` writes it anew"]
    cli("install")
    assert cli("doctor").status == 0


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
