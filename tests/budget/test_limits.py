"""Limits against measurements, without a repository."""

from __future__ import annotations

import pytest

from detent.budget.limits import EXCEEDED, NOT_MEASURED, PASS, judge
from detent.budget.metrics import METRICS, Measured, Tally
from detent.config import Limit
from detent.errors import UsageError
from detent.globs import fits

BEFORE = {"a.py": Tally(4, 2, 5)}
AFTER = {"a.py": Tally(4, 1, 6), "b/c.py": Tally(1)}
DELTA = Measured({"a.py": 3}, BEFORE, AFTER)
WHOLE = DELTA._replace(whole={**AFTER, "z.py": Tally(5, 5, 5)}, index_bytes=1000)
CASES = [
    # On both sides of each bound, and on it.
    (Limit("docstring.issues", most=11), PASS, 11),
    (Limit("docstring.issues", most=10.99), EXCEEDED, 11),
    (Limit("docstring.issues", least=11), PASS, 11),
    (Limit("docstring.issues", least=11.01), EXCEEDED, 11),
    (Limit("docstring.issues", ("b",), most=0), PASS, 0),
    (Limit("docstring.coverage", least=40), PASS, 40),
    (Limit("docstring.coverage", least=40.1), EXCEEDED, 40),
    (Limit("docstring.undocumented", ("[a-y].py",), most=1), PASS, 1),
    (Limit("docstring.issues.new", most=2), EXCEEDED, 3),
    (Limit("docstring.issues.new", ("b/**",), most=0), PASS, 0),
    (Limit("index.bytes", most=1000), PASS, 1000),
    (Limit("index.bytes", most=999), EXCEEDED, 1000),
    (Limit("docstring.issues", ratchet=True), EXCEEDED, 1),
    (Limit("docstring.undocumented", ratchet=True), PASS, -1),
    (Limit("docstring.issues.new", ratchet=True), EXCEEDED, 3),
    (Limit("docstring.issues.new", ("b",), ratchet=True), PASS, 0),
]


@pytest.mark.parametrize(("limit", "status", "value"), CASES)
def test_a_limit(limit: Limit, status: str, value: float) -> None:
    (one,) = judge([limit], WHOLE, fits)
    assert (one.status, one.value) == (status, value)


@pytest.mark.parametrize("metric", METRICS)
def test_what_a_change_alone_can_tell(metric: str) -> None:
    (one,) = judge([Limit(metric, most=1e9)], DELTA, fits)
    assert one.status == (PASS if metric == "docstring.issues.new" else NOT_MEASURED)
    if metric != "index.bytes" and one.status == NOT_MEASURED:
        assert "`detent index`" in one.reason


def test_each_bound_is_judged_by_itself() -> None:
    both = Limit("docstring.undocumented", most=5, ratchet=True)
    assert [one.status for one in judge([both], WHOLE, fits)] == [PASS, EXCEEDED]
    assert [one.status for one in judge([both], DELTA, fits)] == [PASS, NOT_MEASURED]


def test_a_ratchet_stands_on_what_was_there_and_not_on_zero() -> None:
    limit = Limit("docstring.issues", ratchet=True)
    same = Measured({}, BEFORE, BEFORE)
    assert judge([limit], same, fits)[0].status == PASS
    assert judge([limit], Measured({}, {}, BEFORE), fits)[0].status == EXCEEDED


def test_a_coverage_is_no_ratchet() -> None:
    with pytest.raises(UsageError, match="no ratchet"):
        judge([Limit("docstring.coverage", ratchet=True)], WHOLE, fits)
