"""Symbols by name, or all symbols of files."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.api.paths import make_path_filter
from detent.core.namedtuple import NamedTuple
from detent.index.names import find_named_symbols
from detent.index.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from detent.core.model import Symbol
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.snapshot import Snapshot
    from detent.index.views import View

_WILDCARDS = frozenset("*?[")


class LocatedSymbol(NamedTuple):
    """A symbol and the file that it is in.

    Attributes
    ----------
    path : bytes
        The file, from the root of the work tree.
    symbol : Symbol
        The symbol.
    """

    path: bytes
    symbol: Symbol


class SymbolList(NamedTuple):
    """Symbols of a view, and how fresh the answer is.

    Attributes
    ----------
    view : str
        What was asked: ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree of git that the view is based on.
    different : int
        Number of files where the view differs from that tree.
    symbols : list of LocatedSymbol
        The symbols, by path and line.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    suggestion : str
        A similar name, if there is no symbol of the name that was asked for.
    counts : dict of (bytes, str) to (int, int), or None
        By path and dotted name, how many definitions call the symbol, and how many it calls; None
        where they were not asked for.
    """

    view: str
    tree: str
    different: int
    symbols: list[LocatedSymbol]
    failures: dict[bytes, str]
    suggestion: str = ""
    counts: Mapping[tuple[bytes, str], tuple[int, int]] | None = None

    def keep_public(self) -> SymbolList:
        """Leave out private symbols.

        Returns
        -------
        SymbolList
            The same answer with fewer symbols.
        """
        public = [found for found in self.symbols if found.symbol.visibility == "public"]
        return self._replace(symbols=public)


def list_symbols(
    index: Index,
    view: View,
    *,
    name: str,
    named: Collection[bytes],
    progress: Progress | None = None,
) -> SymbolList:
    """List the symbols of a view that match a name, or all of them if there is none."""
    is_chosen = make_path_filter(view.repo, named)
    if quick := find_by_whole_name(index, view, name):
        different, symbols, failures = quick
        return SymbolList(
            view.name,
            view.tree,
            different,
            [located for located in symbols if is_chosen(located.path)],
            {path: why for path, why in failures.items() if is_chosen(path)},
        )
    now = take_snapshot(index, view, progress=progress).restrict_to(is_chosen)
    found = find_by_name(now, name) if name else list(_list_all(now))
    suggestion = "" if found or not name else suggest_name(now, name)
    return SymbolList(view.name, view.tree, now.different, found, dict(now.failures), suggestion)


def find_by_whole_name(
    index: Index, view: View, name: str
) -> tuple[int, list[LocatedSymbol], dict[bytes, str]] | None:
    """Find symbols by a name without wildcards, where the index can and there are any."""
    last = name.rpartition(".")[2]
    if not last or not _WILDCARDS.isdisjoint(last):
        return None
    named = find_named_symbols(index, view, last)
    found = _select_named(named.symbols, name) if named else []
    return (named.different, found, named.failures) if named and found else None


def find_by_name(now: Snapshot, name: str) -> list[LocatedSymbol]:
    """Find symbols by a name, the end of a dotted name, or a pattern."""
    return _select_named(now.find_symbols(name.rpartition(".")[2]), name)


def _select_named(symbols: Iterable[tuple[bytes, Symbol]], name: str) -> list[LocatedSymbol]:
    """Select the symbols whose dotted name ends as asked."""
    found = [
        LocatedSymbol(path, symbol)
        for path, symbol in symbols
        if symbol.name and fnmatchcase(f".{_name_module(path)}.{symbol.qualname}", f"*.{name}")
    ]
    return sorted(found, key=lambda located: (located.path, located.symbol.line))


def _name_module(path: bytes) -> str:
    """Give the dotted name of a file, from the root of the work tree."""
    stem, _, _ = path.decode("utf-8", "replace").rpartition(".")
    return stem.removesuffix("/__init__").replace("/", ".")


def suggest_name(now: Snapshot, name: str) -> str:
    """Find the most similar name; where the last part exists, the place where it does."""
    last = name.rpartition(".")[2]
    names = {
        symbol.name: f"{_name_module(path)}.{symbol.qualname}"
        for path, symbol in now.find_symbols("*")
        if symbol.name
    }
    if last in names:
        return names[last]
    from difflib import get_close_matches

    near = get_close_matches(last, names, 1)
    return names[near[0]] if near and "." in name else "".join(near)


def _list_all(now: Snapshot) -> Iterator[LocatedSymbol]:
    for path, facts in sorted(now.load_files(full=True), key=lambda file: file[0]):
        for symbol in facts.symbols[1:]:  # the first one is the module
            yield LocatedSymbol(path, symbol)
