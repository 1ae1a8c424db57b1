"""How much there is in a view, and what the index knows of it."""

from __future__ import annotations

from collections import Counter

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.snapshot import take_snapshot

if TYPE_CHECKING:
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.views import View


class IndexStats(NamedTuple):
    """How much there is in a view, and in the index.

    Attributes
    ----------
    view, tree, different, failures
        As in `SymbolList`.
    files : dict of str to int
        Number of files by language.
    symbols : dict of str to int
        Number of symbols by kind: ``class``, ``function`` and ``method``.
    contents : int
        Number of different contents of these files.
    analysed : int
        How many of them the index has facts of; the others are analysed for each question.
    with_references : int
        How many of them the index has references of; the others get them when a question needs
        them.
    records : dict of str to int
        Number of records in the index by kind, of all views: as in `StoreReport`.
    path : str
        The file of the index.
    size : int
        Its bytes; 0 for an index in memory.
    """

    view: str
    tree: str
    different: int
    files: dict[str, int]
    symbols: dict[str, int]
    contents: int
    analysed: int
    with_references: int
    records: dict[str, int]
    path: str
    size: int
    failures: dict[bytes, str]


def count_facts(index: Index, view: View, *, progress: Progress | None = None) -> IndexStats:
    """Count what is in a view, and what the index knows of it."""
    now = take_snapshot(index, view, progress=progress)
    keys = set(now.entries.values())
    store = index.open_reader()
    kinds = Counter(
        symbol.kind
        for _, facts in now.load_files()
        for symbol in facts.symbols[1:]  # the first one is the module
    )
    return IndexStats(
        view=view.name,
        tree=view.tree,
        different=now.different,
        files=dict(sorted(Counter(key.language for key in now.entries.values()).items())),
        symbols=dict(sorted(kinds.items())),
        contents=len(keys),
        analysed=len(store.find_known(keys)),
        with_references=len(store.references.find_stored(keys)),
        records=store.inspect().counts,
        path=index.path,
        size=index.size,
        failures=dict(now.failures),
    )
