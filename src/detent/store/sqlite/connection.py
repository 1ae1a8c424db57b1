"""Connections to SQLite, their transactions, and what their errors mean to a user."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.store.errors import MEMORY, DamagedStore, ForeignStore, OtherVersion
from detent.store.sqlite import counters
from detent.store.sqlite.schema import APPLICATION_ID, SCHEMA, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT = 30.0
_ELSEWHERE = "name another file with --store"
_REBUILD = "`detent index --full` builds it anew"
_MARKS = (
    "PRAGMA user_version",
    "PRAGMA application_id",
    "SELECT count(*) FROM sqlite_master",
)


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
        Without implicit transactions; to an empty index where there is nothing to read yet.

    Raises
    ------
    StoreError
        If it cannot be opened; `DamagedStore` and `OtherVersion` where building it anew helps.
    """
    with guarded(path):
        connection = _open(path, write=write)
        counters.watch(connection)
        try:
            with transaction(connection, "BEGIN"):
                blank = _is_blank(connection, path)
            if blank:
                _create(connection, path)
            if write:
                _log_ahead(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _open(path: str, *, write: bool) -> sqlite3.Connection:
    if path == MEMORY or not (_has_content(path) or write):
        return sqlite3.connect(":memory:", isolation_level=None)
    if not write:
        return _open_to_read(path)
    os.makedirs(os.path.dirname(_absolute(path)), exist_ok=True)
    return sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None)


def _has_content(path: str) -> bool:
    """Tell a file from one that is missing, or that another process is only about to fill."""
    try:
        size = os.stat(path).st_size
    except FileNotFoundError:
        return False
    if size == 1:  # SQLite would take it for nothing, and write over it
        raise DamagedStore(f"{path} is no database", _REBUILD)
    return size > 0


def _open_to_read(path: str) -> sqlite3.Connection:
    # Not "mode=ro": that would leave the two files of the write-ahead log behind.
    connection = _by_uri(path, "mode=rw")
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        # A log needs a writable directory, even to read; without one there is nothing to miss.
        if _has_content(f"{path}-wal"):
            raise
        return _by_uri(path, "mode=ro&immutable=1")
    except BaseException:
        connection.close()
        raise
    return connection


def open_copy(store: sqlite3.Connection, path: str) -> sqlite3.Connection:
    """Open an index once more, for temporary views on it.

    Parameters
    ----------
    store : sqlite3.Connection
        Open, and empty where there is no file yet.
    path : str
        Its file, or ``memory:``.

    Returns
    -------
    sqlite3.Connection
        Keeps what is temporary in memory; its user sees to it that nothing else is written.
    """
    if path != MEMORY and _has_content(path):
        connection = _open_to_read(path)
        connection.execute("PRAGMA query_only = OFF")
    else:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        store.backup(connection)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _absolute(path: str) -> str:
    """Give a path from the root; what leads over links is left as it is."""
    return path if os.path.isabs(path) else os.path.join(os.getcwd(), path)


def _by_uri(path: str, mode: str) -> sqlite3.Connection:
    whole = _absolute(path).replace(os.sep, "/")
    for character in "%?#":
        whole = whole.replace(character, f"%{ord(character):02x}")
    uri = f"file:{whole if whole[0] == '/' else f'/{whole}'}?{mode}"
    return sqlite3.connect(uri, uri=True, timeout=_TIMEOUT, isolation_level=None)


def _is_blank(connection: sqlite3.Connection, path: str) -> bool:
    """Tell a new database from an index; anything else is an error."""
    version, application, tables = (connection.execute(query).fetchone()[0] for query in _MARKS)
    if (version, application) == (VERSION, APPLICATION_ID):
        return False
    if application == APPLICATION_ID:
        raise OtherVersion(f"{path} was written by another version of detent", _REBUILD)
    if version or application or tables:
        raise ForeignStore(f"{path} is a database, but no index", _ELSEWHERE)
    return True


def _create(connection: sqlite3.Connection, path: str) -> None:
    with transaction(connection):
        # Another process may have been quicker, and what it made is as good.
        if _is_blank(connection, path):
            for statement in SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side; where others are in the way, a later one will."""
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Write all that is done inside, or nothing.

    Parameters
    ----------
    connection : sqlite3.Connection
        Without implicit transactions, and in none.
    begin : str, default "BEGIN IMMEDIATE"
        The statement that begins; the default waits for other writers first, ``BEGIN`` does not.

    Yields
    ------
    None
        Once, inside the transaction.
    """
    connection.execute(begin)
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
    DamagedStore
        If the file is no whole database.
    StoreError
        For other errors of SQLite that are no defect of detent, and those of the file system.
    """
    try:
        yield
    except (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a defect of ours, which says nothing of the file
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
