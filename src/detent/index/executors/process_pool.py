"""Bytes to facts with findings, on one process or several, in the order asked for."""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.audit.audit_file import audit
from detent.audit.reuse import alike, lines_between
from detent.audit.symbol_tree import family
from detent.core.namedtuple import NamedTuple
from detent.core.signals import held_back
from detent.index.stages.memory import memory
from detent.languages import analyse
from detent.languages.python.incremental import edited
from detent.languages.stats import SPENT, Share

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from concurrent.futures import Future, ProcessPoolExecutor

    from detent.core.model import FileFacts, Finding
    from detent.languages.python.incremental import Edited

#: From this many bytes on, starting one more process pays.
_PER_JOB = 16_000_000
_CHUNK = 400_000
#: Of findings: line, column, code, and then all else.
_BY_PLACE = itemgetter(2, 3, 1, 4, 5, 6, 7, 0)

Blob = tuple[str, bytes]


class Failure(NamedTuple):
    """A blob that could not be examined.

    Attributes
    ----------
    oid : str
        Its object id.
    reason : str
        One line.
    """

    oid: str
    reason: str


Outcome = tuple[str, "FileFacts | Failure"]
Results = tuple[list[Outcome], Share]


def examine(raw: bytes, past: tuple[bytes, FileFacts] | None = None) -> FileFacts:
    """Collect the facts of one file and what all rules say of it.

    Parameters
    ----------
    raw : bytes
        The file as git has it.
    past : tuple of (bytes, FileFacts), optional
        What it was before an edit, with all its facts: the outcome is the same, and there sooner.

    Returns
    -------
    FileFacts
        A function of the bytes and of nothing else; findings sorted by place.
    """
    known = edited(raw, *past) if past else None
    if known and past:
        facts, numbers, found = _known(known, past[1])
    else:
        facts, numbers = analyse(raw), None
        found = list(facts.findings)
    if numbers is None or numbers:
        found += audit(facts.symbols, numbers)
    found.sort(key=_BY_PLACE)
    return facts._replace(findings=tuple(found))


def _known(known: Edited, past: FileFacts) -> tuple[FileFacts, set[int], list[Finding]]:
    """Give the facts of an edited file, what is still to be judged, and the findings that stand."""
    facts = known.facts
    before, now = family(past.symbols), family(facts.symbols)
    again = {
        old: new
        for new, old in known.unjudged.items()
        if old >= 0 and alike(before, now, old=old, new=new)
    }
    found = list(facts.findings)
    for one in past.findings:
        if (new := again.get(one.symbol)) is not None:
            lines = lines_between(past.symbols[one.symbol], facts.symbols[new])
            found.append(one._replace(symbol=new, line=one.line + lines))
    return facts, known.unjudged.keys() - again.values(), found


def suitable_jobs(size: int) -> int:
    """Choose how many processes are worth starting.

    Parameters
    ----------
    size : int
        Bytes to examine; an estimate will do.

    Returns
    -------
    int
        From 1 to the number of processors.
    """
    return max(1, min(os.cpu_count() or 1, size // _PER_JOB))


def examine_all(blobs: Iterable[Blob], *, jobs: int = 1) -> Iterator[Outcome]:
    """Examine many blobs.

    Parameters
    ----------
    blobs : iterable of (str, bytes)
        Object id and content.
    jobs : int, default 1
        Processes; the outcome does not depend on it.

    Yields
    ------
    (str, FileFacts or Failure)
        In the order of `blobs`.
    """
    if jobs == 1:
        for blob in blobs:
            yield outcome_of(blob)
    else:
        yield from _parallel(blobs, jobs)


def outcome_of(blob: Blob, past: tuple[bytes, FileFacts] | None = None) -> Outcome:
    """Examine one blob.

    Parameters
    ----------
    blob : (str, bytes)
        Object id and content.
    past : tuple of (bytes, FileFacts), optional
        As `examine` takes it.

    Returns
    -------
    (str, FileFacts or Failure)
        Object id and outcome.
    """
    oid, raw = blob
    try:
        return oid, examine(raw, past) if past else examine(raw)
    except Exception as error:
        return oid, Failure(oid, f"defect in detent: {type(error).__name__}: {error}")


def _many(chunk: list[Blob]) -> Results:
    before = SPENT.parsed
    outcomes = [outcome_of(blob) for blob in chunk]
    return outcomes, SPENT.since(before, memory().peak)


def _parallel(blobs: Iterable[Blob], jobs: int) -> Iterator[Outcome]:
    chunks = _chunks(blobs)
    more = True
    while more:
        pool = _pool(jobs)
        try:
            more = yield from _pooled(pool, chunks, ahead=2 * jobs)
        finally:
            pool.shutdown(cancel_futures=True)


def _pooled(
    pool: ProcessPoolExecutor, chunks: Iterator[list[Blob]], *, ahead: int
) -> Generator[Outcome, None, bool]:
    """Work through the chunks; true where the pool came to its end before them."""
    waiting: deque[tuple[list[Blob], Future[Results] | None]] = deque()
    broken = False
    for chunk in chunks:
        waiting.append((chunk, _submitted(pool, chunk)))
        SPENT.depth = max(SPENT.depth, len(waiting))
        # Few chunks under way bound the memory, whatever the size of the repository.
        if len(waiting) > ahead:
            broken = yield from _finished(*waiting.popleft())
        if broken:
            break
    for pending in waiting:
        yield from _finished(*pending)
    return broken


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Make a pool of fresh processes.

    Forked ones would hold the pipes to git open, so that git waits for more for ever.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin_work)


def _begin_work() -> None:
    gc.disable()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the process is gone for which this one works, even if it was killed."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


def _submitted(pool: ProcessPoolExecutor, chunk: list[Blob]) -> Future[Results] | None:
    from concurrent.futures.process import BrokenProcessPool

    try:
        # This may start processes: Ctrl-C is for the one that hands out the work.
        with held_back("SIGINT"):
            return pool.submit(_many, chunk)
    except BrokenProcessPool:
        return None


def _finished(chunk: list[Blob], future: Future[Results] | None) -> Generator[Outcome, None, bool]:
    """Give what the pool made of a chunk; true where one of its processes died."""
    if (yield from _given(future)):
        return False
    yield from _retried(chunk)
    return True


def _given(future: Future[Results] | None) -> Generator[Outcome, None, bool]:
    """Give what a pool made of a chunk; false where one of its processes died."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        if future is not None:
            SPENT.waits += not future.done()
            outcomes, share = future.result()
            SPENT.add(share)
            yield from outcomes
            return True
    except BrokenProcessPool:
        pass
    return False


def _retried(chunk: list[Blob]) -> Iterator[Outcome]:
    """Try a chunk in a process of its own; where that dies too, find the blob it dies of."""
    with _pool(1) as alone:
        if (yield from _given(_submitted(alone, chunk))):
            return
    if len(chunk) == 1:
        oid = chunk[0][0]
        yield oid, Failure(oid, "the process that analysed it died")
        return
    middle = len(chunk) // 2
    yield from _retried(chunk[:middle])
    yield from _retried(chunk[middle:])


def _chunks(blobs: Iterable[Blob]) -> Iterator[list[Blob]]:
    chunk: list[Blob] = []
    size = 0
    for blob in blobs:
        chunk.append(blob)
        size += len(blob[1])
        if size > _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
