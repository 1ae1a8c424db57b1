"""Where a command looks for the repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from conftest import Cli, Sandbox


def test_a_directory_that_a_person_names_goes_before_the_environment(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": "X = 1\n"})
    other = repo._replace(path=tmp_path / "other")
    other.path.mkdir()
    other.git("init", "-q")
    other.commit(**{"b.py": "X = 1\n", "c.py": "X = 2\n"})
    for name, value in (("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index")):
        monkeypatch.setenv(name, str(other.path / value))
    assert json.loads(cli("index", "--format", "json").out)["analysed"] == 1


def test_work_trees_share_facts_and_not_views(repo: Sandbox, cli: Cli, tmp_path: Path) -> None:
    repo.commit(**{"a.py": "X = 1\n"})
    cli("index")
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    linked = repo._replace(path=tmp_path / "linked")
    linked.commit(**{"b.py": "X = 2\n"})
    answer = json.loads(cli("index", "--format", "json", at=linked.path).out)
    assert (answer["analysed"], answer["reused"]) == (1, 1)
    assert json.loads(cli("index", "--format", "json").out)["changed"] == 0
    assert not (linked.path / ".git").is_dir()


def test_a_bare_repository_answers_about_revisions(repo: Sandbox, cli: Cli, tmp_path: Path) -> None:
    repo.commit(**{"a.py": "def f(): ...\n"})
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    assert "a.py:1:1:" in cli("symlist", "--at", "HEAD", at=tmp_path / "bare.git").out
    answer = cli("check", at=tmp_path / "bare.git")
    assert answer.status == 3
    assert "--at" in answer.err
