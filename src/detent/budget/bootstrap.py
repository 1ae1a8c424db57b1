"""Whether one of two programs is slower, estimated from pairs of runs."""

from __future__ import annotations

from random import Random
from statistics import median

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    #: Seconds of the base and of the head.
    Pair = tuple[float, float]

#: Number of bootstrap samples. The seed is fixed, so that the same pairs give the same result.
_SAMPLES = 1000
_CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """How much slower the head is than the base."""

    base: float  # median seconds
    head: float
    ratio: float  # median of head / base over the pairs
    low: float  # one-sided 95% confidence bounds of the ratio
    high: float
    pairs: int  # number of pairs


def estimate_ratio(pairs: Sequence[Pair]) -> Estimate:
    """Estimate the ratio of head to base, with a bootstrap of its median."""
    ratios = [head / base for base, head in pairs]
    random = Random(0)  # noqa: S311
    medians = sorted(median(random.choices(ratios, k=len(ratios))) for _ in range(_SAMPLES))
    return Estimate(
        base=median(base for base, _ in pairs),
        head=median(head for _, head in pairs),
        ratio=median(ratios),
        low=medians[round((1 - _CONFIDENCE) * (_SAMPLES - 1))],
        high=medians[round(_CONFIDENCE * (_SAMPLES - 1))],
        pairs=len(pairs),
    )


class RatioCheck(NamedTuple):
    """How an estimate compares with a limit."""

    is_exceeded: bool  # the ratio is above the limit, and the head is slower with confidence
    is_undecided: bool  # the limit lies between the confidence bounds


def check_ratio(estimate: Estimate, limit: float) -> RatioCheck:
    """Compare an estimate with the greatest ratio that is allowed."""
    is_exceeded = estimate.ratio > limit and estimate.low > 1
    return RatioCheck(is_exceeded, estimate.low <= limit < estimate.high)


def measure_pairs(
    run_pair: Callable[[], Pair],
    is_undecided: Callable[[Estimate], bool],
    *,
    pairs: int,
    most: int,
) -> Estimate:
    """Run some pairs, and then more of them until the result is decided."""
    measured = [run_pair() for _ in range(pairs)]
    estimate = estimate_ratio(measured)
    while len(measured) < most and is_undecided(estimate):
        measured.append(run_pair())
        estimate = estimate_ratio(measured)
    return estimate
