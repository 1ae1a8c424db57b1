"""Cython, read as Python of the same length: every form, any bytes, and in linear time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.languages.cython import analyze
from detent.languages.cython.rewrite import rewrite_source
from detent.languages.python import extract
from detent.languages.treesitter import Parser

if TYPE_CHECKING:
    from detent.core.model import FileFacts

SOURCE = b'''# cython: language_level=3
"""Module."""
from libc.math cimport sqrt
cimport numpy as cnp, cython
include "other.pxi"
DEF SIZE = 3
IF UNAME_SYSNAME == "Windows":
    import a
ELSE:
    import b

cdef extern from "x.h" nogil:
    """
    int hidden(int x);
    """
    ctypedef struct point:
        double x
        double y
    int hidden(int x) except -1

cdef enum Color:
    red
    green = 2
ctypedef fused real:
    float
    double
ctypedef int (*callback_t)(int) noexcept nogil
cdef:
    int first = 1
    double[:, ::1] second
cdef int (*pointer)(int) = NULL
cdef public int counter = len("def f(x):")

cdef class Tree(Base) [object TreeObject, type TreeType]:
    """A tree.

    Attributes
    ----------
    size : int
        Its size.
    """
    cdef public int size, depth
    cdef readonly object name
    cdef double *values

    def __cinit__(self, int size, *, bint flag=False): pass

    property old:
        """Old."""
        def __get__(self):
            return 1

    cpdef double[:, :] fit(self, const double[:, ::1] X not None, object y=None,
                           cnp.ndarray[cnp.float64_t, ndim=2, mode="c"] w=None,
                           (double, int) pair=(1.0, 2), int* p=<int*>NULL,
                           list names or None=[1, 2], x: int = 3, **kwargs) except *:
        """Fit it."""
        cdef int i, n = <int>X.shape[0]
        cdef double[3] buffer
        with nogil:
            for i from 0 <= i < n by 2:
                helper(&buffer[0], <double> i, sizeof(double*), 10UL)
        return <double[:n, :2]> buffer

    cdef inline (double, double) _pair(self, double x) noexcept nogil:
        """Give a pair."""
        return x, x

    @staticmethod
    cdef void union(Tree other, char c=c'x'): pass

cdef inline vector[pair[int, int]] helper(int (*f)(int), int n=*, ...) except +:
    return new vector[int]()

cpdef cnp.ndarray[double, ndim=1, mode="c"] declared(int x)

cpdef enum Shape:
    round_one

def plain(str s, /, a, *args, key: double[:, :] = None) -> double[:, :]:
    """Do it."""
    return &s

async def later(int x):
    """Wait."""

class Python:
    """Python's."""
    def method(self, int n) -> int:
        """Count."""
