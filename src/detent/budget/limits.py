"""Check limits against the values of metrics."""

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

#: Which items of a metric: those that only the head has, those that only the base has.
NEW, REMOVED = "new", "removed"
#: Those of the files that differ, in the base and in the head.
BEFORE, AFTER = "before", "after"
#: Those of all files, in the base and in the head.
BASE, HEAD = "base", "head"

Group = tuple[str, ...]
Values = dict[Group, float]

# A mean of counts is a float.
_EPSILON = 1e-9


class ItemSource(Protocol):
    """Lists the items that metrics are computed from."""

    def list_items(self, metric: Metric, limit: Limit, side: str) -> Sequence[MetricItem]:
        """List the items of a metric in the files of a limit."""


class _BoundResult(NamedTuple):
    """How one group of items compares with one bound."""

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
    """Check all limits."""
    results: list[LimitResult] = []
    for rule in rules:
        found = [
            result
            for limit, metric in rule.parts
            for result in _check_bounds(limit, metric, source, codes=codes)
        ]
        is_single = len(rule.parts) == 1 and not rule.written.by
        results += found if is_single else _summarize_passed(rule.written, found)
    return results


def _summarize_passed(written: Limit, results: list[LimitResult]) -> Iterator[LimitResult]:
    """Keep each result that did not pass, and put the others into one line."""
    failed = [result for result in results if result.status != PASS]
    yield from failed
    passed = len(results) - len(failed)
    if passed or not results:
        reason = f"{passed:,} of {len(results):,} pass" if results else "nothing differs"
        yield LimitResult(written.metric, written.paths, PASS, None, reason)


def _check_bounds(
    limit: Limit, metric: Metric, source: ItemSource, *, codes: Collection[str]
) -> Iterator[LimitResult]:
    """Check each bound of a limit on one metric."""
    if limit.ratchet:
        yield from _make_results(limit, lambda: _check_ratchet(limit, metric, source))
    if limit.most is not None or limit.least is not None:
        yield from _make_results(limit, lambda: _check_range(limit, metric, source))
    if limit.is_growth_limit:
        other = find_metric(limit.relative_to, codes) if limit.relative_to else None
        yield from _make_results(limit, lambda: _check_growth(limit, metric, source, other=other))


def _make_results(
    limit: Limit, check: Callable[[], dict[Group, _BoundResult]]
) -> Iterator[LimitResult]:
    try:
        found = check()
    except MeasurementError as error:
        reason = f"{error.message}: {error.hint}" if error.hint else error.message
        yield LimitResult(limit.metric, limit.paths, NOT_MEASURED, None, reason)
        return
    for group, (value, is_kept, reason) in sorted(found.items()):
        status = PASS if is_kept else EXCEEDED
        yield LimitResult(limit.metric, limit.paths, status, value, reason, " ".join(group))


def _check_ratchet(limit: Limit, metric: Metric, source: ItemSource) -> dict[Group, _BoundResult]:
    """Check that nothing is new, or that the value does not grow."""
    if metric.by_identity or metric.scope == "change":
        values = _fold_groups(limit, source.list_items(metric, limit, NEW), sum_values)
        return {
            group: _BoundResult(
                value, value <= 0, f"{value:.12g} new {_name_unit(value, metric)} (limit 0)"
            )
            for group, value in values.items()
        }
    found = {}
    for group, (before, after) in _measure_change(limit, metric, source).items():
        value = after - before
        found[group] = _BoundResult(
            value, value <= _EPSILON, f"{_format_change(value, metric)} (limit +0)"
        )
    return found


def _measure_change(
    limit: Limit, metric: Metric, source: ItemSource
) -> dict[Group, tuple[float, float]]:
    """Measure base and head; of a metric that adds up, only the files that differ."""
    pair = (BEFORE, AFTER) if metric.is_additive else (BASE, HEAD)
    before, after = (
        _fold_groups(limit, source.list_items(metric, limit, side), metric.fold) for side in pair
    )
    # A group that is gone cannot get worse, and a new one starts from nothing.
    nothing = metric.fold(())
    return {
        group: (before.get(group, nothing), after.get(group, nothing))
        for group in before.keys() | after.keys()
    }


def _check_range(limit: Limit, metric: Metric, source: ItemSource) -> dict[Group, _BoundResult]:
    """Check the bounds ``max`` and ``min``."""
    side = NEW if metric.scope == "change" else HEAD
    values = _fold_groups(limit, source.list_items(metric, limit, side), metric.fold)
    bounds = [
        f"{name} {bound:g}"
        for name, bound in (("max", limit.most), ("min", limit.least))
        if bound is not None
    ]
    found = {}
    for group, value in values.items():
        is_kept = _is_in_range(value, limit)
        reason = f"{_format_amount(value, metric)} ({', '.join(bounds)})"
        if not is_kept:
            items = source.list_items(metric, limit, side)
            reason += _name_worst(limit, metric, items, group=group)
        found[group] = _BoundResult(value, is_kept, reason)
    return found


