"""What made a metric another one: items against items."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.budget.metrics import MetricItem


class ItemChange(NamedTuple):
    """A symbol, a finding on it or a file, on the two sides."""

    path: str  # what it is: the file of the head, the symbol or group, the code of the finding
    name: str
    code: str
    line: int  # where it is, in the head if it is there; 0 for no place in particular
    before: float | None  # what it adds to the metric; None where it is not
    after: float | None

    @property
    def change(self) -> float:
        """How much it adds to the difference of the two sides."""
        return (self.after or 0.0) - (self.before or 0.0)


def compare_items(
    before: Iterable[MetricItem], after: Iterable[MetricItem], renames: Mapping[str, str]
) -> list[ItemChange]:
    """List what differs."""
    now = {old: new for new, old in renames.items()}
    sides: list[dict[tuple[str, str, str], list[MetricItem]]] = []
    for items in (before, after):
        found = defaultdict(list)
        for one in items:
            path = one.path if sides else now.get(one.path, one.path)
            found[path, one.name, one.code].append(one)
        sides.append(found)
    keys = sides[0].keys() | sides[1].keys()
    listed = [_compare_item(key, sides[0].get(key, []), sides[1].get(key, [])) for key in keys]
    differing = [one for one in listed if one.before != one.after]
    return sorted(differing, key=lambda one: (-one.change, one.path, one.line, one.name, one.code))


def _compare_item(
    key: tuple[str, str, str], before: list[MetricItem], after: list[MetricItem]
) -> ItemChange:
    old, new = (sum(one.value for one in items) if items else None for items in (before, after))
    return ItemChange(*key, (after or before)[0].line, old, new)


def sum_by_file(found: Iterable[ItemChange]) -> dict[str, float]:
    """Add up what differs in each file."""
    sums: defaultdict[str, float] = defaultdict(float)
    for one in found:
        sums[one.path] += one.change
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
