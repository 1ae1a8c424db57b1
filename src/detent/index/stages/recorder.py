"""Checkpoints of one build: what time has gone to which stage, memory and counters."""

from __future__ import annotations

import sys
import time

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.stages.memory import measure_memory, reset_peak

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

HighWaterMarks = dict[str, "int | None"]


class Checkpoint(NamedTuple):
    """One moment of a build."""

    at: float  # seconds since 1970
    elapsed: float  # seconds since the build began
    stage: str  # what has just been done
    step: str
    # ``rss`` and ``rssPeak`` in bytes (the peak since the checkpoint before, where the system
    # lets it begin anew), and ``allocatedBlocks`` of Python
    memory: HighWaterMarks
    extra: dict[str, Any]  # counters so far


class StageTotals:
    """Sums of a stage, which a build may enter many times."""

    def __init__(self, began: float) -> None:
        self.began = self.ended = began
        self.seconds = 0.0
        self.checkpoints = 0
        self.memory: HighWaterMarks = {}
        self.extra: HighWaterMarks = {}


class StageRecorder:
    """Takes the laps of one build: what is marked is what was done since the lap before."""

    def __init__(self, began: float) -> None:
        self.checkpoints: list[Checkpoint] = []
        self.stages: dict[str, StageTotals] = {}
        self.high: HighWaterMarks = {}
        self.epoch = time.time() - (time.perf_counter() - began)
        self.elapsed = 0.0
        self.resets = reset_peak()
        self._began = began

    def record_lap(self, stage: str, step: str, extra: Mapping[str, Any]) -> None:
        """Give what has passed since the last lap to a stage."""
        now = time.perf_counter() - self._began
        rss, peak = measure_memory()
        found: HighWaterMarks = {
            "rss": rss,
            "rssPeak": peak,
            "allocatedBlocks": sys.getallocatedblocks(),
        }
        entry = self.stages.setdefault(stage, StageTotals(self.elapsed))
        entry.seconds += now - self.elapsed
        entry.ended = self.elapsed = now
        raise_marks(entry.memory, found)
        raise_marks(self.high, found)
        if step:
            entry.checkpoints += 1
            raise_marks(entry.extra, {k: v for k, v in extra.items() if isinstance(v, int)})
            at = self.epoch + now
            self.checkpoints.append(Checkpoint(at, now, stage, step, found, dict(extra)))
        reset_peak()

    def list_metrics(self) -> Iterator[tuple[str, int]]:
        """Give what a limit can be on."""
        for name, stage in self.stages.items():
            marks = {**stage.extra, "rss_peak_bytes": stage.memory.get("rssPeak")}
            for counter, value in marks.items():
                if value is not None:
                    yield f"stage.{name}.{counter}", value


def raise_marks(high: HighWaterMarks, now: Mapping[str, int | None]) -> None:
    """Raise high-water marks."""
    for name, value in now.items():
        before = high.get(name)
        if value is not None and (before is None or value > before):
            high[name] = value
