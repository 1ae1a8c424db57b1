"""The calls that a change breaks: of functions that take other parameters now, or are gone."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.changes import BrokenCall
from detent.index.references import ReferenceSource
from detent.index.snapshot import take_snapshot
from detent.index.views import View
from detent.query.changes.arguments import find_misfit, read_arguments
from detent.query.changes.pairs import pair_symbols
from detent.query.changes.signatures import compare_signatures
from detent.query.relations.edges import EdgeFinder
from detent.query.relations.incoming import IncomingFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.core.model import Symbol
    from detent.core.references import Expression
    from detent.index.diff import ViewDiff
    from detent.index.handle import Index
    from detent.query.changes.arguments import Passed
    from detent.query.changes.pairs import PlacedSymbol, SymbolPair
    from detent.query.relations.edges import ScopeEdge

_FUNCTIONS = ("function", "method")
_KINDS = (*_FUNCTIONS, "class")


def find_broken_calls(index: Index, view: View, diff: ViewDiff) -> list[BrokenCall]:
    """Find the calls in a view that a change breaks; `diff` must have full facts."""
    if not diff.trees:
        return []
    pairs = pair_symbols(diff.bases[0], diff.head, diff.renames)
    changed = list(filter(_has_broken_signature, pairs))
    gone = [pair.old for pair in pairs if pair.old and _is_gone(pair)]
    if not (changed or gone):
        return []  # no reference is needed
    now = _CallFinder(index, view)
    found = {call for pair in changed for call in _check_signature(now, pair)}
    if gone:
        before = _CallFinder(index, View(view.repo, diff.trees[0]))
        found |= _check_absences(before, now, gone)
    return sorted(found)


def _is_gone(pair: SymbolPair) -> bool:
    """Tell whether a symbol is not where it was; only then its callers must find it elsewhere."""
    old, new = pair
    if old is None or old.symbol.kind not in _KINDS:
        return False
    return new is None or (old.path, old.symbol.qualname) != (new.path, new.symbol.qualname)


def _has_broken_signature(pair: SymbolPair) -> bool:
    old, new = pair
    if old is None or new is None or new.symbol.kind not in _FUNCTIONS:
        return False
    return any(change.breaks for change in compare_signatures(old.symbol, new.symbol))


def _check_signature(now: _CallFinder, pair: SymbolPair) -> Iterator[BrokenCall]:
    """Check the calls of a function whose parameters have changed."""
    old, new = pair
    if old is None or new is None:
        return
    for edge, passed in now.find_calls(new):
        reason = find_misfit(new.symbol, passed)
        # What did not fit before is not broken by this change.
        if reason and not find_misfit(old.symbol, passed):
            yield now.describe(edge, old.symbol, reason)


def _check_absences(
    before: _CallFinder, now: _CallFinder, gone: list[PlacedSymbol]
) -> set[BrokenCall]:
    """Check the calls of what is gone, in files that are as they were."""
    return {
        now.describe(edge, placed.symbol, "it is gone")
        for placed in gone
        for edge, _ in before.find_calls(placed)
        if now.paths.get(edge.path) == before.paths[edge.path] and not now.has_target(edge)
    }


class _CallFinder:
    """Finds the calls of definitions in one view."""

    def __init__(self, index: Index, view: View) -> None:
        snapshot = take_snapshot(index, view)
        self.paths = snapshot.entries
        self._files = ReferenceSource(index, snapshot).open_view()
        self._edges = EdgeFinder(self._files)
        self._incoming = IncomingFinder(self._files, self._edges)

    def find_calls(self, placed: PlacedSymbol) -> Iterator[tuple[ScopeEdge, Passed]]:
        """Find the calls of a definition, each with its arguments."""
        file = self._files.get(placed.path)
        wanted = (placed.symbol.line, placed.symbol.qualname)
        scopes = enumerate(file.scopes if file else ())
        numbers = [n for n, scope in scopes if (scope.line, scope.qualname) == wanted]
        for edge in [x for n in numbers for x in self._incoming.find_calls(placed.path, n)]:
            for _, call in self._list_calls(edge):
                yield edge, self._read_arguments(edge.path, placed.symbol, call)

    def _read_arguments(self, path: bytes, called: Symbol, call: Expression) -> Passed:
        """Read what a call passes, without the instance that it gives to a method of a class."""
        passed = read_arguments(call)
        callee = self._files.require(path).expressions[call.parts[0]]
        if called.kind != "method" or callee.kind != "attribute" or not passed.positional:
            return passed
        owners = self._edges.evaluator.find_values(path, callee.parts[0])
        is_unbound = any(owner[0] == "define" for owner in owners) and not any(
            decorator in ("classmethod", "staticmethod") for decorator in called.decorators
        )
        return passed._replace(positional=passed.positional - 1) if is_unbound else passed

    def has_target(self, edge: ScopeEdge) -> bool:
        """Tell whether the call at a place calls something that is known."""
        return any(
            self._edges.list_site_edges(edge.path, number) for number, _ in self._list_calls(edge)
        )

    def _list_calls(self, edge: ScopeEdge) -> list[tuple[int, Expression]]:
        """List the calls at the place of an edge."""
        file = self._files.require(edge.path)
        found = []
        for number in file.by_scope.get(edge.scope, ()):
            call = file.expressions[number]
            if call.kind == "call" and call.parts[0] >= 0:
                callee = file.expressions[call.parts[0]]
                if (callee.line, callee.column) == (edge.line, edge.column):
                    found.append((number, call))
        return found

    def describe(self, edge: ScopeEdge, callee: Symbol, reason: str) -> BrokenCall:
        """Describe a broken call."""
        scopes = self._files.require(edge.path).scopes
        caller = scopes[edge.scope].qualname
        return BrokenCall(edge.path, edge.line, edge.column, caller, callee.qualname, reason)
