"""The calls of whole views, which take seconds to find, in a file that may be deleted any time.

It is the same beside every store. A row is the answer for the exact contents of a view, so it can
be missing, but not out of date.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress

from detent.core.files import create_file

_SELECT = "SELECT packed FROM edges WHERE key = ? AND length(packed) < ?"
_SCHEMA = "CREATE TABLE IF NOT EXISTS edges (key TEXT PRIMARY KEY, packed BLOB NOT NULL)"
_DELETE_OLD = """
DELETE FROM edges WHERE rowid NOT IN (SELECT rowid FROM edges ORDER BY rowid DESC LIMIT ?)
"""
_MOST_VIEWS = 8
_MOST_BYTES = 1 << 28


class EdgeCache:
    """Packed calls by key; what cannot be read or written is missing."""

    def __init__(self, index_path: str) -> None:
        self._path = f"{index_path}-edges"

    def load(self, key: str) -> bytes | None:
        """Load what was saved; nothing on disk changes."""
        if not os.path.isfile(self._path):  # SQLite would make it
            return None
        with suppress(sqlite3.Error), closing(self._connect()) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            row = connection.execute(_SELECT, (key, _MOST_BYTES)).fetchone()
            return row[0] if row and isinstance(row[0], bytes) else None
        return None

    def save(self, key: str, packed: bytes) -> None:
        """Save the calls of a view, and forget those of the oldest one."""
        with suppress(OSError, sqlite3.Error):
            try:
                self._write(key, packed)
            except sqlite3.OperationalError:
                raise  # no permission, no room, or another process that writes
            except sqlite3.DatabaseError:
                os.unlink(self._path)  # it is damaged
                self._write(key, packed)

    def _write(self, key: str, packed: bytes) -> None:
        create_file(self._path)
        with closing(self._connect()) as connection, connection:
            connection.execute(_SCHEMA)
            connection.execute("INSERT OR REPLACE INTO edges VALUES (?, ?)", (key, packed))
            connection.execute(_DELETE_OLD, (_MOST_VIEWS,))

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=1)
