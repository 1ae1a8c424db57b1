"""The references of a file: kinds, places, scopes, and limits against hostile code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.core.references import UNKNOWN
from detent.languages.python.references import extract_references

KINDS = {
    "f(a)": {"f": "call", "a": "read"},
    "a.b.c()": {"a": "read", "b": "read", "c": "call"},
    "a = b": {"a": "write", "b": "read"},
    "a.b = c": {"a": "read", "b": "write", "c": "read"},
    "a += b": {"a": "write", "b": "read"},
    "class A(B, metaclass=C): pass": {"B": "inherit", "C": "read"},
    "@d.e\ndef f(): pass": {"d": "read", "e": "decorate"},
    "@d(a)\ndef f(): pass": {"d": "call", "a": "read"},
    "def f(a: B = c) -> D: pass": {"B": "annotate", "c": "read", "D": "annotate"},
    "x: 'A.B' = y": {"x": "write", "A": "annotate", "B": "annotate", "y": "read"},
    "x: A | B": {"x": "write", "A": "annotate", "B": "annotate"},
    "for a, b in c: d": {"a": "write", "b": "write", "c": "read", "d": "read"},
    "with a() as b: pass": {"a": "call", "b": "write"},
    "try: pass\nexcept E as e: pass": {"E": "read", "e": "write"},
    "[d for a in b if c]": {"a": "write", "d": "read", "b": "read", "c": "read"},
    "f'{a.b}'": {"a": "read", "b": "read"},
    "match a:\n case B(c=d): e": {"a": "read", "e": "read"},
    "del a": {"a": "read"},
    "(y := x)": {"y": "write", "x": "read"},
    "return_ = lambda a=b: c": {"return_": "write", "b": "read", "c": "read"},
    "import a.b": {"a": "import", "a.b": "import"},
    "from a import b as c": {"a.b": "import"},
    "__all__ = ['b']\nfrom .a import b": {"__all__": "write", ".a.b": "re-export"},
    "from a import b as b": {"a.b": "re-export"},
    "from a import *": {"a.*": "import"},
    "a if b else c": {"a": "read", "b": "read", "c": "read"},
    "a + b + c": {"a": "read", "b": "read", "c": "read"},
    "await a.b()": {"a": "read", "b": "call"},
    "raise A.B": {"A": "read", "B": "read"},
}  # fmt: skip


@pytest.mark.parametrize("source", KINDS)
def test_kinds(source: str) -> None:
    found = {
        expression.name.replace(":", ".").rstrip("."): expression.role
        for expression in extract_references(source.encode()).expressions
        if expression.role
    }
    assert {name: found.get(name) for name in KINDS[source]} == KINDS[source]


def test_places_are_those_of_names() -> None:
    source = "é = 1\nif é:\n    ü.abc(é, x.y)\n"
    expressions = extract_references(source.encode()).expressions
    found = {(e.name, e.line, e.column) for e in expressions if e.role}
    lines = source.splitlines()
    assert len(found) == 7
    assert all(lines[line - 1][column - 1 :].startswith(name) for name, line, column in found)


def test_scopes_are_named() -> None:
    source = (
        b"class A:\n def f(self): return lambda: [lambda: 0]\n async def g(x, /, y, *, z): yield\n"
    )
    scopes = extract_references(source).scopes
    assert [(scope.kind, scope.qualname) for scope in scopes] == [
        ("module", ""),
        ("class", "A"),
        ("method", "A.f"),
        ("lambda", "A.f.<lambda1>"),
        ("lambda", "A.f.<lambda1>.<lambda1>"),
        ("method", "A.g"),
    ]
    assert (scopes[-1].stars, scopes[-1].flags) == ("pnk", "async generator")


PIECES = ["def f(x):\n ", "class A(f):\n ", "f(", ")", "a.b", " = ", "[", "]", "{", "lambda x: ",
          "for a in b:\n ", "import a.b", "from . import c", "\n", " ", "@d\n", "with a as b:\n ",
          "yield ", "*", "é", "'s'", ":", "global a\n", "nonlocal a\n", "\0"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_parts_come_before_their_whole(source: str) -> None:
    references = extract_references(source.encode())
    for number, expression in enumerate(references.expressions):
        assert all(UNKNOWN <= part < number for part in expression.parts)
        assert 0 <= expression.scope < len(references.scopes)
    for flow in references.flows:
        assert 0 <= flow.target < len(references.expressions)
        assert 0 <= flow.scope < len(references.scopes)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5_000 + ")" * 5_000,
        "f(" * 5_000,
        "a" + ".b()" * 5_000,
        "a" + " + b" * 5_000,
        "a" + " or b" * 5_000,
        "a = " * 5_000 + "1",
        "lambda: " * 3_000 + "0",
        "not " * 5_000 + "a",
        "if a: pass\n" + "elif b: pass\n" * 3_000,
        "".join(" " * depth + "if a:\n" for depth in range(400)) + " " * 400 + "pass",
        "[" * 3_000 + "] = a",
        "x: " + "A | " * 5_000 + "A",
        "@d\n" * 5_000 + "def f(): pass",
    ],
    ids=range(13),
)
def test_deep_code_does_not_exhaust_the_stack(source: str) -> None:
    assert extract_references(source.encode()).scopes
