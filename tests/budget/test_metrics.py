"""What the metrics say of tallies."""

from __future__ import annotations

import pytest

from detent.budget.metrics import METRICS, Tally, coverage


@pytest.mark.parametrize(
    ("tallies", "expected"),
    [([], 100), ([Tally()], 100), ([Tally(4, 1)], 75), ([Tally(1), Tally(2, 2), Tally(1, 1)], 25)],
)
def test_coverage_is_that_of_all_symbols_together(tallies: list[Tally], expected: float) -> None:
    assert coverage(tallies) == expected
    assert coverage(iter(tallies)) == expected


def test_metrics_are_known_by_their_names() -> None:
    assert all(name == metric.name for name, metric in METRICS.items())
    totals = {name for name, metric in METRICS.items() if metric.total}
    assert totals == {"docstring.issues", "docstring.undocumented", "docstring.coverage"}
    assert [name for name, metric in METRICS.items() if metric.higher_is_better] == [
        "docstring.coverage"
    ]


def test_totals_add_up() -> None:
    tallies = [Tally(3, 1, 7), Tally(2, 2, 1)]
    found = {name: one.total(tallies) for name, one in METRICS.items() if one.total}
    expected = {"docstring.issues": 8, "docstring.undocumented": 3, "docstring.coverage": 40}
    assert found == expected
