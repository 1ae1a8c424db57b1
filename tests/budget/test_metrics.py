"""What the metrics say of items."""

from __future__ import annotations

import pytest

from detent.budget.file_metrics import ITEM_LISTERS
from detent.budget.metrics import (
    METRICS,
    MetricItem,
    compute_mean,
    compute_share,
    find_greatest,
    find_metric,
    list_metric_names,
    sum_values,
)
from detent.core.results import DocstringCounts, sum_counts


@pytest.mark.parametrize(
    ("tallies", "expected"),
    [
        ([], 100),
        ([DocstringCounts()], 100),
        ([DocstringCounts(4, 1)], 75),
        ([DocstringCounts(1), DocstringCounts(2, 2), DocstringCounts(1, 1)], 25),
    ],
)
def test_coverage_is_that_of_all_symbols_together(
    tallies: list[DocstringCounts], expected: float
) -> None:
    assert sum_counts(tallies).percent == expected


def test_folds() -> None:
    items = [MetricItem("a", value=value) for value in (1.0, 0.0, 1.0, 1.0)]
    assert [fold(items) for fold in (sum_values, find_greatest, compute_mean, compute_share)] == [
        3,
        1,
        0.75,
        75,
    ]
    assert [fold([]) for fold in (sum_values, find_greatest, compute_mean, compute_share)] == [
        0,
        0,
        0,
        100,
    ]


def test_groups() -> None:
    item = MetricItem("src/a/b.py", "f", 3, "function", "PR01")
    assert item.get_group(("package", "code", "kind")) == ("src/a", "PR01", "function")
    assert item.get_group(("kind",)) == ("function",)
    assert MetricItem("b.py").get_group(("package",)) == (".",)


def test_metrics_are_known_by_their_names() -> None:
    assert all(name == metric.name for name, metric in METRICS.items())
    assert {name for name, one in METRICS.items() if one.scope == "file"} == set(ITEM_LISTERS)
    assert [name for name, one in METRICS.items() if one.higher_is_better] == ["docstring.coverage"]
    for name in list_metric_names(["PR01"]):
        metric = find_metric(name, ["PR01"])
        assert metric
        assert metric.name == name


@pytest.mark.parametrize("name", ["", "sql.", "docstring", "docstring.issues.PR02", "stage.x.y"])
def test_other_names_are_none(name: str) -> None:
    assert find_metric(name, ["PR01"]) is None
