"""Checkpoints of one build: what time has gone to which stage, memory and counters."""

from __future__ import annotations

import sys
import time

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.stages.memory import memory, reset_peak

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

Memory = dict[str, "int | None"]


class Checkpoint(NamedTuple):
    """One moment of a build.

    Attributes
    ----------
    at : float
        Seconds since 1970.
    elapsed : float
        Seconds since the build began.
    stage, step : str
        What has just been done.
    memory : dict of str to (int or None)
        ``rss`` and ``rssPeak`` in bytes (the peak since the checkpoint before, where the system
        lets it begin anew), and ``allocatedBlocks`` of Python.
    extra : dict of str
        Counters so far.
    """

    at: float
    elapsed: float
    stage: str
    step: str
    memory: Memory
    extra: dict[str, Any]


class Stage:
    """Sums of a stage, which a build may enter many times.

    Parameters
    ----------
    began : float
        Seconds since the build began.

    Attributes
    ----------
    began, ended : float
        When it was first entered and last left, in seconds since the build began.
    seconds : float
        How long it was at work in between.
    checkpoints : int
        Number of its checkpoints.
    memory, extra : dict of str to (int or None)
        High-water marks of memory and of counters.
    """

    def __init__(self, began: float) -> None:
        self.began = self.ended = began
        self.seconds = 0.0
        self.checkpoints = 0
        self.memory: Memory = {}
        self.extra: Memory = {}


class Recorder:
    """Takes the laps of one build: what is marked is what was done since the lap before.

    Parameters
    ----------
    began : float
        Of `time.perf_counter`.

    Attributes
    ----------
    checkpoints : list of Checkpoint
        In order.
    stages : dict of str to Stage
        In the order in which they were first entered.
    high : dict of str to (int or None)
        The most memory of all.
    epoch : float
        When the build began, in seconds since 1970.
    elapsed : float
        Seconds from then to the last lap.
    resets : bool
        Whether the peak of memory begins anew with each lap.
    """

    def __init__(self, began: float) -> None:
        self.checkpoints: list[Checkpoint] = []
        self.stages: dict[str, Stage] = {}
        self.high: Memory = {}
        self.epoch = time.time() - (time.perf_counter() - began)
        self.elapsed = 0.0
        self.resets = reset_peak()
        self._began = began

    def lap(self, stage: str, step: str, extra: Mapping[str, Any]) -> None:
        """Give what has passed since the last lap to a stage.

        Parameters
        ----------
        stage, step : str
            What was done; without a step there is no checkpoint.
        extra : mapping of str
            Counters so far.
        """
        now = time.perf_counter() - self._began
        rss, peak = memory()
        found: Memory = {
            "rss": rss,
            "rssPeak": peak,
            "allocatedBlocks": sys.getallocatedblocks(),
        }
        entry = self.stages.setdefault(stage, Stage(self.elapsed))
        entry.seconds += now - self.elapsed
        entry.ended = self.elapsed = now
        raise_to(entry.memory, found)
        raise_to(self.high, found)
        if step:
            entry.checkpoints += 1
            raise_to(entry.extra, {k: v for k, v in extra.items() if isinstance(v, int)})
            at = self.epoch + now
            self.checkpoints.append(Checkpoint(at, now, stage, step, found, dict(extra)))
        reset_peak()

    def metrics(self) -> Iterator[tuple[str, int]]:
        """Give what a limit can be on.

        Yields
        ------
        (str, int)
            A metric such as ``stage.stage1.nodes`` or ``stage.stage1.rss_peak_bytes``, and its
            value.
        """
        for name, stage in self.stages.items():
            marks = {**stage.extra, "rss_peak_bytes": stage.memory.get("rssPeak")}
            for counter, value in marks.items():
                if value is not None:
                    yield f"stage.{name}.{counter}", value


def raise_to(high: Memory, now: Mapping[str, int | None]) -> None:
    """Raise high-water marks.

    Parameters
    ----------
    high : dict of str to (int or None)
        Changed where `now` has more.
    now : mapping of str to (int or None)
        None says nothing.
    """
    for name, value in now.items():
        before = high.get(name)
        if value is not None and (before is None or value > before):
            high[name] = value
