from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.audit.fix.edits import (
    Edit,
    apply_edits,
    delete_lines,
    edit_docstring,
    find_offset,
    insert_text,
    order_edits,
)
from detent.audit.parse.lines import split_docstring
from detent.core.model import Docstring

TEXT = "é one\n\n  two\n"


def docstring(source: str) -> Docstring:
    return Docstring(ast.literal_eval(source), source, 1, 1)


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [(0, 0, 0), (0, 5, 5), (1, 0, 6), (2, 2, 9), (3, 0, 13), (4, 0, 13), (9, 9, 13)],
)
def test_offsets(line: int, column: int, expected: int) -> None:
    assert find_offset(split_docstring(TEXT), line, column) == expected


def test_lines_go_with_their_breaks() -> None:
    assert apply_edits(TEXT, [delete_lines(split_docstring(TEXT), 1, 3)]) == "é one\n"


def test_edits_are_put_in_order_and_count_once() -> None:
    edits = [
        Edit(4, 6, "x"),
        insert_text(2, "b"),
        insert_text(2, "a"),
        insert_text(2, "b"),
        Edit(2, 4, ""),
    ]
    found = order_edits(edits)
    assert found == [insert_text(2, "b"), insert_text(2, "a"), Edit(2, 4, ""), Edit(4, 6, "x")]
    assert apply_edits("012345678", found) == "01bax678"


def test_edits_that_overlap_are_refused() -> None:
    assert order_edits([Edit(2, 5, "a"), insert_text(4, "b")]) is None


@pytest.mark.parametrize(
    ("source", "edit", "expected"),
    [
        ('"""ab"""', Edit(1, 2, "c\nd"), '"""ac\nd"""'),
        ("r'''a\\b'''", Edit(1, 2, "/"), "r'''a/b'''"),
        ('u"a\\tb"', Edit(2, 3, "B"), 'u"a\\tB"'),
        ('"a\\tb"', Edit(1, 2, " "), None),
        ('"""\\\nab"""', insert_text(2, "."), '"""\\\nab."""'),
        ('"a"', Edit(0, 1, "b\nc"), None),
        ('r"ab\\\n"', Edit(0, 3, ""), None),
        ('("a" "b")', Edit(0, 1, "c"), None),
        ('"""ab"""', insert_text(2, '"'), None),
        ('"""ab"""', insert_text(2, "\\"), None),
        ('"""ab"""', insert_text(1, "\\t"), None),
        ('"""a"b"""', Edit(2, 3, ""), None),
    ],
)
def test_the_literal_says_what_was_meant_or_stays(
    source: str, edit: Edit, expected: str | None
) -> None:
    found = edit_docstring(docstring(source), [edit])
    if expected is None:
        assert found is None
    else:
        assert found == (ast.literal_eval(expected), expected, 1, 1)


PIECES = ["a", "b", " ", "\n", "\\n", "\\\\", "\\\n", "\\x41", '"', "'", "\\q", "é"]


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@given(
    st.sampled_from(["", "r", "U"]),
    st.sampled_from(['"""', "'''", '"']),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.builds(
        Edit,
        st.integers(0, 8),
        st.integers(0, 3),
        st.sampled_from(["", ".", "\n", "X", '"', "\\", "'''"]),
    ),
)
def test_python_reads_the_edited_literal_as_the_edited_value(
    prefix: str, quotes: str, body: str, wanted: Edit
) -> None:
    source = f"{prefix}{quotes}{body}{quotes}"
    try:
        written = docstring(source)
    except (SyntaxError, ValueError):
        return
    start = min(wanted.start, len(written.text))
    edit = Edit(start, min(start + wanted.end, len(written.text)), wanted.text)
    found = edit_docstring(written, [edit])
    if found is not None:
        assert ast.literal_eval(found.source) == found.text == apply_edits(written.text, [edit])
