"""Regular expressions applied in other processes, which are ended where that takes too long."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError, UsageError
from detent.core.escape import clean_path
from detent.index.executors import choose_jobs
from detent.index.executors.pipe_process import PipeProcess
from detent.query.text.expressions import ParsedExpression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from detent.query.text.lines import LineMatch

    #: A file: its path and its content.
    File = tuple[bytes, bytes]
    FileMatches = tuple[bytes, list[LineMatch]]

#: How long an expression may take for one chunk; most take milliseconds.
CHUNK_SECONDS = 10.0
_CHUNK_BYTES = 400_000
_TYPICAL_SIZE = 16_000
_WORKER = "from detent.index.executors.search_worker import serve; serve()"


class SearchPool:
    """Applies one regular expression to files."""

    def __init__(self, expression: str, context: int) -> None:
        self.need = ParsedExpression(expression).find_need()  # what a file must have
        self._question = (expression, context)
        self._idle: deque[PipeProcess] = deque()
        self._running: set[PipeProcess] = set()

    def run(self, files: Iterable[File], count: int) -> Iterator[FileMatches]:
        """Find the matching lines of so many files, in their order."""
        waiting: deque[Future[list[FileMatches]]] = deque()
        jobs = choose_jobs(count * _TYPICAL_SIZE)
        threads = ThreadPoolExecutor(jobs)
        try:
            for chunk in _split_chunks(files):
                waiting.append(threads.submit(self._search_chunk, chunk))
                if len(waiting) > 2 * jobs:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for process in list(self._running):
                process.kill()
            threads.shutdown(cancel_futures=True)
            for process in self._running:
                process.close()

    def _search_chunk(self, chunk: list[File]) -> list[FileMatches]:
        process = self._take_process()
        try:
            found = process.ask([raw for _, raw in chunk], CHUNK_SECONDS)
        except (EOFError, OSError) as error:
            names = clean_path(chunk[0][0])
            names += f" and {len(chunk) - 1} more" if chunk[1:] else ""
            raise MeasurementError(
                f"the expression takes more than {CHUNK_SECONDS:g} s for {names}"
                if process.is_late
                else f"the process that searched {names} died",
                "a simpler expression, or one --path after the other",
            ) from error
        self._idle.append(process)
        return list(zip((path for path, _ in chunk), found, strict=True))

    def _take_process(self) -> PipeProcess:
        try:
            return self._idle.pop()
        except IndexError:
            process = PipeProcess(_WORKER)
        self._running.add(process)
        try:
            fault = process.ask(self._question, CHUNK_SECONDS)
        except (EOFError, OSError) as error:
            raise UsageError("the expression takes too long to compile", "simplify it") from error
        if fault:
            raise UsageError(*fault)
        return process


def _split_chunks(files: Iterable[File]) -> Iterator[list[File]]:
    chunk: list[File] = []
    size = 0
    for file in files:
        chunk.append(file)
        size += len(file[1])
        if size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
