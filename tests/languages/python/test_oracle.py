"""The facts of the standard library against what `ast` says of it.

What differs by intent, all of it rare:

- an identifier is as written, not in the NFKC form that Python folds it to;
- a chain with parentheses or a constant in it (``(a).b()``, ``None.b()``) is as written;
- `type(x).y = z`: the grammar reads a ``type`` statement, so that this call of `type` is no fact;
- comments that are indented like a body belong to it;
- decorators are on one line, so that a newline in a string there is a blank.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import sysconfig
import tokenize
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from languages.python import oracle
from languages.python.support import extract_facts

if TYPE_CHECKING:
    from .oracle import Fact

LIB = Path(sysconfig.get_path("stdlib"))
#: Valid, and the grammar has no rule for it: text that a fuzzer wrote, and lines cut at any token.
UNKNOWN_TO_THE_GRAMMAR = {"test/test_compile.py"}


def sample() -> list[str]:
    names = sorted(path.relative_to(LIB).as_posix() for path in LIB.rglob("*.py"))
    names = [name for name in names if not re.search("site-packages|lib2to3/tests/data", name)]
    return [name for name in names[:: len(names) // 150] if name not in UNKNOWN_TO_THE_GRAMMAR]


def utf8(raw: bytes) -> bytes:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    text = raw.decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n").encode()


def in_f_strings(tree: ast.Module) -> set[int]:
    """Give the lines of f-strings where this Python has the places in them wrong."""
    if sys.version_info >= (3, 12):
        return set()
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    wrong = {getattr(inner, "lineno", 0) for node in nodes for inner in ast.walk(node)}
    return wrong.union(*(range(node.lineno, (node.end_lineno or 0) + 1) for node in nodes))


def comparable(facts: set[Fact], lines: set[int]) -> set[Fact]:
    """Leave out and fold what the docstring of this module says."""
    kept = set()
    for fact in facts:
        if fact[0] == "call":
            if fact[2] == "type" or fact[3] in lines:
                continue
            kept.add((*fact[:2], unicodedata.normalize("NFKC", fact[2]), *fact[3:]))
        else:
            kept.add(fact)
    return kept


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sample())
def test_the_standard_library(name: str) -> None:
    raw = (LIB / name).read_bytes()
    try:
        tree = ast.parse(raw)
    except (SyntaxError, ValueError):
        pytest.skip("not for this Python")
    check(raw, tree)


def check(raw: bytes, tree: ast.Module) -> None:
    facts = extract_facts(raw)
    if facts.findings:  # such as a future import of a name that there is not
        with pytest.raises(SyntaxError):
            compile(raw, "source.py", "exec", dont_inherit=True)
    lines = utf8(raw).split(b"\n")
    wrong = in_f_strings(tree)
    known = comparable(oracle.expected(tree, lines), wrong)
    said = comparable(oracle.found(facts), wrong)
    assert sorted(known - said, key=repr) == []
    assert sorted(said - known, key=repr) == []
    for scope, symbol in zip(oracle.scopes(tree), facts.symbols, strict=True):
        names, words = oracle.uses(scope, lines)
        used = unicodedata.normalize("NFKC", symbol.uses).split()
        if not wrong:
            assert sorted(names - set(used)) == []
        assert sorted({word for use in used for word in use.split(".") if word} - words) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("def f(a, *, b=1): return 1", "def f(a, b=1): return 1"),
        ("def f(a, /): pass", "def f(a): pass"),
        ("class A(B):\n  'x'", "class A(B):\n  'y'"),
        ("@a\ndef f(): yield", "@b\ndef f(): yield"),
        ("def f(): raise A", "def f(): raise B"),
        ("import a.b", "import a.b as c"),
        ("from . import b", "from .. import b"),
        ("__all__ = ['a']", "__all__ = ['b']"),
        ("f(a.b(1))", "f(a.c(1))"),
        ("f( g())", "f(g())"),
        ("def f():\n  1\n# 2", "def f():\n  1\n  2"),
        ("a.b = 1", "a.c = 1"),
    ],
)
def test_it_can_fail(right: str, wrong: str) -> None:
    check(right.encode(), ast.parse(right))
    with pytest.raises(AssertionError):
        check(wrong.encode(), ast.parse(right))
