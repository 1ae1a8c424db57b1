"""Hashes of whole definitions: what leaves them alone and what changes them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from detent.languages.python.fingerprints import hash_definitions
from languages.python.support import extract_facts

if TYPE_CHECKING:
    from detent.core.model import Symbol

FUNCTION = 'def f(a, b=1):\n    """Doc.\n\n    More.\n    """\n    if a:\n        return b\n'
CLASS = (
    "class A(B):\n    x = 1\n\n    def m(self):\n        return 1\n\n"
    "    @property\n    def n(self):\n        def deep():\n            return 2\n"
    "        return deep\n\n    y = 2\n"
)


def named(source: str, name: str) -> Symbol:
    [found] = [symbol for symbol in extract_facts(source.encode()).symbols if symbol.name == name]
    return found


def hashes(source: str, name: str) -> tuple[str, str]:
    symbol = named(source, name)
    return symbol.body, symbol.own


def indented(source: str) -> str:
    return "if x:\n" + textwrap.indent(source, "    ")


@pytest.mark.parametrize(
    "changed",
    [
        "import x\n\n\n" + FUNCTION + "\n\ny = 1\n",
        FUNCTION.replace("def f", "def g"),
        indented(FUNCTION),
        "class C:\n" + textwrap.indent(FUNCTION, "\t"),
        indented(indented(FUNCTION.replace("def f", "def other"))),
        FUNCTION.replace("\n", "\r\n"),
        "\ufeff" + FUNCTION,
    ],
)
def test_a_function_is_known_again(changed: str) -> None:
    [found] = [symbol for symbol in extract_facts(changed.encode()).symbols if symbol.params]
    assert (found.body, found.own) == hashes(FUNCTION, "f")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a, b=1", "a, b=2"),
        ("Doc.", "Doc!"),
        ("return b", "return  b"),
        ("if a:", "if a:  # why"),
        ("def f", "@d\ndef f"),
        ("def f", "async def f"),
        ("):\n", ") -> int:\n"),
    ],
)
def test_an_edit_changes_both(old: str, new: str) -> None:
    before, after = hashes(FUNCTION, "f"), hashes(FUNCTION.replace(old, new, 1), "f")
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_decorators_that_are_indented_anew() -> None:
    decorated = "@d(1,\n   2)\n" + FUNCTION
    assert hashes(indented(decorated), "f") == hashes(decorated, "f")


@pytest.mark.parametrize(
    ("old", "new", "body", "own"),
    [
        ("return 1", "return 3", True, False),
        ("return 2", "return 3", True, False),
        ("def m", "def other", True, False),
        ("def deep", "def other", True, False),
        ("x = 1", "x = 3", True, True),
        ("y = 2", "y = 3", True, True),
        ("A(B)", "A(C)", True, True),
        ("class A", "class B", False, False),
    ],
)
def test_a_class(old: str, new: str, *, body: bool, own: bool) -> None:
    before = extract_facts(CLASS.encode()).symbols[1]
    after = extract_facts(CLASS.replace(old, new).encode()).symbols[1]
    assert (before.body != after.body, before.own != after.own) == (body, own)


def test_the_decorator_of_a_method_is_of_the_class_too() -> None:
    changed = CLASS.replace("@property", "@cached")
    assert hashes(CLASS, "A")[0] != hashes(changed, "A")[0]
    assert hashes(CLASS, "n")[1] != hashes(changed, "n")[1]
    assert hashes(CLASS, "m") == hashes(changed, "m")


def test_what_is_nested_counts_in_order() -> None:
    first = hash_definitions([b"", b"a", b"b"], ["", "f", "g"], [-1, 0, 0], known={})
    other = hash_definitions([b"", b"b", b"a"], ["", "f", "g"], [-1, 0, 0], known={})
    assert first[0][0] != other[0][0]
    assert first[0][1] == other[0][1]
    assert first[1] == other[2]
    assert {len(digest) for pair in first for digest in pair} == {24}
