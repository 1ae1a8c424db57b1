from __future__ import annotations

import pytest

from .support import extract_facts

HEADERS = [
    ("if TYPE_CHECKING:", True),
    ("if typing.TYPE_CHECKING:", True),
    ("if (TYPE_CHECKING):", True),
    ("if TYPE_CHECKING and sys.version_info > (3, 12):", True),
    ("if x:\n    pass\nelif TYPE_CHECKING:", True),
    ("if not TYPE_CHECKING:\n    pass\nelse:", True),
    ("if not TYPE_CHECKING:", False),
    ("if TYPE_CHECKING:\n    pass\nelse:", False),
    ("if TYPE_CHECKING or x:", False),
    ("if x:", False),
    ("while TYPE_CHECKING_LATER:", False),
]


def roles(source: str) -> dict[str, str]:
    return {symbol.qualname: symbol.role for symbol in extract_facts(source.encode()).symbols}


@pytest.mark.parametrize(("header", "is_declared"), HEADERS)
def test_the_block_decides(header: str, *, is_declared: bool) -> None:
    found = roles(f"{header}\n    def f(x: int) -> int: ...\n")
    assert found["f"] == ("overload" if is_declared else "function")


@pytest.mark.parametrize(
    ("definition", "is_declared"),
    [
        ("def f(): ...", True),
        ("async def f():\n        pass", True),
        ("@dec\n    def f(): ...", True),
        ("def f(): return 1", False),
        ('def f():\n        """Do it."""', False),
        ("class f:\n        x: int\n        def g(self): ...", True),
        ("class f(Protocol):\n        class A:\n            def g(self): ...", True),
        ("class f:\n        def g(self): return 1", False),
        ("class f:\n        class A:\n            def g(self): return 1", False),
        ('class f:\n        """A."""\n        def g(self): ...', False),
    ],
)
def test_only_declarations(definition: str, *, is_declared: bool) -> None:
    found = roles(f"if TYPE_CHECKING:\n    {definition}\n")
    assert (found["f"] == "overload") == is_declared


def test_a_class_may_have_such_a_block() -> None:
    source = "class A:\n    if TYPE_CHECKING:\n        def f(self): ...\n    def g(self): ...\n"
    found = roles(source)
    assert (found["A.f"], found["A.g"]) == ("overload", "method")
