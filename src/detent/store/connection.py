"""Connections to SQLite, their transactions, and what their errors mean to a user."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from detent.errors import StoreError
from detent.store.faults import MEMORY, DamagedStore, OtherVersion
from detent.store.schema import APPLICATION_ID, SCHEMA, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT = 30.0
_REBUILD = "`detent index --full` builds it anew"


def connect(path: str, *, write: bool) -> sqlite3.Connection:
    """Open an index and see that it is one.

    Parameters
    ----------
    path : str
        The file, or ``memory:``.
    write : bool
        Whether to open it for writing, and to create it where it is missing.

    Returns
    -------
    sqlite3.Connection
        Without implicit transactions.

    Raises
    ------
    StoreError
        If it cannot be opened; `DamagedStore` and `OtherVersion` where building it anew helps.
    """
    with guarded(path):
        connection = _open(path, write=write)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            _check(connection, path, write=write)
        except BaseException:
            connection.close()
            raise
        return connection


def _open(path: str, *, write: bool) -> sqlite3.Connection:
    if path == MEMORY:
        return sqlite3.connect(":memory:", isolation_level=None)
    if not write:
        connection = _read_only(path, "mode=ro")
        try:
            connection.execute("PRAGMA user_version")
        except sqlite3.OperationalError:
            # A write-ahead log needs a writable directory, even to read: nobody can write here.
            connection.close()
            connection = _read_only(path, "mode=ro&immutable=1")
        return connection
    Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None)
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _read_only(path: str, mode: str) -> sqlite3.Connection:
    whole = Path(path).absolute().as_posix()
    for character in "%?#":
        whole = whole.replace(character, f"%{ord(character):02x}")
    uri = f"file:{whole if whole[0] == '/' else f'/{whole}'}?{mode}"
    return sqlite3.connect(uri, uri=True, timeout=_TIMEOUT, isolation_level=None)


def _check(connection: sqlite3.Connection, path: str, *, write: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if (version, application) == (VERSION, APPLICATION_ID):
        return
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables and write:
        _create(connection, path)
    elif application == APPLICATION_ID or not tables:
        raise OtherVersion(f"{path} was written by another version of detent", _REBUILD)
    else:
        raise StoreError(f"{path} is a database, but no index", "name another file with --store")


def _create(connection: sqlite3.Connection, path: str) -> None:
    if path != MEMORY:
        connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        # Another process may have been quicker, and what it made is as good.
        if not connection.execute("PRAGMA user_version").fetchone()[0]:
            for statement in SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that is done inside, or nothing; waits for other writers first."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def guarded(path: str) -> Iterator[None]:
    """Turn SQLite's errors into ones that name the file and what helps.

    Parameters
    ----------
    path : str
        The file that is worked on.

    Yields
    ------
    None
        Once.

    Raises
    ------
    StoreError
        For every error of SQLite or of the file system.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if "malformed" in str(error):
            raise DamagedStore(f"{path} is damaged: {error}", _REBUILD) from error
        raise StoreError(
            f"the index {path} cannot be used: {error}",
            "see that the directory can be written and has room, or use --store memory:",
        ) from error
    except sqlite3.DatabaseError as error:
        raise DamagedStore(f"{path} is damaged: {error}", _REBUILD) from error
    except OSError as error:
        raise StoreError(
            f"the index {path} cannot be used: {error.strerror}", "or use --store memory:"
        ) from error
