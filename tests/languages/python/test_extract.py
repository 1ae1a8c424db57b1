"""What the sweep over the captures finds: flags, raises, calls, uses, comments and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from languages.python.support import facts, first, symbols

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("body", "flags"),
    [
        ("x", ""),
        ("return", "returns-none"),
        ("return None # why", "returns-none"),
        ("return\\\n  None", "returns-none"),
        ("return 1", "returns"),
        ("return ()", "returns"),
        ("return None, None", "returns"),
        ("if x: return\n  return 1", "returns returns-none"),
        ("yield", "yields"),
        ("x = yield", "yields"),
        ("x = (yield) + 1", "yields"),
        ("yield 1", "yields yields-value"),
        ("yield from x", "yields yields-value"),
        ("f((yield 1))", "yields yields-value"),
        ("return lambda: (yield)", "returns"),
        ("x(lambda a: (lambda: (yield 1), a))\n  yield", "yields"),
        ("yield lambda: 1", "yields yields-value"),
        ("x = lambda: 1; yield", "yields"),
        ("def g(): yield 1\n  x", ""),
        ("def g(): return 1\n  return", "returns-none"),
        ("class A:\n    def m(self): return 1\n  x", ""),
        ("return [a for a in b]", "returns"),
        ("returned; yields", ""),
        ("'return 1'; 'yield'", ""),
    ],
)
def test_flags(body: str, flags: str) -> None:
    assert first(f"def f():\n  {body}\n").flags == set(flags.split())
    assert first(f"async def f():\n  {body}\n").flags == {"async", *flags.split()}


@pytest.mark.parametrize(
    ("statement", "raises"),
    [
        ("raise", ("...",)),
        ("raise A", ("A",)),
        ("raise a.B('x')", ("a.B",)),
        ("raise A from b", ("A",)),
        ("raise A(1) from None", ("A",)),
        ("raise A(1).with_traceback(b)", ("A",)),
        ("raise (A)", ("A",)),
        ("raise(A('x'))", ("A",)),
        ("raise \\\n  A", ("A",)),
        ("raise É", ("É",)),
        ("raise B; raise A; raise B()", ("A", "B")),
        ("raise errors[0]", ("...",)),
        ("raise fromage[0]", ("...",)),
        ("raise É[0]", ("...",)),
        ("raise (A, B)", ("...",)),
        ("raise A if b else C", ("A", "C")),
        ("raises.A; raised", ()),
        ("def g(): raise A", ()),
        ("'raise A'", ()),
    ],
)
def test_raises(statement: str, raises: tuple[str, ...]) -> None:
    assert first(f"def f():\n  {statement}\n").raises == raises


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("f()", [("f", 1, 1)]),
        ("é = a.b.c(1)", [("a.b.c", 1, 5)]),
        ("'é'; f()", [("f", 1, 6)]),
        ("f(g(h))", [("f", 1, 1), ("g", 1, 3)]),
        ("f()()", [("f", 1, 1)]),
        ("f(1).g(2).h", [("f", 1, 1), (".g", 1, 6)]),
        ("'é'.join(x)", [(".join", 1, 5)]),
        ("a[0].b()", [(".b", 1, 6)]),
        ("(a\n .b\n .c())", [("a.b.c", 1, 2)]),
        ("a(). \\\n  b()", [("a", 1, 1), (".b", 2, 3)]),
        ("(a).b()", [(".b", 1, 5)]),
        ("f(*a.b(), **c.d())", [("f", 1, 1), ("a.b", 1, 4), ("c.d", 1, 13)]),
        ("print(*a())", [("print", 1, 1), ("a", 1, 8)]),
        ("[*a.b.c()]", [("a.b.c", 1, 3)]),
        ("f'{a.b(1)!r:>{c()}}'", [("a.b", 1, 4), ("c", 1, 15)]),
        ("x = await f()", [("f", 1, 11)]),
        ("(lambda: 1)()", []),
        ("'f()' # g()", []),
        ("a." + "b" * 150 + ".c()", [("a." + "b" * 150 + ".c", 1, 1)]),
        ("a." + "b" * 250 + ".c()", [(".c", 1, 254)]),
        ("a." * 150 + "c()", [(".c", 1, 301)]),
    ],
)
def test_calls(source: str, calls: list[tuple[str, int, int]]) -> None:
    assert [call[1:] for call in facts(source).calls] == [
        (name, line, column + (name == ".c" and len(source) == 257)) for name, line, column in calls
    ]


def test_whose_call_it_is() -> None:
    source = "@a()\ndef f(x=b()) -> c():\n  d()\n  @e()\n  class G(h()):\n    i = j()\n  k()\nl()\n"
    assert [(call.symbol, call.name) for call in facts(source).calls] == [
        (0, "a"),
        (1, "b"),
        (1, "c"),
        (1, "d"),
        (1, "e"),
        (2, "h"),
        (2, "j"),
        (1, "k"),
        (0, "l"),
    ]


@pytest.mark.parametrize(
    ("code", "uses"),
    [
        ("a.b.c + d", "a.b.c d"),
        ("z; y; z", "y z"),
        ("f(key=value, other = more)", "f more value"),
        ("class_ = x==y", "class_ x y"),
        ("x=y; z+=w; v:=u", "u v w x y z"),
        ("self.a; cls; self", "self.a"),
        ("if not x and None is True: pass", "x"),
        ("match x:\n    case y: pass", "x y"),
        ("match = case + type", "case match type"),
        ("'text' # comment", ""),
        ("rb'a' f'' B'' Rb\"\" u'''b'''", ""),
        ("f'a {b.c} d' x", "b.c x"),
        ("f'{a!r:>{b}.3f} {c=} {d:e}'", "a b c d"),
        ("f'{a[\"b\"]}'", "a"),
        ("f'{f\"{a} b\"} c'", "a"),
        ("f'{{a}}'", ""),
        ("''.join(a); b''.join(c); 'x'.d", "a c"),
        ("f(x).y.z", ".y.z f x"),
        ("'a'if b else'c'", "b"),
        ("1.5 + .5 + 1e5 + 0x1F + 1_0 + x1 + 3j", "x1"),
        ("... ; x[...]", "x"),
        ("from ..a import b as c; from . import d", "..a b c d"),
        ("é.ß + a", "a é.ß"),
        ("x if'y'else z", "x z"),
        ("def g(h): i\n  j", "j"),
        ("@d\n  def g(): i", "d"),
        ("f(1)", "f"),
        ("own(1) + own.x", "own.x"),
    ],
)
def test_uses(code: str, uses: str) -> None:
    assert first(f"def own():\n  {code}\n").uses == uses


def test_uses_of_a_header() -> None:
    found = symbols("@a.b(c)\ndef f(d: e = g, *h) -> i: j\nclass K(l, metaclass=m):\n  n = o\n")
    assert found[""].uses == "a.b c"
    assert found["f"].uses == "d e g h i j"
    assert found["K"].uses == "l m n o"


IGNORES = [
    ("# numpydoc ignore=GL08\nx = 1\n", {1: {"GL08"}}),
    ("x\n\ndef f():  # numpydoc ignore=GL08,SS05\n  pass\n", {3: {"GL08", "SS05"}}),
    ("def f(\n  a,\n):  # numpydoc ignore: PR01\n  pass\n", {1: {"PR01"}}),
    ("x\nclass A:\n  '''doc'''  # some numpydoc ignore=ES01\n", {2: {"ES01"}}),
    ("x\n@d  # numpydoc ignore=GL01\ndef f(): pass\n", {1: {"GL01"}}),
    ("x\nasync def f():  # numpydoc ignore=GL01\n  def g(): pass\n", {2: {"GL01"}}),
    ("x\ndef f():\n  def g(): pass\n  # numpydoc ignore=GL01\n", {3: {"GL01"}}),
    ("x\ndef f(): pass\n# numpydoc ignore=GL01\n", {2: {"GL01"}}),
    ("x\ndef f():\n  '# numpydoc ignore=GL01'\n", {}),
    ("x\ndef f():  # ignore=GL01\n  pass\n", {}),
]


@pytest.mark.parametrize(("source", "ignores"), IGNORES)
def test_ignore(source: str, ignores: dict[int, set[str]]) -> None:
    found = {symbol.line: set(symbol.ignores) for symbol in facts(source).symbols if symbol.ignores}
    assert found == ignores


@pytest.mark.parametrize(("source", "ignores"), IGNORES)
def test_ignore_like_numpydoc(source: str, ignores: dict[int, set[str]], tmp_path: Path) -> None:
    validate = pytest.importorskip("numpydoc.validate")
    path = tmp_path / "a.py"
    path.write_text(source)
    found = validate.extract_ignore_validation_comments(path)
    assert {line: set(codes) for line, codes in found.items()} == ignores


@pytest.mark.parametrize(
    "comment", ["#numpydoc ignore=GL01, SS05", "# x numpydoc ignore = GL01 SS05 because"]
)
def test_ignore_where_numpydoc_is_narrow(comment: str) -> None:
    assert first(f"def f():  {comment}\n  pass\n").ignores == {"GL01", "SS05"}


def test_several_comments_add_up() -> None:
    source = "def f():  # numpydoc ignore=GL01\n  pass  # numpydoc ignore=GL02\n"
    assert first(source).ignores == {"GL01", "GL02"}


AROUND = "def before(): pass\n\n\n{}\n\n\ndef after(): pass\n"


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ("x = = 1", (4, 5)),
        ("x = $", (4, 5)),
        ("é = 1 2", (4, 5)),
        ("def broken(a, : pass", (4, 14)),
        ("class Broken\n    x = 1", (4, 1)),
        ("if x:\nelse:\n  y = $", (6, 7)),
        ("x = ?\ny = ?", (4, 5)),
        ("return ]", (4, 1)),
        ("except A: pass", (4, 1)),
        ("x = 'open", (4, 5)),
    ],
)
def test_an_error_costs_the_broken_node(broken: str, place: tuple[int, int]) -> None:
    found = facts(AROUND.format(broken))
    names = [symbol.name for symbol in found.symbols]
    assert (names[1], names[-1]) == ("before", "after")
    error = found.findings[0]
    assert (error.code, error.subject, error.line, error.column) == ("DT902", "", *place)
    assert error.message.startswith("syntax error")


@pytest.mark.parametrize("broken", ["x = (1,", "x = {'a':", "def f(\n  a", "x = '''open"])
def test_what_is_not_closed_costs_what_follows(broken: str) -> None:
    found = facts(AROUND.format(broken))
    assert found.symbols[1].name == "before"
    assert {finding.code for finding in found.findings} == {"DT902"}


def test_errors_belong_to_a_symbol_and_are_few() -> None:
    found = facts("def f():\n  x = = 1\n" + "y = $ 1\n" * 20).findings
    assert [call.symbol for call in found[:2]] == [1, 0]
    assert len(found) == 5
    assert list(found) == sorted(found, key=lambda call: (call.line, call.column))


@pytest.mark.parametrize(
    "source",
    [
        "match x:\n  case [A(b=1), *c] if d: pass\n  case {'e': f, **g} | None: pass\n",
        "while (x := f()): pass",
        "type X[T] = list[T]",
        "def f[T: int = str, *Ts = *tuple[int], **P = [int]](): pass",
        "class A[T = int]: pass",
        "type X[T = int] = list[T]",
        "try: pass\nexcept A, B: pass",
        "x = t'a {b!r:>{c}}' rt'd'",
        "with (a as b, c as d): pass",
        "try: pass\nexcept* A as e: pass",
        "f'{x['a']}' f'{\"\\n\".join(y)}'",
        "async def f():\n  async with a as b: pass\n  return [c async for c in d]",
        "def f(a, /, *, b): pass",
        "x: int = 1_000",
        "print(*a, sep='', **b)",
        "lambda *a, b=1, **c: (yield)",
        "x = *a, *b",
        "def f(*a: *Ts): pass",
        "@x[0].y\ndef f(): pass",
        "global x; del z[0], w",
    ],
)
def test_syntax_that_is_no_error(source: str) -> None:
    assert facts(source).findings == ()
