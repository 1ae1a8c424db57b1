"""What has no effect or no meaning is an error: nothing passes unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n'
LIMIT = "[[tool.detent.budget.limit]]\nmetric = '{}'\n{}\n"


@pytest.mark.parametrize(
    "heading",
    [
        "[tool.detnet]",
        "[tool.Detent]",
        "[tool.detents]",
        "[ tool . detnt ]",
        '[tool."deten"]',
        "[detent]",
        "[[tool.detnet.override]]",
        "[tool.dettent.severity]",
    ],
)
def test_a_misspelt_table(repo: Sandbox, cli: Cli, heading: str) -> None:
    repo.commit(**{"a.py": CLEAN, "pyproject.toml": f"[project]\nname = 'x'\n{heading}\nx = 1\n"})
    answer = cli("check")
    assert answer.status == 2
    assert "pyproject.toml:3: unknown table" in answer.err
    assert "did you mean [tool.detent]?" in answer.err


@pytest.mark.parametrize("name", ["deptry", "django", "dephell", "detox", "devpi", "ruff"])
def test_tables_of_other_tools(repo: Sandbox, cli: Cli, name: str) -> None:
    repo.commit(**{"a.py": CLEAN, "pyproject.toml": f"[tool.{name}]\nx = 1\n"})
    assert cli("check").status == 0


@pytest.mark.parametrize(
    "glob", ["./src", "../src", "src/../x.py", "src//x.py", "src\\x.py", "src/./x.py", ".", ".."]
)
def test_globs_that_cannot_match(repo: Sandbox, cli: Cli, glob: str) -> None:
    for setting in (f"exclude = ['{glob}']", f"[per-file-ignores]\n'{glob}' = ['GL08']"):
        repo.commit(**{"a.py": CLEAN, "detent.toml": f"{setting}\n"})
        answer = cli("check")
        assert answer.status == 2
        assert "matches no file" in answer.err


def test_a_choice_of_no_rules(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN, "detent.toml": "ignore = ['GL08']\nselect = []\n"})
    answer = cli("check")
    assert answer.status == 2
    assert "detent.toml:2 select is empty, so that no rule would be checked" in answer.err


@pytest.mark.parametrize(
    ("metric", "bound"),
    [
        ("docstring.coverage", "min = 200"),
        ("docstring.coverage", "max = 101"),
        ("docstring.coverage", "min = -1"),
        ("code.lines", "max = -1"),
        ("docstring.issues.new", "max = -5"),
        ("docstring.issues", "max_ratio = -1"),
    ],
)
def test_bounds_that_no_value_reaches(repo: Sandbox, cli: Cli, metric: str, bound: str) -> None:
    repo.commit(**{"a.py": CLEAN, "pyproject.toml": LIMIT.format(metric, bound)})
    answer = cli("check")
    assert answer.status == 2
    assert f"{bound} has no meaning for {metric}" in answer.err


@pytest.mark.parametrize(
    "command",
    [
        ["index", "--jobs", "0"],
        ["index", "--jobs", "-2"],
        ["gc", "--since", "nonsense"],
        ["gc", "--since", ""],
        ["gc", "--since", "5.lightyears"],
        ["coverage", "--fail-under", "200"],
        ["coverage", "--fail-under", "-1"],
        ["audit", "--select", ""],
        ["audit", "--ignore", ","],
    ],
)
def test_options_that_mean_nothing(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    repo.commit(**{"a.py": CLEAN})
    cli("index")
    answer = cli(*command)
    assert answer.status == 2
    assert command[1] in answer.err


def test_settings_of_lint_that_are_not_there(repo: Sandbox) -> None:
    repo.write("a.py", CLEAN)
    done = repo.detent("lint", "--config", "nosuch", "a.py")
    assert done.returncode == 2
    assert "--config: no such directory: nosuch" in done.stderr


@pytest.mark.parametrize(
    "date",
    [
        "90.days",
        "2.weeks",
        "2 weeks ago",
        "yesterday",
        "2026-01-31",
        "2026-01-31T10:00:00Z",
        "now",
        "last week",
        "Jan 3 2026",
        "1.month.ago",
        "last monday",
        "never",
        "3rd May",
    ],
)
def test_dates_of_git(repo: Sandbox, cli: Cli, date: str) -> None:
    repo.commit(**{"a.py": CLEAN})
    cli("index")
    assert cli("gc", "--since", date).status == 0
