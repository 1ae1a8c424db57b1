"""Which code calls which: through imports, values, classes and containers."""

from __future__ import annotations

import random
from textwrap import dedent

import pytest

from query.programs import find_edges, list_scopes, make_view

HEAD = """
def f(): pass
def g(): pass
class A:
    def __init__(self): pass
    def m(self): return self
class B(A):
    def n(self): self.m()
"""
#: What a line calls in a module that begins like this.
LINES = {
    "f()": {("f", "exact")},
    "A()": {("A.__init__", "exact")},
    "A().m()": {("A.__init__", "exact"), ("A.m", "inferred")},
    "B().m()": {("A.__init__", "exact"), ("A.m", "inferred")},
    "A().m().m()": {("A.__init__", "exact"), ("A.m", "inferred")},
    "x = f; x()": {("f", "inferred")},
    "x = f; x = g; x()": {("g", "inferred")},
    "x = f\nif x: x = g\nx()": {("f", "inferred"), ("g", "inferred")},
    "for x in (f, g): x()": {("f", "inferred"), ("g", "inferred")},
    "x = f\nfor i in j:\n x()\n x = g": {("f", "inferred"), ("g", "inferred")},
    "[x() for x in [f]]": {("f", "inferred")},
    "x, (y, z) = 1, (f, g); z()": {("g", "inferred")},
    "x = {'a': f, 'b': g}; x['a']()": {("f", "inferred")},
    "x = [f, g]; x[1]()": {("g", "inferred")},
    "x = {}; x['k'] = f; x['k']()": {("f", "inferred")},
    "x = {'a': f}; x.get('a', g)()": {
        ("builtins.dict.get", "external"), ("f", "inferred"), ("g", "inferred")},
    "(lambda x: x())(f)": {("<lambda1>", "inferred")},
    "(f if x else g)()": {("f", "inferred"), ("g", "inferred")},
    "(y := f)(); y()": {("f", "exact"), ("f", "inferred")},
    "import functools; functools.partial(f, 1)()": {
        ("functools.partial", "external"), ("f", "inferred")},
    "map(f, [1])": {("builtins.map", "external"), ("f", "inferred")},
    "import os\nos.path.join(1)": {("os.path.join", "external")},
    "x: A = y\nx.m()": {("A.m", "inferred")},
    "x: 'A | None' = y": set(),
    "x: A | None = y\nx.m()": {("A.m", "inferred")},
    "unknown()": set(),
    "x.m()": set(),
    "print(1)": {("builtins.print", "external")},
    "try: pass\nexcept A as e: e.m()": {("A.m", "inferred")},
    "def h(): yield f\nfor x in h(): x()": {("h", "exact"), ("f", "inferred")},
    "def h(): return f\nh()()": {("h", "exact"), ("f", "inferred")},
    "def h(x): return x\nh(f)()": {("h", "exact"), ("f", "inferred")},
    "def h(x): return x\nh(f)()\nh(g)": {("h", "exact"), ("f", "inferred")},
    "def h(*a): return a[0]\nh(f)()": {("h", "exact"), ("f", "inferred")},
    "def d(x): return x\n@d\ndef h(): pass\nh()": {("d", "exact"), ("h", "exact")},
    "@unknown\ndef h(): pass\nh()": {("h", "exact")},
    "class C:\n def __call__(self): pass\nx = C()\nx()": {
        ("C", "exact"), ("C.__call__", "inferred")},
    "class C:\n @property\n def p(self): return f\nC().p()": {
        ("C", "exact"), ("f", "inferred")},
    "class C:\n @classmethod\n def k(cls): return cls()\nC.k()": {("C.k", "exact")},
    "class C:\n @staticmethod\n def k(): pass\nC.k()": {("C.k", "exact")},
    "class C:\n def __enter__(self): return A()\n def __exit__(self): pass\nwith C() as x: x.m()": {
        ("C", "exact"), ("C.__enter__", "inferred"), ("C.__exit__", "inferred"),
        ("A.m", "inferred")},
    "class C:\n x = f\nC.x()": {("f", "exact")},
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line(line: str) -> None:
    found = find_edges(make_view({"m.py": f"{HEAD}{line}\n"}))
    assert {(callee.removeprefix("m.py:"), sure) for caller, callee, sure in found
            if caller == "m.py:"} == LINES[line]  # fmt: skip


PROGRAMS = {
    "an import": (
        {"p/__init__.py": "", "p/a.py": "from .b import f\nf()", "p/b.py": "def f(): pass"},
        {("p/a.py:", "p/b.py:f", "exact")},
    ),
    "an alias": (
        {"a.py": "import p.b as x\nx.f()", "p/__init__.py": "", "p/b.py": "def f(): pass"},
        {("a.py:", "p/b.py:f", "exact")},
    ),
    "a re-export": (
        {"p/__init__.py": "from p.b import *", "p/b.py": "__all__ = ['f']\ndef f(): pass",
         "a.py": "import p\np.f()\np.g()"},
        {("a.py:", "p/b.py:f", "exact")},
    ),
    "a star without underscores": (
        {"b.py": "def _f(): pass\ndef g(): pass", "a.py": "from b import *\n_f()\ng()"},
        {("a.py:", "b.py:g", "exact")},
    ),
    "a namespace package": (
        {"n/b.py": "def f(): pass", "a.py": "from n import b\nb.f()\nimport n.b\nn.b.f()"},
        {("a.py:", "n/b.py:f", "exact")},
    ),
    "a base elsewhere": (
        {"b.py": "class A:\n def m(self): pass",
         "a.py": "import b\nclass B(b.A):\n def n(self): self.m(); super().m()"},
        {("a.py:B.n", "b.py:A.m", "inferred"), ("a.py:B.n", "builtins.super", "external")},
    ),
    "a cycle of imports": (
        {"a.py": "from b import f\nf()\ng = f", "b.py": "from a import g\ng()\ndef f(): g()"},
        {("a.py:", "b.py:f", "exact"), ("b.py:", "b.py:f", "exact"),
         ("b.py:f", "b.py:f", "exact")},
    ),
    "an unknown receiver": (
        {"a.py": "def h(x): x.step()", "b.py": "class S:\n def step(self): pass"},
        set(),
    ),
    "an argument from elsewhere": (
        {"a.py": "def h(x): x.step()",
         "b.py": "import a\nclass S:\n def step(self): pass\na.h(S())"},
        {("a.py:h", "b.py:S.step", "inferred"), ("b.py:", "a.py:h", "exact"),
         ("b.py:", "b.py:S", "exact")},
    ),
    "a field": (
        {"a.py": "class S:\n def step(self): pass\n"
                 "class T:\n def __init__(self, s): self.s = s\n def go(self): self.s.step()\n"
                 "T(S()).go()"},
        {("a.py:T.go", "a.py:S.step", "inferred"), ("a.py:", "a.py:T.go", "inferred"),
         ("a.py:", "a.py:S", "exact"), ("a.py:", "a.py:T.__init__", "exact")},
    ),
    "a closure": (
        {"a.py": "def h(x):\n def i(): x()\n return i\ndef f(): pass\nh(f)()"},
        {("a.py:h.i", "a.py:f", "inferred"), ("a.py:", "a.py:h", "exact"),
         ("a.py:", "a.py:h.i", "inferred")},
    ),
    "a wrapper": (
        {"a.py": "import functools\ndef d(x):\n @functools.wraps(x)\n def i(): x()\n return i\n"
                 "@d\ndef f(): pass\nf()"},
        {("a.py:d", "functools.wraps", "external"), ("a.py:d.i", "a.py:f", "inferred"),
         ("a.py:", "a.py:d", "exact"), ("a.py:", "a.py:f", "exact")},
    ),
    "a diamond": (
        {"a.py": "class A:\n def m(self): pass\nclass B(A): pass\nclass C(A):\n"
                 " def m(self): pass\nclass D(B, C): pass\nD().m()"},
        {("a.py:", "a.py:C.m", "inferred"), ("a.py:", "a.py:D", "exact")},
    ),
    "bases that cannot be ordered": (
        {"a.py": "class A(B): pass\nclass B(A): pass\nA().m()"},
        {("a.py:", "a.py:A", "exact")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program(name: str) -> None:
    sources, expected = PROGRAMS[name]
    assert find_edges(make_view(sources)) == expected


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_order_of_questions_changes_nothing(name: str) -> None:
    view = make_view(PROGRAMS[name][0])
    scopes = list_scopes(view)
    for seed in range(5):
        random.Random(seed).shuffle(scopes)
        assert find_edges(view, scopes) == PROGRAMS[name][1]
    alone = {edge for scope in scopes for edge in find_edges(view, [scope])}
    assert alone == PROGRAMS[name][1]


def test_deep_chains_of_values_end() -> None:
    lines = ["def f0(x): return x"]
    lines += [f"def f{n}(x): return f{n - 1}(x)" for n in range(1, 300)]
    found = find_edges(make_view({"a.py": "\n".join([*lines, "f299(f0)()"])}), [(b"a.py", 0)])
    assert ("a.py:", "a.py:f299", "exact") in found


def test_recursion_ends() -> None:
    source = dedent("""
        def f(x): return f([x])
        def g(*a): return g(*a, g)
        x = f(g); x = x[0]; x()
        d = {}; d['d'] = d; d['d']['d']()
    """)
    assert ("a.py:f", "a.py:f", "exact") in find_edges(make_view({"a.py": source}))
