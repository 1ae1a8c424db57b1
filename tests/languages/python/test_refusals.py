"""Code that the grammar reads and Python refuses is a syntax error."""

from __future__ import annotations

import pytest

from detent.audit.analyze import analyze_content, analyze_file
from detent.languages.base import PreviousVersion
from detent.languages.python import refusals

REFUSED = [
    'print "x"',
    "print x, y",
    'exec "x"',
    "x = `y`",
    "if a <> b: pass",
    'raise E, "x"',
    "try:\n    pass\nexcept A, e:\n    pass",
    "try:\n    pass\nexcept socket.error, error:\n    pass",
    "x = 0777",
    "x = [1, 08]",
    "x = 10L",
    'x = ur"a"',
    "f(a=1, 2)",
    "f(g(x), a=[1], b=g(), c)",
    "f(**a, *b)",
    "f(**a, b)",
    "f(a=1, a=2)",
    "f(\n    a=g(1),\n    b=2,\n    a=2,\n)",
    "return",
    "return 1",
    "class A:\n    return 1",
    "yield 1",
    "class A:\n    yield 1",
    "await f()",
    "def f():\n    await g()",
    "def f():\n    async with a: pass",
    "def f():\n    async for x in a: pass",
    "async def f():\n    yield from g()",
    "async def f():\n    yield 1\n    return 1",
    "def f():\n    return [(yield x) for x in a]",
    "break",
    "def f():\n    continue",
    "while x:\n    def f():\n        break",
    "for x in a:\n    pass\nelse:\n    break",
    "if x:\n\tif y:\n        z = 1",
    "def f(a, a): pass",
    "def f(a=1, b): pass",
    "def f(*): pass",
    "def f(*, **k): pass",
    "def f(/, a): pass",
    "def f(**k, a): pass",
    "def f(*a, *b): pass",
    "def f(a, (b, c)): pass",
    "x = lambda a, a: 1",
    "x = lambda a=1, b: 1",
    "nonlocal x",
    "def f():\n    nonlocal x",
    "def f(x):\n    global x",
    "def f():\n    x = 1\n    global x",
    "def f():\n    print(x)\n    global x",
    'x = "\\x1"',
    'x = "\\u12"',
    'x = "\\N{no end"',
    'def f():\n    "Do \\U12 it."',
    'x = b"é"',
    "x := 1",
    "x = [y := 0 for y in z]",
    "x = [y for y in (z := a)]",
    "x = *a",
    "*a",
    "[*a for a in b]",
    "*a, *b = c",
    "a, b += 1",
    "(a, b): int = 1",
    "del f()",
    "del (x, 1)",
    "del a + b",
    "with a as f(): pass",
    "try:\n    pass",
    "try:\n    pass\nexcept:\n    pass\nexcept A:\n    pass",
    "if x:\npass",
    "class A:\n\ndef f(): pass",
    "def f():\n    from x import *",
    "from x import y,",
    "x = 1\nfrom __future__ import annotations",
    "from __future__ import nonesuch",
    "match x:\n    case y:\n        pass\n    case 1:\n        pass",
    "match x:\n    case [a, a]:\n        pass",
    'x = f"{y!g}"',
    "__debug__ = 1",
    "x = 5\\",
]
ALLOWED = [
    'print("x")\nprint (a), b\nprint = 1',
    "try:\n    pass\nexcept A, B:\n    pass",
    "from x import b\ntry:\n    pass\nexcept A, b:\n    pass",
    "x = 0, 00, 0.5, 1e-05, 1_000, 07.5, 0j",
    "f(a=1, *b)\nf(*a, b)\nf(a=g(a=1), **b)\nf(a=1)(a=2)",
    "async def f():\n    async with a: return [await x async for x in b]",
    "def f():\n    x = yield 1\n    return (yield x)",
    "for x in a:\n    if x:\n        break\n    else:\n        continue",
    "if x:\n\ty = 1\n\tz = 2",
    "def f(a, /, b=1, *c, d, **e): pass\ng = lambda a, *, b=1, c: 1",
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2",
    "def f():\n    global x\n    x = 1",
    'x = r"\\x1", "\\\\x1", b"\\u12", "\\N{BULLET}"\n# \\x1 `x` <> 0777',
    "if (x := 1): pass\nf(y := 1)",
    "x = *a, b\nfor x in *a, b: pass",
    "del x, a[f(1)].b, (c, d)",
    "try:\n    pass\nfinally:\n    pass",
    "class A: pass\ndef f(): 'Do.'",
    '"""M."""\n# c\nfrom __future__ import annotations\nimport a',
    "match x:\n    case 1 | 2:\n        pass\n    case [a, b]:\n        pass\n    case _: pass",
    "type X = int\ndef f[T](x: T): pass\nclass A[T]: return_ = 1",
    'x = f"{a["b"]!r}"',
    "x = -" + "-" * 300 + "1",
    "x = " + "1+" * 3000 + "1",
]


def list_errors(source: str) -> list[str]:
    facts = analyze_file(source.encode())
    return [found.message for found in facts.findings if found.code == "DT902"]


@pytest.mark.parametrize("code", REFUSED)
def test_code_that_python_refuses(code: str) -> None:
    (message,) = list_errors(f"{code}\n")
    assert message.startswith("syntax error: ")
    # Behind other code, the finding is in the lines of the code.
    if "__future__" not in code and not code.endswith("\\"):
        found = analyze_file(f'"""M."""\nimport os\n\n\n{code}\n'.encode()).findings
        assert next(finding.line for finding in found if finding.code == "DT902") >= 5


@pytest.mark.parametrize("code", ALLOWED)
def test_code_that_python_compiles_or_a_newer_one(code: str) -> None:
    assert list_errors(f"{code}\n") == []


@pytest.mark.parametrize("code", REFUSED)
def test_an_edit_that_brings_an_error(code: str) -> None:
    unchanged = 'def f0(a):\n    """Do it."""\n    return a\n'
    before, after = (f"{unchanged}\n{x}\n\n\n{unchanged}".encode() for x in ("x = 1", code))
    previous = PreviousVersion(before, analyze_file(before))
    facts = analyze_content(after, "python", previous).facts
    assert facts == analyze_file(after)


def test_no_warning_is_shown(recwarn: pytest.WarningsRecorder) -> None:
    assert list_errors('x = "\\d" is 1\nx = 1L\n')
    assert not recwarn


@pytest.mark.parametrize("error", [RecursionError, MemoryError, ValueError, OverflowError])
def test_a_limit_of_the_compiler_is_no_syntax_error(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(refusals, "compile", refuse, raising=False)
    assert list_errors("return\n") == []


@pytest.mark.parametrize("depth", [90, 5_000])
def test_deep_code_is_compiled_without_harm(depth: int) -> None:
    for opening, closing in (("(", ")"), ("[", "]"), ("f(", ")"), ("-", ""), ("not ", "")):
        list_errors(f"x = {opening * depth}1{closing * depth}\nreturn\n")
    list_errors("return\n" + "".join(f"{' ' * n}if x:\n" for n in range(min(depth, 90))))


def test_cython_is_not_judged() -> None:
    facts = analyze_content(b"return\nprint 1\n", "cython").facts
    assert "DT902" not in [finding.code for finding in facts.findings]
