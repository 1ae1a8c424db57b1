"""The commits that changed a symbol, through renames and moves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from detent.git import path_filters
from detent.languages.python.definition_text import find_definition, has_definition

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

REST = "\n\ndef other():\n    pass\n"
ONE, TWO, THREE = (
    f"def run(a):\n    b = a\n    c = b\n    return {number}\n" for number in (1, 2, 3)
)


def trace(cli: Cli, name: str, *arguments: str) -> list[str]:
    answer = cli("history", name, *arguments)
    assert answer.status == 0
    lines = [line.split(" ", 2)[2] for line in answer.out.splitlines()[:-1]]
    assert answer.out.splitlines()[-1].startswith(f"{len(lines)} commit")
    return lines


def test_only_commits_that_change_the_symbol(repo: Sandbox, cli: Cli) -> None:
    repo.commit("first", **{"a.py": ONE + REST})
    repo.commit("around", **{"a.py": "import x\n\n\n" + ONE + REST})
    repo.commit("inside", **{"a.py": "import x\n\n\n" + TWO + REST})
    repo.commit("elsewhere", **{"a.py": "import x\n\n\n" + TWO, "b.py": "y = 1\n"})
    repo.commit("decorated", **{"a.py": "import x\n\n\n@x\n" + TWO})
    assert trace(cli, "run") == ["changed: decorated", "changed: inside", "added: first"]
    assert trace(cli, "run", "--limit", "1") == ["changed: decorated"]
    assert trace(cli, "run", "--at", "HEAD~3") == ["added: first"]


def test_renames_and_moves(repo: Sandbox, cli: Cli) -> None:
    repo.commit("first", **{"a.py": ONE + REST})
    repo.commit("edit", **{"a.py": TWO + REST})
    repo.commit("rename", **{"a.py": TWO.replace("run", "walk") + REST})
    repo.git("mv", "a.py", "b.py")
    repo.commit("rename the file")
    repo.commit("move", **{"b.py": REST, "c.py": "z = 1\n\n\n" + TWO.replace("run", "walk")})
    repo.commit("last", **{"c.py": "z = 1\n\n\n" + THREE.replace("run", "walk")})
    assert trace(cli, "walk") == [
        "changed: last",
        "moved from b.py: move",
        "moved from a.py: rename the file",
        "renamed from run: rename",
        "changed: edit",
        "added: first",
    ]
    found = json.loads(cli("history", "walk", "--format", "json").out)
    assert found["symbol"] == "walk"
    assert [x["old_name"] for x in found["commits"]] == ["walk"] * 3 + ["run"] * 2 + [""]


def test_methods_in_several_classes(repo: Sandbox, cli: Cli) -> None:
    method = "    def f(self):\n        return 1\n"
    code = f"class A:\n{method}\n\nclass B:\n{method}"
    repo.commit("first", **{"a.py": code})
    repo.commit("second", **{"a.py": code.replace("return 1\n\n\n", "return 2\n\n\n")})
    assert trace(cli, "A.f") == ["changed: second", "added: first"]
    assert trace(cli, "B.f") == ["added: first"]
    answer = cli("history", "f")
    assert answer.status == 2
    assert "there are 2 symbols 'f': a.py:A.f, a.py:B.f" in answer.err


def test_names_that_there_are_not(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": ONE})
    answer = cli("history", "rum")
    assert answer.status == 1
    assert answer.err == "detent: no symbol 'rum': did you mean 'run'?\n"
    assert cli("history", "run", "--since", "nonsense").status == 2


def test_filters_for_paths_change_no_answer(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(path_filters, "_LEAST_COMMITS", 2)
    repo.commit("first", **{"a.py": ONE})
    repo.commit("second", **{"a.py": TWO, "b.py": ""})
    assert cli("index").status == 0
    expected = ["changed: second", "added: first"]
    assert trace(cli, "run") == expected
    assert (repo.path / ".git/detent/paths/info/commit-graph").exists()
    assert trace(cli, "run") == expected
    repo.commit("third", **{"b.py": "x = 1\n"})
    repo.commit("fourth", **{"a.py": THREE})
    assert trace(cli, "run") == ["changed: fourth", *expected]
    assert not (repo.path / ".git/objects/info/commit-graph").exists()


TEXTS = [
    ("def f(\n    a,\n): pass\nx = 1\n", "f", "def f(\n    a,\n): pass"),
    ("def f():\n    '''\nx\n'''\n    y\n\n# z\nx = 1\n", "f", "def f():\n    '''\nx\n'''\n    y"),
    ("def f():\n    '''\n", "f", "def f():\n    '''\n"),
    ("def f(): print 'x'\n", "f", "def f(): print 'x'"),
    ("def ff(): pass\ndef f(): pass", "f", "def f(): pass"),
    ("class A:\n    @x\n    def f(self): y\n    z = 1\n", "A.f", "    @x\n    def f(self): y"),
    ("cdef class A:\n    cpdef int f(self): pass\n", "A.f", "    cpdef int f(self): pass"),
    ("x = f(1)\n", "f", None),
    ("class A: pass\n", "A.f", None),
]


@pytest.mark.parametrize(("code", "name", "text"), TEXTS)
def test_the_text_of_a_definition(code: str, name: str, text: str | None) -> None:
    found = find_definition(code.encode(), name)
    assert found == (None if text is None else text.encode())


@pytest.mark.parametrize(
    ("code", "is_there"),
    [
        ("def f():\n    x\n\ny\n", True),
        ("def f():\n    x\n    z\n", False),
        ("def f():\n    x\n    # z\n\n    y\n", False),
        ("if a:\n    def f():\n        x\n", False),
    ],
)
def test_a_text_that_is_still_there(code: str, is_there: bool) -> None:
    assert has_definition(code.encode(), "f", b"def f():\n    x") is is_there
