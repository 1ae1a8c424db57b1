from __future__ import annotations

import inspect
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.audit.parse.lines import (
    MAX_NAME_LENGTH,
    dedent_docstring,
    quote_name,
    sanitize_name,
    split_docstring,
)

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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("axis", "axis"),
        ("größe α", "größe α"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\nb\x7f", "a\\x0ab\\x7f"),
        ("x" * 70, "x" * 57 + "..."),
        ("\x00" * 70, "\\x00" * 14 + "\\..."),
        ("x" * MAX_NAME_LENGTH, "x" * MAX_NAME_LENGTH),
    ],
)
def test_clean(name: str, expected: str) -> None:
    assert sanitize_name(name) == expected
    assert quote_name(name) == f'"{expected}"'


@given(st.text(st.characters(), max_size=80))
def test_clean_is_short_and_has_no_controls(name: str) -> None:
    safe = sanitize_name(name)
    assert len(safe) <= MAX_NAME_LENGTH
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in safe)
    safe.encode()
