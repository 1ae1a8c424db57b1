"""What is known of an edited file is what a look at the whole of it gives."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import json.decoder
import random
import tarfile
import unittest.mock
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from detent.audit.analyze import analyze_content, analyze_file
from detent.audit.audit_file import audit_file
from detent.languages import get_language
from detent.languages.base import Analysis, PreviousVersion
from edits import change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from detent.core.model import FileFacts, Finding, Symbol

FILLER = "\n".join(f"def filler{n}(a):\n    '''do {n}'''\n    return g({n})\n" for n in range(9))
COMMON = f"""{FILLER}
import os


def f(a):
    '''do it'''
    if a:
        return os.path.join(a)


class A(B, metaclass=M):
    '''Hold.

    Attributes
    ----------
    size, other : int
        It.
    '''

    limit = 3

    def __init__(self):
        self.size = 1

    @property
    def first(self):
        def inner(x): return x
        return inner(self.size)

    async def second(self, b=2):
        await self.first()

    def third(self):
        '''Do.'''
        raise ValueError


class C(A):
    '''Attributes
    ----------
    size : int
        It.
    missing : int
        It.
    '''


def last(a, b):
    from os import path
    return path(a, b)
"""

#: What is replaced, and by what; each says too whether the rest need not be looked at.
EDITS = [
    ("do it", "Do it.", True),
    ("'''do it'''", '"""do it"""', True),
    ("'''do it'''", "r'''do it'''", True),
    ("'''do it'''", "'do' ' it'", True),
    ("'''do it'''", "'''do it''' ''", True),
    ("'''do it'''", "'''do it'''; x = 1", True),
    ("import os\n", "import os\nimport sys\n\n\n", True),
    ("import os\n", "", True),
    ("    if a:\n", "    if a and b:\n        g()\n", True),
    ("    limit = 3\n", "    limit = 3\n    other = 4\n", True),
    ("def f(a)", "def renamed(a)", True),
    (
        "    def third(self):",
        "    def fourth(self):\n        '''Do'''\n\n    def third(self):",
        True,
    ),
    ("self.size = 1", "self.count = 1", True),
    ("self.size = 1", "self.missing = 1", True),
    ("class A(B, metaclass=M)", "class A(metaclass=M)", False),
    ("class A(B, metaclass=M)", "class Z(B, metaclass=M)", False),
    ("class A(B, metaclass=M)", "class A(B, D)", False),
    ("    @property\n", "", False),
    ("    @property\n", "    @override\n", False),
    ("    async def second", "    # More.\n    async def second", True),
    ("class C(A):", "@dataclass\nclass C(A):", False),
    ("class C(A):", "if A:\n  class C(A):", True),
    # What goes on behind a definition that seems to be as it was.
    ("        raise ValueError\n", "        raise ValueError\n        return 1\n", True),
    ("        raise ValueError\n", "        raise ValueError\n        # And so on.\n", True),
    ("        raise ValueError\n", "        raise ValueError\n\n        # And so on.\n\n", True),
    ("        raise ValueError\n", "        raise ValueError  # It is wrong.\n", True),
    ("        raise ValueError\n", "        raise ValueError; pass\n", True),
    ("        raise ValueError\n", "        raise ValueError\\\n\n", True),
    ("        raise ValueError\n", "        raise ValueError\n    # So far.\n", True),
    ("class C(A):", "    # So far.\n\n\nclass C(A):", True),
    ("class C(A):", "    # So far.\n\n\n    # More.\nclass C(A):", True),
    ("class C(A):", "    # So far.\nx = 1\n\n\nclass C(A):", True),
    ("    return path(a, b)\n", "    return path(a, b)", True),
    ("    return path(a, b)\n", "    return path(a, b)\n    # End.", True),
    ("    return path(a, b)\n", "    return path(a, b)\n\n\n# End.\n", True),
    ("    return path(a, b)\n", "    return path(a, b)\n  \n\t\n", True),
    ("    return path(a, b)\n", "    return path(a, b) + (\n1)\n", True),
    # What changes what comes before or after.
    ("import os\n", "'''\n", False),
    ("import os\n", "x = (\n", False),
    ("import os\n", "x = 1 + \\\n", False),
    ("import os\n", "if x:\n", False),
    ("import os\n", "@decorated\n", False),
    ("import os\n", "else:\n    pass\n", False),
    ("import os\n", "\f\n", True),
    ("import os\n", "__all__ = ['f', 'A']\n", False),
    ("import os\n", "class B:\n    def __init__(self): self.missing = 1\n", False),
    ("import os\n", "class A:\n    missing = 1\n", False),
    ("def last", "class A:\n    missing = 1\n\n\ndef last", False),
    ("def last", "class D(C):\n    missing = 1\n\n\ndef last", True),
    ("class C(A):", "class C(A, f):", True),
    ("import os\n", "# numpydoc ignore=GL08\n", False),
    ("import os\n", "# detent: ignore[GL08] it is plain\n", False),
    ("import os\n", "import os  # numpydoc ignore=GL08,SS03\n", False),
    ("    limit = 3\n", "    limit = 3  # detent: ignore[GL08, SS03]\n", False),
    ("    if a:\n", "    if a: # detent: ignore[SS03]\n", False),
    ("import os\n", "'''é'''; é = 1\n", True),
    ("import os\n", "x = '\udc80'\n", False),
    ("import os\n", "type X[T = int] = list[T]\n", False),
    ("def f(a)", "def f[T = int](a)", False),
    ("\n", "\r\n", True),
    ("def filler0", "\ufeffdef filler0", True),
    ("def filler0", "# coding: latin-1\ndef filler0", True),
    ("def filler1", "def filler2", True),
    ("def filler1(a):", "def filler1(a): return 1\ndef filler1(a):", True),
]


def stored(facts: FileFacts) -> FileFacts:
    """Give facts as a store has them, without the sources of docstrings."""
    symbols = [
        symbol._replace(docstring=symbol.docstring and symbol.docstring._replace(source=""))
        for symbol in facts.symbols
    ]
    return facts._replace(symbols=tuple(symbols))


def analyze_edit(after: bytes, before: bytes, facts: FileFacts) -> FileFacts:
    """Give facts and findings of a file after an edit."""
    return analyze_content(after, "python", PreviousVersion(before, facts)).facts


def update(after: bytes, before: bytes, facts: FileFacts) -> Analysis | None:
    """Analyze an edit; give None where the whole file was analyzed."""
    found = get_language("python").analyze(after, PreviousVersion(before, facts))
    return found if found.changed is not None else None


def differences(before: bytes, after: bytes) -> list[str]:
    """Name the fields that come out otherwise than from the whole file."""
    fresh = analyze_file(after)
    quick = analyze_edit(after, before, stored(analyze_file(before)))
    two = stored(fresh), stored(quick)
    return [name for name in fresh._fields if getattr(two[0], name) != getattr(two[1], name)]


@pytest.mark.parametrize(("old", "new", "plain"), EDITS)
def test_an_edit_and_its_reverse(old: str, new: str, plain: bool) -> None:
    before = COMMON.encode()
    assert old in COMMON
    after = COMMON.replace(old, new).encode("utf-8", "surrogateescape")
    assert not differences(before, after)
    assert not differences(after, before)
    assert (update(after, before, stored(analyze_file(before))) is not None) == plain


def test_other_bodies_need_no_judgement(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[set[int]] = []

    def noted(symbols: tuple[Symbol, ...], chosen: set[int]) -> list[Finding]:
        judged.append(chosen)
        return audit_file(symbols, chosen)

    before = COMMON.encode()
    known, filler = (stored(analyze_file(source)) for source in (before, FILLER.encode()))
    after = COMMON.replace("g(", "h(").replace("if a:", "if a or b:").replace("Error", "Error()")
    fresh = stored(analyze_file(after.encode()))
    monkeypatch.setattr("detent.audit.analyze.audit_file", noted)
    assert stored(analyze_edit(after.encode(), before, known)) == fresh
    assert {fresh.symbols[number].name for number in judged.pop()} == {"A", "C"}
    analyze_edit(FILLER.replace("g(", "h(").encode(), FILLER.encode(), filler)
    assert judged == []


@pytest.mark.parametrize(
    "head",
    [
        "def f[T = int](a)",
        "def f\\\n[T: list[int] = int](a)",
        "class f[ T=1]",
        "async def f[*T=a](a)",
    ],
)
def test_defaults_of_type_parameters_in_what_stays(head: str) -> None:
    before = COMMON.replace("def f(a)", head)
    after = before.replace("limit = 3", "limit = 4")
    assert after != before
    assert not differences(before.encode(), after.encode())
    assert update(after.encode(), before.encode(), stored(analyze_file(before.encode()))) is None


@pytest.mark.parametrize("other", [b"", b"\n", b"\n\n", b"x = 1", b"def f(): pass", b"\f\n#"])
def test_hardly_anything(other: bytes) -> None:
    before = COMMON.encode()
    assert not differences(before, other)
    assert not differences(other, before)
    assert not differences(other, other + b"\n")
    assert not differences(other + b"\n", other)


def test_what_has_not_changed_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    from detent.languages.python import extract

    parsed: list[bytes] = []
    extract_valid_facts = extract.extract_valid_facts

    def noted(data: bytes, hashes: Mapping[int, tuple[str, str]]) -> Any:
        parsed.append(data)
        return extract_valid_facts(data, hashes)

    monkeypatch.setattr(extract, "extract_valid_facts", noted)
    before = COMMON.encode()
    found = update(
        COMMON.replace("self.size = 1", "self.size = 2").encode(), before, analyze_file(before)
    )
    assert found is not None
    assert found.changed is not None
    assert b"self.size = 2" in parsed[0]
    for name in (b"inner", b"join", b"await", b"ValueError", b"path", b"g("):
        assert name not in parsed[0]
    names = {found.facts.symbols[number].name for number in found.changed}
    assert names == {"", "A", "__init__", "C"}
    assert -1 not in found.changed.values()
    # A class is as it was together with its bases.
    found = update(COMMON.replace("if a:", "if b:").encode(), before, analyze_file(before))
    assert found is not None
    assert found.changed is not None
    assert b"class C(" in parsed[1]
    assert b"C(A)" not in parsed[1]
    assert {found.facts.symbols[number].name for number in found.changed} == {"", "f"}


def test_a_comment_behind_a_docstring_does_not_make_it_another() -> None:
    before = b'"""Compute sums."""  # noqa: D400\n\nx = 1\n'
    after = before.replace(b"x = 1", b"x = 2")
    found = update(after, before, stored(analyze_file(before)))
    assert found is not None
    assert found.changed == {0: 0}
    # A further literal belongs to it.
    longer = before.replace(b"  # noqa", b' ""  # noqa')
    for old, new in ((before, longer), (longer, before)):
        assert not differences(old, new)
        found = update(new, old, stored(analyze_file(old)))
        assert found is not None
        assert found.changed == {0: -1}


MODULES = [argparse, ast, dataclasses, json.decoder, tarfile, unittest.mock]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_any_edits_of_real_files(module: ModuleType) -> None:
    source = Path(str(module.__file__)).read_text("utf-8")
    chance = random.Random(module.__name__)
    before, quick = source.encode(), 0
    known = stored(analyze_file(before))
    for _ in range(25):
        after = change(source, chance).encode()
        fresh = stored(analyze_file(after))
        assert stored(analyze_edit(after, before, known)) == fresh
        quick += update(after, before, known) is not None
        # And from one edit to the next.
        again = change(after.decode(), chance).encode()
        assert stored(analyze_edit(again, after, fresh)) == stored(analyze_file(again))
    assert quick > 5
