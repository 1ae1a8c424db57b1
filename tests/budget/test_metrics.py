"""What the metrics say of items."""

from __future__ import annotations

import pytest

from detent.budget.file_metrics import COUNTS
from detent.budget.metrics import (
    METRICS,
    Item,
    Tally,
    coverage,
    greatest,
    mean,
    metric_of,
    names,
    share,
    total,
)


@pytest.mark.parametrize(
    ("tallies", "expected"),
    [([], 100), ([Tally()], 100), ([Tally(4, 1)], 75), ([Tally(1), Tally(2, 2), Tally(1, 1)], 25)],
)
def test_coverage_is_that_of_all_symbols_together(tallies: list[Tally], expected: float) -> None:
    assert coverage(tallies) == expected
    assert coverage(iter(tallies)) == expected


def test_folds() -> None:
    items = [Item("a", value=value) for value in (1.0, 0.0, 1.0, 1.0)]
    assert [fold(items) for fold in (total, greatest, mean, share)] == [3, 1, 0.75, 75]
    assert [fold([]) for fold in (total, greatest, mean, share)] == [0, 0, 0, 100]


def test_groups() -> None:
    item = Item("src/a/b.py", "f", 3, "function", "PR01")
    assert item.group(("package", "code", "kind")) == ("src/a", "PR01", "function")
    assert item.group(("kind",)) == ("function",)
    assert Item("b.py").group(("package",)) == (".",)


def test_metrics_are_known_by_their_names() -> None:
    assert all(name == metric.name for name, metric in METRICS.items())
    assert {name for name, one in METRICS.items() if one.scope == "file"} == set(COUNTS)
    assert [name for name, one in METRICS.items() if one.higher_is_better] == ["docstring.coverage"]
    for name in names(["PR01"]):
        metric = metric_of(name, ["PR01"])
        assert metric
        assert metric.name == name


@pytest.mark.parametrize("name", ["", "sql.", "docstring", "docstring.issues.PR02", "stage.x.y"])
def test_other_names_are_none(name: str) -> None:
    assert metric_of(name, ["PR01"]) is None
