"""Two builds side by side."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


class BuildComparison(NamedTuple):
    """How two builds differ, apart from time and memory.

    Attributes
    ----------
    builds : list of str
        Their names.
    counters : dict of str to list of int or None
        The counters that differ.
    comparable : bool
        Whether the input was the same, so that the result must be too.
    unequal : list of str
        The artifacts that differ though the input was the same.
    """

    builds: list[str]
    counters: dict[str, list[int | None]]
    comparable: bool
    unequal: list[str]


def read_counters(record: Mapping[str, Any]) -> dict[str, int]:
    """Read the counters of a build that depend on nothing but its input."""
    extra = _read_object(record["highWater"].get("extra"))
    return {name: value for name, value in extra.items() if isinstance(value, int)}


def compare_records(first: Mapping[str, Any], second: Mapping[str, Any]) -> BuildComparison:
    """Compare the records of two builds."""
    left, right = read_counters(first), read_counters(second)
    comparable = has_same_input(first, second)
    return BuildComparison(
        builds=[first["buildId"], second["buildId"]],
        counters={
            name: [left.get(name), right.get(name)]
            for name in sorted({*left, *right})
            if left.get(name) != right.get(name)
        },
        comparable=comparable,
        unequal=find_mismatches(first, second) if comparable else [],
    )


def has_same_input(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Tell whether two builds began with the same paths and blobs, and read all of them."""
    seeds = _read_object(first.get("orderingLedger")).get("seeds")
    return bool(seeds) and seeds == _read_object(second.get("orderingLedger")).get("seeds")


def find_mismatches(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Name the artifacts in which two builds of the same input differ."""
    left, right = (dict(_list_artifacts(record)) for record in (first, second))
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def _list_artifacts(record: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    ledger = _read_object(record.get("orderingLedger"))
    for stage, made in _read_object(ledger.get("stages")).items():
        for name, artifact in _read_object(_read_object(made).get("artifacts")).items():
            yield f"{stage} {name}", artifact


def _read_object(value: object) -> dict[str, Any]:
    """Read an object of JSON; anything else, in a file that was edited, has no members."""
    return value if isinstance(value, dict) else {}
