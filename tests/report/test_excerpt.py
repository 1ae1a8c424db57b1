"""Where the mark stands, in terminals that give some characters two cells and some none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.core.escape import clean_text
from detent.report.excerpt import cut_excerpt

#: How many cells these take, after the Unicode standard: wide ones two, marks that combine none.
CELLS = {"a": 1, "_": 1, " ": 1, "é": 1, "ж": 1, "日": 2, "한": 2, "！": 2, "😀": 2, "\u0301": 0}
CELLS |= {"\u11ab": 0, "…": 1}


def cells(text: str) -> int:
    return sum(CELLS[character] for character in text)


@pytest.mark.parametrize(
    ("line", "column", "text", "before", "length"),
    [
        ("def f(a):", 1, "def f(a):", 0, 3),
        ("def f(a):", 7, "def f(a):", 6, 1),
        ("def f(a):", 8, "def f(a):", 7, 1),
        ("    it.", 8, "    it.", 7, 1),
        ("it", 99, "it", 2, 1),
        ("", 1, "", 0, 1),
        ("\tx = 1", 2, "    x = 1", 4, 1),
        ("ab\tx", 4, "ab  x", 4, 1),
        ("日本 = x", 6, "日本 = x", 7, 1),
        ("日本 = x", 1, "日本 = x", 0, 4),
        ("e\u0301te\u0301 = x", 7, "e\u0301te\u0301 = x", 4, 1),
        ("\x1b[31mx", 6, "\\x1b[31mx", 8, 1),
        ("\u202egp", 2, "\\u202egp", 6, 2),
        ("\u200dgp", 2, "\\u200dgp", 6, 2),
        ("x   ", 1, "x", 0, 1),
    ],
)
def test_the_place_is_marked(line: str, column: int, text: str, before: int, length: int) -> None:
    assert cut_excerpt(line, column, 40) == (text, before, length)


@given(
    st.text(st.sampled_from([character for character in CELLS if character != "…"]), max_size=300),
    st.integers(1, 320),
    st.integers(20, 90),
)
def test_the_mark_is_below_what_it_is_about(line: str, column: int, width: int) -> None:
    text, before, length = cut_excerpt(line, column, width)
    assert cells(text) <= width
    assert before + length <= width
    assert length >= 1
    place = min(column - 1, len(line))
    if place < len(line.rstrip()) and CELLS[line[place]]:
        found = [n for n in range(len(text)) if cells(text[:n]) == before and CELLS[text[n]]]
        assert [text[n] for n in found] == [line[place]]


@given(st.text(), st.integers(1, 50), st.integers(1, 90))
def test_nothing_steers_the_terminal(line: str, column: int, width: int) -> None:
    text = cut_excerpt(line, column, width).text
    assert "\t" not in text
    assert clean_text(text.replace("::", "").replace("##", "")) == text.replace("::", "").replace(
        "##", ""
    )


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 2_000_000 + " here " + "y" * 2_000_000
    text, before, length = cut_excerpt(line, 2_000_002, 60)
    assert text[before : before + length] == "here"
    assert (text[0], text[-1], len(text)) == ("…", "…", 60)
    text, before, _ = cut_excerpt("a" * 90, 3, 60)
    assert (text, before) == ("a" * 59 + "…", 2)
    assert cut_excerpt("\u0301" * 9_000_000, 5, 60).text.count("\u0301") < 500
