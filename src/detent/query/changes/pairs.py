"""Which symbol of one state is which of another: by name, else by content."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from detent.core.model import FileFacts, Symbol

    Files = Iterable[tuple[bytes, FileFacts]]

#: A definition with fewer lines is too common to be recognised under another name.
_LEAST_LINES = 3


class PlacedSymbol(NamedTuple):
    """A symbol, its file, and the symbol around it."""

    path: bytes
    symbol: Symbol
    owner: str  # the qualified name of the class or module around it


class SymbolPair(NamedTuple):
    """A symbol in two states; one of them is None if it was added or removed."""

    old: PlacedSymbol | None
    new: PlacedSymbol | None


def list_placed(files: Files) -> Iterator[PlacedSymbol]:
    """List the symbols of files, without what is defined inside a function."""
    for path, facts in files:
        for symbol in facts.symbols:
            if symbol.visibility != "nested":
                owner = facts.symbols[symbol.parent].qualname if symbol.parent > 0 else ""
                yield PlacedSymbol(path, symbol, owner)


def pair_symbols(old: Files, new: Files, renames: Mapping[bytes, bytes]) -> list[SymbolPair]:
    """Pair the symbols of two states; `renames` has the old path of each renamed file.

    Symbols of the same name in the same file are the same one. For the others, a class is looked
    for before its methods, so that these follow it.
    """
    matcher = _Matcher(renames)
    gone, arrived = list(list_placed(old)), list(list_placed(new))
    deepest = max((_count_dots(placed) for placed in (*gone, *arrived)), default=0)
    for depth in range(deepest + 1):
        matcher.match_level(
            [placed for placed in gone if _count_dots(placed) == depth],
            [placed for placed in arrived if _count_dots(placed) == depth],
        )
    return matcher.finish()


def _count_dots(placed: PlacedSymbol) -> int:
    return placed.symbol.qualname.count(".")


class _Matcher:
    """Pairs symbols, those on the outside first."""

    def __init__(self, renames: Mapping[bytes, bytes]) -> None:
        self._new_paths = {old: new for new, old in renames.items()}
        self._owners: dict[tuple[bytes, str], tuple[bytes, str]] = {}  # old class to new class
        self._pairs: list[SymbolPair] = []
        self._gone: list[PlacedSymbol] = []
        self._arrived: list[PlacedSymbol] = []

    def match_level(self, gone: list[PlacedSymbol], arrived: list[PlacedSymbol]) -> None:
        """Pair the symbols of one depth: by name, then by what they contain."""
        # Of several definitions with one name, first those that are the same.
        gone, arrived = self._match(
            gone,
            arrived,
            lambda placed: (self._name_old_place(placed), placed.symbol.body),
            now=lambda placed: (_name_new_place(placed), placed.symbol.body),
        )
        gone, arrived = self._match(gone, arrived, self._name_old_place, now=_name_new_place)
        for make_key in (_make_body_key, _make_docstring_key):
            gone, arrived = self._match(gone, arrived, make_key)
        for make_key in (_make_renamed_key, _make_moved_key):
            gone, arrived = self._match_unique(gone, arrived, make_key)
        self._gone += gone
        self._arrived += arrived

    def finish(self) -> list[SymbolPair]:
        """Pair what has moved into a class or out of one, and give all pairs."""
        gone, arrived = self._match_unique(self._gone, self._arrived, _make_body_key)
        lost = [SymbolPair(placed, None) for placed in _list_outermost(gone)]
        return [*self._pairs, *lost, *(SymbolPair(None, x) for x in _list_outermost(arrived))]

    def _name_old_place(self, placed: PlacedSymbol) -> Hashable:
        """Name the place where a symbol would be now."""
        path, owner = self._owners.get(
            (placed.path, placed.owner),
            (self._new_paths.get(placed.path, placed.path), placed.owner),
        )
        return path, owner, placed.symbol.name

    def _match(
        self,
        gone: list[PlacedSymbol],
        arrived: list[PlacedSymbol],
        make_key: Callable[[PlacedSymbol], Hashable],
        *,
        now: Callable[[PlacedSymbol], Hashable] | None = None,
    ) -> tuple[list[PlacedSymbol], list[PlacedSymbol]]:
        """Pair symbols with equal keys in their order, and give the rest; None equals no key.

        With `now`, new symbols have a key of their own.
        """
        waiting: dict[Hashable, list[PlacedSymbol]] = defaultdict(list)
        for placed in gone:
            waiting[make_key(placed)].append(placed)
        left, kept = waiting.pop(None, []), []
        for queue in waiting.values():
            queue.reverse()
        for placed in arrived:
            queue = waiting.get((now or make_key)(placed), [])
            if queue:
                self._add_pair(queue.pop(), placed)
            else:
                kept.append(placed)
        for queue in waiting.values():
            left += reversed(queue)
        return left, kept

    def _match_unique(
        self,
        gone: list[PlacedSymbol],
        arrived: list[PlacedSymbol],
        make_key: Callable[[PlacedSymbol], Hashable],
    ) -> tuple[list[PlacedSymbol], list[PlacedSymbol]]:
        """Pair symbols whose keys occur once on each side."""
        counts = [Counter(map(make_key, side)) for side in (gone, arrived)]

        def select(placed: PlacedSymbol) -> Hashable:
            key = make_key(placed)
            return key if counts[0][key] == counts[1][key] == 1 else None

        return self._match(gone, arrived, select)

    def _add_pair(self, old: PlacedSymbol, new: PlacedSymbol) -> None:
        self._pairs.append(SymbolPair(old, new))
        place = old.path, old.symbol.qualname
        if old.symbol.kind != "function":
            self._owners[place] = new.path, new.symbol.qualname


def _name_new_place(placed: PlacedSymbol) -> Hashable:
    return placed.path, placed.owner, placed.symbol.name


def _make_body_key(placed: PlacedSymbol) -> Hashable:
    """Recognise the same definition somewhere else."""
    symbol = placed.symbol
    return (symbol.kind, symbol.name, symbol.body) if symbol.name else None


def _make_docstring_key(placed: PlacedSymbol) -> Hashable:
    """Recognise a definition of the same name by its docstring."""
    symbol = placed.symbol
    return (symbol.name, symbol.docstring_text) if symbol.name and symbol.docstring_text else None


def _make_renamed_key(placed: PlacedSymbol) -> Hashable:
    """Recognise the same definition under another name in the same place."""
    return (placed.path, placed.owner, key) if (key := _make_moved_key(placed)) else None


def _make_moved_key(placed: PlacedSymbol) -> Hashable:
    """Recognise the same definition under another name."""
    symbol = placed.symbol
    return symbol.body if symbol.name and symbol.shape.lines >= _LEAST_LINES else None


def _list_outermost(placed: list[PlacedSymbol]) -> list[PlacedSymbol]:
    """Leave out what is in a class that is listed itself."""
    listed = {(x.path, x.symbol.qualname) for x in placed if x.symbol.name}
    kept = [x for x in placed if (x.path, x.owner) not in listed]
    return sorted(kept, key=attrgetter("path", "symbol.line"))
