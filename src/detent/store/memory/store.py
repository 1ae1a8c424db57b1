"""A store of plain Python objects: nothing is encoded, and nothing is kept when it is closed."""

from __future__ import annotations

from contextlib import contextmanager
from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.core.model import KINDS, BlobKey, drop_docstring_sources
from detent.core.outline import derive_outline
from detent.core.results import make_finding_row
from detent.store.memory.references import MemoryReferences
from detent.store.protocol import StoredView, StoreReport

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.core.model import FileFacts, Finding, FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.store.protocol import FindingLister, Session, ViewUpdate
    from detent.store.references import ReferenceTable


class MemoryStore:
    """See `detent.store.protocol.Store`. It has one user: nobody else writes to it."""

    def __init__(self) -> None:
        self._facts: dict[BlobKey, FileFacts] = {}
        self._views: dict[str, StoredView] = {}
        self._references = MemoryReferences()
        self.references: ReferenceTable = self._references

    def find_known(
        self,
        keys: Collection[BlobKey],
        kinds: Collection[str] = KINDS,  # noqa: ARG002 - facts of all kinds come together
    ) -> set[BlobKey]:
        """See `Store.find_known`."""
        return {key for key in keys if key in self._facts}

    def load_facts(
        self,
        keys: Collection[BlobKey],
        *,
        full: bool = False,  # noqa: ARG002 - they are there anyway
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        """See `Store.load_facts`."""
        for key in sorted(self.find_known(keys)):
            yield key, self._facts[key]

    def load_findings(
        self, keys: Collection[BlobKey], finding_filter: FindingFilter
    ) -> Iterator[tuple[BlobKey, FindingLister]]:
        """See `Store.load_findings`."""
        for key in sorted(self.find_known(keys)):
            lister = _FindingList(self._facts[key], finding_filter)
            if lister.findings:
                yield key, lister.list_rows

    def load_outlines(self, keys: Collection[BlobKey]) -> Iterator[tuple[BlobKey, Outline]]:
        """See `Store.load_outlines`."""
        for key in sorted(self.find_known(keys)):
            yield key, derive_outline(self._facts[key])

    def find_symbols(self, pattern: str) -> Iterator[tuple[BlobKey, Symbol]]:
        """See `Store.find_symbols`."""
        for key in sorted(self._facts):
            for symbol in self._facts[key].symbols:
                if fnmatchcase(symbol.name, pattern):
                    yield key, symbol

    def load_view(
        self,
        name: str,
        paths: Collection[bytes] | None = (),
        *,
        keys: Collection[BlobKey] = (),
    ) -> StoredView | None:
        """See `Store.load_view`."""
        view = self._views.get(name)
        if view is None:
            return None
        entries = view.entries
        chosen = sorted(entries) if paths is None else [path for path in paths if path in entries]
        chosen += [path for path, key in entries.items() if key in keys] if keys else ()
        return view._replace(
            differences=dict(view.differences), entries={path: entries[path] for path in chosen}
        )

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        """See `Store.open_session`."""
        yield MemorySession(self._facts, self._views)

    def collect_garbage(self, views: Collection[str], keys: Collection[BlobKey]) -> int:
        """See `Store.collect_garbage`."""
        for name in set(self._views).difference(views):
            del self._views[name]
        needed = {key for view in self._views.values() for key in view.entries.values()}
        needed.update(keys)
        gone = set(self._facts) - needed
        for key in gone:
            del self._facts[key]
        self._references.keep_only(needed)
        return len(gone)

    def inspect(self, *, deep: bool = False) -> StoreReport:  # noqa: ARG002 - nothing can be wrong
        """See `Store.inspect`."""
        views = self._views.values()
        counts = {
            "blob": len(self._facts),
            "symbol": sum(len(facts.symbols) for facts in self._facts.values()),
            "finding": sum(len(facts.findings) for facts in self._facts.values()),
            "view": len(views),
            "entry": sum(len(view.entries) for view in views),
            "difference": sum(len(view.differences) for view in views),
            **self._references.count_records(),
        }
        return StoreReport(counts, [])

    def close(self) -> None:
        """See `Store.close`."""


class MemorySession:
    """See `detent.store.protocol.Session`."""

    def __init__(self, facts: dict[BlobKey, FileFacts], views: dict[str, StoredView]) -> None:
        self._facts = facts
        self._views = views

    def persist(self, facts: Iterable[tuple[BlobKey, FileFacts]]) -> None:
        """See `Session.persist`."""
        batch: dict[BlobKey, FileFacts] = {}
        for key, file_facts in facts:
            if key not in self._facts:
                batch.setdefault(key, drop_docstring_sources(file_facts))
        self._facts.update(batch)

    def publish(self, update: ViewUpdate) -> bool:
        """See `Session.publish`."""
        before = self._views.get(update.name)
        if (before.generation if before else 0) != update.generation:
            return False
        entries = dict(before.entries if before else ())
        for path in update.deleted:
            entries.pop(path, None)
        entries.update(update.changed)
        missing = frozenset(key for key in entries.values() if key not in self._facts)
        if update.failed is not None and missing.difference(update.failed):
            return False
        self._views[update.name] = StoredView(
            tree=update.tree,
            generation=update.generation + 1,
            languages=update.languages,
            differences=dict(update.differences),
            size=len(entries),
            missing_facts=missing,
            entries=entries,
        )
        return True


class _FindingList:
    """The findings of one file that a filter leaves."""

    def __init__(self, facts: FileFacts, finding_filter: FindingFilter) -> None:
        self._symbols = facts.symbols
        self._filter = finding_filter
        self.findings = [finding for finding in facts.findings if not self._is_left_out(finding)]

    def _is_left_out(self, finding: Finding) -> bool:
        left_out, code = self._filter, finding.code
        if code in left_out.codes:
            return True
        is_addition = finding.requires_addition or code in left_out.addition_codes
        return is_addition and self._symbols[finding.symbol].role in left_out.roles

    def list_rows(self, path: bytes) -> list[FindingRow]:
        """List them as errors in a file."""
        quoted, with_decorators = self._filter.quoted_codes, self._filter.with_decorators
        found = [make_finding_row(path, x, self._symbols[x.symbol]) for x in self.findings]
        return [
            row._replace(
                docstring_text=row.docstring_text if row.code in quoted else None,
                decorators=row.decorators if with_decorators else (),
                body="",
                symbol_line=0,
                docstring_line=0,
            )
            for row in found
        ]
