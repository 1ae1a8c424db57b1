from __future__ import annotations

import pytest

from languages.python.support import facts


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("import a", [("a", "a", "")]),
        ("import a.b, c as d", [("a", "a.b", ""), ("d", "c", "")]),
        ("import a . b as c", [("c", "a.b", "")]),
        ("from a import b, c as d", [("b", "a", "b"), ("d", "a", "c")]),
        ("from a.b import (c, # why\n  d,)", [("c", "a.b", "c"), ("d", "a.b", "d")]),
        ("from . import a", [("a", ".", "a")]),
        ("from .. .a . b import c", [("c", "...a.b", "c")]),
        ("from ...a import b as c", [("c", "...a", "b")]),
        ("from a import *", [("*", "a", "*")]),
        ("from .a import *", [("*", ".a", "*")]),
        ("from __future__ import annotations as x", [("x", "__future__", "annotations")]),
        ("from a import é", [("é", "a", "é")]),
        ("x = 'import a'", []),
    ],
)
def test_bindings(source: str, bound: list[tuple[str, str, str]]) -> None:
    assert [binding[1:4] for binding in facts(source).bindings] == bound


def test_order_and_places() -> None:
    found = facts(
        "import a\ndef f():\n  from b import \\\n    c\n  class D: import e\nif x:\n  import g\n"
    ).bindings
    assert [(binding.symbol, binding.name, binding.line) for binding in found] == [
        (0, "a", 1),
        (1, "c", 3),
        (2, "e", 5),
        (0, "g", 7),
    ]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("", None),
        ("__all__ = []", ()),
        ("__all__ = ['a', \"b\", # why\n  'c']", ("a", "b", "c")),
        ("__all__ = ('a',)", ("a",)),
        ("__all__ = 'a',", ("a",)),
        ("__all__ = 'a', 'b'", ("a", "b")),
        ("__all__: list[str] = ['a']", ("a",)),
        ("__all__ = ['a']\n__all__ += ['b']", ("a", "b")),
        ("__all__ += ['b']", ("b",)),
        ("__all__ = ['a']\n__all__ = ['b']", ("b",)),
        ("__all__ = ['a'] + x.__all__", None),
        ("__all__ = ['a']\n__all__ += x", None),
        ("__all__ = [a]", None),
        ("__all__ = [b'a']", None),
        ("__all__ = [f'a']", None),
        ("__all__ = 'a'", None),
        ("__all__ = ['a']\n__all__.extend(x)", None),
        ("__all__ = ['a']\n__all__.append('b')", None),
        ("def f():\n  __all__ = ['a']", None),
        ("x = '__all__'", None),
    ],
)
def test_exports(source: str, names: tuple[str, ...] | None) -> None:
    assert facts(source).exports == names
