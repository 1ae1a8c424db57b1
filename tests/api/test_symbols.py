"""Symbols by the name of their module, and what is similar where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

CLASS = "class Model:\n    def fit(self): pass\n\n\ndef load(): pass\n"


@pytest.fixture
def work(repo: Sandbox) -> Sandbox:
    repo.commit(
        **{
            "src/pkg/__init__.py": "def top(): pass\n",
            "src/pkg/mod.py": CLASS,
            "src/pkg/fast.pyx": "cpdef load(int x): pass\n",
            "other/mod.py": "def save(): pass\n",
        }
    )
    return repo


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("pkg.mod.load", ["src/pkg/mod.py:5:1"]),
        ("src.pkg.mod.Model.fit", ["src/pkg/mod.py:2:5"]),
        ("mod.Model", ["src/pkg/mod.py:1:1"]),
        ("Model.fit", ["src/pkg/mod.py:2:5"]),
        ("pkg.top", ["src/pkg/__init__.py:1:1"]),
        ("pkg.*.load", ["src/pkg/fast.pyx:1:1", "src/pkg/mod.py:5:1"]),
        ("load", ["src/pkg/fast.pyx:1:1", "src/pkg/mod.py:5:1"]),
        ("pkg.load", []),
        ("kg.mod.load", []),
        ("other.mod.load", []),
    ],
)
def test_names_may_begin_with_the_module(
    work: Sandbox, cli: Cli, name: str, found: list[str]
) -> None:
    for view in ("worktree", "HEAD"):
        answer = cli("sym", name, "--at", view)
        places = [line.partition(": ")[0] for line in answer.out.splitlines()[:-1]]
        assert places == found
        assert answer.status == (0 if found else 1)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("laod", "'load'"),
        ("fi", "'fit'"),
        ("pkg.mod.sav", "'other.mod.save'"),
        ("pkg.mod.save", "'other.mod.save'"),
        ("Model.fti", "'src.pkg.mod.Model.fit'"),
    ],
)
def test_a_name_that_is_not_there_is_corrected(
    work: Sandbox, cli: Cli, name: str, suggestion: str
) -> None:
    answer = cli("sym", name)
    assert answer.status == 1
    assert f"no symbol {name!r}: did you mean {suggestion}?" in answer.err


def test_nothing_similar_is_not_suggested(work: Sandbox, cli: Cli) -> None:
    assert cli("sym", "qqqqqq").err == ""


def test_a_history_has_subjects_and_a_default(repo: Sandbox, cli: Cli) -> None:
    repo.commit("first", **{"m.py": "def f(): pass\n"})
    repo.commit("Add g \x1b[31mred", **{"m.py": "def f(): pass\ndef g(): pass\n"})
    repo.commit("third", notes="x")
    answer = cli("budget", "history", "docstring.undocumented")
    assert answer.status == 0
    lines = answer.out.splitlines()
    assert lines[0].endswith("change    subject")
    assert lines[2].endswith("+1        Add g \\x1b[31mred")
    assert lines[3].endswith("third")
    assert lines[-1] == "2 commits: +1"
