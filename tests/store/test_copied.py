"""What is copied of the rows of an edited file is what would have been written."""

from __future__ import annotations

import argparse
import ast
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detent.audit.analyze import analyze_content, analyze_file
from detent.languages.base import PreviousVersion
from detent.store import MEMORY, open_store
from detent.store.sqlite.copied import find_copied_rows, list_new_rows
from edits import change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from detent.core.model import FileFacts
    from detent.store.protocol import Store

SOURCES: dict[str, bytes] = {}
A, B, C, D = (letter * 40 for letter in "abcd")
PLAIN = "\n\n".join(
    f"class C{n}(D):\n    def f{n}(self, a):\n        def inner(x): return g(x)(1).b()\n"
    f"        '''no docstring'''\n\n    def h(self):\n        '''do {n}'''\n"
    for n in range(30)
)


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store(MEMORY, write=True)
    yield store
    store.close()


def written(store: Store, oid: str, source: str, past: str = "") -> FileFacts:
    """Write a file, like what it was before where that is told; give all its facts."""
    known = dict(store.load_facts([past], full=True)) if past else {}
    previous = PreviousVersion(SOURCES[past], known[past]) if known else None
    facts = analyze_content(source.encode(), "python", previous).facts
    session = store.begin_session(lambda oid: (past, known[past]) if known else None)
    session.persist([(oid, facts)])
    session.close()
    SOURCES[oid] = source.encode()
    assert not store.has_difference(oid, analyze_file(source.encode()))
    return facts


EDITS = [
    ("do 15", "do"),
    ("do 15'''", "do\n'''"),
    ("    def f15(", "    def new(self): return g(1)\n\n    def f15("),
    ("    def f15(self, a):", "    def f15(self, a):\n        def more(x): return x(1)"),
    ("class C15(D):\n", "class C15(D):\n    x = y()\n"),
    ("class C15(D):\n", "def before():\n    z()\n\n\nclass C15(D):\n"),
    ("class C1(D):\n", "class C1(D):\n    # detent: ignore[GL08]\n"),
]


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_an_edit_and_its_reverse(store: Store, old: str, new: str) -> None:
    assert old in PLAIN
    after = PLAIN.replace(old, new, 1)
    written(store, A, PLAIN)
    written(store, B, after, A)
    written(store, C, PLAIN, B)


def test_findings_about_something_else(store: Store) -> None:
    written(store, A, PLAIN)
    written(store, B, PLAIN.replace("class C", "class X"), A)
    written(store, C, "import os\n" + PLAIN, B)


def test_most_rows_are_copied() -> None:
    before = analyze_file(PLAIN.encode())
    after = PLAIN.replace("    def f15(", "    def new(self): return g(1)\n\n    def f15(")
    facts = analyze_content(after.encode(), "python", PreviousVersion(PLAIN.encode(), before)).facts
    copied = find_copied_rows(before, facts)
    for table in ("symbol", "call", "finding"):
        size = len(getattr(facts, f"{table}s"))
        assert 0 < len(list(list_new_rows(size, copied[table]))) < 12 < size - 40
        assert len(copied[table]) == 2


def test_what_is_gone_is_not_copied(store: Store) -> None:
    facts = written(store, A, PLAIN)
    session = store.begin_session(lambda oid: (D, facts))
    session.persist([(B, facts)])
    assert not store.has_difference(B, facts)


@pytest.mark.parametrize("module", [argparse, ast], ids=lambda module: module.__name__)
def test_any_edits_of_real_files(store: Store, module: ModuleType) -> None:
    source = Path(str(module.__file__)).read_text("utf-8")
    chance = random.Random(f"rows of {module.__name__}")
    past = A
    written(store, past, source)
    for number in range(25):
        source = change(source, chance)
        oid = f"{number:040x}"
        written(store, oid, source, past)
        past = oid
