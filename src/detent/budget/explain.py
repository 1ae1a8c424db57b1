"""What changed the value of a metric."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.budget.metrics import MetricItem

    ItemKey = tuple[str, str, str]


class ItemChange(NamedTuple):
    """A symbol, finding or file that adds something else to a metric than in the base."""

    path: str  # the file in the head
    name: str  # the symbol or group
    code: str  # the code of the finding
    line: int  # in the head, or in the base if it is removed; 0 if it has no place
    before: float | None  # what it adds to the metric; None where it does not exist
    after: float | None

    @property
    def change(self) -> float:
        """How much of the metric's change comes from it."""
        return (self.after or 0.0) - (self.before or 0.0)


def compare_items(
    before: Iterable[MetricItem], after: Iterable[MetricItem], renames: Mapping[str, str]
) -> list[ItemChange]:
    """List the items whose value differs, the greatest increase first."""
    new_paths = {old: new for new, old in renames.items()}
    old_items = _index_items(before, new_paths)
    new_items = _index_items(after, {})
    changes = [
        _compare_item(key, old_items.get(key, []), new_items.get(key, []))
        for key in old_items.keys() | new_items.keys()
    ]
    differing = [item for item in changes if item.before != item.after]
    return sorted(
        differing, key=lambda item: (-item.change, item.path, item.line, item.name, item.code)
    )


def _index_items(
    items: Iterable[MetricItem], new_paths: Mapping[str, str]
) -> Mapping[ItemKey, list[MetricItem]]:
    found = defaultdict(list)
    for item in items:
        found[new_paths.get(item.path, item.path), item.name, item.code].append(item)
    return found


def _compare_item(key: ItemKey, before: list[MetricItem], after: list[MetricItem]) -> ItemChange:
    old, new = (sum(item.value for item in items) if items else None for items in (before, after))
    path, name, code = key
    return ItemChange(path, name, code, (after or before)[0].line, old, new)


def sum_by_file(changes: Iterable[ItemChange]) -> dict[str, float]:
    """Add up the changes in each file."""
    sums: defaultdict[str, float] = defaultdict(float)
    for item in changes:
        sums[item.path] += item.change
    return dict(sorted(sums.items(), key=lambda entry: (-entry[1], entry[0])))
