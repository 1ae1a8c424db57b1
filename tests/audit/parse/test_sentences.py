from __future__ import annotations

import pytest

from detent.audit.parse.sentences import (
    find_infinitive,
    needs_capital_letter,
    needs_period,
)


@pytest.mark.parametrize(
    ("text", "expected"), [("a", True), ("A", False), ("`a`", False), ("", False)]
)
def test_starts_small(text: str, expected: bool) -> None:
    assert needs_capital_letter(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It", True),
        ("It.", False),
        ("It. ", False),
        ("- it", False),
        ("* it", False),
        ("  it", False),
    ],
)
def test_ends_open(text: str, expected: bool) -> None:
    assert needs_period(text) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Returns", "Return"),
        ("returns", "return"),
        ("Applies", "Apply"),
        ("Passes", "Pass"),
        ("Has", "Have"),
        ("Return", ""),
        ("Process", ""),
        ("Compress", ""),
        ("Always", ""),
        ("This", ""),
        ("Axis", ""),
        ("s", ""),
        ("", ""),
    ],
)
def test_infinitive(word: str, expected: str) -> None:
    assert find_infinitive(word) == expected
