from __future__ import annotations

import pytest

from detent.audit.parse.sentences import ends_open, starts_small


@pytest.mark.parametrize(
    ("text", "expected"), [("a", True), ("A", False), ("`a`", False), ("", False)]
)
def test_starts_small(text: str, expected: bool) -> None:
    assert starts_small(text) is expected


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
    assert ends_open(text) is expected
