"""What a fix is, what it is given, and what it gives back."""

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
    """One finding, and what is known of where it stands."""

    target: Target  # the docstring and what it documents
    mark: Mark  # what the rule found
    names: frozenset[str]  # names that the file defines or imports, and that the symbol uses
    # the parameters that the docstring is to name, by name without stars
    params: Mapping[str, Param]
    # white space that the lines of the docstring begin with, and that its opening quotes have
    margin: str
    indent: str
    # subjects of all the findings of this code that are being fixed at once
    together: tuple[str, ...]


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
