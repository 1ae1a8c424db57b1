"""What analysis has taken in this process and in those that work for it: for the stage audit."""

from __future__ import annotations

import os

from detent.core.namedtuple import NamedTuple


class WorkerStats(NamedTuple):
    """What one process has done for another."""

    parses: int  # files that were parsed, nodes of their trees, and trees with syntax errors
    nodes: int
    errors: int
    process: int  # its number, and the most memory that it has had, in bytes
    peak: int


class AnalysisStats:
    """What was done since the process began."""

    def __init__(self) -> None:
        self.parses = 0
        self.nodes = 0
        self.errors = 0
        self.waits = 0
        self.depth = 0
        self.peaks: dict[int, int] = {}

    @property
    def parse_counts(self) -> tuple[int, int, int]:
        """What the parser has done so far: parses, nodes and errors."""
        return self.parses, self.nodes, self.errors

    def measure_since(self, before: tuple[int, int, int], peak: int) -> WorkerStats:
        """Give this process's share in a piece of work."""
        parses, nodes, errors = (a - b for a, b in zip(self.parse_counts, before, strict=True))
        return WorkerStats(parses, nodes, errors, os.getpid(), peak)

    def add_worker(self, share: WorkerStats) -> None:
        """Count what a worker has done."""
        self.parses += share.parses
        self.nodes += share.nodes
        self.errors += share.errors
        self.peaks[share.process] = max(share.peak, self.peaks.get(share.process, 0))


#: Of this process.
STATS = AnalysisStats()
