from __future__ import annotations

import pytest

from detent.audit.parse.sentences import needs_capital_letter, needs_full_stop


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
    assert needs_full_stop(text) is expected
