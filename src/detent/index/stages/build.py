"""One build under audit: a session that takes note of what passes through it."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import BlobKey, FileFacts
from detent.index.executors.base import BuildStats
from detent.index.stages.ledger import Ledger
from detent.index.stages.record import BuildRecord, choose_audit_folder
from detent.store import MEMORY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import TypeVar

    from detent.store.protocol import Session, ViewUpdate
    from detent.store.sqlite.counters import Counters

    OutcomeT = TypeVar("OutcomeT")

#: However large the repository, few checkpoints are enough to see how a build went.
_CHECKPOINT_COUNT = 16
_TABLES = ("symbols", "calls", "bindings", "findings")


class BuildAudit:
    """The audit of one build, and the `Session` that it writes through."""

    def __init__(
        self,
        began: float,
        changed: Mapping[bytes, BlobKey],
        *,
        deleted: Collection[bytes],
        unknown: Collection[BlobKey],
    ) -> None:
        self.stats = BuildStats()
        self._session: Session | None = None
        self._record = BuildRecord(began)
        # None once something passes that is not a complete build of its input.
        self._ledger: Ledger | None = Ledger(changed, deleted, sorted(unknown))
        self._counters = dict.fromkeys(("blobs", "bytes", "lines", *_TABLES), 0)
        self._written = {"rows": 0, "transactions": 0}
        self._size = len(unknown)
        self._published = False
        keys = set(changed.values())
        found = {"changed": len(changed), "deleted": len(deleted), "unknown": len(unknown)}
        found["cacheHits"] = len(keys) - len(keys.intersection(unknown))
        self._record.add_lap("stage1", "discovery", found)

    def attach_session(self, session: Session) -> BuildAudit:
        """Take note of all that goes to a session."""
        if self._session is not None:  # the first one was overtaken: the second sees only the rest
            self._ledger = None
        self._session = session
        self._record.add_lap("stage4", "start", {})
        return self

    def watch_outcomes(
        self, outcomes: Iterator[tuple[BlobKey, OutcomeT]], disk: Collection[BlobKey] = ()
    ) -> Iterator[tuple[BlobKey, OutcomeT]]:
        """Take note of the outcomes of analysis."""
        last = (False, BlobKey("", ""))
        for key, outcome in outcomes:
            place = (key not in disk, key)
            if disk and place < last:
                self._ledger = None
            last = place
            if self._ledger is not None and isinstance(outcome, FileFacts):
                self._ledger.add_analyzed(key, outcome)
            yield key, outcome

    def persist(self, facts: Iterable[tuple[BlobKey, FileFacts]]) -> None:
        """Write the facts of some blobs, and count them."""
        assert self._session is not None
        batch = list(facts)
        before = self._counters["blobs"]
        for key, file_facts in batch:
            self._count_facts(key, file_facts)
        share = self._size / _CHECKPOINT_COUNT
        is_checkpoint = before // share < self._counters["blobs"] // share
        self._record.add_lap("stage1", "processing" if is_checkpoint else "", self._counters)
        self._session.persist(batch)
        self._written["transactions"] += 1
        self._record.add_lap("stage2", "write" if is_checkpoint else "", self._written)

    def _count_facts(self, key: BlobKey, facts: FileFacts) -> None:
        sizes = {table: len(getattr(facts, table)) for table in _TABLES}
        for name, size in (("blobs", 1), ("bytes", facts.size), ("lines", facts.lines)):
            self._counters[name] += size
        for table, size in sizes.items():
            self._counters[table] += size
        rows = [1, *sizes.values()]
        self._written["rows"] += sum(rows)
        if self._ledger is not None:
            self._ledger.add_written(key, rows)

    def publish(self, update: ViewUpdate) -> bool:
        """Replace the view."""
        assert self._session is not None
        self._record_totals(len(update.failed or ()))
        done = self._session.publish(update)
        if update.failed:  # where a blob could not be read, the same input gives other facts
            self._ledger = None
        step = "incremental-update" if update.generation else "build"
        written = {"entries": len(update.changed), "deleted": len(update.deleted)}
        self._record.add_lap("stage4", step, {**written, "published": int(done)})
        self._published = self._published or self._counters["blobs"] > 0
        return done

    def _record_totals(self, failed: int) -> None:
        stats = self.stats
        spent = {
            **self._counters,
            "failed": failed,
            "parses": stats.parsed.parses,
            "nodes": stats.parsed.nodes,
            "syntaxErrors": stats.parsed.errors,
            "queue": {"depth": stats.queue_depth, "waits": stats.queue_waits},
        }
        self._record.add_lap("stage1", "imports", spent)
        relations = {name: self._counters[name] for name in ("calls", "bindings")}
        self._record.add_lap("stage2", "relations", {**relations, **self._written})

    def finish_audit(
        self,
        store: str,
        error: BaseException | None = None,
        *,
        counters: Counters | None = None,
    ) -> list[str] | None:
        """Write the record beside the store; a build is as good without it.

        Give the artifacts that differ from an earlier build of the same input; None without one.
        """
        if error is not None:
            self._ledger = None
            self._record.add_lap("stage4", "error", {"error": type(error).__name__})
        elif not self._published:
            return None
        if counters:
            counters.add_counts(dict(self._record.list_metrics()))
        if store == MEMORY:
            return None
        peaks = list(self.stats.worker_peaks.values())
        known = [peak for peak in peaks if peak is not None]
        workers = {"count": len(peaks), "rssPeak": max(known, default=None)}
        self._record.data["highWater"]["workers"] = workers
        if self._ledger is not None:
            self._record.data["orderingLedger"] = self._ledger.to_dict()
        return self._record.save(choose_audit_folder(store))
