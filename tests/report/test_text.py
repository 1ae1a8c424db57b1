"""Findings as lines."""

from __future__ import annotations

import pytest

from detent.core.model import Finding, FindingRow, Symbol
from detent.core.results import make_finding_row
from detent.report import text


def paint(colour: str, part: str) -> str:
    return part


def finding(path: bytes, code: str = "PR01", name: str = "f", message: str = "x") -> FindingRow:
    symbol = Symbol(0, "function", name, name, "public", 1, 1, 2)
    return make_finding_row(path, Finding(1, code, 3, 5, "", message), symbol)


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1234, "1,234 files")]
)
def test_plural(number: int, expected: str) -> None:
    assert text.format_count(number, "file") == expected


def test_one_line_for_each_finding() -> None:
    found = [finding(b"a.py"), finding(b"b\n.py", name="", message='Parameter "\x1b" \n')]
    assert text.format_findings(found, paint) == [
        "a.py:3:5: PR01 x [f]",
        'b\\n.py:3:5: PR01 Parameter "\\x1b" \\n',
    ]


def test_failures_are_sorted_by_path() -> None:
    assert text.format_failures({b"b.py": "x", b"\xff.py": "y", b"a.py": "z\n"}) == [
        "a.py: not analysed: z\\n",
        "b.py: not analysed: x",
        "\\xff.py: not analysed: y",
    ]


def test_a_ranking_shows_the_most_frequent_first() -> None:
    assert text.format_ranking([], {}, paint) == []
    found = [finding(b"a.py", f"PR0{n}") for n in range(7) for _ in range(n)]
    lines = text.format_ranking([*found, finding(b"b.py")], {"PR06": "Title"}, paint)
    assert lines[0] == "most often:"
    assert [line.split()[1] for line in lines[1:6]] == ["PR06", "PR05", "PR04", "PR03", "PR01"]
    assert lines[1].endswith("  Title")
    assert [line.split() for line in lines[7:]] == [["21", "a.py"], ["1", "b.py"]]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    rows = [["name", "n", ""], ["a", "1,000", "x"], ["long name", "2", ""]]
    assert text.align_columns(rows, right=(1,)) == [
        "name           n",
        "a          1,000  x",
        "long name      2",
    ]


def test_what_is_not_printable_is_escaped_before_it_is_measured() -> None:
    first, second = text.align_columns([["\x1b", "y"], ["ab", "z"]])
    assert "\x1b" not in first
    assert first.index("y") == second.index("z")
