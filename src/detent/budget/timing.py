"""Limits on what two commits take, against what was measured of them: pure."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.budget.bootstrap import check_ratio
from detent.core.results import EXCEEDED, INCONCLUSIVE, NOT_MEASURED, PASS, LimitResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.budget.bootstrap import Estimate
    from detent.config import Limit

_OTHER_METRIC = "it is relative to another metric, which is not measured here"


def select_limits(limits: Iterable[Limit], metric: str) -> list[Limit]:
    """Choose the limits on a metric."""
    return [limit for limit in limits if fnmatchcase(metric, limit.metric)]


def compute_bound(limit: Limit, base: float) -> float | None:
    """Give the most that the head may have."""
    bounds = []
    if limit.increase is not None:
        bounds.append(base + limit.increase.compute_allowance(base))
    if limit.ratio is not None:
        bounds.append(base * limit.ratio)
    if limit.ratchet:
        bounds.append(base)
    return min(bounds, default=None)


def needs_more_pairs(limits: Iterable[Limit], found: Estimate) -> bool:
    """Tell whether more pairs may change what becomes of limits on a time."""
    bounds = [compute_bound(limit, found.base) for limit in limits if not limit.relative_to]
    return any(
        check_ratio(found, one / found.base).is_unsettled for one in bounds if one is not None
    )


def check_time(limit: Limit, found: Estimate) -> LimitResult:
    """Hold a limit against a time."""
    if limit.relative_to:
        return LimitResult(limit.metric, limit.paths, NOT_MEASURED, None, _OTHER_METRIC)
    status, bound = PASS, compute_bound(limit, found.base)
    if bound is not None:
        said = check_ratio(found, bound / found.base)
        if said.exceeded:
            status = EXCEEDED
        elif found.ratio * found.base > bound:
            status = INCONCLUSIVE
    if _is_outside_range(limit, found.head):
        status = EXCEEDED
    more = found.ratio - 1
    reason = (
        f"{found.base:.3f} s and then {found.head:.3f} s in {found.pairs} pairs, {more:+.1%} "
        f"(95% sure: {found.low - 1:+.1%} or more); {_format_bounds(limit, bound, ' s')}"
    )
    return LimitResult(limit.metric, limit.paths, status, found.head, reason)


def check_count(limit: Limit, base: int | None, head: int | None) -> LimitResult:
    """Hold a limit against a count."""
    if limit.relative_to:
        return LimitResult(limit.metric, limit.paths, NOT_MEASURED, None, _OTHER_METRIC)
    if base is None or head is None:
        which = "base" if base is None else "head"
        return LimitResult(
            limit.metric, limit.paths, NOT_MEASURED, None, f"the {which} does not count it"
        )
    bound = compute_bound(limit, base)
    over = _is_outside_range(limit, head) or (bound is not None and head > bound)
    reason = f"{base:,} and then {head:,}; {_format_bounds(limit, bound)}"
    return LimitResult(limit.metric, limit.paths, EXCEEDED if over else PASS, head, reason)


def check_measurements(
    limits: Iterable[Limit],
    times: Mapping[str, Estimate],
    counts: Mapping[str, tuple[int | None, int | None]],
) -> list[LimitResult]:
    """Hold all limits against all that was measured."""
    wanted = list(limits)
    return [
        *(
            check_time(limit._replace(metric=name), found)
            for name, found in times.items()
            for limit in select_limits(wanted, name)
        ),
        *(
            check_count(limit._replace(metric=name), *sides)
            for name, sides in counts.items()
            for limit in select_limits(wanted, name)
        ),
    ]


def _is_outside_range(limit: Limit, value: float) -> bool:
    over = limit.most is not None and value > limit.most
    return over or (limit.least is not None and value < limit.least)


def _format_bounds(limit: Limit, bound: float | None, unit: str = "") -> str:
    parts = [] if bound is None else [f"up to {bound:,.6g}{unit}"]
    parts += [f"at most {limit.most:g}{unit}"] if limit.most is not None else []
    parts += [f"at least {limit.least:g}{unit}"] if limit.least is not None else []
    return f"{' and '.join(parts)} allowed"
