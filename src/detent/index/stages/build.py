"""One build under audit: a session that takes note of what passes through it."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import BlobKey, FileFacts
from detent.index.executors.base import BuildStats
from detent.index.stages import record
from detent.index.stages.ledger import Ledger, hash_seeds
from detent.index.stages.recorder import StageRecorder
from detent.store import MEMORY
from detent.store.sqlite import counters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import TypeVar

    from detent.store.protocol import Session, ViewUpdate

    OutcomeT = TypeVar("OutcomeT")

CODE = "code"
_CHECKPOINT_COUNT = 16
_COUNTER_NAMES = ("blobs", "bytes", "lines", "symbols", "calls", "bindings", "findings")


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
        self._session: Session | None = None
        self._recorder = StageRecorder(began)
        self._ledger: Ledger | None = Ledger(hash_seeds(changed, deleted, sorted(unknown)), CODE)
        self._counters = dict.fromkeys(_COUNTER_NAMES, 0)
        self._written = {"rows": 0, "transactions": 0}
        self.stats = BuildStats()
        self._size = len(unknown)
        found = {"changed": len(changed), "deleted": len(deleted), "unknown": len(unknown)}
        blobs = set(changed.values())
        found["cacheHits"] = len(blobs) - len(blobs.intersection(unknown))
        self._recorder.record_lap("stage1", "discovery", found)
        self._published = False

    def attach_session(self, session: Session) -> BuildAudit:
        """Take note of all that goes to a session."""
        if self._session is not None:  # it was overtaken: what comes now is not the whole
            self._ledger = None
        self._session = session
        self._recorder.record_lap("stage4", "start", {})
        return self

    def watch_outcomes(
        self, outcomes: Iterator[tuple[BlobKey, OutcomeT]], disk: Collection[BlobKey] = ()
    ) -> Iterator[tuple[BlobKey, OutcomeT]]:
        """Take note of what analysis gives."""
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
        # However large the repository, few checkpoints are enough to see how it went.
        share = self._size / _CHECKPOINT_COUNT
        told = before // share < self._counters["blobs"] // share
        self._recorder.record_lap("stage1", "processing" if told else "", self._counters)
        self._session.persist(batch)
        self._written["transactions"] += 1
        self._recorder.record_lap("stage2", "write" if told else "", self._written)

    def _count_facts(self, key: BlobKey, facts: FileFacts) -> None:
        counters = self._counters
        counters["blobs"] += 1
        counters["bytes"] += facts.size
        counters["lines"] += facts.lines
        rows = [1]
        for table in ("symbols", "calls", "bindings", "findings"):
            rows.append(len(getattr(facts, table)))
            counters[table] += rows[-1]
        self._written["rows"] += sum(rows)
        if self._ledger is not None:
            self._ledger.add_written(key, rows)

    def publish(self, change: ViewUpdate) -> bool:
        """Replace the view."""
        assert self._session is not None
        self._record_totals(len(change.failed or ()))
        done = self._session.publish(change)
        if change.failed:  # with a blob that could not be read the same input makes other facts
            self._ledger = None
        step = "incremental-update" if change.generation else "build"
        written = {"entries": len(change.changed), "deleted": len(change.deleted)}
        self._recorder.record_lap("stage4", step, {**written, "published": int(done)})
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
        self._recorder.record_lap("stage1", "imports", spent)
        relations = {name: self._counters[name] for name in ("calls", "bindings")}
        self._recorder.record_lap("stage2", "relations", {**relations, **self._written})

    def finish_audit(self, store: str, error: BaseException | None = None) -> list[str] | None:
        """Write the audit beside the store; where that fails, the build is as good without."""
        if error is not None:
            self._ledger = None
            self._recorder.record_lap("stage4", "error", {"error": type(error).__name__})
        elif not self._published:
            return None
        counters.add_counts(dict(self._recorder.list_metrics()))
        if store == MEMORY:
            return None
        ledger = self._ledger.to_dict() if self._ledger else None
        peaks = list(self.stats.worker_peaks.values())
        return record.save_audit(
            record.choose_audit_folder(store), self._recorder, ledger, mode=CODE, workers=peaks
        )
