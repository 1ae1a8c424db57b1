"""How many functions each symbol calls, and how many call it."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.call_graph import load_call_graph
from detent.api.relations import CodeName

if TYPE_CHECKING:
    from detent.api.symbols import SymbolList
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.views import View


def add_call_counts(
    index: Index, view: View, found: SymbolList, *, progress: Progress | None = None
) -> SymbolList:
    """Add to symbols how many definitions of the view call them, and how many they call."""
    graph = load_call_graph(index, view, progress)
    callers, callees = graph.list_callers(), graph.list_callees()
    counts = {}
    for path, symbol in found.symbols:
        name = CodeName(path, symbol.qualname)
        counts[path, symbol.qualname] = len(callers.get(name, ())), len(callees.get(name, ()))
    return found._replace(counts=counts)
