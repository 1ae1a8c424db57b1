"""The whole: any bytes give facts, and the same bytes give the same facts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detent
from detent.core.model import Call, Finding
from detent.languages import detect_language
from languages.python.support import extract_facts

if TYPE_CHECKING:
    from detent.core.model import FileFacts

CORPUS = [path.read_bytes() for path in sorted(Path(detent.__file__).parent.rglob("*.py"))]


@pytest.mark.parametrize(
    ("path", "language"),
    [
        (b"a.py", "python"),
        (b"a/b.c.py", "python"),
        (b"a/\xff.py", "python"),
        (b"a.pyi", "python"),
        (b"a.pyx", "cython"),
        (b"a.pxd", "cython"),
        (b"a.pxi", "cython"),
        (b"a.ipynb", None),
        (b"a.py.in", None),
        (b"a.PY", None),
        (b"py", None),
        (b"a.py/b", None),
        (b"a.py/", None),
        (b"", None),
    ],
)
def test_language_of(path: bytes, language: str | None) -> None:
    assert detect_language(path) == language


def check(raw: bytes) -> FileFacts:
    """Analyse, and check what holds for every file."""
    facts = extract_facts(raw)
    lines = max(1, raw.count(b"\n") + raw.count(b"\r") + 1)
    assert facts.size == len(raw)
    assert 0 <= facts.lines <= lines
    assert facts.symbols[0][:7] == (-1, "module", "", "", "public", 1, 1)
    for index, symbol in enumerate(facts.symbols[1:], 1):
        outer = facts.symbols[symbol.parent]
        assert symbol.parent < index
        assert outer.line <= symbol.line <= symbol.end_line <= max(outer.end_line, symbol.line)
        assert symbol.qualname == f"{outer.qualname}.{symbol.name}".lstrip(".") or not symbol.name
        assert len(symbol.body) == len(symbol.own) == 24
    places = {(symbol.line, symbol.column) for symbol in facts.symbols}
    owners = {binding.symbol for binding in facts.bindings}
    for owned in [*facts.calls, *facts.findings]:
        assert isinstance(owned, (Call, Finding))
        places.add((owned.line, owned.column))
        owners.add(owned.symbol)
    assert all(1 <= line <= lines and 1 <= column <= len(raw) + 1 for line, column in places)
    assert owners <= set(range(len(facts.symbols)))
    assert list(facts.calls) == sorted(facts.calls, key=lambda call: (call.line, call.column))
    repr(facts).encode()
    return facts


@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    check(raw)


TOKENS = [
    "def",
    "f",
    "class",
    "A",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    "==",
    "*",
    "**",
    "@",
    ".",
    "...",
    "->",
    ":=",
    ";",
    "'",
    '"',
    "'''",
    "f'",
    "{x!r:>{y}}",
    "\\",
    "#",
    "\n",
    "\n\t",
    "\n",
    "\r\n",
    "\x0c",
    "\x00",
    "é",
    "\ufeff",
    "async",
    "await",
    "yield",
    "return",
    "raise",
    "import",
    "from",
    "as",
    "lambda",
    "if",
    "else",
    "match",
    "case",
    "type",
    "None",
    "__all__",
    "+=",
    "0x",
    ".5",
    "1e",
    "!r",
    "$",
    "?",
    "`",
]


@given(st.lists(st.sampled_from(TOKENS), max_size=40), st.sampled_from(["", " "]))
def test_any_tokens(tokens: list[str], between: str) -> None:
    check(between.join(tokens).encode())


@settings(max_examples=150)
@given(st.data())
def test_any_change_to_a_real_file(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(CORPUS))
    for _ in range(data.draw(st.integers(1, 4))):
        begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
        end = min(end, begin + 200)
        change = data.draw(st.sampled_from(["delete", "insert", "duplicate", "swap"]))
        if change == "delete":
            raw = raw[:begin] + raw[end:]
        elif change == "insert":
            raw = raw[:begin] + data.draw(st.binary(max_size=8)) + raw[begin:]
        elif change == "duplicate":
            raw = raw[:end] + raw[begin:end] + raw[end:]
        else:
            raw = raw[end:] + raw[begin:end] + raw[:begin]
    check(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"x = " + b" + ".join([b"a"] * 3000),
        b"x = " + b"(" * 2000 + b"1" + b")" * 2000,
        b"x = " + b"[" * 10000 + b"]" * 10000,
        b"f(" * 3000 + b")" * 3000,
        b"x" + b".a(1)" * 10000,
        b"\n".join(b" " * level + b"if x:" for level in range(500)) + b" pass",
        b"\n".join(b" " * level + b"def f():" for level in range(500)) + b" pass",
        b"def f(): " * 2000,
        b"def f(a" + b" " * 50000 + b"=1): pass",
        "x = ['é',".encode() + b"f(a.b)," * 20000 + b"]",
        b"lambda: (yield)\n" * 5000,
        b"(" * 3000 + b"'doc'" + b")" * 3000,
        b"@a('" + b"\\'" * 20000 + b"\n)\ndef f(): pass",
        b"class A:\n\xff\xfe\n  def f(self): pass\n",
        b"\0def f(): pass\n" + b"# padding" * 9,
    ],
)
def test_large_and_odd(raw: bytes) -> None:
    check(raw)


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"\0" * 9, ["DT901"]),
        (b"x = $\n", ["DT902"]),
        (b"x = '\xff'\n", ["DT903"]),
        (b"x = '\xff'\ny = $\n", ["DT903", "DT902"]),
        (b"x" * 4_000_001, ["DT905"]),
        (b"", []),
    ],
)
def test_problems(raw: bytes, codes: list[str]) -> None:
    assert [finding.code for finding in check(raw).findings] == codes


def test_a_file_that_is_no_text_is_a_module() -> None:
    facts = extract_facts(b"\0\1\2")
    assert [symbol.kind for symbol in facts.symbols] == ["module"]
    assert (facts.size, facts.lines, facts.calls, facts.bindings) == (3, 0, (), ())


@pytest.mark.parametrize(
    ("raw", "lines"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"\r\n\r", 2)]
)
def test_lines(raw: bytes, lines: int) -> None:
    assert extract_facts(raw).lines == lines


DIGEST = """
import hashlib, pathlib, sys
from detent.languages import get_language
ballast = [bytearray(size * 100) for size in range(int(sys.argv[1]))]
digest = hashlib.sha256()
for name in sys.argv[2:]:
    facts = get_language("python").analyze(pathlib.Path(name).read_bytes()).facts
    symbols = [
        symbol._replace(flags=sorted(symbol.flags), ignores=sorted(symbol.ignores))
        for symbol in facts.symbols
    ]
    digest.update(repr(facts._replace(symbols=symbols)).encode())
print(digest.hexdigest())
"""


def test_the_bytes_alone_decide(tmp_path: Path) -> None:
    names = [str(tmp_path / f"{number}.py") for number in range(len(CORPUS))]
    for name, raw in zip(names, CORPUS, strict=True):
        Path(name).write_bytes(raw)
    found = set()
    for seed, locale in (("0", "C"), ("1", "C.UTF-8"), ("2", "tr_TR.ISO-8859-9")):
        done = subprocess.run(
            [sys.executable, "-c", DIGEST, f"{seed}00", *names],
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "0"},
            cwd=Path(detent.__file__).parent.parent,
            capture_output=True,
            check=True,
            text=True,
        )
        found.add(done.stdout)
    assert len(found) == 1
