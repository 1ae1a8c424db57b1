"""Whether one of two sides takes longer, from pairs of runs in turn: pure."""

from __future__ import annotations

from random import Random
from statistics import median

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Pair = tuple[float, float]

#: How often pairs are drawn anew, with the same seed: the same pairs give the same verdict.
_DRAWS = 1000
_CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """What pairs say of the two sides."""

    base: float  # the median of each side
    head: float
    ratio: float  # the median of head to base, pair by pair
    low: float  # bounds of the ratio, each of which holds in 95 of 100 cases (bootstrap)
    high: float
    pairs: int  # how many there are


def estimate_ratio(pairs: Sequence[Pair]) -> Estimate:
    """Compare two sides."""
    ratios = [head / base for base, head in pairs]
    chance = Random(0)  # noqa: S311
    drawn = sorted(median(chance.choices(ratios, k=len(ratios))) for _ in range(_DRAWS))
    return Estimate(
        base=median(base for base, _ in pairs),
        head=median(head for _, head in pairs),
        ratio=median(ratios),
        low=drawn[round((1 - _CONFIDENCE) * (_DRAWS - 1))],
        high=drawn[round(_CONFIDENCE * (_DRAWS - 1))],
        pairs=len(pairs),
    )


class RatioCheck(NamedTuple):
    """What is known of a limit."""

    exceeded: bool  # whether the ratio is above what is allowed, and the head slower for sure
    is_unsettled: bool


def check_ratio(found: Estimate, allowed: float) -> RatioCheck:
    """Hold a limit against an estimate."""
    is_open = found.low <= allowed < found.high
    return RatioCheck(found.ratio > allowed and found.low > 1, is_open)


def measure_pairs(
    take: Callable[[], Pair], is_open: Callable[[Estimate], bool], *, pairs: int, most: int
) -> Estimate:
    """Take pairs until what is asked is settled."""
    taken = [take() for _ in range(pairs)]
    found = estimate_ratio(taken)
    while len(taken) < most and is_open(found):
        taken.append(take())
        found = estimate_ratio(taken)
    return found
