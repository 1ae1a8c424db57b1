"""Symbols by the name of their module, and what is similar where there is none."""

from __future__ import annotations

import json
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


def test_a_whole_name_is_found_as_a_pattern_is(
    work: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Find names by the index of names alone, whatever the index has of the view."""

    def ask(view: str) -> list[str]:
        answers = []
        for name, pattern in (("load", "loa[d]"), ("mod.load", "mod.[l]oad")):
            answer = cli("sym", name, "--at", view)
            assert answer.out == cli("sym", pattern, "--at", view).out
            answers.append(answer.out)
        return answers

    monkeypatch.setattr("detent.api.symbols.suggest_name", None)  # each of them is found
    without = [ask("worktree"), ask("staged"), ask("HEAD")]
    assert cli("index").status == 0
    assert [ask("worktree"), ask("staged"), ask("HEAD")] == without
    work.write("src/pkg/new.py", "def load(): pass\n")
    work.git("add", "-A")
    work.write("src/pkg/new.py", "\n\ndef load(): pass\n")
    (work.path / "src/pkg/mod.py").unlink()
    work.write("broken.py", b"\xff\xfe load")
    work.git("add", "broken.py")
    assert [x.partition(": ")[0] for x in cli("sym", "load").out.splitlines()][:2] == [
        "src/pkg/fast.pyx:1:1",
        "src/pkg/new.py:3:1",
    ]
    assert "src/pkg/mod.py:5:1" in cli("sym", "mod.load", "--at", "staged").out
    assert ask("staged") != without[1]
    assert cli("index").status == 0
    assert cli("sym", "load").out == cli("sym", "loa[d]").out
    assert "src/pkg/new.py:1:1" in cli("sym", "load", "--at", "staged").out


def test_a_whole_name_lists_no_files(
    work: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("index").status == 0
    expected = cli("sym", "mod.load").out
    monkeypatch.setattr("detent.api.symbols.take_snapshot", None)
    assert cli("sym", "mod.load").out == expected
    assert work.git("status", "--short") == ""


def test_a_tree_with_counts_of_calls(repo: Sandbox, cli: Cli) -> None:
    code = (
        "class A:\n    def f(self): return g()\n\n\ndef g(): return 1\n\n\ndef h(x): return g()\n"
    )
    repo.commit(**{"a.py": code})
    assert cli("symlist", "--tree", "--counts", "a.py").out.splitlines()[:-1] == [
        "a.py",
        "  1: class A [0 in, 0 out]",
        "    2: method f(self) [0 in, 1 out]",
        "  5: function g() [2 in, 0 out]",
        "  8: function h(x) [0 in, 1 out]",
    ]
    found = json.loads(cli("symlist", "--counts", "--format", "json").out)["symbols"]
    assert [x["incoming"] for x in found] == [0, 0, 2, 0]
    assert "incoming" not in cli("symlist", "--format", "json").out
    assert "a.py:5:1: function g() [2 in, 0 out]" in cli("symlist", "--counts").out
