"""A lock that ends with the process that holds it, however that ends, on every system."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def try_lock(path: str) -> Iterator[bool]:
    """Hold a lock, or find out that somebody else does."""
    connection = _connect_locked(path)
    try:
        yield connection is not None
    finally:
        if connection is not None:
            connection.close()


def _connect_locked(path: str) -> sqlite3.Connection | None:
    # SQLite's own lock of an empty database: made for every system, and tested on all of them.
    # Nothing is ever written, so a journal is not ours; SQLite would do what it says.
    with suppress(OSError):
        os.unlink(f"{path}-journal")
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError:
        return None
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        connection.close()
        if not isinstance(error, sqlite3.OperationalError):  # the file is no lock: the next one is
            with suppress(OSError):
                os.unlink(path)
        return None
    return connection
