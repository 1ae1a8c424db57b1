"""Limits and overviews as lines."""

from __future__ import annotations

from detent.core.results import EXCEEDED, NOT_MEASURED, PASS, LimitResult
from detent.report import measures


def paint(colour: str, part: str) -> str:
    return part


def test_only_limits_that_are_not_kept_are_shown() -> None:
    judgements = [
        LimitResult("docstring.issues", ("src/**", "\x1b"), status, 2, "why\n")
        for status in (PASS, EXCEEDED, NOT_MEASURED)
    ]
    assert measures.format_limit_results(judgements, paint) == [
        "budget exceeded: docstring.issues in src/**, \\x1b: why\\n",
        "budget not measurable: docstring.issues in src/**, \\x1b: why\\n",
    ]
