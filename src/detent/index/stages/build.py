"""One build under audit: a session that takes note of what passes through it."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import FileFacts
from detent.index.stages import record
from detent.index.stages.ledger import Ledger, seeds
from detent.index.stages.recorder import Recorder
from detent.languages.stats import SPENT
from detent.store import MEMORY
from detent.store.sqlite import counters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import TypeVar

    from detent.store.protocol import Publication, Session

    Outcome = TypeVar("Outcome")

CODE = "code"
_POINTS = 16
_COUNTERS = ("blobs", "bytes", "lines", "symbols", "calls", "bindings", "findings")


class Build:
    """The audit of one build, and the `Session` that it writes through.

    Parameters
    ----------
    began : float
        When discovery began, of `time.perf_counter`.
    changed : mapping of bytes to str
        What discovery found: object id by path.
    deleted : collection of bytes
        Paths that are gone.
    unknown : collection of str
        Blobs to analyse.
    """

    def __init__(
        self,
        began: float,
        changed: Mapping[bytes, str],
        *,
        deleted: Collection[bytes],
        unknown: Collection[str],
    ) -> None:
        self._session: Session | None = None
        self._recorder = Recorder(began)
        self._ledger: Ledger | None = Ledger(seeds(changed, deleted, sorted(unknown)), CODE)
        self._counters = dict.fromkeys(_COUNTERS, 0)
        self._written = {"rows": 0, "transactions": 0}
        self._before = SPENT.parsed
        SPENT.depth = SPENT.waits = 0
        SPENT.peaks.clear()
        self._size = len(unknown)
        found = {"changed": len(changed), "deleted": len(deleted), "unknown": len(unknown)}
        blobs = set(changed.values())
        found["cacheHits"] = len(blobs) - len(blobs.intersection(unknown))
        self._recorder.lap("stage1", "discovery", found)
        self._published = False

    def begin(self, session: Session) -> Build:
        """Take note of all that goes to a session.

        Parameters
        ----------
        session : Session
            Open.

        Returns
        -------
        Build
            To be used in its place.
        """
        if self._session is not None:  # it was overtaken: what comes now is not the whole
            self._ledger = None
        self._session = session
        self._recorder.lap("stage4", "start", {})
        return self

    def watched(
        self, outcomes: Iterator[tuple[str, Outcome]], disk: Collection[str] = ()
    ) -> Iterator[tuple[str, Outcome]]:
        """Take note of what analysis gives.

        Parameters
        ----------
        outcomes : iterator of (str, FileFacts or other)
            As they come.
        disk : collection of str
            Blobs that are to be read from disk, sorted and before all others. One that comes later
            was changed meanwhile and then read from git: chance has made the order.

        Yields
        ------
        (str, FileFacts or other)
            The same.
        """
        last = (False, "")
        for oid, outcome in outcomes:
            place = (oid not in disk, oid)
            if disk and place < last:
                self._ledger = None
            last = place
            if self._ledger is not None and isinstance(outcome, FileFacts):
                self._ledger.analysed(oid, outcome)
            yield oid, outcome

    def persist(self, facts: Iterable[tuple[str, FileFacts]]) -> None:
        """Write the facts of some blobs, and count them.

        Parameters
        ----------
        facts : iterable of (str, FileFacts)
            Object id and facts.
        """
        assert self._session is not None
        batch = list(facts)
        before = self._counters["blobs"]
        for oid, one in batch:
            self._count(oid, one)
        # However large the repository, few checkpoints are enough to see how it went.
        share = self._size / _POINTS
        told = before // share < self._counters["blobs"] // share
        self._recorder.lap("stage1", "processing" if told else "", self._counters)
        self._session.persist(batch)
        self._written["transactions"] += 1
        self._recorder.lap("stage2", "write" if told else "", self._written)

    def _count(self, oid: str, facts: FileFacts) -> None:
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
            self._ledger.written(oid, rows)

    def publish(self, change: Publication) -> bool:
        """Replace the view.

        Parameters
        ----------
        change : Publication
            As the session takes it.

        Returns
        -------
        bool
            What the session says.
        """
        assert self._session is not None
        self._sum_up(len(change.failed or ()))
        done = self._session.publish(change)
        if change.failed:  # with a blob that could not be read the same input makes other facts
            self._ledger = None
        step = "incremental-update" if change.generation else "build"
        written = {"entries": len(change.changed), "deleted": len(change.deleted)}
        self._recorder.lap("stage4", step, {**written, "published": int(done)})
        self._published = self._published or self._counters["blobs"] > 0
        return done

    def _sum_up(self, failed: int) -> None:
        share = SPENT.since(self._before, peak=0)
        spent = {
            **self._counters,
            "failed": failed,
            "parses": share.parses,
            "nodes": share.nodes,
            "syntaxErrors": share.errors,
            "queue": {"depth": SPENT.depth, "waits": SPENT.waits},
        }
        self._recorder.lap("stage1", "imports", spent)
        relations = {name: self._counters[name] for name in ("calls", "bindings")}
        self._recorder.lap("stage2", "relations", {**relations, **self._written})

    def end(self, store: str, error: BaseException | None = None) -> list[str] | None:
        """Write the audit beside the store; where that fails, the build is as good without.

        Parameters
        ----------
        store : str
            The index file, or ``memory:``, beside which there is no place.
        error : BaseException, optional
            What ended the build before its time.

        Returns
        -------
        list of str or None
            What came out otherwise than in an earlier build of the same input; None where there is
            none to compare with.
        """
        if error is not None:
            self._ledger = None
            self._recorder.lap("stage4", "error", {"error": type(error).__name__})
        elif not self._published:
            return None
        counters.note(dict(self._recorder.metrics()))
        if store == MEMORY:
            return None
        ledger = self._ledger.value() if self._ledger else None
        peaks = list(SPENT.peaks.values())
        return record.save(record.folder(store), self._recorder, ledger, mode=CODE, workers=peaks)