'''
SIGNATURES = {
    "Tree.__cinit__": "self size flag",
    "Tree.fit": "self X y w pair p names x kwargs",
    "Tree._pair": "self x",
    "Tree.union": "other c",
    "helper": "f n",
    "plain": "s a args key",
    "later": "x",
    "Python.method": "self n",
}


def _facts(source: bytes) -> FileFacts:
    return analyze(source).facts


def test_definitions_signatures_and_docstrings() -> None:
    facts = _facts(SOURCE)
    symbols = {symbol.qualname: symbol for symbol in facts.symbols}
    names = {
        name: " ".join(param.name for param in symbol.params)
        for name, symbol in symbols.items()
        if symbol.kind in ("function", "method")
    }
    assert {name: names[name] for name in SIGNATURES} == SIGNATURES
    assert set(names) == {*SIGNATURES, "Tree.__get__"}
    assert {
        name: symbol.docstring_text for name, symbol in symbols.items() if symbol.docstring
    } == {
        "": "Module.",
        "Tree": symbols["Tree"].docstring_text,
        "Tree.fit": "Fit it.",
        "Tree._pair": "Give a pair.",
        "plain": "Do it.",
        "later": "Wait.",
        "Python": "Python's.",
        "Python.method": "Count.",
    }
    assert "size : int" in str(symbols["Tree"].docstring_text)
    assert symbols["Tree"].bases == ("Base",)
    assert facts.findings == ()


def test_what_is_of_c_is_private() -> None:
    symbols = {symbol.qualname: symbol for symbol in _facts(SOURCE).symbols}
    kinds = {name: symbol.decorators[-1:] for name, symbol in symbols.items() if symbol.decorators}
    assert kinds == {
        "Tree": ("cython.cclass",),
        "Tree.fit": ("cython.ccall",),
        "Tree._pair": ("cython.cfunc",),
        "Tree.union": ("cython.cfunc",),
        "helper": ("cython.cfunc",),
    }
    private = {name for name, symbol in symbols.items() if symbol.visibility == "private"}
    assert private == {"Tree._pair", "Tree.union", "helper"}


def test_places_are_those_of_the_file() -> None:
    lines = SOURCE.decode().split("\n")
    for symbol in _facts(SOURCE).symbols[1:]:
        assert symbol.name in lines[symbol.line - 1]
        assert lines[symbol.line - 1].lstrip()[0] == lines[symbol.line - 1][symbol.column - 1]
    findings = _facts(SOURCE).findings
    assert findings == ()


def test_the_rewritten_source_is_python() -> None:
    rewritten = rewrite_source(SOURCE).data
    assert not Parser(extract._LANGUAGE).parse(rewritten).root_node.has_error
    assert b"hidden" not in rewritten
    for text in (b'"""Fit it."""', b"size : int\n        Its size."):
        assert rewritten.index(text) == SOURCE.index(text)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("cdef class A\n", []),
        ("cdef class A: pass\n", ["A"]),
        ("cdef public class A [object O, type T]: pass\n", ["A"]),
        ("cpdef f(x)\n", []),
        ("cdef f(x): return x\n", ["f"]),
        ("cdef int x = f(3)\n", []),
        ("cdef A x = A.__new__(A)\n", []),
        ("cdef inline int f(int x) nogil:\n  return x\n", ["f"]),
        ("cdef unsigned long long f() except? -1: pass\n", ["f"]),
        ("cdef api void f(void): pass\n", ["f"]),
        ("cpdef np.ndarray[a, mode='c'] f(int x): pass\n", ["f"]),
        ("cdef void f(): # comment:\n  'a'\ncpdef g(): pass\n", ["f", "g"]),
        ("cdef struct s:\n  int f(int)\ncdef f(): pass\n", ["f"]),
        ("cdef extern from *: pass\ndef f(): pass\n", ["f"]),
        ("if True:\n\tcdef f(x):\n\t\tpass\n", ["f"]),
        ("def f(int x,\n      # a comment, (with)\n      str y='a,)b'): pass\n", ["f"]),
        ("def 面(int 積): pass\n", ["面"]),
        ("x = 'cdef f(): pass'\n", []),
        ('"""\ncdef class A:\n"""\ncdef class B: pass\n', ["B"]),
        ("cdef = 3\ncdefs = 4\n", []),
        ("cdef f(x)", []),
        ("cdef", []),
        ("cdef class", []),
        ("cpdef (", []),
    ],
)
def test_forms(source: str, names: list[str]) -> None:
    raw = source.encode()
    assert [symbol.name for symbol in _facts(raw).symbols[1:]] == names
    assert len(rewrite_source(raw).data) == len(raw)


PIECES = st.sampled_from(
    [
        *(b"cdef ", b"cpdef ", b"class A", b"f(", b"x", b")", b":", b"\n", b"\n    ", b"[", b"]"),
        *(b",", b"=", b"<int>", b"&", b'"', b"'", b'"""', b"\\", b"\\\n", b"#", b"*", b"ctypedef "),
        *(b"extern from ", b"public ", b" cimport ", b"from ", b"for i ", b"by ", b"DEF ", b"IF "),
        *(b"\t", b"\r", b"\xc3\xa9", b"property x:", b"nogil", b"sizeof(", b"not None", b"..."),
        *(b"{", b"}", b"0x1UL", b"\xff", b";"),
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=25).map(b"".join), st.binary(max_size=60)))
def test_any_bytes_keep_their_places(raw: bytes) -> None:
    rewritten = rewrite_source(raw).data
    assert len(rewritten) == len(raw)
    assert [at for at, byte in enumerate(raw) if byte == 10] == [
        at for at, byte in enumerate(rewritten) if byte == 10
    ]
    assert _facts(raw) == _facts(raw)


PUMPS = [
    *(b"(", b"[", b"a ", b"a", b'"""\\', b"'\\'", b"<a", b"= <", b"cdef f(", b"cdef class A["),
    *(b"int x, ", b"inline(", b"cdef f(a, ", b"0", b"=<int>", b"cdef int a, ", b"not None "),
    *(b"\\\n", b"cdef f(): 1\n", b"(*", b'c"', b"cdef x[", b"for i from ", b" ", b"= "),
]


@pytest.mark.parametrize("pump", PUMPS)
@pytest.mark.parametrize("head", [b"", b"cdef ", b"def f(", b"cdef public "])
def test_no_input_takes_more_than_linear_time(head: bytes, pump: bytes) -> None:
    source = head + pump * (60_000 // len(pump))  # with a quadratic step, it takes minutes
    assert len(rewrite_source(source).data) == len(source)
