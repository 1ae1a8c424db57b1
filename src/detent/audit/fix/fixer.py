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


class Case(NamedTuple):
    """One finding, and what is known of where it stands.

    Attributes
    ----------
    target : Target
        The docstring and what it documents.
    mark : Mark
        What the rule found.
    names : frozenset of str
        Names that the file defines or imports, and that the symbol uses.
    params : mapping of str to Param
        The parameters that the docstring is to name, by name without stars.
    margin, indent : str
        White space that the lines of the docstring begin with, and that its opening quotes have.
    together : tuple of str
        Subjects of all the findings of this code that are being fixed at once.
    """

    target: Target
    mark: Mark
    names: frozenset[str]
    params: Mapping[str, Param]
    margin: str
    indent: str
    together: tuple[str, ...]


Fix = Callable[[Case], Iterable[Edit]]

_fixes: dict[str, Fix] = {}


def fixes(*codes: str) -> Callable[[Fix], Fix]:
    """Register the decorated function as the fix of some rules.

    Parameters
    ----------
    *codes : str
        The codes, such as ``SS03``.

    Returns
    -------
    callable
        A decorator that returns the function as it is.
    """

    def register(fix: Fix) -> Fix:
        _fixes.update(dict.fromkeys(codes, fix))
        return fix

    return register


def registered() -> dict[str, Fix]:
    """Return the fixes registered so far.

    Returns
    -------
    dict of str to callable
        By code.
    """
    return dict(_fixes)
