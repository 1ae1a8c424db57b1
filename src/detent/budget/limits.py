"""Limits against measurements: pure."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.budget.metrics import find_metric, sum_values
from detent.core.errors import MeasurementError
from detent.core.namedtuple import NamedTuple, Protocol
from detent.core.results import EXCEEDED, NOT_MEASURED, PASS, LimitResult

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from detent.budget.metrics import Metric, MetricItem
    from detent.budget.rules import BudgetRule
    from detent.config import Limit

#: What items are asked for: those that only the change brings, and those that it takes away; those
#: of the files that differ, on the two sides; those of all files, on the two sides.
NEW, GONE, BEFORE, AFTER, BASE, HEAD = "new", "gone", "before", "after", "base", "whole"

Group = tuple[str, ...]
Values = dict[Group, float]

#: Counts are whole numbers, and means of them are not that exact.
_EPSILON = 1e-9


class ItemSource(Protocol):
    """Gives what metrics are made of."""

    def items(self, metric: Metric, limit: Limit, side: str) -> Sequence[MetricItem]:
        """Give the items of a metric."""


class _BoundResult(NamedTuple):
    """What one bound comes to in one group."""

    value: float
    is_kept: bool
    reason: str


def needs_all_files(limit: Limit, metric: Metric) -> bool:
    """Tell whether a limit needs all files, and not only those that differ."""
    if metric.scope in ("change", "index"):
        return False
    if limit.most is not None or limit.least is not None or limit.ratio is not None:
        return True
    if limit.increase is not None and (limit.increase.share is not None or limit.relative_to):
        return True
    return not (metric.is_additive or (metric.by_identity and limit.increase is None))


def check_limits(
    rules: Iterable[BudgetRule], source: ItemSource, codes: Collection[str]
) -> list[LimitResult]:
    """Judge all limits."""
    found: list[LimitResult] = []
    for rule in rules:
        each = [one for part in rule.parts for one in _check_bounds(*part, source, codes=codes)]
        is_one = len(rule.parts) == 1 and not rule.written.by
        found += each if is_one else _summarize_kept(rule.written, each)
    return found


def _summarize_kept(written: Limit, each: list[LimitResult]) -> Iterator[LimitResult]:
    """Say once what is kept, and by itself what is not."""
    bad = [one for one in each if one.status != PASS]
    yield from bad
    if len(bad) < len(each) or not each:
        reason = f"{len(each) - len(bad):,} of {len(each):,} hold" if each else "nothing differs"
        yield LimitResult(written.metric, written.paths, PASS, None, reason)


def _check_bounds(
    limit: Limit, metric: Metric, source: ItemSource, *, codes: Collection[str]
) -> Iterator[LimitResult]:
    """Judge each bound of a limit on one metric."""
    if limit.ratchet:
        yield from _check_groups(limit, lambda: _check_ratchet(limit, metric, source))
    if limit.most is not None or limit.least is not None:
        yield from _check_groups(limit, lambda: _check_range(limit, metric, source))
    if limit.is_growth_limit:
        other = find_metric(limit.relative_to, codes) if limit.relative_to else None
        yield from _check_groups(limit, lambda: _check_growth(limit, metric, source, other=other))


def _check_groups(
    limit: Limit, work: Callable[[], dict[Group, _BoundResult]]
) -> Iterator[LimitResult]:
    try:
        outcomes = work()
    except MeasurementError as why:
        hint = f": {why.hint}" if why.hint else ""
        yield LimitResult(limit.metric, limit.paths, NOT_MEASURED, None, f"{why.message}{hint}")
        return
    for group, one in sorted(outcomes.items()):
        status = PASS if one.is_kept else EXCEEDED
        yield LimitResult(limit.metric, limit.paths, status, one.value, one.reason, " ".join(group))


def _check_ratchet(limit: Limit, metric: Metric, source: ItemSource) -> dict[Group, _BoundResult]:
    """Compare with the base: what is new, or how much more there is."""
    if metric.by_identity or metric.scope == "change":
        values = _fold_groups(limit, source.items(metric, limit, NEW), sum_values)
        shown = "new, none may be"
        return {
            group: _BoundResult(
                value, value <= 0, f"{value:.12g} {_name_unit(value, metric)} {shown}"
            )
            for group, value in values.items()
        }
    found = {}
    for group, (before, after) in _measure_change(limit, metric, source).items():
        value = after - before
        reason = f"{_format_signed(value)} {_name_unit(value, metric)}".rstrip() + ", may not grow"
        found[group] = _BoundResult(value, value <= _EPSILON, reason)
    return found


def _measure_change(
    limit: Limit, metric: Metric, source: ItemSource
) -> dict[Group, tuple[float, float]]:
    """Measure both sides: of what adds up, only the files that differ."""
    sides = (BEFORE, AFTER) if metric.is_additive else (BASE, HEAD)
    before, after = (
        _fold_groups(limit, source.items(metric, limit, side), metric.fold) for side in sides
    )
    # A group that is gone cannot have become worse, and one that has come began with nothing.
    nothing = metric.fold(())
    return {
        group: (before.get(group, nothing), after.get(group, nothing))
        for group in before.keys() | after.keys()
    }


def _check_range(limit: Limit, metric: Metric, source: ItemSource) -> dict[Group, _BoundResult]:
    """Compare with the bounds themselves."""
    side = NEW if metric.scope == "change" else HEAD
    values = _fold_groups(limit, source.items(metric, limit, side), metric.fold)
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (("at most", limit.most), ("at least", limit.least))
        if bound is not None
    ]
    found = {}
    for group, value in values.items():
        over = limit.most is not None and value > limit.most
        under = limit.least is not None and value < limit.least
        reason = f"{_format_amount(value, metric)}, {' and '.join(bounds)} allowed"
        found[group] = _BoundResult(value, not (over or under), reason)
    return found


def _check_growth(
    limit: Limit, metric: Metric, source: ItemSource, *, other: Metric | None
) -> dict[Group, _BoundResult]:
    """Compare with a reference: the base, or another metric."""
    found = {}
    for group, (reference, value) in _measure_reference(limit, metric, source, other=other).items():
        bounds = []
        if limit.increase is not None:
            bounds.append(reference + limit.increase.compute_allowance(reference))
        if limit.ratio is not None:
            bounds.append(reference * limit.ratio)
        allowed = min(bounds)
        kept = value <= allowed + _EPSILON * max(1.0, abs(allowed))
        if other is None and not needs_all_files(limit, metric):
            more, most = value - reference, allowed - reference
            growth = f"{_format_signed(more)} {_name_unit(more, metric)}"
            reason = f"{growth}, at most {_format_signed(most)} allowed"
            found[group] = _BoundResult(more, kept, reason)
        else:
            against = f"of {limit.relative_to}" if other else "in the base"
            reason = f"{_format_amount(value, metric)} against {_format_value(reference)} {against}"
            found[group] = _BoundResult(
                value, kept, f"{reason}, at most {_format_value(allowed)} allowed"
            )
    return found


def _measure_reference(
    limit: Limit, metric: Metric, source: ItemSource, *, other: Metric | None
) -> dict[Group, tuple[float, float]]:
    """Measure the reference and the metric."""
    if other is not None:
        values = _fold_groups(limit, source.items(metric, limit, HEAD), metric.fold)
        references = _fold_groups(limit, source.items(other, limit, HEAD), other.fold)
        nothing = other.fold(())
        return {group: (references.get(group, nothing), one) for group, one in values.items()}
    if needs_all_files(limit, metric):
        base, whole = (
            _fold_groups(limit, source.items(metric, limit, side), metric.fold)
            for side in (BASE, HEAD)
        )
        nothing = metric.fold(())
        return {group: (base.get(group, nothing), one) for group, one in whole.items()}
    return _measure_change(limit, metric, source)


def _fold_groups(
    limit: Limit, items: Sequence[MetricItem], fold: Callable[[Sequence[MetricItem]], float]
) -> Values:
    """Put items together, by group where the limit says so."""
    if not limit.by:
        return {(): fold(items)}
    groups: defaultdict[Group, list[MetricItem]] = defaultdict(list)
    for one in items:
        groups[one.group(limit.by)].append(one)
    return {group: fold(members) for group, members in groups.items()}


def _format_amount(value: float, metric: Metric) -> str:
    return f"{_format_value(value)} {_name_unit(value, metric)}".rstrip()


def _name_unit(value: float, metric: Metric) -> str:
    """Name the unit, in the singular of one."""
    is_plural = len(metric.unit) > 3 and metric.unit.endswith("s")  # "ms" is none
    return metric.unit[:-1] if is_plural and abs(value) == 1 else metric.unit


def _format_value(value: float) -> str:
    # Down, so that 99.96 never reads as the 100 that was asked for.
    return f"{int(value * 100) / 100:.12g}"


def _format_signed(value: float) -> str:
    return f"{value:+.6g}"
