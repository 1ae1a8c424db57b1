from __future__ import annotations

import pytest

from detent.core.model import Param
from languages.python.support import first


@pytest.mark.parametrize(
    ("written", "params"),
    [
        ("", ()),
        (" \n ", ()),
        ("self", (Param("self"),)),
        (" a,\n  b , ", (Param("a"), Param("b"))),
        ("a, # why\n b", (Param("a"), Param("b"))),
        ("é, b", (Param("é"), Param("b"))),
        ("a, /, b, *, c", (Param("a", "positional"), Param("b"), Param("c", "keyword"))),
        (
            "a: int, /, b=1, *c: int, d, e: str = 'x', **f: t",
            (
                Param("a", "positional", "int"),
                Param("b", "normal", None, "1"),
                Param("c", "args", "int"),
                Param("d", "keyword"),
                Param("e", "keyword", "str", "'x'"),
                Param("f", "kwargs", "t"),
            ),
        ),
        (
            "*a, b=lambda x, *y: (x, y)",
            (Param("a", "args"), Param("b", "keyword", None, "lambda x, *y: (x, y)")),
        ),
        ("*a: *Ts", (Param("a", "args", "*Ts"),)),
        ("a: 'x' = (\n 1,\n)", (Param("a", "normal", "'x'", "(\n 1,\n)"),)),
    ],
)
def test_params(written: str, params: tuple[Param, ...]) -> None:
    assert first(f"def f({written}): pass").params == params
    assert first(f"async def f({written}) -> int: pass").params == params


@pytest.mark.parametrize(
    ("source", "returns"),
    [
        ("def f(): pass", None),
        ("def f() -> int: pass", "int"),
        ("def f()->  'a | b' : pass", "'a | b'"),
        ("def f[T: (int, str) = int](a: T) -> dict[\n str, T]: pass", "dict[\n str, T]"),
    ],
)
def test_returns(source: str, returns: str | None) -> None:
    assert first(source).returns == returns


@pytest.mark.parametrize(
    "written", ["a b", "a, 1", "(a, b), c", "a=, b", "*, **", "a" + " " * 9000]
)
def test_broken(written: str) -> None:
    names = [param.name for param in first(f"def f({written} =): pass").params]
    assert all(name.isidentifier() for name in names)
