"""All rules give the same findings for symbols that are said to be the same."""

from __future__ import annotations

import argparse
import ast
import random
import tarfile
import unittest.mock
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detent.audit.analyze import analyze_file, count_shifted_lines, is_reusable
from detent.audit.audit_file import audit_file
from detent.audit.symbol_tree import build_symbol_tree
from detent.core.model import Symbol

if TYPE_CHECKING:
    from types import ModuleType

SHORT = '''
class A(Base):
    def f(self, a, b=1):
        """Do it.

        Parameters
        ----------
        a : integer
            One

        Returns
        -------
        int
        """
        return None

    def g(self):
        raise ValueError

    @override
    def h(self, *args): ...

    def i(self):
        """Give.

        Returns
        -------
        str
        """
        self.a = 1
        return None

def j(a):
    """This function does it

    Raises
    ------
    KeyError
    """
    raise TypeError

async def k(b):
    yield b
'''


def changed(symbols: tuple[Symbol, ...], number: int, chance: random.Random) -> list[Symbol]:
    """Give a symbol a few members of other ones, or another place."""
    symbol, other = symbols[number], chance.choice(symbols)
    names = chance.sample(Symbol._fields[5:], chance.choice([1, 1, 2, 4]))
    new = symbol._replace(**{name: getattr(other, name) for name in names})
    if new.docstring and chance.random() < 0.5:
        new = new._replace(docstring=new.docstring._replace(line=new.docstring.line + 3))
    if symbol.docstring and new.docstring:  # to be seen to by whoever asks
        text, source, *_ = symbol.docstring
        new = new._replace(docstring=new.docstring._replace(text=text, source=source))
    elif symbol.docstring or new.docstring:
        new = new._replace(docstring=symbol.docstring)
    return [*symbols[:number], new, *symbols[number + 1 :]]


def nearby(symbols: tuple[Symbol, ...], number: int) -> set[int]:
    """Give a symbol, what it is nested in, and what is nested in that."""
    outer = symbols[number].parent
    return {
        number,
        max(outer, 0),
        *(n for n, symbol in enumerate(symbols) if symbol.parent == outer > 0),
    }


@pytest.mark.parametrize("module", [argparse, ast, tarfile, unittest.mock, None], ids=str)
def test_what_is_alike_is_judged_alike(module: ModuleType | None) -> None:
    source = Path(str(module.__file__)).read_text("utf-8") if module else SHORT
    symbols = analyze_file(source.encode()).symbols
    chance = random.Random(len(source))
    seen = 0
    for _ in range(60 if module else 2000):
        number = chance.randrange(len(symbols))
        news = changed(symbols, number, chance)
        for near in nearby(symbols, number):
            if is_reusable(build_symbol_tree(symbols), build_symbol_tree(news), old=near, new=near):
                lines = count_shifted_lines(symbols[near], news[near])
                before = [
                    finding._replace(line=finding.line + lines)
                    for finding in audit_file(symbols, [near])
                ]
                assert audit_file(news, [near]) == before
                seen += 1
    assert seen > 5


def test_what_is_judged_with_others() -> None:
    source = SHORT.replace("    def f(", "    def __init__(self, a): self.a = a\n\n    def f(")
    symbols = analyze_file(source.encode()).symbols
    numbers = {symbol.qualname: number for number, symbol in enumerate(symbols)}

    def are_alike(old: str, new: str) -> set[str]:
        others = analyze_file(source.replace(old, new).encode()).symbols
        return {
            name
            for name, at in numbers.items()
            if is_reusable(build_symbol_tree(symbols), build_symbol_tree(others), old=at, new=at)
        }

    # What it binds is of the class.
    assert are_alike("self.a = a", "self.b") == {*numbers} - {"A", "A.__init__"}
    assert are_alike("self.a = a", "pass; self.a = a") == {*numbers}
    assert are_alike("self, a)", "self, b)") == {*numbers} - {"A", "A.__init__"}
    assert are_alike("class A(Base):", "class A:") == {"", "j", "k"}
    assert are_alike("raise ValueError", "raise KeyError") == {*numbers} - {"A.g"}
    with_attributes = "class A(Base):\n    '''Do.\n\n    Attributes\n    ----------\n    '''"
    source = source.replace("class A(Base):", with_attributes) + "\nclass Base:\n    b = 1\n"
    symbols = analyze_file(source.encode()).symbols
    numbers = {symbol.qualname: number for number, symbol in enumerate(symbols)}
    assert are_alike("raise TypeError", "raise KeyError") == {*numbers} - {"j"}
    assert are_alike("raise ValueError", "raise KeyError") == {*numbers} - {"A", "A.g"}
    assert are_alike("pass; b = 1", "b = 2") == {*numbers}
    assert are_alike("    b = 1", "    b = 2") == {*numbers} - {"A"}


@pytest.mark.parametrize(
    "signature", ["a, a", "a, b, a", "*a, a", "a, *, a", "*a, *a", "**a, **a", "self, self"]
)
@pytest.mark.parametrize(
    "entries",
    ["a : int", "a, a : int", "a\n    b\n    a", "b\n    a", "*a\n    a : int, default 1"],
)
def test_one_name_twice_is_no_defect(signature: str, entries: str) -> None:
    """The grammar reads what Python does not compile."""
    docstring = f'"""Do.\n\n    Parameters\n    ----------\n    {entries}\n    """'
    source = (
        f"def f({signature}):\n    {docstring}\n    return a\n\n\nclass a(a, a):\n    {docstring}\n"
    )
    analyze_file(
        f"{source}\n    def __init__({signature}):\n        self.a = self.a = a\n".encode()
    )
