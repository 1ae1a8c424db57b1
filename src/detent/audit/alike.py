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
        A class and its ``__init__`` are judged together, and a class that documents attributes
        with all that is nested in it and in its bases; what has comments that ask to ignore
        something is never alike.

    Notes
    -----
    That the docstrings are written alike is not looked at: what comes from a store has no sources.
    """
    one, other = olds[old], news[new]
    if not _same(one, other):
        return False
    if one.kind == "class":
        if one.docstring and "attribute" in one.docstring.text.lower():
            return _are_whole(_family(olds, old), _family(news, new))
        return _inits_are_same(olds, news, old=old, new=new)
    if one.kind != "method":
        return True
    outer, outside = olds[one.parent], news[other.parent]
    if one.name == "__init__" and not (
        _same(outer, outside) and _inits_are_same(olds, news, old=one.parent, new=other.parent)
    ):
        return False
    return outer.bases == outside.bases


def _family(symbols: Sequence[Symbol], number: int) -> list[Symbol]:
    """List a class and those beside it that it inherits from."""
    beside: dict[str, list[Symbol]] = {}
    for one in symbols:
        if one.parent == symbols[number].parent and one.kind == "class":
            beside.setdefault(one.name, []).append(one)
    found = [symbols[number]]
    for one in found:
        names = [base.partition("[")[0] for base in one.bases]
        found += [base for name in names for base in beside.get(name, ()) if base not in found]
    return found


def _are_whole(olds: list[Symbol], news: list[Symbol]) -> bool:
    """Whether nothing in some definitions has changed."""
    return [(one.name, one.body) for one in olds] == [(one.name, one.body) for one in news]


def _inits_are_same(olds: Sequence[Symbol], news: Sequence[Symbol], *, old: int, new: int) -> bool:
    was, now = _inits(olds, old), _inits(news, new)
    return (not was and not now) or (len(was) == len(now) == 1 and _same(was[0], now[0]))


def _inits(symbols: Sequence[Symbol], outer: int) -> list[Symbol]:
    return [one for one in symbols if one.parent == outer and one.name == "__init__"]


def _same(one: Symbol, other: Symbol) -> bool:
    source = other.docstring.source if other.docstring else ""
    return (
        not (one.directives or other.directives)
        # Kind, names and visibility; decorators, signature, flags, raises and ignores.
        and one[1:5] == other[1:5]
        and one[8:16] == other[8:16]
        and _text(one) == _text(other)
        and _room(one, source) == _room(other, source)
    )


def _text(symbol: Symbol) -> str | None:
    return symbol.docstring.text if symbol.docstring else None


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
