from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.languages.python.source_text import make_source_text, read_node_text


@given(st.text(alphabet="aé€😀\n", max_size=40), st.data())
def test_columns_count_characters(source: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(source)))
    before = source[:index]
    line = before.rpartition("\n")[2]
    column = make_source_text(source.encode()).count_column(
        len(before.encode()), len(line.encode())
    )
    assert column == len(line) + 1


@pytest.mark.parametrize(("source", "count"), [(b"abc\n", 0), ("é€".encode(), 3)])
def test_ascii_needs_no_count(source: bytes, count: int) -> None:
    assert len(make_source_text(source).continuations) == count


def test_no_node() -> None:
    assert read_node_text(None, b"abc") is None
