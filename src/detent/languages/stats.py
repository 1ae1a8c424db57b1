"""What analysis has taken in this process and in those that work for it: for the stage audit."""

from __future__ import annotations

import os

from detent.core.namedtuple import NamedTuple


class Share(NamedTuple):
    """What one process has done for another.

    Attributes
    ----------
    parses, nodes, errors : int
        Files that were parsed, nodes of their trees, and trees with syntax errors.
    process, peak : int
        Its number, and the most memory that it has had, in bytes.
    """

    parses: int
    nodes: int
    errors: int
    process: int
    peak: int


class Effort:
    """What was done since the process began.

    Attributes
    ----------
    parses, nodes, errors : int
        Files that were parsed, nodes of their trees, and trees with syntax errors.
    waits, depth : int
        How often a worker had to be waited for, and how many pieces of work were under way at most.
    peaks : dict of int to int
        The most memory that each worker has had, in bytes, by the number of its process.
    """

    def __init__(self) -> None:
        self.parses = 0
        self.nodes = 0
        self.errors = 0
        self.waits = 0
        self.depth = 0
        self.peaks: dict[int, int] = {}

    @property
    def parsed(self) -> tuple[int, int, int]:
        """What the parser has done so far: parses, nodes and errors."""
        return self.parses, self.nodes, self.errors

    def since(self, before: tuple[int, int, int], peak: int) -> Share:
        """Give this process's share in a piece of work.

        Parameters
        ----------
        before : tuple of int
            What was `parsed` when it began.
        peak : int
            The most memory that this process has had, in bytes.

        Returns
        -------
        Share
            To `add` where the work is wanted.
        """
        parses, nodes, errors = (a - b for a, b in zip(self.parsed, before, strict=True))
        return Share(parses, nodes, errors, os.getpid(), peak)

    def add(self, share: Share) -> None:
        """Count what a worker has done.

        Parameters
        ----------
        share : Share
            Since its last one.
        """
        self.parses += share.parses
        self.nodes += share.nodes
        self.errors += share.errors
        self.peaks[share.process] = max(share.peak, self.peaks.get(share.process, 0))


#: Of this process.
SPENT = Effort()
