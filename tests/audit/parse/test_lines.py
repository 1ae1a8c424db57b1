from __future__ import annotations

import inspect
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.audit.parse.lines import dedent_docstring, split_docstring

WHITE = st.text(" \tab\n", max_size=60)


@given(WHITE)
def test_the_margin_is_the_one_of_textwrap(text: str) -> None:
    lines = split_docstring(text)
    margin = lines.measure_margin(0, len(lines.lines))
    dedented = [line[margin:] if line.strip() else "" for line in lines.lines]
    assert "\n".join(dedented) == textwrap.dedent(text)


@given(st.text(" \tab\n", max_size=60))
def test_dedent_is_cleandoc(text: str) -> None:
    assert dedent_docstring(text) == inspect.cleandoc(text)


@given(WHITE)
def test_trim_leaves_no_blank_line_at_the_ends(text: str) -> None:
    lines = split_docstring(text)
    first, last = lines.trim_blank_lines(0, len(lines.lines))
    assert first == last or (lines.bare[first] and lines.bare[last - 1])
    assert not any(lines.bare[:first]) or first == last
    assert not any(lines.bare[last:])


def literal(text: str) -> list[str]:
    lines = split_docstring(text)
    return [lines.bare[line] for line in sorted(lines.literal) if lines.bare[line]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do.\n\n>>> f()\nNotes\n-----\n\nMore.", [">>> f()", "Notes", "-----"]),
        ("Do.\n>>> f(\n... 1)\n2\n", [">>> f(", "... 1)", "2"]),
        ("Do.\n\n>>>\n\nMore.", [">>>"]),
        ("Do.\n\nIn [1]: f()\nNotes\n-----\n\nMore.", ["In [1]: f()", "Notes", "-----"]),
        ("Do.\n\nIn [1]_ it is so\nand so.", []),
        ("Do.\n\n>>>>>>> theirs\nMore.", []),
        ("Do::\n\n    a\n\n      b\n\nMore.", ["a", "b"]),
        ("Do::\n    a\nMore.", ["a"]),
        ("Do.\n\n    More::\n\n        a\n\n    b\n", ["a"]),
        ("Do.\n\n- More::\n\n    a\n\n  b\n", ["a"]),
        ("Do::\n\n> a\n> b\n\nMore.", ["> a", "> b"]),
        ("Do::\n\nMore.", []),
        ("Do.\n\n::\n\n    a\n", ["a"]),
        ("Do.\n\n.. code-block:: python\n\n    a\n\nMore.", [".. code-block:: python", "a"]),
        ("Do.\n\n.. note:: It\n   is.\n\n   So.\n\nMore.", [".. note:: It", "is.", "So."]),
        ("Do.\n\n.. a comment\n    of two lines\n\nMore.", [".. a comment", "of two lines"]),
        ("Do.\n\n..\n\n    A quotation.\n", [".."]),
        ("Do.\n\n..\n    A comment.\n", ["..", "A comment."]),
        ("Do.\n\n.. [1] A paper.\n.. _target:\n", []),
        ("Do.\n\n... and so on\n", []),
        ("Do.\n\n\b\na\nb\n\nMore.", ["\b", "a", "b"]),
    ],
)
def test_lines_that_are_no_prose(text: str, expected: list[str]) -> None:
    assert literal(text) == expected


def test_the_first_line_has_the_margin_of_the_others() -> None:
    assert literal("Do::\n\n        a\n\n    More.\n    ") == ["a"]
    assert literal("Do::\n\n        a\n    ") == ["a"]
    assert literal(".. note:: It is.\n\n    More.\n    ") == [".. note:: It is."]


def test_blank_lines_belong_to_a_block_that_goes_on() -> None:
    assert split_docstring("Do::\n\n    a\n\n\n    b\n\n\nMore.").literal == {2, 3, 4, 5}


def test_click_shows_nothing_below_a_form_feed() -> None:
    assert split_docstring("Do.\n\f\n\nMore.").literal == {1}
