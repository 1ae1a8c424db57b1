"""A lock that ends with the process that holds it, however that ends, on every system."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def held(path: str) -> Iterator[bool]:
    """Hold a lock, or find out that somebody else does.

    Parameters
    ----------
    path : str
        A file that is used for nothing else; it is made where it is missing, and stays.

    Yields
    ------
    bool
        Whether the lock is held now; it is not waited for.
    """
    # SQLite's own lock of an empty database: made for every system, and tested on all of them.
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
        else:
            yield True
