"""Expressions of settings that may take very long are refused before they are used."""

from __future__ import annotations

import pytest

from detent.config.patterns import is_slow_pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(?:a*)*b",
        r"(\w|\d\d)+$",
        r"(\w+\s?)*$",
        "(?:a|ab)*c",
        "(.*a){20}",
        "a?" * 40 + "a" * 40,
        "(a|aa)" * 40,
        ".*.*.*.*=",
        "^(?!(a+)+$)",
        "(?>(a+)+)b",
        "(?:(?:a{0,9}){0,9}){0,9}b",
        r"(x)?(?(1)(a+)+$|b)",
    ],
)
def test_slow(pattern: str) -> None:
    assert is_slow_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        r"\.undocumented_method$",
        r"\.__repr__$",
        r"^tests\..*",
        r"^(test|conftest)\b",
        ".*foo.*bar.*",
        r"(\w++\.)*+_",
        "^((Process|Assess|Access) )?",
        r"\A[A-Z][a-z]{1,60}",
        r"(?i)^(?!public)",
        r"\[\d{4}\]",
    ],
)
def test_quick(pattern: str) -> None:
    assert not is_slow_pattern(pattern)
