"""One way to facts: from the store, else from a fresh analysis."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial

from detent import TYPE_CHECKING
from detent.core.outline import derive_outline
from detent.core.results import make_finding_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from detent.core.model import BlobKey, FileFacts, FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.index.executors.base import BuildStats, Outcome
    from detent.index.handle import Index
    from detent.index.ingest import ContentReader, Progress
    from detent.store.protocol import FindingLister, Store


class FactSource:
    """Facts of blobs: from the store, else from memory, else from a fresh analysis.

    A source that `writes` puts what it analyzes into the store. Blobs that fail are left out, and
    are not tried again.
    """

    def __init__(self, index: Index, reader: ContentReader, *, writes: bool = False) -> None:
        self.failures: dict[BlobKey, str] = {}  # blobs that could not be analyzed, and why
        self.analyzed = 0
        self._index = index
        self._reader = reader
        self._writes = writes

    @property
    def store(self) -> Store:
        """The store, open for reading at least."""
        return self._index.open_reader()

    def load_facts(
        self, keys: Iterable[BlobKey], *, full: bool = False, progress: Progress | None = None
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        """Load facts, first those that the store has."""
        wanted = set(keys).difference(self.failures)
        missing = set(wanted)
        for key, facts in self.store.load_facts(wanted, full=full):
            missing.discard(key)
            yield key, facts
        yield from self._find_missing(missing, progress=progress)

    def load_outlines(self, keys: Iterable[BlobKey]) -> Iterator[tuple[BlobKey, Outline]]:
        """Load what other files need to know of blobs."""
        wanted = set(keys).difference(self.failures)
        missing = set(wanted)
        for key, outline in self.store.load_outlines(wanted):
            missing.discard(key)
            yield key, outline
        for key, facts in self._find_missing(missing):
            yield key, derive_outline(facts)

    def load_findings(
        self, keys: Iterable[BlobKey], finding_filter: FindingFilter
    ) -> Iterator[tuple[BlobKey, FindingLister]]:
        """Load only the findings of blobs, as `Store.load_findings` does.

        Findings of blobs that the store does not have are not filtered.
        """
        wanted = set(keys).difference(self.failures)
        rest = set(wanted)
        for key, list_findings in self.store.load_findings(wanted, finding_filter):
            rest.discard(key)
            yield key, list_findings
        for key, facts in self._find_missing(self._drop_known(rest)):
            yield key, partial(_list_findings, facts)

    def find_symbols(
        self, keys: Iterable[BlobKey], pattern: str
    ) -> Iterator[tuple[BlobKey, Symbol]]:
        """Find symbols by name, as `Store.find_symbols` does."""
        wanted = set(keys).difference(self.failures)
        rest = set(wanted)
        for key, symbol in self.store.find_symbols(pattern):
            if key in wanted:
                rest.discard(key)
                yield key, symbol
        for key, facts in self._find_missing(self._drop_known(rest)):
            matching = (x for x in facts.symbols if fnmatchcase(x.name, pattern))
            yield from ((key, symbol) for symbol in matching)

    def analyze_unknown(
        self,
        keys: Collection[BlobKey],
        previous: Mapping[BlobKey, BlobKey] | None = None,
        *,
        progress: Progress | None = None,
    ) -> None:
        """Analyze the blobs that have no facts: into the store, or else into memory."""
        unknown = self._drop_known(set(keys).difference(self.failures, self._reader.facts))
        for key, facts in self._analyze_missing(unknown, previous or {}, progress=progress):
            if not self._writes:
                self._reader.facts[key] = facts

    def analyze(
        self,
        keys: Collection[BlobKey],
        previous: Mapping[BlobKey, BlobKey] | None = None,
        *,
        jobs: int = 0,
        stats: BuildStats | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Outcome]:
        """Analyze blobs, whatever is stored; of a few edited files, only what has changed.

        `previous` has the blobs before the edits, by the blobs after them.
        """
        # Most runs have nothing to analyze, and need none of what analysis needs.
        from detent.index import ingest

        pairs = {key: previous[key] for key in keys if key in previous} if previous else {}
        if jobs < 2 and pairs and len(keys) <= ingest.MAX_EDITED_BLOBS:
            olds = set(pairs.values()).difference(keys, self._reader.facts)
            self._reader.facts.update(self.store.load_facts(olds, full=True))
            return ingest.analyze_edits(self._reader, keys, pairs, stats=stats)
        return ingest.analyze_blobs(self._reader, keys, jobs=jobs, stats=stats, progress=progress)

    def _find_missing(
        self, missing: set[BlobKey], *, progress: Progress | None = None
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        """Give the facts that the store lacks: also those that ``gc`` has deleted meanwhile."""
        remembered = missing.intersection(self._reader.facts)
        yield from ((key, self._reader.facts[key]) for key in sorted(remembered))
        yield from self._analyze_missing(missing - remembered, {}, progress=progress)

    def _drop_known(self, keys: set[BlobKey]) -> set[BlobKey]:
        return keys - self.store.find_known(keys) if keys else keys

    def _analyze_missing(
        self,
        missing: set[BlobKey],
        previous: Mapping[BlobKey, BlobKey],
        *,
        progress: Progress | None = None,
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        if not missing:
            return
        outcomes = self.analyze(missing, previous, progress=progress)
        if not self._writes:
            yield from self._take_facts(outcomes)
            return
        from detent.index import ingest

        with self._index.open_writer().open_session() as session:
            yield from self._take_facts(ingest.persist_outcomes(session, outcomes))

    def _take_facts(self, outcomes: Iterable[Outcome]) -> Iterator[tuple[BlobKey, FileFacts]]:
        """Give facts, and note failures."""
        from detent.index.executors.base import AnalysisFailure

        for key, outcome in outcomes:
            if isinstance(outcome, AnalysisFailure):
                self.failures[key] = outcome.reason
            else:
                self.analyzed += 1
                yield key, outcome


def _list_findings(facts: FileFacts, path: bytes) -> list[FindingRow]:
    pairs = ((finding, facts.symbols[finding.symbol]) for finding in facts.findings)
    return [make_finding_row(path, *pair) for pair in pairs]
