"""A lock that ends with the process that holds it, however that ends, on every system."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def try_lock(path: str) -> Iterator[bool]:
    """Hold a lock, or find out that somebody else does."""
    # SQLite's own lock of an empty database: made for every system, and tested on all of them.
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
        else:
            yield True
