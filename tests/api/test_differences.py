"""How symbols differ between two states, and what users of a package see of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

BODY = "    a = 1\n    b = 2\n    return a + b\n"


def diff(cli: Cli, *arguments: str) -> list[str]:
    answer = cli("diff", "HEAD~1", "HEAD", *arguments)
    assert answer.status == 0
    assert " differ" in answer.out.splitlines()[-1]
    return answer.out.splitlines()[:-1]


def changes(cli: Cli, *arguments: str) -> list[dict[str, Any]]:
    answer = cli("diff", "HEAD~1", "HEAD", "--format", "json", *arguments)
    found: list[dict[str, Any]] = json.loads(answer.out)["changes"]
    return found


SIGNATURES = [
    ("(a, b)", "(a)", "parameter b removed (breaks)"),
    ("(a)", "(a, b)", "parameter b is required (breaks)"),
    ("(a)", "(a, b=1)", "parameter b added"),
    ("(a=1)", "(a)", "parameter a is required (breaks)"),
    ("(a)", "(a=1)", "parameter a has a default: 1"),
    ("(a=1)", "(a=2)", "default of a: 1 -> 2"),
    ("(a='x')", '(a="x")', "body"),
    ("(a, b)", "(b, a)", "parameter a moved: 1 -> 2; parameter b moved: 2 -> 1 (breaks)"),
    ("(a)", "(*, a)", "parameter a: by position or name -> by name only (breaks)"),
    ("(*, a)", "(a)", "parameter a: by name only -> by position or name"),
    ("(*, a)", "(**kw)", "parameter a removed; parameter **kw added"),
    ("(a: int)", "(a: str)", "annotation of a: int -> str"),
    ("(a) -> int", "(a)", "annotation of return: int -> none"),
]


@pytest.mark.parametrize(("old", "new", "text"), SIGNATURES)
def test_signatures(repo: Sandbox, cli: Cli, old: str, new: str, text: str) -> None:
    repo.commit(**{"a.py": f"def f{old}:\n{BODY}"})
    repo.commit(**{"a.py": f"def f{new}:\n{BODY}"})
    assert diff(cli) == [f"a.py:1: changed function f: {text}"]
    assert diff(cli, "--breaking") == (diff(cli) if "breaks" in text else [])


PARTS = [
    ("def f():\n    return 1\n", "def f():\n    return 2\n", "function f: body"),
    ("def f():\n    'A.'\n    x\n", "def f():\n    'B.'\n    x\n", "function f: docstring"),
    ("def f():\n    'A.'\n    x\n", "def f():\n    'B.'\n    y\n", "function f: docstring; body"),
    ("def f(): x\n", "@g\ndef f(): x\n", "function f: decorators"),
    ("class A: pass\n", "class A(B): pass\n", "class A: bases"),
    ("class A:\n    def f(self): x\n", "class A:\n    def f(self): y\n", "method A.f: body"),
    (
        "class A:\n    def f(self): x\n",
        "class A:\n    @property\n    def f(self): x\n",
        "method A.f: kind; decorators",
    ),
    ("x = 1\n", "x = 2\n", "module: body"),
]


@pytest.mark.parametrize(("old", "new", "text"), PARTS)
def test_parts(repo: Sandbox, cli: Cli, old: str, new: str, text: str) -> None:
    repo.commit(**{"a.py": old})
    repo.commit(**{"a.py": new})
    assert [line.partition(" changed ")[2] for line in diff(cli)] == [text]


def test_what_is_added_removed_renamed_and_moved(repo: Sandbox, cli: Cli) -> None:
    old = f"def gone(): pass\n\n\ndef before():\n{BODY}\n\ndef away():\n    x\n"
    repo.commit(**{"a.py": old, "b.py": "y = 1\n"})
    new = f"def come(x): return x\n\n\ndef after():\n{BODY}"
    repo.commit(**{"a.py": new, "b.py": "y = 1\n\n\ndef away():\n    x\n"})
    assert diff(cli) == [
        "a.py:1: removed function gone",
        "b.py:4: moved function a.py:away -> away",
        "a.py:4: renamed function before -> after",
        "a.py:1: added function come",
    ]
    assert diff(cli, "--limit", "1")[1] == "3 more: raise --limit, or name a --prefix"
    assert diff(cli, "--prefix", "b.py") == ["b.py:4: moved function a.py:away -> away"]


def test_a_moved_class_takes_its_methods_along(repo: Sandbox, cli: Cli) -> None:
    old = f"class A:\n    def f(self):\n        return 1\n\n    def g(self):\n    {BODY}"
    repo.commit(**{"a.py": old.replace("\n    a", "\n        a")})
    repo.commit(**{"a.py": "", "b.py": '"""New."""\n\n\n' + old.replace("\n    a", "\n        a")})
    found = changes(cli)
    assert ("moved", "A", "A") in [
        (x["change"], x["old"] and x["old"]["name"], x["new"] and x["new"]["name"]) for x in found
    ]
    assert not [x for x in found if x["change"] in ("added", "removed") and x["kind"] == "method"]


def test_overloads_are_not_mixed_up(repo: Sandbox, cli: Cli) -> None:
    head = "from typing import overload\n\n\n"
    one, two, new = (f"@overload\ndef f(a: {kind}) -> {kind}: ...\n" for kind in ("A", "B", "C"))
    repo.commit(**{"a.pyi": head + one + two})
    repo.commit(**{"a.pyi": head + one + new + two})
    assert diff(cli) == ["a.pyi:7: added function f"]


PACKAGE = {
    "pkg/__init__.py": "from pkg._impl import Model, load\nfrom pkg import other\n",
    "pkg/_impl.py": "class Base:\n    def fit(self, x): pass\n\n\nclass Model(Base):\n"
    "    def go(self, x, y): pass\n    def _hidden(self): pass\n\n\n"
    "def load(path): pass\ndef unseen(): pass\n",
    "pkg/other.py": "__all__ = ['save']\n\n\ndef save(): pass\ndef unlisted(): pass\n",
    "tests/test_a.py": "def test(): pass\n",
}


def test_public_names(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**PACKAGE)
    # `fit` moves to the class that inherits it, which no user sees.
    implementation = (
        "class Base:\n    pass\n\n\nclass Model(Base):\n    def fit(self, x): pass\n"
        "    def go(self, x): pass\n\n\n"
        "def load(path, mode='r'): pass\ndef unseen(x): pass\n"
    )
    other = "__all__ = ['save', 'constant']\n\n\ndef save(): return 1\nconstant = 1\n"
    tests = "def test(x): pass\n"
    repo.commit(**{"pkg/_impl.py": implementation, "pkg/other.py": other, "tests/test_a.py": tests})
    assert diff(cli, "--public") == [
        "pkg/_impl.py:7: changed method pkg.Model.go: parameter y removed (breaks)",
        "pkg/_impl.py:10: changed function pkg.load: parameter mode added",
        "added name pkg.other.constant",
    ]


def test_a_public_name_that_is_gone(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**PACKAGE)
    repo.commit(**{"pkg/__init__.py": "from pkg._impl import load\nfrom pkg import other\n"})
    assert diff(cli, "--public") == ["pkg/_impl.py:5: removed class pkg.Model"]
    (found,) = changes(cli, "--public")
    assert found["old"] == {"path": "pkg/_impl.py", "name": "pkg.Model", "line": 5}
    assert found["new"] is None
    assert found["breaks"]


def test_stubs_describe_what_is_not_in_python(repo: Sandbox, cli: Cli) -> None:
    files = {
        "pkg/__init__.py": "from pkg.fast import run\nfrom pkg.slow import walk\n",
        "pkg/fast.pyi": "def run(x): ...\ndef jump(): ...\n",
        "pkg/slow.py": "def walk(): pass\n",
        "pkg/slow.pyi": "def walk(x): ...\ndef sleep(): ...\n",
    }
    repo.commit(**files)
    repo.commit(**{"pkg/fast.pyi": "def run(): ...\n", "pkg/slow.pyi": "def walk(y): ...\n"})
    assert diff(cli, "--public") == [
        "pkg/fast.pyi:2: removed function pkg.fast.jump",
        "pkg/fast.pyi:1: changed function pkg.run: parameter x removed (breaks)",
    ]


def test_the_work_tree_is_compared_by_default(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": "def f(): pass\n"})
    repo.write("a.py", "def f(x): pass\n")
    assert "a.py:1: changed function f: parameter x is required" in cli("diff", "HEAD").out
    assert "0 symbols differ" in cli("diff", "HEAD", "staged").out
    assert cli("diff", "missing").status == 3


LIBRARY = (
    "def f(a, b=1): return a\n\n\ndef g(x): return x\n\n\n"
    "class A:\n    def m(self, p, q): return p\n"
)
USE = """from lib import A, f, g

