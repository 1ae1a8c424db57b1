"""What a run asks of SQLite, counted exactly; only where `detent budget measure` asks for it.

The same run makes the same counts, whatever else the machine does. Steps of SQLite's virtual
machine show a missing index and a worse query; commits and writes show what the steps do not.
"""

from __future__ import annotations

import json
import re
import sys

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_WRITE_PATTERN = r"(?i)\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b"
_COMMIT_PATTERN = r"(?i)\s*(?:COMMIT|END)\b"


class Counters:
    """Counts of one run; they are appended to a file as lines of JSON, to be summed."""

    def __init__(self, place: str) -> None:
        self._place = place
        self.steps = self.statements = self.writes = self.commits = 0
        self.others: dict[str, int] = {}
        self._saved: dict[str, int] = {}

    def watch_connection(self, connection: sqlite3.Connection) -> None:
        """Count what a connection does from now on."""

        def count_statement(statement: str) -> None:
            self.statements += 1
            if re.match(_WRITE_PATTERN, statement):
                self.writes += 1
                self.commits += not connection.in_transaction
            elif re.match(_COMMIT_PATTERN, statement):
                self.commits += 1

        connection.set_trace_callback(count_statement)
        connection.set_progress_handler(self._count_step, 1)

    def _count_step(self) -> int:
        self.steps += 1
        return 0

    def add_counts(self, counts: Mapping[str, int]) -> None:
        """Take over what was counted elsewhere in the run."""
        self.others.update(counts)

    def save_counts(self) -> None:
        """Append what was counted since the last time to the file."""
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
            with open(self._place, "a", encoding="ascii") as file:
                file.write(json.dumps(since) + "\n")
        except OSError:
            pass
