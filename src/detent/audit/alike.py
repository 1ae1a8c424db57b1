"""Which symbols all rules judge alike: after most edits, nothing has to be judged again.

It imports no rule, since to load these takes longer than to judge what was edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.model import Symbol

# A body of no more lines only says that it is not there: see DT202.
_FEW = 2


def alike(olds: Sequence[Symbol], news: Sequence[Symbol], *, old: int, new: int) -> bool:
    """Tell whether all rules say the same of two symbols with the same docstring.

    Parameters
    ----------
    olds, news : sequence of Symbol
        All symbols of each file.
    old, new : int
        The one of each.

    Returns
    -------
    bool
        Never of a class or an ``__init__``, which are judged together, nor of what has comments
        that ask to ignore something.

    Notes
    -----
    That the docstrings are written alike is not looked at: what comes from a store has no sources.
    """
    one, other = olds[old], news[new]
    source = other.docstring.source if other.docstring else ""
    return (
        one.kind != "class"
        and one.name != "__init__"
        and not (one.directives or other.directives)
        # Kind, names and visibility; decorators, signature, flags, raises and ignores.
        and one[1:5] == other[1:5]
        and one[8:16] == other[8:16]
        and _room(one, source) == _room(other, source)
        and (one.kind != "method" or olds[one.parent].bases == news[other.parent].bases)
    )


def _room(symbol: Symbol, source: str) -> tuple[int, int, int]:
    """Give the columns, and the lines behind the docstring as far as they are counted."""
    doc = symbol.docstring
    lines = symbol.end_line - doc.line - source.count("\n") if doc else 0
    return symbol.column, doc.column if doc else 0, min(lines, _FEW)


def lines_between(old: Symbol, new: Symbol) -> int:
    """Count the lines by which what is said of a symbol has moved.

    Parameters
    ----------
    old, new : Symbol
        The symbol before and after an edit.

    Returns
    -------
    int
        As far as the docstring has moved, or the definition where it has none.
    """
    if old.docstring and new.docstring and new.docstring.text:
        return new.docstring.line - old.docstring.line
    return new.line - old.line
