"""Check limits on the times and counts that a command takes on two commits."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.budget.bootstrap import check_ratio
from detent.core.results import EXCEEDED, INCONCLUSIVE, NOT_MEASURED, PASS, LimitResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.budget.bootstrap import Estimate
    from detent.config import Limit

    #: What base and head count; None if one of them does not count it.
    CountPair = tuple[int | None, int | None]


def select_limits(limits: Iterable[Limit], metric: str) -> list[Limit]:
    """Choose the limits on a metric."""
    return [limit for limit in limits if fnmatchcase(metric, limit.metric)]


def compute_bound(limit: Limit, base: float) -> float | None:
    """Compute the greatest value that the head may have; None if the base does not matter."""
    bounds = []
    if limit.increase is not None:
        bounds.append(base + limit.increase.compute_allowance(base))
    if limit.ratio is not None:
        bounds.append(base * limit.ratio)
    if limit.ratchet:
        bounds.append(base)
    return min(bounds, default=None)


def needs_more_pairs(limits: Iterable[Limit], estimate: Estimate) -> bool:
    """Tell whether more pairs may change the result of limits on a time."""
    bounds = [compute_bound(limit, estimate.base) for limit in limits if not limit.relative_to]
    return any(
        check_ratio(estimate, bound / estimate.base).is_undecided
        for bound in bounds
        if bound is not None
    )


def check_measurements(
    limits: Iterable[Limit], times: Mapping[str, Estimate], counts: Mapping[str, CountPair]
) -> list[LimitResult]:
    """Check all limits on what was measured."""
    all_limits = list(limits)
    return [
        *(
            _check_time(metric, limit, estimate)
            for metric, estimate in times.items()
            for limit in select_limits(all_limits, metric)
        ),
        *(
            _check_count(metric, limit, pair)
            for metric, pair in counts.items()
            for limit in select_limits(all_limits, metric)
        ),
    ]


def _check_time(metric: str, limit: Limit, estimate: Estimate) -> LimitResult:
    if limit.relative_to:
        return _refuse_reference(metric, limit)
    status, bound = PASS, compute_bound(limit, estimate.base)
    if bound is not None and check_ratio(estimate, bound / estimate.base).is_exceeded:
        status = EXCEEDED
    elif bound is not None and estimate.ratio * estimate.base > bound:
        status = INCONCLUSIVE
    if _is_out_of_range(limit, estimate.head):
        status = EXCEEDED
    reason = (
        f"{estimate.head:.3f} s ({_format_limits(limit, bound, ' s')}, base: {estimate.base:.3f}): "
        f"{estimate.ratio - 1:+.1%} in {estimate.pairs} pairs, "
        f"at least {estimate.low - 1:+.1%} with 95% confidence"
    )
    return LimitResult(metric, limit.paths, status, estimate.head, reason)


def _check_count(metric: str, limit: Limit, pair: CountPair) -> LimitResult:
    base, head = pair
    if limit.relative_to:
        return _refuse_reference(metric, limit)
    if base is None or head is None:
        reason = f"not counted in the {'base' if base is None else 'head'}"
        return LimitResult(metric, limit.paths, NOT_MEASURED, None, reason)
    bound = compute_bound(limit, base)
    is_exceeded = _is_out_of_range(limit, head) or (bound is not None and head > bound)
    reason = f"{head:,} ({_format_limits(limit, bound)}, base: {base:,})"
    return LimitResult(metric, limit.paths, EXCEEDED if is_exceeded else PASS, head, reason)


def _refuse_reference(metric: str, limit: Limit) -> LimitResult:
    reason = "relative_to cannot be used for what `detent budget measure` measures"
    return LimitResult(metric, limit.paths, NOT_MEASURED, None, reason)


def _is_out_of_range(limit: Limit, value: float) -> bool:
    over = limit.most is not None and value > limit.most
    return over or (limit.least is not None and value < limit.least)


def _format_limits(limit: Limit, bound: float | None, unit: str = "") -> str:
    named = (("limit", bound), ("max", limit.most), ("min", limit.least))
    return ", ".join(f"{name} {value:,.6g}{unit}" for name, value in named if value is not None)
