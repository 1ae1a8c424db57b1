"""What differs between two versions of a symbol."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.changes import (
    ADDED,
    CHANGED,
    MOVED,
    REMOVED,
    RENAMED,
    SymbolChange,
    SymbolPlace,
)
from detent.query.changes.signatures import compare_signatures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from detent.core.changes import ParameterChange
    from detent.core.model import Symbol
    from detent.query.changes.pairs import PlacedSymbol, SymbolPair

    #: Tells whether the code of two versions is the same, apart from signature and docstring.
    CodeComparison = Callable[[PlacedSymbol, PlacedSymbol], bool]

_ACCESS = frozenset({"property", "cached_property", "classmethod", "staticmethod"})
_OUTER = ("class", "module")
_PARTS_BY_CHANGE = {"default": "defaults", "optional": "defaults", "annotation": "annotations"}


def describe_pair(pair: SymbolPair, has_same_code: CodeComparison) -> SymbolChange | None:
    """Describe how a symbol differs; None if it does not."""
    old, new = pair
    if old is None or new is None:
        return _describe_single(old, new)
    before, after = old.symbol, new.symbol
    parameters = tuple(_compare_headers(before, after))
    parts = list_changed_parts(before, after, parameters)
    is_unclear = parts or after.kind in _OUTER
    if _has_other_body(old, new, has_same_code if is_unclear else None):
        parts = (*parts, "body")
    change = _classify_pair(old, new)
    if change == CHANGED and not parts:
        return None
    breaks = change != CHANGED or any(parameter.breaks for parameter in parameters)
    places = make_place(old), make_place(new)
    return SymbolChange(change, after.kind, *places, parts, parameters, breaks)


def _has_other_body(old: PlacedSymbol, new: PlacedSymbol, compare: CodeComparison | None) -> bool:
    """Tell whether the code differs, by its hash, or by a comparison where there is one.

    The hash covers signature and docstring too, and for a module the space between definitions.
    """
    if _hash_code(old.symbol) == _hash_code(new.symbol):
        return False
    return compare is None or not compare(old, new)


def list_changed_parts(
    old: Symbol, new: Symbol, parameters: Iterable[ParameterChange]
) -> tuple[str, ...]:
    """List which parts of a symbol differ, apart from its body."""
    found = dict.fromkeys(_PARTS_BY_CHANGE.get(item.change, "signature") for item in parameters)
    if _is_overload(old, new) and (old.params, old.returns) != (new.params, new.returns):
        found["signature"] = None
    if old.kind != new.kind or _list_accesses(old) != _list_accesses(new):
        found["kind"] = None
    if old.decorators != new.decorators:
        found["decorators"] = None
    if old.bases != new.bases:
        found["bases"] = None
    if old.docstring_text != new.docstring_text:
        found["docstring"] = None
    return tuple(found)


def make_place(placed: PlacedSymbol) -> SymbolPlace:
    """Say where a symbol is."""
    return SymbolPlace(placed.path, placed.symbol.qualname, placed.symbol.line)


def _compare_headers(old: Symbol, new: Symbol) -> list[ParameterChange]:
    """Compare signatures, but not those of overloads: any of them may stand for any other."""
    is_comparable = old.name and new.name and not _is_overload(old, new)
    return compare_signatures(old, new) if is_comparable else []


def _is_overload(old: Symbol, new: Symbol) -> bool:
    decorators = (*old.decorators, *new.decorators)
    return any(name.rpartition(".")[2] == "overload" for name in decorators)


def _list_accesses(symbol: Symbol) -> set[str]:
    """List the decorators that decide how a method is used."""
    return {name.rpartition(".")[2] for name in symbol.decorators} & _ACCESS


def _hash_code(symbol: Symbol) -> str:
    """Give the hash of what belongs to a symbol: for a function, with what is nested in it."""
    return symbol.own if symbol.kind in _OUTER else symbol.body


def _classify_pair(old: PlacedSymbol, new: PlacedSymbol) -> str:
    if old.path != new.path or old.owner != new.owner:
        return MOVED
    return CHANGED if old.symbol.name == new.symbol.name else RENAMED


def _describe_single(old: PlacedSymbol | None, new: PlacedSymbol | None) -> SymbolChange | None:
    placed = new or old
    if placed is None:
        return None
    before, after = (None if side is None else make_place(side) for side in (old, new))
    change = ADDED if old is None else REMOVED
    return SymbolChange(change, placed.symbol.kind, before, after, (), (), breaks=new is None)
