"""How the public names of two states differ."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.core.changes import ADDED, CHANGED, MOVED, REMOVED, SymbolChange, SymbolPlace
from detent.query.changes.describe import describe_pair
from detent.query.changes.pairs import SymbolPair

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from detent.query.changes.describe import CodeComparison
    from detent.query.changes.public_names import PublicName, PublicNameFinder

    Names = Mapping[str, PublicName]

#: Parts that users do not see.
_HIDDEN = ("body", "decorators")


def describe_public_changes(
    before: PublicNameFinder, after: PublicNameFinder, has_same_code: CodeComparison
) -> Iterator[SymbolChange]:
    """Describe the public names that are new, gone or moved, and those that mean something else."""
    old, new = before.list_names(), after.list_names()
    gone = _list_outermost(_select_missing(old, new, after), old)
    come = _list_outermost(_select_missing(new, old, before), new)
    moves = _pair_moves(gone, come)
    for source, target in moves:
        yield _describe_names(MOVED, gone.pop(source), come.pop(target))
    yield from (_describe_names(REMOVED, name, None) for name in gone.values())
    yield from (_describe_names(ADDED, None, name) for name in come.values())
    yield from _describe_edits(old, new, has_same_code)


def _select_missing(names: Names, others: Names, finder: PublicNameFinder) -> Names:
    """Select the names that the other side surely lacks."""
    missing = names.keys() - others.keys()
    unclear = {name for name in missing if finder.may_have(name)}
    sure = (name for name in missing - unclear if name.rpartition(".")[0] not in unclear)
    return {name: names[name] for name in sure}


def _list_outermost(names: Names, side: Names) -> dict[str, PublicName]:
    """Leave out what is in a module or class that is listed itself, and what is inherited."""
    return {
        name: found
        for name, found in sorted(names.items())
        if name.rpartition(".")[0] not in names
        and not (found.is_inherited and name.rpartition(".")[0] in side)
    }


def _pair_moves(gone: Names, come: Names) -> list[tuple[str, str]]:
    """Pair public names that are gone with those where the same definition is now."""
    waiting: dict[Hashable, list[str]] = defaultdict(list)
    for name, found in come.items():
        waiting[_make_key(found)].append(name)
    moves = []
    for name, found in gone.items():
        key = _make_key(found)
        if key is not None and waiting[key]:
            moves.append((name, waiting[key].pop(0)))
    return moves


def _make_key(found: PublicName) -> Hashable:
    if found.placed is None or found.placed.symbol.kind == "module":
        return None
    symbol = found.placed.symbol
    return symbol.kind, symbol.name, symbol.body


def _describe_names(change: str, old: PublicName | None, new: PublicName | None) -> SymbolChange:
    found = new or old
    assert found is not None
    kind = "name" if found.placed is None else found.placed.symbol.kind
    before, after = (None if side is None else _make_place(side) for side in (old, new))
    return SymbolChange(change, kind, before, after, (), (), breaks=change != ADDED)


def _make_place(found: PublicName) -> SymbolPlace:
    if found.placed is None:
        return SymbolPlace(b"", found.name, 0)
    return SymbolPlace(found.placed.path, found.name, found.placed.symbol.line)


def _describe_edits(
    old: Names, new: Names, has_same_code: CodeComparison
) -> Iterator[SymbolChange]:
    """Describe the definitions that differ, each once: under its shortest name."""
    seen = set()
    for name in sorted(old.keys() & new.keys(), key=lambda name: (name.count("."), name)):
        before, after = old[name], new[name]
        is_inherited = before.is_inherited and after.is_inherited
        if before.placed is None or after.placed is None or is_inherited:
            continue
        place = after.placed.path, after.placed.symbol.qualname
        if place in seen:
            continue
        seen.add(place)
        change = describe_pair(SymbolPair(before.placed, after.placed), has_same_code)
        if change and (shown := _hide_internals(change)).parts:
            yield shown._replace(old=_make_place(before), new=_make_place(after))


def _hide_internals(change: SymbolChange) -> SymbolChange:
    """Leave out what users do not see: where something is defined, and how it works."""
    parts = tuple(part for part in change.parts if part not in _HIDDEN)
    breaks = "kind" in parts or any(parameter.breaks for parameter in change.parameters)
    return change._replace(change=CHANGED, parts=parts, breaks=breaks)
