"""Limits against measurements, without a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent.budget.limits import (
    AFTER,
    BASE,
    BEFORE,
    HEAD,
    NEW,
    check_limits,
    needs_all_files,
)
from detent.budget.metrics import METRICS, Metric, MetricItem, find_metric
from detent.budget.rules import resolve_rules
from detent.config import Limit
from detent.config.amounts import Increase
from detent.core.errors import MeasurementError, UsageError
from detent.core.globs import has_match
from detent.core.results import EXCEEDED, NOT_MEASURED, PASS, LimitResult

if TYPE_CHECKING:
    from collections.abc import Sequence

CODES = ("GL08", "PR01", "PR02")
A, B, C = ("src/a.py", "src/b.py", "lib/c.py")


def finding(path: str, code: str, kind: str = "function") -> MetricItem:
    return MetricItem(path, "f", 1, kind, code)


# One PR01 is fixed in a, one comes in b, with a GL08; c is as it was.
BEFORE_, AFTER_ = [finding(A, "PR01"), finding(A, "GL08")], [finding(A, "GL08")]
AFTER_ += [finding(B, "PR01"), finding(B, "GL08", "method")]
REST = [finding(C, "PR01"), finding(C, "PR02")]
ISSUES = {BEFORE: BEFORE_, AFTER: AFTER_, BASE: BEFORE_ + REST, HEAD: AFTER_ + REST}
ISSUES[NEW] = AFTER_[1:]
#: Complexity of functions: 3 and 8 became 4 and 6, beside one of 9.
SIZES = {BEFORE: [3, 8], AFTER: [4, 6], BASE: [3, 8, 9], HEAD: [4, 6, 9]}


class Given:
    """Gives what a test says, of both sides or only of what differs."""

    def __init__(self, *sides: str) -> None:
        self.sides = sides

    def list_items(self, metric: Metric, limit: Limit, side: str) -> Sequence[MetricItem]:
        if side not in self.sides:
            raise MeasurementError("not known", "`detent index`")
        if metric.name.startswith("docstring.issues"):
            code = metric.name.rpartition(".")[2]
            found = [one for one in ISSUES[side] if code not in CODES or one.code == code]
        elif metric.name.startswith("code.complexity"):
            found = [MetricItem(A, value=size) for size in SIZES[side]]
        elif metric.name == "docstring.coverage":
            found = [MetricItem(A, value=value) for value in (1, 1, 1, 0)]
        else:
            found = [MetricItem("", value=12)]
        return [one for one in found if not limit.paths or has_match(limit.paths, one.path)]


CHANGE, ALL = Given(NEW, BEFORE, AFTER), Given(NEW, BEFORE, AFTER, BASE, HEAD)


def judged(limit: Limit, source: Given = ALL) -> list[LimitResult]:
    return check_limits(resolve_rules([limit], CODES), source, CODES)


ISSUE = "docstring.issues"
CASES = [
    # On both sides of each bound, and on it.
    (Limit(ISSUE, most=5), PASS, 5),
    (Limit(ISSUE, most=4.99), EXCEEDED, 5),
    (Limit(ISSUE, least=5), PASS, 5),
    (Limit(ISSUE, least=5.01), EXCEEDED, 5),
    (Limit(ISSUE, ("lib",), most=2), PASS, 2),
    (Limit(f"{ISSUE}.PR01", most=1), EXCEEDED, 2),
    (Limit(f"{ISSUE}.new", most=2), PASS, 2),
    (Limit(f"{ISSUE}.new", most=1), EXCEEDED, 2),
    (Limit(f"{ISSUE}.new.PR01", most=0), EXCEEDED, 1),
    (Limit("docstring.coverage", least=75), PASS, 75),
    (Limit("docstring.coverage", least=75.1), EXCEEDED, 75),
    (Limit("index.bytes", most=12), PASS, 12),
    # A fixed finding does not offset a new one; max_increase limits the total.
    (Limit(ISSUE, ratchet=True), EXCEEDED, 2),
    (Limit(f"{ISSUE}.PR01", ratchet=True), EXCEEDED, 1),
    (Limit(f"{ISSUE}.PR02", ratchet=True), PASS, 0),
    (Limit(ISSUE, ("src/a.py",), ratchet=True), PASS, 0),
    (Limit(f"{ISSUE}.PR01", increase=Increase(amount=0)), PASS, 0),
    (Limit(ISSUE, increase=Increase(amount=1)), PASS, 1),
    (Limit(ISSUE, increase=Increase(amount=0.5)), EXCEEDED, 1),
    (Limit("code.complexity", ratchet=True), PASS, -1),
    (Limit("code.complexity.max", ratchet=True), PASS, 0),
    (Limit("code.complexity.mean", ratchet=True), PASS, -1 / 3),
    (Limit(ISSUE, increase=Increase(share=0.25)), PASS, 5),
    (Limit(ISSUE, increase=Increase(share=0.24)), EXCEEDED, 5),
    (Limit(ISSUE, increase=Increase(0.01, 1)), PASS, 5),
    (Limit(ISSUE, increase=Increase(0.01, 1, strict=True)), EXCEEDED, 5),
    (Limit(ISSUE, ratio=1.25), PASS, 5),
    (Limit(ISSUE, ratio=1.24), EXCEEDED, 5),
    (Limit(ISSUE, ratio=1.24, increase=Increase(amount=9)), EXCEEDED, 5),
    (Limit(ISSUE, ratio=0.5, relative_to="index.bytes"), PASS, 5),
    (Limit(ISSUE, ratio=0.4, relative_to="index.bytes"), EXCEEDED, 5),
    (Limit("index.bytes", increase=Increase(amount=7), relative_to=ISSUE), PASS, 12),
    (Limit("index.bytes", increase=Increase(amount=6), relative_to=ISSUE), EXCEEDED, 12),
]


@pytest.mark.parametrize(("limit", "status", "value"), CASES)
def test_a_limit(limit: Limit, status: str, value: float) -> None:
    (one,) = judged(limit)
    assert one.status == status
    assert one.value == pytest.approx(value)
    # What the change alone can tell, it tells.
    (same,) = judged(limit, CHANGE)
    metric = find_metric(limit.metric, CODES)
    assert metric
    if metric.scope == "index":
        return
    assert (same.status == NOT_MEASURED) == needs_all_files(limit, metric)
    if same.status == NOT_MEASURED:
        assert same.reason == "not known: `detent index`"
    else:
        assert same == one


def test_each_bound_is_judged_by_itself() -> None:
    both = Limit(ISSUE, most=5, ratchet=True)
    assert [one.status for one in judged(both)] == [EXCEEDED, PASS]
    assert [one.status for one in judged(both, CHANGE)] == [EXCEEDED, NOT_MEASURED]


@pytest.mark.parametrize(
    ("by", "bad"),
    [
        (("package",), ["src"]),
        (("code",), ["GL08", "PR01"]),
        (("kind",), ["function", "method"]),
        (("package", "code", "kind"), ["src GL08 method", "src PR01 function"]),
    ],
)
def test_each_group_is_held_by_itself(by: tuple[str, ...], bad: list[str]) -> None:
    found = judged(Limit(ISSUE, ratchet=True, by=by))
    assert [one.group for one in found if one.status == EXCEEDED] == bad
    assert all(one.status == EXCEEDED or one.reason.endswith("pass") for one in found)


def test_a_group_pays_for_no_other() -> None:
    limit = Limit(ISSUE, increase=Increase(amount=0), by=("code",))
    assert [(one.group, one.value) for one in judged(limit)] == [("GL08", 1), ("", None)]


def test_wildcards() -> None:
    found = judged(Limit(f"{ISSUE}.*", ratchet=True))
    assert [(one.metric, one.status) for one in found] == [
        (f"{ISSUE}.new", EXCEEDED),
        (f"{ISSUE}.GL08", EXCEEDED),
        (f"{ISSUE}.PR01", EXCEEDED),
        (f"{ISSUE}.*", PASS),
    ]
    assert found[-1].reason == "1 of 4 pass"
    (rule,) = resolve_rules([Limit("code.*.max", ratio=2, relative_to="code.*.mean")], CODES)
    names = {one.metric: one.relative_to for one, _ in rule.parts}
    assert names["code.complexity.max"] == "code.complexity.mean"
    assert "code.nesting.max" not in names  # there is no mean of it
    # Where the wildcard fits what cannot be held like that, it is left out.
    (rule,) = resolve_rules([Limit("docstring.*", ratchet=True)], CODES)
    assert "docstring.coverage" not in {metric.name for _, metric in rule.parts}


@pytest.mark.parametrize(
    ("limit", "message", "hint"),
    [
        (
            Limit("docstring.coverge", most=1),
            "unknown metric",
            "did you mean 'docstring.coverage'?",
        ),
        (Limit("colour", most=1), "unknown metric", "`detent budget metrics`"),
        (Limit("docstring.issues.PR9", most=1), "unknown metric", "docstring.issues.PR0"),
        (Limit("colour.*", most=1), "no metric that can have", "`detent budget metrics`"),
        (Limit("*e*e*e*e*e*e*z", most=1), "no metric that can have", "`detent budget metrics`"),
        (Limit("docstring.coverage", ratchet=True), "only min and max", "docstring.undocumented"),
        (Limit("docstring.coverage", ratio=2), "only min and max", "docstring.undocumented"),
        (Limit("index.bytes", ratchet=True), "no base", "write max"),
        (Limit("index.*", ratchet=True), "no metric that can have", ""),
        (Limit(f"{ISSUE}.new", ratio=2), "difference", "write max"),
        (Limit("index.bytes", ("a",), most=1), "no paths", "remove `paths`"),
        (Limit("code.lines", by=("code",), most=1), "grouped by code", "package"),
        (Limit("index.bytes", by=("kind",), most=1), "grouped by kind", "remove `by`"),
        (Limit("code.lines", increase=Increase(amount=1, unit="s")), "in s", "lines"),
        (Limit("code.lines", most=1, relative_to="code.files"), "without a limit", "max_ratio"),
        (Limit("code.lines", ratio=1, relative_to="code.fils"), "cannot compare", "code.files"),
        (Limit(ISSUE, ratio=1, relative_to="code.files", by=("code",)), "grouped", "remove"),
    ],
)
def test_limits_that_mean_nothing(limit: Limit, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve_rules([limit], CODES)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_what_is_measured_by_running_it_is_left_to_others() -> None:
    names = ("command.check.cpu_s", "query.*.vm_steps", "stage.parse.rss_peak_bytes")
    assert resolve_rules([Limit(name, most=1) for name in names], CODES) == ()


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_can_be_limited(name: str) -> None:
    (rule,) = resolve_rules([Limit(name, most=1)], CODES)
    assert [metric.name for _, metric in rule.parts] == [name]
