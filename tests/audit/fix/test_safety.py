"""Fixes change only what they are about, whatever a docstring consists of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..support import function
from .safety import compare_docstrings, compare_files, compare_stubs
from .support import fix_source

TITLES = st.sampled_from(
    [
        "Parameters\n----------",
        "Paramters\n---------",
        "Parameters:\n-----------",
        "Parameters\n---",
        "Args\n----",
        "Args:",
        "Other Parameters\n----------------",
        "Returns\n-------",
        "Return\n------",
        "See also\n--------",
        "Notes\n-----",
        "Notes\n=====",
        "Examples\n--------",
        "Example\n-------",
        "Usage\n-----",
    ]
)
BLOCKS = st.sampled_from(
    [
        "it is so",
        "it is so\nand so on",
        "a : integer\n    the number",
        "b: string\n    The text  # noqa",
        "a / b : int\n    both of them",
        "*args : list\n    All of it",
        "%(verbose)s",
        ":param a: the number",
        "int\n    the number",
        "f : the other function",
        ">>> f(1)\n1",
        "In [1]: show()\nReturns\n-------\none two",
        "-v  be verbose\n-q  be quiet",
        ">>> show()\nNotes\n-----\none two",
        ">>> a = 1\n>>> a\nthe number\n\nAnd more",
        "such as::\n\n    Parameters\n    ----------\n    a : integer\n        the number",
        ".. code-block:: python\n\n    f(a)\n\n\n    f(b)",
        ".. note:: it is so",
        ".. math:: a + b",
        "- one\n- other",
        "1. one\n2. other\n   goes on",
        "=== ===\na   b\n=== ===\nc   d\n=== ===",
        "see https://example.org/a",
        ".. [1] A. Author, it is so",
        "| a line\n| another",
        "term\n    it is defined",
        "    it is indented",
    ]
)
GAPS = st.sampled_from(["\n", "\n\n", "\n\n", "\n\n\n", "\n\n\n\n"])
PARTS = st.lists(st.tuples(st.one_of(TITLES, BLOCKS, BLOCKS), GAPS), min_size=1, max_size=8)
STARTS = st.sampled_from(["do it", "Do it.", "\n\nDo it", "f(a, b)\n\ndo it"])


@settings(max_examples=150)
@given(STARTS, PARTS)
def test_fixes_change_only_what_they_are_about(start: str, parts: list[tuple[str, str]]) -> None:
    text = f"{start}\n\n" + "".join([part + gap for part, gap in parts])
    raw = function(text, "a, b, *args", "return a").encode()
    fixed = fix_source(raw).raw
    assert not list(compare_files(raw, fixed))
    assert fix_source(fixed).raw == fixed
    stubbed = fix_source(fixed, stubs=True).raw
    assert not list(compare_stubs(fixed, stubbed))
    assert fix_source(stubbed, stubs=True).raw == stubbed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (">>> f(1)\n1", ">>> f(1)\n1."),
        (">>> f(1)\n1\n\n>>> g()\n2", ">>> g()\n2\n\n>>> f(1)\n1"),
        ("So::\n\n    a b\n\nMore.", "So::\n\n    A b\n\nMore."),
        ("It is so", "It is not so."),
        ("Usage\n-----\nSo.", "Notes\n-----\nSo. And more."),
    ],
)
def test_the_proof_finds_what_is_wrong(before: str, after: str) -> None:
    assert not compare_docstrings(before, before)
    assert compare_docstrings(before, after)
