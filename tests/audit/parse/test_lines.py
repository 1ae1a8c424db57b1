from __future__ import annotations

import inspect
import textwrap

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
