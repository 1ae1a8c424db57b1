from __future__ import annotations

import pytest

from detent.audit.parse.verbs import find_infinitive


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