def _is_in_range(value: float, limit: Limit) -> bool:
    if limit.most is not None and value > limit.most:
        return False
    return limit.least is None or value >= limit.least


def _check_growth(
    limit: Limit, metric: Metric, source: ItemSource, *, other: Metric | None
) -> dict[Group, _BoundResult]:
    """Check the bounds ``max_increase`` and ``max_ratio`` above a reference."""
    found = {}
    for group, (reference, value) in _measure_reference(limit, metric, source, other=other).items():
        bounds = []
        if limit.increase is not None:
            bounds.append(reference + limit.increase.compute_allowance(reference))
        if limit.ratio is not None:
            bounds.append(reference * limit.ratio)
        allowed = min(bounds)
        is_kept = value <= allowed + _EPSILON * max(1.0, abs(allowed))
        if other is None and not needs_all_files(limit, metric):
            change = value - reference
            reason = f"{_format_change(change, metric)} (limit {allowed - reference:+.6g})"
            found[group] = _BoundResult(change, is_kept, reason)
        else:
            shown = f"{limit.relative_to or 'base'}: {_format_value(reference)}"
            reason = f"{_format_amount(value, metric)} (limit {_format_value(allowed)}, {shown})"
            if not is_kept:
                items = source.list_items(metric, limit, HEAD)
                reason += _name_worst(limit, metric, items, group=group)
            found[group] = _BoundResult(value, is_kept, reason)
    return found


def _measure_reference(
    limit: Limit, metric: Metric, source: ItemSource, *, other: Metric | None
) -> dict[Group, tuple[float, float]]:
    """Measure the reference and the metric, in the groups of the head."""
    if other is None and not needs_all_files(limit, metric):
        return _measure_change(limit, metric, source)
    values = _fold_groups(limit, source.list_items(metric, limit, HEAD), metric.fold)
    compared, side = (metric, BASE) if other is None else (other, HEAD)
    references = _fold_groups(limit, source.list_items(compared, limit, side), compared.fold)
    nothing = compared.fold(())
    return {group: (references.get(group, nothing), value) for group, value in values.items()}


def _fold_groups(
    limit: Limit, items: Sequence[MetricItem], fold: Callable[[Sequence[MetricItem]], float]
) -> Values:
    """Compute the value of all items, or of each group if the limit is ``by`` something."""
    if not limit.by:
        return {(): fold(items)}
    groups: defaultdict[Group, list[MetricItem]] = defaultdict(list)
    for item in items:
        groups[item.get_group(limit.by)].append(item)
    return {group: fold(members) for group, members in groups.items()}


def _name_worst(limit: Limit, metric: Metric, items: Sequence[MetricItem], *, group: Group) -> str:
    """Say where a value that breaks a limit comes from: its worst item, if it has a place."""
    members = _select_group(limit, items, group)
    choose = min if metric.higher_is_better else max
    worst = choose(members, key=lambda item: item.value, default=None)
    place = worst and _name_item(worst, metric)
    if not worst or not place:
        return ""
    is_whole = metric.fold(members) == worst.value
    if metric.most_places > 1 or is_whole:
        return f": {place if is_whole else _name_places(members, metric)}"
    return f", such as {place}" if worst.value in (0, 1) else f", most in {place}"


def _select_group(limit: Limit, items: Sequence[MetricItem], group: Group) -> list[MetricItem]:
    return [item for item in items if not limit.by or item.get_group(limit.by) == group]


def _name_places(items: Sequence[MetricItem], metric: Metric) -> str:
    """Name the first items with their places."""
    places = [_name_item(item, metric) for item in items[: metric.most_places]]
    return ", ".join(places) + (" …" if items[metric.most_places :] else "")


def _name_item(item: MetricItem, metric: Metric) -> str:
    """Name an item with its place; a cycle has all of its files in its name."""
    line = f":{item.line}" if item.line else ""
    path = "" if metric.scope == "view" else f"{item.path}{line}"
    return " ".join(filter(None, (path, item.name, item.code)))


def _format_amount(value: float, metric: Metric) -> str:
    space = "" if metric.unit == "%" else " "
    return f"{_format_value(value)}{space}{_name_unit(value, metric)}".rstrip()


def _format_change(value: float, metric: Metric) -> str:
    return f"{value:+.6g} {_name_unit(value, metric)}".rstrip()


def _name_unit(value: float, metric: Metric) -> str:
    """Name the unit, in the singular for one."""
    is_plural = len(metric.unit) > 3 and metric.unit.endswith("s")  # not "ms"
    return metric.unit[:-1] if is_plural and abs(value) == 1 else metric.unit


def _format_value(value: float) -> str:
    # Rounded down, so that 99.99% of 100% never reads as 100%.
    return f"{int(value * 100) / 100:.12g}"
