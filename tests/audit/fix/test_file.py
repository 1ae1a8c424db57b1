"""Whole files: what is fixed is gone, nothing else is touched, and once is enough.

The real files are those of packages that the tests need anyway: detent, numpydoc, Hypothesis and
Sphinx. ``benchmarks/fuzz.py`` does the same for as many files as one has time for.
"""

from __future__ import annotations

import ast
import codecs
import importlib.util
import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.fix.support import SELECTION, fix_source, request
from detent.audit.analyze import analyze_file
from detent.audit.fix.attempt import is_revealed_by_fix, make_finding_key
from detent.audit.fix.file import FileFix, fix_file
from detent.audit.selection.select import Selection

BAD = '"""Do it"""\n'
GOOD = '"""Do it."""\n'


def docstrings(tree: ast.Module) -> list[ast.Constant]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str()) as value), *_]:
                    found.append(value)
    return found


def code(raw: bytes) -> str:
    """Return the syntax tree without docstrings."""
    tree = ast.parse(raw)
    for node in docstrings(tree):
        node.value, node.kind = "", None
    return ast.dump(tree)


def around(raw: bytes) -> list[bytes]:
    """Return the bytes of a file, in UTF-8 and without a byte order mark, but its docstrings."""
    starts = [0, *itertools.accumulate(map(len, re.findall(rb"[^\r\n]*(?:\r\n?|\n)", raw)))]
    spans = sorted(
        (
            starts[docstring.lineno - 1] + docstring.col_offset,
            starts[end - 1] + (docstring.end_col_offset or 0),
        )
        for docstring in docstrings(ast.parse(raw))
        if (end := docstring.end_lineno)
    )
    begins = [0, *(end for _, end in spans)]
    ends = [*(begin for begin, _ in spans), len(raw)]
    return [raw[begin:end] for begin, end in zip(begins, ends, strict=True)]


def said(raw: bytes) -> Counter[tuple[int, tuple[str, str, str]]]:
    facts = analyze_file(raw)
    kept = [
        finding
        for finding in facts.findings
        if SELECTION.resolve_file("a.py").counts(finding, facts.symbols[finding.symbol])
    ]
    return Counter((finding.symbol, make_finding_key(finding.code, finding)) for finding in kept)


def check(raw: bytes, *, stubs: bool = False) -> FileFix:
    """Fix a file and hold what was made of it against what Python sees in it."""
    after = fix_source(raw, stubs=stubs)
    assert fix_source(after.raw, stubs=stubs).raw == after.raw
    assert code(after.raw) == code(raw)
    assert around(after.raw) == around(raw)
    before, now = said(raw), said(after.raw)
    gone = Counter(
        (finding.symbol, make_finding_key(finding.code, finding)) for finding in after.fixed
    )
    assert gone == before - now
    codes = {finding.code for finding in after.fixed}
    assert all(any(is_revealed_by_fix(code, key) for code in codes) for _, key in now - before)
    assert bool(after.fixed) == (after.raw != raw)
    return after


def real_files() -> list[Path]:
    names = ["detent", "numpydoc", "hypothesis", "sphinx"]
    places = [importlib.util.find_spec(name) for name in names]
    roots = [Path(place.origin).parent for place in places if place and place.origin]
    assert len(roots) == len(names)
    return [path for root in roots for path in sorted(root.rglob("*.py"))]


def test_real_files() -> None:
    fixed: Counter[str] = Counter()
    for path in real_files()[::8]:
        fixed.update(finding.code for finding in check(path.read_bytes()).fixed)
    assert sum(fixed.values()) > 5


