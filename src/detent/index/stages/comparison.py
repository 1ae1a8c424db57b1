"""Two builds side by side."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.stages.ledger import mismatches

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Comparison(NamedTuple):
    """How two builds differ, apart from time and memory.

    Attributes
    ----------
    builds : list of str
        Their names.
    counters : dict of str to list
        The counters that differ: what the one has and what the other has, None for nothing.
    comparable : bool
        Whether the input was the same, so that the ordering must be too.
    unequal : list of str
        The artifacts that came out otherwise.
    """

    builds: list[str]
    counters: dict[str, list[int | None]]
    comparable: bool
    unequal: list[str]


def counters(audit: Mapping[str, Any]) -> dict[str, int]:
    """Give the counters of a build that depend on nothing but its input.

    Parameters
    ----------
    audit : mapping of str
        As it is written.

    Returns
    -------
    dict of str to int
        What was counted in all.
    """
    found = audit["highWater"].get("extra")
    return {k: v for k, v in found.items() if isinstance(v, int)} if isinstance(found, dict) else {}


def compared(one: Mapping[str, Any], other: Mapping[str, Any]) -> Comparison:
    """Compare two builds.

    Parameters
    ----------
    one, other : mapping of str
        Audits as they are written.

    Returns
    -------
    Comparison
        Of counters and ledgers.
    """
    left, right = counters(one), counters(other)
    first, second = _ledger(one), _ledger(other)
    comparable = bool(first) and first.get("seeds") == second.get("seeds")
    return Comparison(
        builds=[one["buildId"], other["buildId"]],
        counters={
            name: [left.get(name), right.get(name)]
            for name in sorted({*left, *right})
            if left.get(name) != right.get(name)
        },
        comparable=comparable,
        unequal=mismatches(first, second) if comparable else [],
    )


def _ledger(audit: Mapping[str, Any]) -> dict[str, Any]:
    found = audit.get("orderingLedger")
    return found if isinstance(found, dict) else {}
