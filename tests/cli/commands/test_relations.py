"""calls, refs and edges: what they answer about which view, and what they leave alone."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

import detent

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

FILES = {
    "pkg/__init__.py": "from pkg.base import Model\n",
    "pkg/base.py": "class Model:\n    def fit(self):\n        return helper()\n\n\n"
    "def helper(): ...\n",
    "use.py": "from pkg import Model\n\n\ndef run(m: Model):\n    m.fit()\n    print(m.go())\n"
    "    any(x.fit() for x in y)\n",
}


@pytest.fixture
def filled(repo: Sandbox, cli: Cli) -> Sandbox:
    repo.commit(**FILES)
    assert cli("index").status == 0
    return repo


QUESTIONS = {
    ("calls", "fit"): ["pkg/base.py:3:16: Model.fit -> pkg/base.py:helper (exact)"],
    ("calls", "helper", "--incoming"): [
        "pkg/base.py:3:16: Model.fit -> pkg/base.py:helper (exact)"
    ],
    ("calls", "Model.fit", "--incoming"): ["use.py:5:7: run -> pkg/base.py:Model.fit (inferred)"],
    ("calls", "fit", "--incoming", "--min", "exact"): [],
    ("calls", "fit", "--incoming", "--prefix", "pkg"): [],
    ("calls", "run", "--limit", "1"): [
        "use.py:5:7: run -> pkg/base.py:Model.fit (inferred)",
        "2 more: raise --limit, or name a --prefix",
    ],
    ("refs", "Model"): [
        "pkg/__init__.py:1:22: import in (module) -> pkg/base.py:Model (exact)",
        "use.py:1:17: import in (module) -> pkg/base.py:Model (exact)",
        "use.py:4:12: annotate in (module) -> pkg/base.py:Model (exact)",
    ],
    ("refs", "fit", "--min", "name-only"): [
        "use.py:5:7: call in run -> pkg/base.py:Model.fit (inferred)",
        "use.py:7:11: call in run -> pkg/base.py:Model.fit (name-only)",
    ],
}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_found(question: tuple[str, ...], cli: Cli) -> None:
    *lines, stamp = cli(*question).out.splitlines()
    assert lines == QUESTIONS[question]
    assert " found · work tree at " in stamp


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", ["calls", "refs"])
def test_an_unknown_name_is_status_1(command: str, cli: Cli) -> None:
    assert cli(command, "missing").status == 1
    assert json.loads(cli(command, "missing", "--format", "json").out)["symbols"] == []
    assert cli(command, "base.Model.fitt").err == (
        "detent: no symbol 'base.Model.fitt': did you mean 'pkg.base.Model.fit'?\n"
    )


@pytest.mark.usefixtures("filled")
def test_edges_are_json_lines_and_dot(cli: Cli) -> None:
    edges = [json.loads(line) for line in cli("edges").out.splitlines()]
    assert edges[0] == {
        "caller": {"path": "pkg/base.py", "name": "Model.fit"},
        "callee": {"path": "pkg/base.py", "name": "helper"},
        "kind": "call",
        "confidence": "exact",
        "line": 3,
        "column": 16,
    }
    assert cli("edges", "--prefix", "pkg", "--format", "dot").out.splitlines() == [
        "digraph calls {",
        '  "pkg/base.py:Model.fit" -> "pkg/base.py:helper";',
        "}",
    ]


def test_each_view_has_its_own_answer(filled: Sandbox, cli: Cli) -> None:
    filled.write("use.py", "from pkg.base import helper\nhelper()\n")
    now = cli("calls", "helper", "--incoming").out
    assert "use.py:2:1: (module) -> pkg/base.py:helper (exact)" in now
    assert "1 file differs from it" in now
    assert "use.py" not in cli("calls", "helper", "--incoming", "--at", "HEAD").out


def test_a_name_cannot_leave_its_quotes(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{'a"b.py': "def f(): f()\n"})
    assert cli("edges", "--format", "dot").out.splitlines()[1].count('"') == 4


def ask_all(cli: Cli) -> list[Any]:
    return [cli(*question).out for question in QUESTIONS] + [cli("edges").out]


def test_once_derived_questions_change_no_byte(filled: Sandbox, cli: Cli) -> None:
    first = ask_all(cli)
    (index,) = (filled.path / ".git/detent").glob("index-*.sqlite")
    before = read_files(index.parent)
    assert ask_all(cli) == first
    assert read_files(index.parent) == before


def test_a_question_makes_no_index(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**FILES)
    assert "helper (exact)" in cli("calls", "fit").out
    assert not (repo.path / ".git/detent").exists()


def read_files(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in directory.iterdir() if file.is_file()}


PIECES = [
    "from b import *\n", "import a\n", "from a import f as g\n", "def f(x=None): g(x)\n",
    "def g(x): return x\n", "f(g)\n", "class A:\n    def m(self): f(self)\n", "A().m()\n",
    "class B(A):\n    def n(self): self.m()\n", "g(B)().n()\n", "a.f()\n", "x = [f, g]; x[0]()\n",
]  # fmt: skip


def test_edges_after_edits_are_those_of_a_fresh_index(repo: Sandbox, tmp_path: Path) -> None:
    choose = random.Random(16)
    for step in range(12):
        name = choose.choice(["a.py", "b.py", "c.py"])
        repo.commit(**{name: "".join(choose.choices(PIECES, k=6)) + f"# {step}\n"})
        with detent.open(repo.path) as kept, detent.open(repo.path, store="memory:") as fresh:
            kept.refresh("HEAD")
            found = kept.list_edges(at="HEAD").edges
            assert found == fresh.list_edges(at="HEAD").edges
            alone = {
                edge
                for name in "fgmn"
                for edge in kept.find_calls(name, at="HEAD", incoming=True).edges
            }
            assert alone <= set(found)
