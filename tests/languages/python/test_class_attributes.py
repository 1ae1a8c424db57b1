from __future__ import annotations

import pytest

from languages.python.support import extract_facts


def attributes(source: str) -> tuple[str, ...]:
    listed = extract_facts(source.encode()).symbols
    return next((symbol.attributes for symbol in listed if symbol.kind == "class"), ())


def test_what_a_body_binds() -> None:
    body = "    '''Do.'''\n    a = 1\n    b: int\n    c: int = 2\n    d = e = f = 3\n    a = 4\n"
    source = f"class A:\n{body}    g()\n    h.i = j[0] = 1\n"
    assert attributes(source) == ("a", "b", "c", "d", "e", "f")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.x = 1", ("x",)),
        ("self.x = self.y = 1", ("x", "y")),
        ("self.x, self.y = 1, 2", ("x", "y")),
        ("(self.x, self.y) = z", ("x", "y")),
        ("n, self.x = z", ("x",)),
        ("self.x: dict[str, int] = {}", ("x",)),
        ("if z: self.x = 1", ("x",)),
        ("self.é = 1", ("é",)),
        ("self.x == 1", ()),
        ("self.x += 1", ()),
        ("self.x.y = 1", ()),
        ("self.x[0] = 1", ()),
        ("z[self.x:self.y] = 1", ()),
        ("z[self.x] = 1", ()),
        ("z(self.x, y=1)", ()),
        ("'self.x = 1'  # self.y = 1", ()),
        ("myself.x = 1", ()),
        ("z.self.x = 1", ()),
        ("def f(): self.x = 1", ()),
    ],
)
def test_what_init_sets(statement: str, expected: tuple[str, ...]) -> None:
    source = f"class A:\n    def __init__(self, z):\n        {statement}\n"
    assert attributes(source) == expected


def test_the_instance_may_have_another_name() -> None:
    source = "class A:\n    a = 1\n    def __init__(\n        this, b): this.b = this.a = b\n"
    assert attributes(source) == ("a", "b")


def test_only_init_and_only_its_class() -> None:
    source = "class A:\n    def f(self): self.x = 1\n    class B:\n        y = 1\n"
    assert attributes(source) == ()
    assert attributes("class A:\n    def __init__(): x = 1\n") == ()


@pytest.mark.parametrize(
    "code", ["self.a, " * 20_000, "self.a : " * 20_000, "self.a " * 20_000, "self." + "a" * 50_000]
)
def test_time_is_linear(code: str) -> None:
    attributes(f"class A:\n    def __init__(self):\n        {code}\n")
