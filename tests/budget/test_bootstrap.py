from __future__ import annotations

from itertools import product
from random import Random
from statistics import median
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.budget.bootstrap import check_ratio, estimate_ratio, measure_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.budget.bootstrap import Estimate, Pair

ALLOWED = 1.03


def noisy(seed: int, slower: float, spread: float) -> Iterator[Pair]:
    """Make runs that are never quicker than they can be, and now and then much slower."""
    chance = Random(seed)

    def run(seconds: float) -> float:
        late = chance.expovariate(2) if chance.random() < 0.05 else 0.0
        return seconds * (1 + abs(chance.gauss(0, spread)) + late)

    while True:
        yield run(0.2), run(0.2 * slower)


def checked(seed: int, slower: float, spread: float) -> tuple[bool, Estimate]:
    runs = noisy(seed, slower, spread)
    found = measure_pairs(
        lambda: next(runs), lambda one: check_ratio(one, ALLOWED).is_undecided, pairs=10, most=20
    )
    return check_ratio(found, ALLOWED).is_exceeded, found


@pytest.mark.parametrize("spread", [0.005, 0.02, 0.03])
def test_the_same_code_raises_no_alarm_and_five_per_cent_more_is_caught(spread: float) -> None:
    same = [checked(seed, 1.0, spread) for seed in range(50)]
    more = [checked(seed, 1.05, spread) for seed in range(50)]
    assert sum(exceeded for exceeded, _ in same) == 0
    assert sum(exceeded for exceeded, _ in more) >= 45
    assert {found.pairs for _, found in same + more} <= set(range(10, 21))
    # Most are settled at once, unless the machine is busy.
    assert median(found.pairs for _, found in same) == 10


def test_more_pairs_are_taken_only_while_it_is_open() -> None:
    taken = 0

    def take() -> Pair:
        nonlocal taken
        taken += 1
        return 1.0, 1.0

    assert (
        measure_pairs(take, lambda found: found.pairs < 13, pairs=10, most=20).pairs == taken == 13
    )
    taken = 0
    assert measure_pairs(take, lambda _: True, pairs=3, most=7).pairs == taken == 7
    taken = 0
    assert measure_pairs(take, lambda _: True, pairs=5, most=5).pairs == taken == 5


@pytest.mark.parametrize(
    "ratios", [[1.0, 1.1, 1.2, 1.5], [0.9, 1.0, 1.04, 1.05, 1.3], [1.02] * 4, [0.5, 2.0], [1.1]]
)
def test_the_bounds_are_those_of_all_draws(ratios: list[float]) -> None:
    """A draw of n out of n has n**n outcomes: for a few pairs all of them can be counted."""
    found = estimate_ratio([(2.0, 2.0 * ratio) for ratio in ratios])
    every = sorted(median(draw) for draw in product(ratios, repeat=len(ratios)))
    for bound, share in ((found.low, 0.05), (found.high, 0.95)):
        near = (every[round((share + off) * (len(every) - 1))] for off in (-0.03, 0.03))
        below, above = near
        assert below - 1e-9 <= bound <= above + 1e-9


RUNS = st.lists(st.tuples(st.floats(0.001, 100), st.floats(0.001, 100)), min_size=1, max_size=12)


@given(RUNS)
def test_an_estimate_lies_between_its_bounds_and_is_the_same_again(pairs: list[Pair]) -> None:
    found = estimate_ratio(pairs)
    assert found == estimate_ratio(pairs)
    assert found.low <= found.ratio <= found.high
    ratios = sorted(head / base for base, head in pairs)
    assert ratios[0] <= found.low
    assert found.high <= ratios[-1]
    assert found.ratio == median(ratios)


@given(RUNS, st.sampled_from([0.25, 2.0, 8.0]))
def test_a_quicker_machine_changes_nothing(pairs: list[Pair], factor: float) -> None:
    found = estimate_ratio(pairs)
    again = estimate_ratio([(base * factor, head * factor) for base, head in pairs])
    assert again[2:] == found[2:]


@given(RUNS, st.floats(1, 3))
def test_a_verdict_needs_both_the_limit_and_certainty(pairs: list[Pair], allowed: float) -> None:
    found = estimate_ratio(pairs)
    checked_ratio = check_ratio(found, allowed)
    assert checked_ratio.is_exceeded == (found.ratio > allowed and found.low > 1)
    if not checked_ratio.is_undecided:  # then the bounds and the ratio are on one side
        assert (found.low > allowed) == (found.ratio > allowed) == (found.high > allowed)
