"""Findings of a view, of a path, and of what is new."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from detent.audit.rules import RULES

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Answer, Cli, Sandbox

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
    assert "did you mean 'PR01'?" in answer.err


def listed(answer: Answer) -> list[str]:
    return [line.split(" ")[1] for line in answer.out.splitlines()[:-1]]


SHORT = '"""Do things"""\n\n\ndef f(a):\n    """return a"""\n    return a\n'


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ([], ["SS03", "PR01", "RT01", "SS02", "SS03"]),
        (["--select", "SS"], ["SS03", "SS02", "SS03"]),
        (["--select", "ss02,PR01"], ["PR01", "SS02"]),
        (["--ignore", "SS,RT01"], ["PR01"]),
        (["--select", "SS", "--ignore", "SS03"], ["SS02"]),
        (["--preset", "numpydoc", "--ignore", "SS,RT,PR"], ["ES01", "EX01", "SA01"]),
    ],
)
def test_codes_for_one_run(repo: Sandbox, cli: Cli, arguments: list[str], codes: list[str]) -> None:
    repo.commit(**{"a.py": SHORT})
    assert sorted(listed(cli("audit", *arguments))) == sorted(codes)


def test_a_wrong_code_for_one_run(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": SHORT})
    answer = cli("audit", "--select", "SS,PR1O")
    assert answer.status == 2
    assert answer.err == "detent: --select: unknown rule code 'PR1O'\n  did you mean 'PR10'?\n"


def test_warnings_are_listed_and_no_reason_to_fail(repo: Sandbox, cli: Cli) -> None:
    settings = '[severity]\nALL = "warning"\nPR01 = "error"\n'
    repo.commit(**{"a.py": SHORT, "detent.toml": settings})
    answer = cli("audit")
    lines = answer.out.splitlines()
    assert lines[0] == "a.py:1:12: SS03 (warning) Summary does not end with a period"
    assert 'PR01 Parameter "a" is not documented' in answer.out
    assert lines[-1] == "5 findings in 1 file, 4 warnings among them"
    assert answer.status == 1
    assert cli("audit", "--ignore", "PR01").status == 0
    found = json.loads(cli("audit", "--format", "json").out)["findings"]
    assert [one["severity"] for one in found].count("warning") == 4
    assert {one["severity"] for one in found if one["code"] == "PR01"} == {"error"}


def test_a_page_says_where_the_rule_counts(cli: Cli) -> None:
    words = cli("audit", "--explain", "PR01").out
    assert "By default on, as error; in the presets: default, numpydoc, strict." in words
    assert "# detent: ignore[PR01] the reason" in words
    assert (
        "By default off, as error; in the presets: numpydoc."
        in cli("audit", "--explain", "EX01").out
    )
    assert "# detent: ignore" not in cli("audit", "--explain", "DT902").out
