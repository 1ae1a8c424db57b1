"""Fixes: the case that they get, the edits that they return, and their registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from detent import TYPE_CHECKING
from detent.audit.fix.edits import Edit
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.audit.rule import Mark, Target
    from detent.core.model import Param


class FixCase(NamedTuple):
    """One finding with its surroundings."""

    target: Target  # the docstring and its symbol
    mark: Mark  # the place of the finding
    names: frozenset[str]  # names that the file defines or imports, and that the symbol uses
    params: Mapping[str, Param]  # parameters that the docstring should name, by name without stars
    margin: str  # white space at the beginning of the docstring's lines
    indent: str  # white space before its opening quotes
    subjects: tuple[str, ...]  # of all findings of this code that are fixed at once


Fix = Callable[[FixCase], Iterable[Edit]]

_fixes: dict[str, Fix] = {}


def register_fix(*codes: str) -> Callable[[Fix], Fix]:
    """Register the decorated function as the fix of some rules."""

    def register(fix: Fix) -> Fix:
        _fixes.update(dict.fromkeys(codes, fix))
        return fix

    return register


def collect_fixes() -> dict[str, Fix]:
    """Return the fixes registered so far."""
    return dict(_fixes)
