from __future__ import annotations

import pytest

from ..support import findings, function, places


def returns(*lines: str, body: str = "return 1") -> str:
    return function("\n".join(["Do.", "", "Returns", "-------", *lines, ""]), body=body)


BAD = [
    ("RT01", function("Do.", body="return 1"), [(2, 8, "Returns")]),
    ("RT01", returns(), [(2, 8, "Returns")]),
    ("RT02", returns("x : int", "    It."), [(6, 5, "x")]),
    ("RT03", returns("int"), [(6, 5, "int")]),
    ("RT04", returns("int", "    it."), [(7, 9, "int")]),
    ("RT05", returns("x : int", "    It"), [(7, 10, "x")]),
    ("YD01", function("Do.", body="yield 1"), [(2, 8, "Yields")]),
    ("YD01", function("Do.", body="for x in y:\n        z = yield x"), [(2, 8, "Yields")]),
    ("YD01", function("Do.", body="yield from x"), [(2, 8, "Yields")]),
]

GOOD = [
    ("RT01", function("Do.", body="return")),
    ("RT01", function("Do.", body="return None")),
    ("RT01", function("Do.", body="async def g():\n        return 1")),
    ("RT01", returns("int", "    It.")),
    ("RT01", 'class A:\n    @property\n    def f(self):\n        """Do."""\n        return 1\n'),
    *(
        (
            "RT01",
            f'class A:\n    @{decorator}\n    def f(self):\n        """Do."""\n        return 1\n',
        )
        for decorator in ("a.cached_property", "f.getter", "cache_readonly", "lazyproperty(x=1)")
    ),
    ("RT02", returns("int", "    It.")),
    ("RT02", returns("x : int", "    It.", "y : int", "    It.")),
    ("RT03", returns("None")),
    ("RT03", returns("int", "    It.")),
    ("RT04", returns("int", "    It.")),
    ("RT05", returns("int", "    It.")),
    ("YD01", function("Do.", body="yield")),
    ("YD01", function("Do.\n\nYields\n------\nint\n    It.\n", body="yield 1")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


def test_a_class_and_a_module_return_nothing() -> None:
    text = '"""Do.\n\nReturns\n-------\nx : int\n"""\n'
    assert not findings(text, "RT01", "RT02", "RT03")
