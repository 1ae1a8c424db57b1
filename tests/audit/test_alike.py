"""Symbols that are called alike are judged alike."""

from __future__ import annotations

import argparse
import ast
import random
import tarfile
import unittest.mock
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detent.audit.alike import alike, lines_between
from detent.audit.run import audit
from detent.examine import examine
from detent.model import Symbol

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


def judged(symbols: list[Symbol] | tuple[Symbol, ...], number: int) -> list[tuple[object, ...]]:
    return [tuple(one) for one in audit(symbols, [number])]


@pytest.mark.parametrize("module", [argparse, ast, tarfile, unittest.mock, None], ids=str)
def test_what_is_alike_is_judged_alike(module: ModuleType | None) -> None:
    source = Path(str(module.__file__)).read_text("utf-8") if module else SHORT
    symbols = examine(source.encode()).symbols
    chance = random.Random(len(source))
    seen = 0
    for _ in range(60 if module else 2000):
        number = chance.randrange(len(symbols))
        news = changed(symbols, number, chance)
        if alike(symbols, news, old=number, new=number):
            lines = lines_between(symbols[number], news[number])
            before = [(*one[:2], one[2] + lines, *one[3:]) for one in judged(symbols, number)]  # type: ignore[operator]
            assert judged(news, number) == before
            seen += 1
    assert seen > 5


def test_what_is_judged_with_others_is_never_alike() -> None:
    symbols = examine(SHORT.encode()).symbols
    numbers = {symbol.name: number for number, symbol in enumerate(symbols)}
    assert not alike(symbols, symbols, old=numbers["A"], new=numbers["A"])
    assert alike(symbols, symbols, old=numbers["g"], new=numbers["g"])
    others = examine(SHORT.replace("(Base)", "").encode()).symbols
    assert not alike(symbols, others, old=numbers["g"], new=numbers["g"])
    assert alike(symbols, others, old=numbers["j"], new=numbers["j"])
