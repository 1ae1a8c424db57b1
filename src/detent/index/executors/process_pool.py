"""Analysis in several processes, in bounded memory.

`multiprocessing` is not used: it imports modules from the current directory, which may be hostile,
and runs the program of whoever calls us once more in each process.
"""

from __future__ import annotations

import pickle
from collections import deque

from detent import TYPE_CHECKING
from detent.index.executors import base
from detent.index.executors.base import AnalysisFailure, BuildStats
from detent.index.executors.pipe_process import PipeProcess
from detent.index.executors.worker import ChunkResult
from detent.languages.base import ParseStats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from detent.index.executors.base import Outcome, WorkItem

_CHUNK_BYTES = 400_000
#: Time that a worker has to give back its results after the time of a file.
_GRACE_SECONDS = 5.0
_WORKER = "from detent.index.executors.worker import serve; serve()"


class ProcessPool:
    """Analyzes files in several processes; a process that dies costs one file."""

    def __init__(self, jobs: int, stats: BuildStats | None = None) -> None:
        self._jobs = jobs
        self._stats = stats or BuildStats()
        self._idle: deque[WorkerProcess] = deque()
        self._busy: set[WorkerProcess] = set()

    def run(self, items: Iterable[WorkItem]) -> Iterator[Outcome]:
        """Analyze files; yield one outcome for each, in their order."""
        from concurrent.futures import ThreadPoolExecutor

        waiting: deque[Future[list[ChunkResult]]] = deque()
        threads = ThreadPoolExecutor(self._jobs)
        try:
            for chunk in _split_chunks(items):
                waiting.append(threads.submit(self._analyze_chunk, chunk))
                self._stats.queue_depth = max(self._stats.queue_depth, len(waiting))
                # Few chunks under way bound the memory, whatever the size of the repository.
                if len(waiting) > 2 * self._jobs:
                    yield from self._collect_outcomes(waiting.popleft())
            while waiting:
                yield from self._collect_outcomes(waiting.popleft())
        finally:
            # There are some at work only where the run has been interrupted.
            for worker in list(self._busy):
                worker.kill()
            threads.shutdown(cancel_futures=True)
            while self._idle:
                self._idle.pop().close()

    def _collect_outcomes(self, future: Future[list[ChunkResult]]) -> Iterator[Outcome]:
        self._stats.queue_waits += not future.done()
        for result in future.result():
            self._stats.add_parsed(result.parsed)
            self._stats.add_peak(result.process, result.peak)
            yield from result.outcomes

    def _analyze_chunk(self, chunk: list[WorkItem]) -> list[ChunkResult]:
        """Have a worker analyze a chunk; where it dies, find the file that it dies of."""
        try:
            worker = self._idle.pop()
        except IndexError:
            worker = WorkerProcess()
        self._busy.add(worker)
        try:
            result = worker.analyze(chunk)
        except (EOFError, OSError, pickle.UnpicklingError):
            worker.close()
        else:
            self._idle.append(worker)
            return [result]
        finally:
            self._busy.discard(worker)
        if len(chunk) == 1:
            outcome = worker.explain_end(chunk[0])
            return [ChunkResult([outcome], ParseStats(), worker.id, None)]
        middle = len(chunk) // 2
        return self._analyze_chunk(chunk[:middle]) + self._analyze_chunk(chunk[middle:])


def analyze_apart(item: WorkItem) -> tuple[Outcome, ParseStats]:
    """Analyze one file in a process of its own, which is ended if it takes too long."""
    worker = WorkerProcess()
    try:
        result = worker.analyze([item])
    except (EOFError, OSError, pickle.UnpicklingError):
        return worker.explain_end(item), ParseStats()
    finally:
        worker.kill()
        worker.close()
    return result.outcomes[0], result.parsed


class WorkerProcess(PipeProcess):
    """A worker that analyzes files."""

    def __init__(self) -> None:
        super().__init__(_WORKER)

    def analyze(self, chunk: list[WorkItem]) -> ChunkResult:
        """Analyze some files there."""
        # The worker watches the time itself, but not while it is in a call of C.
        result: ChunkResult = self.ask(chunk, base.FILE_SECONDS + _GRACE_SECONDS)
        return result

    def explain_end(self, item: WorkItem) -> Outcome:
        """Give the outcome of the file of which the process has died."""
        if self.is_late:
            return item.key, base.make_slow_facts(item)
        return item.key, AnalysisFailure("the process that analysed it died")


def _split_chunks(items: Iterable[WorkItem]) -> Iterator[list[WorkItem]]:
    chunk: list[WorkItem] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.raw)
        if size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
