"""Which symbols all rules judge alike: after most edits, nothing has to be judged again.

It imports no rule, since to load these takes longer than to judge what was edited.
"""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from detent.audit.symbol_tree import SymbolTree
    from detent.core.model import Symbol

# A body of no more lines only says that it is not there: see DT202.
_STUB_LINES = 2


def is_reusable(olds: SymbolTree, news: SymbolTree, *, old: int, new: int) -> bool:
    """Tell whether all rules say the same of two symbols with the same docstring.

    Notes
    -----
    That the docstrings are written alike is not looked at: what comes from a store has no sources.
    """
    one, other = olds.symbols[old], news.symbols[new]
    if not _is_same_symbol(one, other):
        return False
    if one.kind == "class":
        if one.docstring and "attribute" in one.docstring.text.lower():
            return _list_class_hashes(olds, old) == _list_class_hashes(news, new)
        return _has_same_init(olds, news, old=old, new=new)
    if one.kind != "method":
        return True
    outer, outside = olds.symbols[one.parent], news.symbols[other.parent]
    if one.name == "__init__" and not (
        _is_same_symbol(outer, outside)
        and _has_same_init(olds, news, old=one.parent, new=other.parent)
    ):
        return False
    return outer.bases == outside.bases


def _list_class_hashes(family: SymbolTree, number: int) -> list[tuple[str, str]]:
    """Give name and hash of a class and of those beside it that it inherits from."""
    parent, found = family.symbols[number].parent, [number]
    for one in found:
        for base in family.symbols[one].bases:
            beside = family.classes.get((parent, base.partition("[")[0]), ())
            found += [number for number in beside if number not in found]
    return [(family.symbols[one].name, family.symbols[one].body) for one in found]


def _has_same_init(olds: SymbolTree, news: SymbolTree, *, old: int, new: int) -> bool:
    was, now = _list_inits(olds, old), _list_inits(news, new)
    return (not was and not now) or (len(was) == len(now) == 1 and _is_same_symbol(was[0], now[0]))


def _list_inits(family: SymbolTree, outer: int) -> list[Symbol]:
    inner = [family.symbols[number] for number in family.children.get(outer, ())]
    return [one for one in inner if one.name == "__init__"]


def _is_same_symbol(one: Symbol, other: Symbol) -> bool:
    source = other.docstring.source if other.docstring else ""
    return (
        not (one.directives or other.directives)
        # Kind, names and visibility; decorators, signature, flags, raises and ignores.
        and one[1:5] == other[1:5]
        and one[8:16] == other[8:16]
        and _read_docstring_text(one) == _read_docstring_text(other)
        and _measure_layout(one, source) == _measure_layout(other, source)
    )


def _read_docstring_text(symbol: Symbol) -> str | None:
    return symbol.docstring.text if symbol.docstring else None


def _measure_layout(symbol: Symbol, source: str) -> tuple[int, int, int]:
    """Give the columns, and the lines behind the docstring as far as they are counted."""
    doc = symbol.docstring
    lines = symbol.end_line - doc.line - source.count("\n") if doc else 0
    return symbol.column, doc.column if doc else 0, min(lines, _STUB_LINES)


def count_shifted_lines(old: Symbol, new: Symbol) -> int:
    """Count the lines by which what is said of a symbol has moved."""
    if old.docstring and new.docstring and new.docstring.text:
        return new.docstring.line - old.docstring.line
    return new.line - old.line
