"""What a run asks of SQLite, counted exactly; only where `detent budget measure` asks for it.

The same run makes the same counts, whatever else the machine does. Steps of SQLite's virtual
machine show a missing index and a worse query; commits and writes show what the steps do not.
"""

from __future__ import annotations

import json
import os
import re
import sys

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

#: Names the file to which each process appends lines of JSON, to be summed.
VARIABLE = "DETENT_COUNTERS"
_WRITES = r"(?i)\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b"
_COMMITS = r"(?i)\s*(?:COMMIT|END)\b"


class Counters:
    """Counts of one process.

    Attributes
    ----------
    steps : int
        Instructions of SQLite's virtual machine.
    statements, writes : int
        Statements that were run, and those among them that write a row or several.
    commits : int
        Transactions that were committed, those of single statements too.
    others : dict of str to int
        What else was counted, by the names of metrics.
    """

    def __init__(self) -> None:
        self.steps = self.statements = self.writes = self.commits = 0
        self.others: dict[str, int] = {}
        self._saved: dict[str, int] = {}

    def watch(self, connection: sqlite3.Connection) -> None:
        """Count what a connection does from now on.

        Parameters
        ----------
        connection : sqlite3.Connection
            Open.
        """

        def ran(statement: str) -> None:
            self.statements += 1
            if re.match(_WRITES, statement):
                self.writes += 1
                self.commits += not connection.in_transaction
            elif re.match(_COMMITS, statement):
                self.commits += 1

        connection.set_trace_callback(ran)
        connection.set_progress_handler(self._step, 1)

    def _step(self) -> int:
        self.steps += 1
        return 0

    def save(self, place: str) -> None:
        """Append what was counted since the last time to a file.

        Parameters
        ----------
        place : str
            The file; where it cannot be written, nobody reads it.
        """
        counts = {
            "sqlite.vm_steps": self.steps,
            "sqlite.statements": self.statements,
            "sqlite.writes": self.writes,
            "sqlite.commits": self.commits,
            "python.allocated_blocks": sys.getallocatedblocks(),
            **self.others,
        }
        since = {name: count - self._saved.get(name, 0) for name, count in counts.items()}
        self._saved = counts
        try:
            with open(place, "a", encoding="ascii") as file:
                file.write(json.dumps(since) + "\n")
        except OSError:
            pass


_COUNTING: list[Counters] = []


def watch(connection: sqlite3.Connection) -> None:
    """Count what a connection does, where `VARIABLE` asks for it.

    Parameters
    ----------
    connection : sqlite3.Connection
        Open.
    """
    if not os.environ.get(VARIABLE):
        return
    if not _COUNTING:
        _COUNTING.append(Counters())
    _COUNTING[0].watch(connection)


def save() -> None:
    """Write down what was counted, where this process counts; when a store is let go of."""
    for one in _COUNTING:
        one.save(os.environ[VARIABLE])


def note(counts: Mapping[str, int]) -> None:
    """Hand on what was counted elsewhere, where this process counts.

    Parameters
    ----------
    counts : mapping of str to int
        By the names of metrics.
    """
    for one in _COUNTING:
        one.others.update(counts)
