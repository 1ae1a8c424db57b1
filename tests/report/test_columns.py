from __future__ import annotations

from detent.report.columns import align_columns


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    rows = [["name", "n", ""], ["a", "1,000", "x"], ["long name", "2", ""]]
    assert align_columns(rows, right=(1,)) == [
        "name           n",
        "a          1,000  x",
        "long name      2",
    ]


def test_what_is_not_printable_is_escaped_before_it_is_measured() -> None:
    first, second = align_columns([["\x1b", "y"], ["ab", "z"]])
    assert "\x1b" not in first
    assert first.index("y") == second.index("z")
