"""Which symbols all rules judge alike: after most edits, nothing has to be judged again.

It imports no rule, since to load these takes longer than to judge what was edited.
"""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from detent.audit.symbol_tree import Family
    from detent.core.model import Symbol

# A body of no more lines only says that it is not there: see DT202.
_FEW = 2


def alike(olds: Family, news: Family, *, old: int, new: int) -> bool:
    """Tell whether all rules say the same of two symbols with the same docstring.

    Parameters
    ----------
    olds, news : Family
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
    one, other = olds.symbols[old], news.symbols[new]
    if not _same(one, other):
        return False
    if one.kind == "class":
        if one.docstring and "attribute" in one.docstring.text.lower():
            return _whole(olds, old) == _whole(news, new)
        return _inits_are_same(olds, news, old=old, new=new)
    if one.kind != "method":
        return True
    outer, outside = olds.symbols[one.parent], news.symbols[other.parent]
    if one.name == "__init__" and not (
        _same(outer, outside) and _inits_are_same(olds, news, old=one.parent, new=other.parent)
    ):
        return False
    return outer.bases == outside.bases


def _whole(family: Family, number: int) -> list[tuple[str, str]]:
    """Give name and hash of a class and of those beside it that it inherits from."""
    parent, found = family.symbols[number].parent, [number]
    for one in found:
        for base in family.symbols[one].bases:
            beside = family.classes.get((parent, base.partition("[")[0]), ())
            found += [number for number in beside if number not in found]
    return [(family.symbols[one].name, family.symbols[one].body) for one in found]


def _inits_are_same(olds: Family, news: Family, *, old: int, new: int) -> bool:
    was, now = _inits(olds, old), _inits(news, new)
    return (not was and not now) or (len(was) == len(now) == 1 and _same(was[0], now[0]))


def _inits(family: Family, outer: int) -> list[Symbol]:
    inner = [family.symbols[number] for number in family.children.get(outer, ())]
    return [one for one in inner if one.name == "__init__"]


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
