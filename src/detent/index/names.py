"""Symbols of a view by their whole name, without a list of all its files."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.facts import FactSource
from detent.index.refresh import plan_refresh
from detent.index.snapshot import FAILED_BEFORE, MAX_ANALYZED, find_failed
from detent.index.views import STAGED, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from detent.core.model import BlobKey, Symbol
    from detent.index.handle import Index
    from detent.index.refresh import RefreshPlan


class NamedSymbols(NamedTuple):
    """What a view has of one name."""

    different: int  # number of paths where the view differs from its tree
    symbols: list[tuple[bytes, Symbol]]
    failures: dict[bytes, str]  # paths that could not be analysed, and why


def find_named_symbols(index: Index, view: View, name: str) -> NamedSymbols | None:
    """Find the symbols of a name; None where the files of the view must be listed for that."""
    plan = _plan_answer(index, view)
    if plan is None:
        return None
    source = FactSource(index, view)
    source.failures.update(dict.fromkeys(find_failed(index, plan), FAILED_BEFORE))
    source.analyze_unknown(plan.unknown.difference(source.failures))
    found = _find_in_blobs(source, plan, name)
    entries = _find_entries(index, plan, {*found, *source.failures})
    if entries is None:
        return None
    return NamedSymbols(
        len(plan.sets.differences),
        [(path, symbol) for path, key in entries for symbol in found.get(key, ())],
        {path: source.failures[key] for path, key in entries if key in source.failures},
    )


def _plan_answer(index: Index, view: View) -> RefreshPlan | None:
    """Compare with the stored view; where there is none, with that of the staged files."""
    store = index.open_reader()
    names = [x.stored_name for x in (view, View(view.repo, STAGED))]
    name = next((name for name in names if store.load_view(name) is not None), None)
    plan = plan_refresh(store, view, stored_name=name) if name else None
    if plan is None or plan.sets.is_complete or len(plan.unknown) > MAX_ANALYZED:
        return None
    return plan


def _find_in_blobs(source: FactSource, plan: RefreshPlan, name: str) -> dict[BlobKey, list[Symbol]]:
    """Find the symbols of a name in all blobs that the index knows, and in those it lacks."""
    found: dict[BlobKey, list[Symbol]] = {}
    for key, symbol in source.store.find_symbols(name):
        found.setdefault(key, []).append(symbol)
    known = plan.view.facts
    for key in plan.unknown.intersection(known):
        found[key] = [symbol for symbol in known[key].symbols if symbol.name == name]
    return found


def _find_entries(
    index: Index, plan: RefreshPlan, keys: set[BlobKey]
) -> list[tuple[bytes, BlobKey]] | None:
    """Find where blobs are in a view; None if it is published again at this moment."""
    assert plan.stored is not None
    stored = index.open_reader().load_view(plan.name, keys=keys)
    if stored is None or stored.generation != plan.stored.generation:
        return None
    return sorted(_merge_entries(stored.entries, plan.sets.present, keys))


def _merge_entries(
    stored: Mapping[bytes, BlobKey], present: Mapping[bytes, BlobKey | None], keys: set[BlobKey]
) -> Iterator[tuple[bytes, BlobKey]]:
    yield from ((path, key) for path, key in stored.items() if path not in present)
    yield from ((path, key) for path, key in present.items() if key is not None and key in keys)
