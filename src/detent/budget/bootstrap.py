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
_SURE = 0.95


class Estimate(NamedTuple):
    """What pairs say of the two sides.

    Attributes
    ----------
    base, head : float
        The median of each side.
    ratio : float
        The median of head to base, pair by pair.
    low, high : float
        Bounds of the ratio, each of which holds in 95 of 100 cases (bootstrap).
    pairs : int
        How many there are.
    """

    base: float
    head: float
    ratio: float
    low: float
    high: float
    pairs: int


def estimate(pairs: Sequence[Pair]) -> Estimate:
    """Compare two sides.

    Parameters
    ----------
    pairs : sequence of (float, float)
        Base and head, both above 0; one pair at least.

    Returns
    -------
    Estimate
        The same for the same pairs.
    """
    ratios = [head / base for base, head in pairs]
    chance = Random(0)  # noqa: S311
    drawn = sorted(median(chance.choices(ratios, k=len(ratios))) for _ in range(_DRAWS))
    return Estimate(
        base=median(base for base, _ in pairs),
        head=median(head for _, head in pairs),
        ratio=median(ratios),
        low=drawn[round((1 - _SURE) * (_DRAWS - 1))],
        high=drawn[round(_SURE * (_DRAWS - 1))],
        pairs=len(pairs),
    )


class Verdict(NamedTuple):
    """What is known of a limit.

    Attributes
    ----------
    exceeded : bool
        Whether the ratio is above what is allowed, and the head slower for sure.
    open : bool
        Whether more pairs may say otherwise.
    """

    exceeded: bool
    open: bool


def verdict(found: Estimate, allowed: float) -> Verdict:
    """Hold a limit against an estimate.

    Parameters
    ----------
    found : Estimate
        Of some pairs.
    allowed : float
        The ratio that is allowed, 1 or more.

    Returns
    -------
    Verdict
        Settled where a bound of the ratio and the ratio are on one side of what is allowed. Where
        they never are, it is the ratio that decides, if the head is slower for sure.
    """
    is_open = found.low <= allowed < found.high
    return Verdict(found.ratio > allowed and found.low > 1, is_open)


def measured(
    take: Callable[[], Pair], is_open: Callable[[Estimate], bool], *, pairs: int, most: int
) -> Estimate:
    """Take pairs until what is asked is settled.

    Parameters
    ----------
    take : callable
        Takes a pair.
    is_open : callable
        Says whether more pairs may say otherwise.
    pairs, most : int
        How many to take at first, and at most.

    Returns
    -------
    Estimate
        Of all pairs.
    """
    taken = [take() for _ in range(pairs)]
    found = estimate(taken)
    while len(taken) < most and is_open(found):
        taken.append(take())
        found = estimate(taken)
    return found
