"""Where files are analyzed: in this process or in several."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.index.executors.base import BuildStats
from detent.index.executors.serial import SerialExecutor

if TYPE_CHECKING:
    from detent.index.executors.base import Executor

#: From this many bytes on, starting one more process pays.
_BYTES_PER_JOB = 16_000_000
#: Bytes of a typical source file: sizes are not known before files are read.
_TYPICAL_SIZE = 16_000


def choose_executor(jobs: int, count: int, stats: BuildStats | None = None) -> Executor:
    """Choose where to analyze `count` files: on so many processes, or for 0 on what pays."""
    jobs = jobs or choose_jobs(count * _TYPICAL_SIZE)
    stats = stats or BuildStats()
    if jobs == 1:
        return SerialExecutor(stats)
    # Most runs need no other process, and none of the modules for it.
    from detent.index.executors.process_pool import ProcessPool

    return ProcessPool(jobs, stats)


def choose_jobs(size: int) -> int:
    """Choose how many processes are worth starting for so many bytes."""
    return max(1, min(os.cpu_count() or 1, size // _BYTES_PER_JOB))
