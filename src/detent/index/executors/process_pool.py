"""Bytes to facts with findings, on one process or several, in the order asked for."""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.audit.audit_file import audit_file
from detent.audit.reuse import count_shifted_lines, is_reusable
from detent.audit.symbol_tree import build_symbol_tree
from detent.core.namedtuple import NamedTuple
from detent.core.signals import defer_signals
from detent.index.stages.memory import measure_memory
from detent.languages import extract_facts
from detent.languages.python.incremental import update_facts
from detent.languages.stats import STATS, WorkerStats

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from concurrent.futures import Future, ProcessPoolExecutor

    from detent.core.model import FileFacts, Finding
    from detent.languages.python.incremental import IncrementalFacts

#: From this many bytes on, starting one more process pays.
_BYTES_PER_JOB = 16_000_000
_CHUNK_BYTES = 400_000
#: Of findings: line, column, code, and then all else.
_BY_POSITION = itemgetter(2, 3, 1, 4, 5, 6, 7, 0)

Blob = tuple[str, bytes]


class AnalysisFailure(NamedTuple):
    """A blob that could not be examined."""

    oid: str  # its object id
    reason: str  # one line


BlobResult = tuple[str, "FileFacts | AnalysisFailure"]
ChunkResult = tuple[list[BlobResult], WorkerStats]


def analyze_file(raw: bytes, past: tuple[bytes, FileFacts] | None = None) -> FileFacts:
    """Collect the facts of one file and what all rules say of it."""
    known = update_facts(raw, *past) if past else None
    if known and past:
        facts, numbers, found = _reuse_findings(known, past[1])
    else:
        facts, numbers = extract_facts(raw), None
        found = list(facts.findings)
    if numbers is None or numbers:
        found += audit_file(facts.symbols, numbers)
    found.sort(key=_BY_POSITION)
    return facts._replace(findings=tuple(found))


def _reuse_findings(
    known: IncrementalFacts, past: FileFacts
) -> tuple[FileFacts, set[int], list[Finding]]:
    """Give the facts of an edited file, what is still to be judged, and the findings that stand."""
    facts = known.facts
    before, now = build_symbol_tree(past.symbols), build_symbol_tree(facts.symbols)
    again = {
        old: new
        for new, old in known.unaudited.items()
        if old >= 0 and is_reusable(before, now, old=old, new=new)
    }
    found = list(facts.findings)
    for one in past.findings:
        if (new := again.get(one.symbol)) is not None:
            lines = count_shifted_lines(past.symbols[one.symbol], facts.symbols[new])
            found.append(one._replace(symbol=new, line=one.line + lines))
    return facts, known.unaudited.keys() - again.values(), found


def choose_jobs(size: int) -> int:
    """Choose how many processes are worth starting."""
    return max(1, min(os.cpu_count() or 1, size // _BYTES_PER_JOB))


def analyze_blobs(blobs: Iterable[Blob], *, jobs: int = 1) -> Iterator[BlobResult]:
    """Examine many blobs."""
    if jobs == 1:
        for blob in blobs:
            yield analyze_blob(blob)
    else:
        yield from _analyze_in_parallel(blobs, jobs)


def analyze_blob(blob: Blob, past: tuple[bytes, FileFacts] | None = None) -> BlobResult:
    """Examine one blob."""
    oid, raw = blob
    try:
        return oid, analyze_file(raw, past) if past else analyze_file(raw)
    except Exception as error:
        return oid, AnalysisFailure(oid, f"defect in detent: {type(error).__name__}: {error}")


def _analyze_chunk(chunk: list[Blob]) -> ChunkResult:
    before = STATS.parse_counts
    outcomes = [analyze_blob(blob) for blob in chunk]
    return outcomes, STATS.measure_since(before, measure_memory().peak)


def _analyze_in_parallel(blobs: Iterable[Blob], jobs: int) -> Iterator[BlobResult]:
    chunks = _split_chunks(blobs)
    more = True
    while more:
        pool = _make_pool(jobs)
        try:
            more = yield from _run_chunks(pool, chunks, ahead=2 * jobs)
        finally:
            pool.shutdown(cancel_futures=True)


def _run_chunks(
    pool: ProcessPoolExecutor, chunks: Iterator[list[Blob]], *, ahead: int
) -> Generator[BlobResult, None, bool]:
    """Work through the chunks; true where the pool came to its end before them."""
    waiting: deque[tuple[list[Blob], Future[ChunkResult] | None]] = deque()
    broken = False
    for chunk in chunks:
        waiting.append((chunk, _submit_chunk(pool, chunk)))
        STATS.depth = max(STATS.depth, len(waiting))
        # Few chunks under way bound the memory, whatever the size of the repository.
        if len(waiting) > ahead:
            broken = yield from _collect_chunk(*waiting.popleft())
        if broken:
            break
    for pending in waiting:
        yield from _collect_chunk(*pending)
    return broken


def _make_pool(jobs: int) -> ProcessPoolExecutor:
    """Make a pool of fresh processes.

    Forked ones would hold the pipes to git open, so that git waits for more for ever.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start_worker)


def _start_worker() -> None:
    gc.disable()
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    """End when the process is gone for which this one works, even if it was killed."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


def _submit_chunk(pool: ProcessPoolExecutor, chunk: list[Blob]) -> Future[ChunkResult] | None:
    from concurrent.futures.process import BrokenProcessPool

    try:
        # This may start processes: Ctrl-C is for the one that hands out the work.
        with defer_signals("SIGINT"):
            return pool.submit(_analyze_chunk, chunk)
    except BrokenProcessPool:
        return None


def _collect_chunk(
    chunk: list[Blob], future: Future[ChunkResult] | None
) -> Generator[BlobResult, None, bool]:
    """Give what the pool made of a chunk; true where one of its processes died."""
    if (yield from _collect_future(future)):
        return False
    yield from _retry_chunk(chunk)
    return True


def _collect_future(future: Future[ChunkResult] | None) -> Generator[BlobResult, None, bool]:
    """Give what a pool made of a chunk; false where one of its processes died."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        if future is not None:
            STATS.waits += not future.done()
            outcomes, share = future.result()
            STATS.add_worker(share)
            yield from outcomes
            return True
    except BrokenProcessPool:
        pass
    return False


def _retry_chunk(chunk: list[Blob]) -> Iterator[BlobResult]:
    """Try a chunk in a process of its own; where that dies too, find the blob it dies of."""
    with _make_pool(1) as alone:
        if (yield from _collect_future(_submit_chunk(alone, chunk))):
            return
    if len(chunk) == 1:
        oid = chunk[0][0]
        yield oid, AnalysisFailure(oid, "the process that analysed it died")
        return
    middle = len(chunk) // 2
    yield from _retry_chunk(chunk[:middle])
    yield from _retry_chunk(chunk[middle:])


def _split_chunks(blobs: Iterable[Blob]) -> Iterator[list[Blob]]:
    chunk: list[Blob] = []
    size = 0
    for blob in blobs:
        chunk.append(blob)
        size += len(blob[1])
        if size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
