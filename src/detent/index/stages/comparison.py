"""Two builds side by side."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.stages.ledger import find_mismatches

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class BuildComparison(NamedTuple):
    """How two builds differ, apart from time and memory."""

    builds: list[str]  # their names
    counters: dict[str, list[int | None]]  # the counters that differ
    comparable: bool  # whether the input was the same, so that the ordering must be too
    unequal: list[str]  # the artifacts that came out otherwise


def read_counters(audit: Mapping[str, Any]) -> dict[str, int]:
    """Give the counters of a build that depend on nothing but its input."""
    found = audit["highWater"].get("extra")
    return {k: v for k, v in found.items() if isinstance(v, int)} if isinstance(found, dict) else {}


def compare_builds(one: Mapping[str, Any], other: Mapping[str, Any]) -> BuildComparison:
    """Compare two builds."""
    left, right = read_counters(one), read_counters(other)
    first, second = _read_ledger(one), _read_ledger(other)
    comparable = bool(first) and first.get("seeds") == second.get("seeds")
    return BuildComparison(
        builds=[one["buildId"], other["buildId"]],
        counters={
            name: [left.get(name), right.get(name)]
            for name in sorted({*left, *right})
            if left.get(name) != right.get(name)
        },
        comparable=comparable,
        unequal=find_mismatches(first, second) if comparable else [],
    )


def _read_ledger(audit: Mapping[str, Any]) -> dict[str, Any]:
    found = audit.get("orderingLedger")
    return found if isinstance(found, dict) else {}
