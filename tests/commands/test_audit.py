"""Findings of a view, of a path, and of what is new."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from detent.audit import RULES

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

BARE = '"""Do things."""\n\n\ndef f(a):\n    return a\n'
CLEAN = '"""Do things."""\n'


@pytest.fixture
def filled(repo: Sandbox) -> Sandbox:
    repo.commit(**{"src/a.py": BARE, "src/sub/b.py": BARE, "srcs.py": BARE, "clean.py": CLEAN})
    return repo


@pytest.mark.parametrize(
    ("at", "paths", "expected"),
    [
        (".", [], ["src/a.py", "src/sub/b.py", "srcs.py"]),
        (".", ["."], ["src/a.py", "src/sub/b.py", "srcs.py"]),
        (".", ["src"], ["src/a.py", "src/sub/b.py"]),
        (".", ["src/sub/", "srcs.py"], ["src/sub/b.py", "srcs.py"]),
        (".", ["clean.py"], []),
        ("src", ["sub"], ["src/sub/b.py"]),
        ("src", ["../srcs.py"], ["srcs.py"]),
        ("src/sub", [".."], ["src/a.py", "src/sub/b.py"]),
        ("src", [], ["src/a.py", "src/sub/b.py", "srcs.py"]),
    ],
)
def test_paths_are_those_of_the_person_who_asks(
    filled: Sandbox, cli: Cli, at: str, paths: list[str], expected: list[str]
) -> None:
    answer = cli("audit", *paths, at=filled.path / at)
    assert [line.partition(":")[0] for line in answer.out.splitlines()[:-1]] == expected
    assert answer.status == (1 if expected else 0)


def test_a_repository_reached_through_a_link(filled: Sandbox, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(filled.path)
    answer = cli("audit", "src", at=tmp_path / "link")
    assert answer.out.splitlines()[-1] == "2 findings in 2 files"


@pytest.mark.parametrize("command", ["audit", "symlist", "export"])
@pytest.mark.parametrize("path", ["scr", "src/c.py", "..", "/", "../other"])
def test_a_path_that_is_not_there_is_not_clean(
    filled: Sandbox, cli: Cli, command: str, path: str
) -> None:
    answer = cli(command, path)
    assert answer.status == 2
    assert repr(path) in answer.err


def test_an_absolute_path(filled: Sandbox, cli: Cli) -> None:
    assert cli("audit", str(filled.path / "src/a.py")).out.endswith("1 finding in 1 file\n")


def test_the_work_tree_is_the_default(filled: Sandbox, cli: Cli) -> None:
    filled.write("srcs.py", CLEAN)
    assert cli("audit").out.endswith("2 findings in 2 files\n")
    assert cli("audit", "--at", "staged").out.endswith("3 findings in 3 files\n")
    assert cli("audit", "--at", "HEAD").out.endswith("3 findings in 3 files\n")


def test_only_what_is_new(filled: Sandbox, cli: Cli) -> None:
    filled.write("srcs.py", BARE + "\n\ndef g(a):\n    return a\n")
    answer = cli("audit", "--new-since", "HEAD", "--format", "json")
    value = json.loads(answer.out)
    assert value["schema"] == "detent.audit/1"
    assert [(one["path"], one["symbol"]) for one in value["findings"]] == [("srcs.py", "g")]
    assert cli("audit", "--new-since", "HEAD", "src").status == 0


@pytest.mark.parametrize("code", RULES)
def test_every_rule_can_be_explained(cli: Cli, code: str) -> None:
    answer = cli("audit", "--explain", code.lower())
    assert answer.status == 0
    assert answer.out.startswith(f"{code}: {RULES[code].title}\n\n")
    assert len(answer.out.splitlines()) > 4


def test_a_rule_that_there_is_not(cli: Cli) -> None:
    answer = cli("audit", "--explain", "PR011")
    assert answer.status == 2
    assert "did you mean PR01?" in answer.err
