from __future__ import annotations

import pytest

from languages.python.support import facts, first, symbols

LISTED = "__all__ = ['a', '_b', 'C']\n"
SHOWN = (
    "def a():\n  def inner():\n    class Deep:\n      def m(): 1\ndef _b(): 1\ndef c(): 1\n"
    "def __d__(): 1\ndef __(): 1\ndef ____(): 1\n"
    "class C:\n  def m(): 1\n  def _n(): 1\n  def __init__(self): 1\n  def __o(): 1\n"
    "  class D:\n    def p(): 1\n    class _E:\n      def q(): 1\n      def __call__(): 1\n"
    "class _F:\n  def r(): 1\n  def __init__(self): 1\nclass G:\n  def s(): 1\n  def _t(): 1\n"
)


@pytest.mark.parametrize(
    ("qualname", "plain", "listed"),
    [
        ("", "public", "public"),
        ("a", "public", "public"),
        ("a.inner", "nested", "nested"),
        ("a.inner.Deep", "nested", "nested"),
        ("a.inner.Deep.m", "nested", "nested"),
        ("_b", "private", "public"),
        ("c", "public", "unlisted"),
        ("__d__", "dunder", "dunder"),
        ("__", "private", "private"),
        ("____", "private", "private"),
        ("C", "public", "public"),
        ("C.m", "public", "public"),
        ("C._n", "private", "private"),
        ("C.__init__", "dunder", "dunder"),
        ("C.__o", "private", "private"),
        ("C.D", "public", "public"),
        ("C.D.p", "public", "public"),
        ("C.D._E.q", "private", "private"),
        ("C.D._E.__call__", "private", "private"),
        ("_F", "private", "private"),
        ("_F.r", "private", "private"),
        ("_F.__init__", "private", "private"),
        ("G", "public", "unlisted"),
        ("G.s", "public", "unlisted"),
        ("G._t", "private", "private"),
    ],
)
def test_visibility(qualname: str, plain: str, listed: str) -> None:
    assert symbols(SHOWN)[qualname].visibility == plain
    assert symbols(LISTED + SHOWN)[qualname].visibility == listed


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        ("pass", True),
        ("...", True),
        ("'doc'", True),
        ("'doc'\n  ...", True),
        ("'doc'  # why\n  # and\n  pass  # what\n  # more", True),
        ("# why\n  # and\n  # what\n  'doc'\n  pass", True),
        ("raise NotImplementedError", True),
        ("raise NotImplementedError('x')", True),
        ("raise NotImplementedErrors", False),
        ("raise ValueError", False),
        ("return", False),
        ("pass; pass", False),
        ("'doc'\n  pass\n  pass", False),
        ("b'no doc'", False),
        ("1", False),
    ],
)
def test_stub(body: str, *, stub: bool) -> None:
    assert ("stub" in first(f"def f():\n  {body}\n").flags) is stub
    assert ("stub" in first(f"class A:\n  {body}\n").flags) is stub


@pytest.mark.parametrize(
    ("source", "empty"),
    [("", True), ("\n\n", True), ("# only\n# this", True), ("pass", False), ("'doc'", False)],
)
def test_empty(source: str, *, empty: bool) -> None:
    assert ("empty" in facts(source).symbols[0].flags) is empty
    assert "stub" not in facts(source).symbols[0].flags


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("def f(): pass", (1, 1, 1)),
        ("\ufeffdef f(): pass", (1, 1, 1)),
        ("@d\n\nasync  def f():\r\n  pass\r\n\r\n", (3, 1, 4)),
        ("\x0cdef f(): pass", (1, 2, 1)),
        ("if x:\n\tdef f():\n\t\tpass\n\t\t# its own\n\t# another's\n", (2, 2, 4)),
        ("def f():\r  pass\rx", (1, 1, 2)),
        ("é = '€😀'; class A: pass", (1, 11, 1)),
        ("class A:\n  '''\n  doc\n'''\n\n\nx", (1, 1, 4)),
        ("x = 1; class A: pass", (1, 8, 1)),
    ],
)
def test_places(source: str, place: tuple[int, int, int]) -> None:
    symbol = first(source)
    assert (symbol.line, symbol.column, symbol.end_line) == place


@pytest.mark.parametrize(
    ("source", "end"), [("", 1), ("x", 1), ("x\n", 1), ("x\ny", 2), ("x\n\n\n", 3), ("#\r\n#", 2)]
)
def test_the_module(source: str, end: int) -> None:
    module = facts(source).symbols[0]
    assert module[:8] == (-1, "module", "", "", "public", 1, 1, end)


@pytest.mark.parametrize(
    ("decorators", "expected"),
    [
        ("@a\n@ b.c (1)\n", ("a", "b.c (1)")),
        ("@a # why\n# and\n@b\n", ("a", "b")),
        ("@a('x  y')\n", ("a('x  y')",)),
        ('@a(1, # one\n   \'# 2\', "\\"#",\n   3)\n', ('a(1, \'# 2\', "\\"#", 3)',)),
        ("@a('''x\n  y''')\n", ("a('''x y''')",)),
        ("@a[\\\n 1]\n", ("a[ 1]",)),
        ("@(lambda f: f)\n", ("(lambda f: f)",)),
        ('@a(f"{\'"\'}", # one\n   2)\n', ('a(f"{\'"\'}", 2)',)),
        ('@d(f"{\'"\'}",\n"' + r"\\" * 60 + '")\n', ('d(f"{\'"\'}", "' + r"\\" * 60 + '")',)),
    ],
)
def test_decorators(decorators: str, expected: tuple[str, ...]) -> None:
    assert first(f"{decorators}def f(): pass").decorators == expected
    assert first(f"{decorators}async def f(): pass").decorators == expected
    assert first(f"{decorators}class A: pass").decorators == expected


def test_kinds_and_parents() -> None:
    found = facts(
        "class A:\n  if x:\n    def m():\n      def f():\n        class B: pass\n"
    ).symbols
    assert [(symbol.parent, symbol.kind, symbol.qualname) for symbol in found] == [
        (-1, "module", ""),
        (0, "class", "A"),
        (1, "method", "A.m"),
        (2, "function", "A.m.f"),
        (3, "class", "A.m.f.B"),
    ]


@pytest.mark.parametrize(
    ("source", "bases"),
    [
        ("class A: pass", ()),
        ("class A(): pass", ()),
        ("class A(B, c.D[int], metaclass=M, **k): pass", ("B", "c.D[int]", "metaclass=M", "**k")),
        ("class A(B, # why\n  C): pass", ("B", "C")),
        ("class A[T: int = str](B): pass", ("B",)),
    ],
)
def test_bases(source: str, bases: tuple[str, ...]) -> None:
    assert first(source).bases == bases