f(1, b=2)
f(1)
f(*x, **y)
g(1)


def run():
    A().m(1, 2)
    A.m(A(), 1)
"""
CALLS = [
    ("f(a, b=1)", "f(a)", ["3:1: broken call in (module) -> f: passes b"]),
    (
        "f(a, b=1)",
        "f(a, c, b=1)",
        [
            "3:1: broken call in (module) -> f: does not pass c",
            "4:1: broken call in (module) -> f: does not pass c",
        ],
    ),
    (
        "f(a, b=1)",
        "f(*, a, b=1)",
        [
            "3:1: broken call in (module) -> f: passes 1 argument by position, and it takes 0",
            "4:1: broken call in (module) -> f: passes 1 argument by position, and it takes 0",
        ],
    ),
    ("m(self, p, q)", "m(self, p)", ["10:9: broken call in run -> A.m: passes 2 arguments by "]),
    ("def g(x)", "def h(x, y, z)", ["6:1: broken call in (module) -> g: it is gone"]),
    ("def g(x): return x", "from other import g", []),
    ("f(a, b=1)", "f(a, **b)", []),
    ("f(a, b=1)", "f(a, b=2, c=3)", []),
]


@pytest.mark.parametrize(("old", "new", "broken"), CALLS)
def test_calls_that_break(repo: Sandbox, cli: Cli, old: str, new: str, broken: list[str]) -> None:
    settings = "gate = 'none'\n[[budget.limit]]\nmetric = 'api.breaking'\nmax = 0\n"
    others = {"other.py": "def g(x): pass\n", "detent.toml": settings}
    repo.commit(**{"lib.py": LIBRARY, "use.py": USE}, **others)
    repo.write("lib.py", LIBRARY.replace(old, new))
    repo.git("add", "-A")
    found = cli("diff", "HEAD", "staged", "--callers").out.splitlines()
    calls = [line.removeprefix("use.py:") for line in found if "broken call" in line]
    assert len(calls) == len(broken)
    assert all(call.startswith(text) for call, text in zip(calls, broken, strict=True))
    answer = cli("check")
    assert answer.status == bool(broken)
    places = [f"use.py:{text.split(':')[0]} " for text in broken]
    assert all(place in answer.out for place in places)
    document = json.loads(cli("diff", "HEAD", "staged", "--callers", "--format", "json").out)
    assert len(document["broken"]) == len(broken)


def test_without_changed_signatures_no_reference_is_derived(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detent.index.broken_calls.take_snapshot", None)
    repo.commit(**{"lib.py": LIBRARY, "use.py": USE})
    repo.write("lib.py", LIBRARY.replace("return a", "return b"))
    assert "function f: body" in cli("diff", "HEAD", "--callers").out
