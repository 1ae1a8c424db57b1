"""How a symbol differs between two states."""

from __future__ import annotations

from detent.core.namedtuple import NamedTuple

ADDED = "added"
REMOVED = "removed"
MOVED = "moved"
RENAMED = "renamed"
CHANGED = "changed"
#: In the order in which they are listed.
CHANGES = (REMOVED, MOVED, RENAMED, CHANGED, ADDED)


class SymbolPlace(NamedTuple):
    """Where a symbol is.

    Attributes
    ----------
    path : bytes
        The file; empty for a name that means nothing in the repository.
    name : str
        The dotted name inside the module; for public names, with the names of packages and modules.
    line : int
        Where it begins; 0 without a file.
    """

    path: bytes
    name: str
    line: int


class ParameterChange(NamedTuple):
    """One difference between two versions of a signature.

    Attributes
    ----------
    name : str
        Of the parameter; ``return`` for the returned value.
    change : str
        ``removed``, ``required`` (it is new, or has lost its default), ``added`` (with a default),
        ``optional`` (it has a default now), ``default``, ``kind``, ``moved`` or ``annotation``.
    old, new : str
        What differs, as written; empty where there is none.
    breaks : bool
        Whether a call that worked may fail.
    """

    name: str
    change: str
    old: str
    new: str
    breaks: bool


class SymbolChange(NamedTuple):
    """A symbol that differs.

    Attributes
    ----------
    change : str
        ``removed``, ``moved``, ``renamed``, ``changed`` or ``added``.
    kind : str
        As in `Symbol`; ``name`` for a public name that means no symbol of the repository.
    old, new : SymbolPlace or None
        Where it is in the two states; None where it is not.
    parts : tuple of str
        What differs: ``signature``, ``defaults``, ``annotations``, ``kind``, ``decorators``,
        ``bases``, ``docstring``, ``body``.
    parameters : tuple of ParameterChange
        How its parameters differ.
    breaks : bool
        Whether code that uses it may fail.
    """

    change: str
    kind: str
    old: SymbolPlace | None
    new: SymbolPlace | None
    parts: tuple[str, ...]
    parameters: tuple[ParameterChange, ...]
    breaks: bool


class BrokenCall(NamedTuple):
    """A call that may fail after a change.

    Attributes
    ----------
    path : bytes
        The file of the caller.
    line, column : int
        Where the name of what is called begins.
    caller : str
        The code that calls; empty for that of the module.
    callee : str
        What is called, by its name before the change.
    reason : str
        Why it may fail.
    """

    path: bytes
    line: int
    column: int
    caller: str
    callee: str
    reason: str