MARGINS = st.sampled_from(["    ", "    ", "    ", "", "        ", "\t"])
LINES = st.sampled_from(
    """
    |do it|Do it|the number|Do it.|See https://a.b/c|- one|  more|>>> f(a)|::|x = 1|
    Notes|-----|---|====|Parameters|----------|Paramters|---------|See also|--------|Returns|-------
    |a : integer|a: int|*args|b:string|a, b : boolean.|    the number|    The number|int|    it
    |f : the other|f, g|.. versionadded:: 1|   |    - one|    (see|\\alpha|\\n
    """.replace("\n    ", "").split("|")
)
QUOTES = st.sampled_from(['"""', "'''", 'r"""', 'R"""', 'u"""'])
SIGNATURES = st.sampled_from(["", "a", "a, b", "b: int = 2, *args, **kw", "a: 'x' = None, *, b=()"])


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=14), MARGINS, QUOTES, SIGNATURES, st.booleans())
def test_generated_docstrings(
    lines: list[str], margin: str, quotes: str, signature: str, stubs: bool
) -> None:
    text = f"\n{margin}".join(lines)
    if not text.strip() or text.endswith("\\") or (quotes[-1] in text[-1:]):
        return
    source = f"{GOOD}def f({signature}):\n    {quotes}{text}{quotes[-3:]}\n    return 1\n"
    check(source.encode(), stubs=stubs)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_real_docstrings_with_their_lines_mixed_up(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(real_files()))
    raw = path.read_bytes()
    lines = raw.split(b"\n")
    inside = [
        line
        for docstring in docstrings(ast.parse(raw))
        for line in range(docstring.lineno, (docstring.end_lineno or docstring.lineno) - 1)
    ]
    if len(inside) < 2:
        return
    for _ in range(data.draw(st.integers(1, 5))):
        at, to = data.draw(st.sampled_from(inside)), data.draw(st.sampled_from(inside))
        match data.draw(st.integers(0, 3)):
            case 0:
                lines[at], lines[to] = lines[to], lines[at]
            case 1:
                lines[at] = b""
            case 2:
                lines[at] = lines[at].replace(b".", b"").lower()
            case _:
                lines[at] = b"    Notes\n    ---"
    mixed = b"\n".join(lines)
    try:
        ast.parse(mixed)
    except SyntaxError:
        return
    check(mixed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (codecs.BOM_UTF8 + BAD.encode(), codecs.BOM_UTF8 + GOOD.encode()),
        (b'"""Do \xc3\xa9 it"""; x = "\xc3\xa9"\n', b'"""Do \xc3\xa9 it."""; x = "\xc3\xa9"\n'),
        (b'# coding: latin-1\n"""Do \xe9"""\n', b'# coding: latin-1\n"""Do \xe9."""\n'),
        (b'# coding: cp1252\n"""\x80 it"""\r', b'# coding: cp1252\n"""\x80 it."""\r'),
        (b'"""Do it"""', b'"""Do it."""'),
        (b'\r\n\r\n"""Do it"""\r\n', b'\r\n\r\n"""Do it."""\r\n'),
        (b'x = 1\n\x0c\ndef f():\n  "Do it"\n', b'x = 1\n\x0c\ndef f():\n  "Do it."\n'),
        (b'"""Do\\u0020it"""\n', b'"""Do\\u0020it."""\n'),
        (b'("Do " "it")\n', b'("Do " "it")\n'),
        (b'"Do it"; "Do it"\n', b'"Do it."; "Do it"\n'),
    ],
)
def test_however_a_file_is_written(before: bytes, after: bytes) -> None:
    assert fix_source(before).raw == after


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'"""Do it"""\nx = (\n', "syntax error"),
        (b'"""Do \xff it"""\n', "not valid utf-8"),
        (b'# coding: no-such\n"""Do it"""\n', "unknown source encoding"),
        (b'# coding: shift_jis\n"""Do \x82\xa0 it"""\n', "cannot write"),
        (b'"""Do it"""\n# \0\n' + b" " * 20, "fix that first"),
    ],
)
def test_what_cannot_be_read_for_certain_is_left_alone(raw: bytes, reason: str) -> None:
    found = fix_source(raw)
    assert (found.raw, found.fixed) == (raw, [])
    assert reason in found.reason


def test_what_the_settings_leave_out_is_left_alone() -> None:
    raw = b'"""do it"""\n'
    assert fix_file(raw, request(selection=Selection(ignore=("SS03",)))).raw == b'"""Do it"""\n'
    assert fix_file(raw, request(path="tests/a.py")).raw == raw


def test_an_inline_comment_is_obeyed() -> None:
    raw = b'"""Do it."""\ndef f():  # numpydoc ignore=SS03\n    """do it"""\n'
    assert fix_source(raw).raw == raw.replace(b'"do', b'"Do')


def test_only_what_was_asked_for_is_fixed() -> None:
    raw = b'"""do it"""\n\ndef f(a):\n    """do it"""\n'
    [first, *_] = [
        finding
        for finding in analyze_file(raw).findings
        if finding.code == "SS03" and finding.symbol
    ]
    only = frozenset([("f", *make_finding_key("SS03", first))])
    after = fix_file(raw, request()._replace(only=only))
    assert after.raw == b'"""do it"""\n\ndef f(a):\n    """do it."""\n'
    assert [finding.code for finding in after.fixed] == ["SS03"]


def test_the_places_of_what_is_fixed_are_those_of_before() -> None:
    found = fix_source(b'"""\n\n\nDo it"""\n')
    places = [(finding.code, finding.line, finding.column) for finding in found.fixed]
    assert places == [("GL03", 2, 1), ("GL01", 4, 1), ("SS03", 4, 5), ("GL02", 4, 6)]


def test_a_fix_that_would_bring_in_something_else_is_not_made() -> None:
    text = "Do it.\n\n    Example\n    -------\n    A.\n\n    Examples\n    --------\n    B.\n    "
    raw = f'{GOOD}def f():\n    """{text}"""\n'.encode()
    assert fix_source(raw) == (raw, [], "")


@pytest.mark.parametrize(
    "text",
    [
        "Do it.\n" + "\n\n\nx" * 20_000,
        "Do it.\n\nParameters\n----------\n" + "a: int\n    it is\n" * 5_000,
        "Do it.\n\n" + "Notes\n---\n" * 5_000,
        "Do it.\n\nSee Also\n--------\n" + "f : it is\n" * 5_000,
        "(" * 200_000,
        "a " * 200_000 + "=",
        "Do" + " " * 200_000 + "it",
    ],
)
def test_long_docstrings_come_to_an_end(text: str) -> None:
    raw = f'{GOOD}def f(a):\n    """{text}\n    """\n'.encode()
    assert ast.parse(fix_source(raw).raw)
