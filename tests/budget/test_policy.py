"""Budgets that change, and exemptions."""

from __future__ import annotations

from datetime import date

import pytest

from detent.budget.policy import apply_exemptions, list_loosened_limits
from detent.config import Exemption, Limit
from detent.config.amounts import Increase
from detent.config.budget import Budget
from detent.core.results import EXCEEDED, EXEMPT, NOT_MEASURED, PASS, LimitResult

TODAY = date(2026, 6, 30)
LATER, EARLIER = date(2026, 6, 30), date(2026, 6, 29)
NAME = "docstring.issues"


def statuses(*exemptions: Exemption, status: str = EXCEEDED) -> tuple[list[str], list[str]]:
    judgements = [LimitResult(name, (), status, 2, "why") for name in (NAME, "code.lines")]
    found, notes = apply_exemptions(judgements, exemptions, TODAY)
    return [one.status for one in found], notes


@pytest.mark.parametrize("name", [NAME, "docstring.*", "docstring.issue?"])
def test_an_exemption_holds_to_its_last_day(name: str) -> None:
    assert statuses(Exemption(name, "why", LATER)) == ([EXEMPT, EXCEEDED], [])
    found, (note,) = statuses(Exemption(name, "why", EARLIER))
    assert found == [EXCEEDED, EXCEEDED]
    assert "expired on 2026-06-29" in note


@pytest.mark.parametrize("status", [PASS, NOT_MEASURED])
def test_an_exemption_that_is_not_needed(status: str) -> None:
    found, notes = statuses(Exemption(NAME, "why", LATER), status=status)
    assert found == [status, status]
    # Nobody can say so of what was not measured.
    assert bool(notes) == (status == PASS)
    assert all("not needed" in one for one in notes)


def test_a_malformed_exemption_exempts_nothing() -> None:
    found, (note,) = statuses(Exemption(NAME, "", LATER, fault="it gives no reason"))
    assert found == [EXCEEDED, EXCEEDED]
    assert "is ignored: it gives no reason" in note


LIMIT = Limit(NAME, ("src",), most=5, least=1, ratchet=True, ratio=2, increase=Increase(0.1, 5))


@pytest.mark.parametrize(
    ("after", "texts"),
    [
        (LIMIT, []),
        (LIMIT._replace(most=4, least=2, ratio=1, increase=Increase(0.1, 5, strict=True)), []),
        (LIMIT._replace(most=6), ["max raised from 5 to 6"]),
        (LIMIT._replace(most=None), ["max removed (was 5)"]),
        (LIMIT._replace(least=0), ["min lowered from 1 to 0"]),
        (LIMIT._replace(ratchet=False), ["ratchet removed"]),
        (LIMIT._replace(ratio=2.5), ["max_ratio raised from 2 to 2.5"]),
        (LIMIT._replace(increase=None), ["max_increase removed"]),
        (LIMIT._replace(increase=Increase(0.11, 5)), ["max_increase raised"]),
        (LIMIT._replace(increase=Increase(0.1, 6)), ["max_increase raised"]),
        (LIMIT._replace(increase=Increase(0.1)), []),
        (LIMIT._replace(paths=("lib",)), ["limit removed"]),
        (LIMIT._replace(by=("code",)), ["limit removed"]),
        (LIMIT._replace(metric="code.lines"), ["limit removed"]),
        (LIMIT._replace(sql="select 1"), ["query changed"]),
    ],
)
def test_what_loosens_a_limit(after: Limit, texts: list[str]) -> None:
    found = [text for _, text in list_loosened_limits(Budget((LIMIT,)), Budget((after,)))]
    assert found == [f"{NAME} in src: {text}" for text in texts]
    # Another limit beside it that is as strict keeps it.
    assert [*list_loosened_limits(Budget((LIMIT,)), Budget((after, LIMIT)))] == []
    assert [*list_loosened_limits(Budget(), Budget((after,)))] == []


def test_an_exemption_loosens_too() -> None:
    old, new = (Exemption(NAME, "why", day) for day in (EARLIER, LATER))
    bad = old._replace(fault="none")
    for before, after, count in [
        ((), (new,), 1),
        ((old,), (new,), 1),
        ((bad,), (old,), 1),
        ((new,), (old,), 0),
        ((old,), (), 0),
        ((), (bad,), 0),
    ]:
        assert len([*list_loosened_limits(Budget((), before), Budget((), after))]) == count
