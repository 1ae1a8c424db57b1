from __future__ import annotations

from typing import Any

import pytest

from detent.budget import timing
from detent.budget.bootstrap import Estimate, estimate_ratio
from detent.config.amounts import Increase
from detent.config.budget import Limit

CPU = "command.sym.sqlite.cpu_s"
STEPS = "query.sym.sqlite.vm_steps"


def of(ratio: float, base: float = 1.0, spread: float = 0.0) -> Estimate:
    signs = (1, -1, 1, -1, 1, -1, 0, 0, 0, 0)
    return estimate_ratio([(base, base * (ratio + spread * sign)) for sign in signs])


def limit(metric: str = CPU, **given: Any) -> Limit:
    return Limit(metric, **given)


THREE = Increase(share=0.03)
FORGIVING = Increase(share=0.03, amount=0.1, unit="s")
STRICT = FORGIVING._replace(strict=True)


@pytest.mark.parametrize(
    ("given", "found", "status"),
    [
        ({"increase": THREE}, of(1.0), "pass"),
        ({"increase": THREE}, of(1.029), "pass"),
        ({"increase": THREE}, of(1.031), "exceeded"),
        ({"increase": THREE}, of(1.05, spread=0.3), "inconclusive"),
        ({"increase": THREE}, of(0.5), "pass"),
        # 100 ms govern a command of one second, 3% one of ten.
        ({"increase": FORGIVING}, of(1.09), "pass"),
        ({"increase": FORGIVING}, of(1.11), "exceeded"),
        ({"increase": FORGIVING}, of(1.029, base=10.0), "pass"),
        ({"increase": FORGIVING}, of(1.031, base=10.0), "exceeded"),
        ({"increase": STRICT}, of(1.05), "exceeded"),
        ({"increase": STRICT}, of(1.02, base=10.0), "exceeded"),
        ({"ratio": 1.2}, of(1.19), "pass"),
        ({"ratio": 1.2}, of(1.21), "exceeded"),
        ({"increase": FORGIVING, "ratio": 1.05}, of(1.06), "exceeded"),
        ({"ratchet": True}, of(1.001), "exceeded"),
        ({"ratchet": True}, of(1.0), "pass"),
        ({"most": 1.5}, of(1.4), "pass"),
        ({"most": 1.5}, of(1.6), "exceeded"),
        ({"least": 0.5}, of(0.4), "exceeded"),
        ({"increase": THREE, "relative_to": "command.sym.duckdb.cpu_s"}, of(1), "not measurable"),
    ],
)
def test_limits_on_times(given: dict[str, Any], found: Estimate, status: str) -> None:
    (one,) = timing.check_measurements([limit(**given)], {CPU: found}, {})
    assert (one.status, one.metric) == (status, CPU)
    if status != "not measurable":
        assert one.value == found.head
        assert "base: " in one.reason


@pytest.mark.parametrize(
    ("given", "base", "head", "status"),
    [
        ({"increase": Increase(share=0.01)}, 1000, 1010, "pass"),
        ({"increase": Increase(share=0.01)}, 1000, 1011, "exceeded"),
        ({"increase": Increase(amount=3)}, 10, 13, "pass"),
        ({"increase": Increase(amount=3)}, 10, 14, "exceeded"),
        ({"increase": Increase(share=0.01)}, 0, 1, "exceeded"),
        ({"increase": Increase(share=0.01)}, 0, 0, "pass"),
        ({"ratchet": True}, 10, 11, "exceeded"),
        ({"ratchet": True}, 10, 9, "pass"),
        ({"most": 10}, None, 5, "not measurable"),
        ({"increase": Increase(share=0.01)}, 10, None, "not measurable"),
        ({"most": 10}, 5, 11, "exceeded"),
    ],
)
def test_limits_on_counts(
    given: dict[str, Any], base: int | None, head: int | None, status: str
) -> None:
    (one,) = timing.check_measurements([limit(STEPS, **given)], {}, {STEPS: (base, head)})
    assert one.status == status


def test_a_name_with_a_wildcard_is_on_all_that_it_fits() -> None:
    limits = [
        limit("command.*.sqlite.cpu_s", increase=THREE),
        limit("query.*.sqlite.vm_steps", increase=THREE),
        limit("docstring.coverage", least=100.0),
    ]
    counts = {STEPS: (10, 10), "query.sym.sqlite.commits": (1, 5)}
    found = timing.check_measurements(limits, {CPU: of(1)}, counts)
    assert [one.metric for one in found] == [CPU, STEPS]


def test_what_no_limit_asks_is_settled() -> None:
    wide = of(1.03, spread=0.5)
    assert not timing.needs_more_pairs([], wide)
    assert not timing.needs_more_pairs([limit(most=1.0)], wide)
    assert timing.needs_more_pairs([limit(most=1.0), limit(increase=THREE)], wide)
    assert not timing.needs_more_pairs([limit(increase=THREE)], of(1.0))
