"""A worker process: takes pickled chunks of work, and gives back their outcomes."""

from __future__ import annotations

import gc
import os
import pickle

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.executors.base import analyze_item
from detent.index.stages.memory import measure_memory
from detent.languages.base import ParseStats

if TYPE_CHECKING:
    from detent.index.executors.base import Outcome, WorkItem


class ChunkResult(NamedTuple):
    """What a worker made of some files, and what that took."""

    outcomes: list[Outcome]
    parsed: ParseStats
    process: int  # its id
    peak: int | None  # the most memory that it has had, in bytes


def serve() -> None:
    """Work until standard input ends, as it does when the process at its other end is gone."""
    gc.disable()
    with os.fdopen(0, "rb") as source, os.fdopen(1, "wb") as target:
        while True:
            try:
                chunk = pickle.load(source)  # noqa: S301
                pickle.dump(analyze_chunk(chunk), target, pickle.HIGHEST_PROTOCOL)
                target.flush()
            except (EOFError, BrokenPipeError):
                os._exit(0)


def analyze_chunk(chunk: list[WorkItem]) -> ChunkResult:
    """Analyze some files in this process."""
    outcomes = []
    parsed = ParseStats()
    for item in chunk:
        outcome, spent = analyze_item(item)
        outcomes.append(outcome)
        parsed = parsed.add(spent)
    return ChunkResult(outcomes, parsed, os.getpid(), measure_memory().peak)
