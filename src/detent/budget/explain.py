"""What made a metric another one: items against items."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.budget.metrics import Item


class Part(NamedTuple):
    """A symbol, a finding on it or a file, on the two sides.

    Attributes
    ----------
    path, name, code : str
        What it is: the file of the head, the symbol or group, the code of the finding.
    line : int
        Where it is, in the head if it is there; 0 for no place in particular.
    before, after : float or None
        What it adds to the metric; None where it is not.
    """

    path: str
    name: str
    code: str
    line: int
    before: float | None
    after: float | None

    @property
    def change(self) -> float:
        """How much it adds to the difference of the two sides."""
        return (self.after or 0.0) - (self.before or 0.0)


def parts(before: Iterable[Item], after: Iterable[Item], renames: Mapping[str, str]) -> list[Part]:
    """List what differs.

    Parameters
    ----------
    before, after : iterable of Item
        Of one metric, on the two sides.
    renames : mapping of str to str
        New path to old path.

    Returns
    -------
    list of Part
        The greatest increase first; what is the same on both sides is left out.
    """
    now = {old: new for new, old in renames.items()}
    sides: list[dict[tuple[str, str, str], list[Item]]] = []
    for items in (before, after):
        found = defaultdict(list)
        for one in items:
            path = one.path if sides else now.get(one.path, one.path)
            found[path, one.name, one.code].append(one)
        sides.append(found)
    keys = sides[0].keys() | sides[1].keys()
    listed = [_part(key, sides[0].get(key, []), sides[1].get(key, [])) for key in keys]
    differing = [one for one in listed if one.before != one.after]
    return sorted(differing, key=lambda one: (-one.change, one.path, one.line, one.name, one.code))


def _part(key: tuple[str, str, str], before: list[Item], after: list[Item]) -> Part:
    old, new = (sum(one.value for one in items) if items else None for items in (before, after))
    return Part(*key, (after or before)[0].line, old, new)


def by_file(found: Iterable[Part]) -> dict[str, float]:
    """Add up what differs in each file.

    Parameters
    ----------
    found : iterable of Part
        What differs.

    Returns
    -------
    dict of str to float
        Change by path, the greatest increase first.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    for one in found:
        sums[one.path] += one.change
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
