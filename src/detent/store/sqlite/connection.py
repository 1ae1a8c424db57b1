"""Connections to SQLite, their transactions, and what their errors mean to a user."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.core.files import create_file, make_directory
from detent.store.errors import REBUILD_HINT, DamagedStore, ForeignStore, OtherVersion
from detent.store.sqlite.schema import INDEX_LAYOUT, list_schema_rows
from detent.store.step_watch import StepWatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.store.sqlite.counters import Counters
    from detent.store.sqlite.schema import Layout

_TIMEOUT = 30.0
_OTHER_FILE_HINT = "name another file with --store"
_SCHEMA_QUERY = "SELECT name, type, tbl_name, sql FROM sqlite_master ORDER BY name, type"
#: The file may come from a cache that others can write. So nothing in its schema is trusted, and
#: its pages are checked when they are read.
_CAUTIONS = ("PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON")
#: Larger than any value of an index.
_MOST_BYTES = 500_000_000
#: A few milliseconds.
_STEPS_BETWEEN_SIGNALS = 100_000
#: How a rollback journal ends that names a file to remove.
_JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
#: What a file cannot cause: no right to it, no room, another process that has it.
_SURROUNDINGS = frozenset(
    (
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    )
)


class IndexConnection(sqlite3.Connection):
    """A connection whose queries end at a signal."""

    watch: StepWatch | None = None  # set by `open_database`

    def protect(self, counters: Counters | None) -> None:
        """Trust nothing in the file, and let signals end what it takes too long."""
        for caution in _CAUTIONS:
            self.execute(caution)
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
        if counters:
            counters.watch_connection(self)
        else:
            self.watch = StepWatch()
            self.set_progress_handler(self.watch.handle_step, _STEPS_BETWEEN_SIGNALS)


def open_database(
    path: str, *, write: bool, counters: Counters | None = None, layout: Layout = INDEX_LAYOUT
) -> IndexConnection:
    """Open an index and see that it is one."""
    with translate_errors(path):
        connection = _connect_database(path, write=write)
    with translate_errors(path, connection):
        try:
            connection.protect(counters)
            with transaction(connection, "BEGIN"):
                blank = _is_blank(connection, path, layout)
            if blank:
                _create_schema(connection, path, layout)
            if write:
                _enable_write_ahead_log(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _connect_database(path: str, *, write: bool) -> IndexConnection:
    if not (_has_content(path) or write):
        return sqlite3.connect(":memory:", isolation_level=None, factory=IndexConnection)
    _check_journal(path)
    if not write:
        return _open_read_only(path)
    make_directory(os.path.dirname(_make_absolute(path)))
    create_file(path)  # SQLite gives its other files the mode of this one
    return sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None, factory=IndexConnection)


def _check_journal(path: str) -> None:
    """Refuse a journal that lets SQLite remove a file of another name; ours never do."""
    try:
        with open(f"{path}-journal", "rb") as file:
            file.seek(-len(_JOURNAL_MAGIC), os.SEEK_END)
            ending = file.read(len(_JOURNAL_MAGIC))
    except OSError:
        return
    if ending == _JOURNAL_MAGIC:
        raise DamagedStore(f"{path} is damaged: its journal names another file", REBUILD_HINT)


def _has_content(path: str) -> bool:
    """Tell a file from one that is missing, or that another process is only about to fill."""
    try:
        size = os.stat(path).st_size
    except FileNotFoundError:
        return False
    if size == 1:  # SQLite would take it for nothing, and write over it
        raise DamagedStore(f"{path} is no database", REBUILD_HINT)
    return size > 0


def _open_read_only(path: str) -> IndexConnection:
    # Not "mode=ro": that would leave the two files of the write-ahead log behind.
    connection = _connect_by_uri(path, "mode=rw")
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        # A log needs a writable directory, even to read; without one there is nothing to miss.
        if _has_content(f"{path}-wal"):
            raise
        return _connect_by_uri(path, "mode=ro&immutable=1")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_absolute(path: str) -> str:
    """Give a path from the root; what leads over links is left as it is."""
    return path if os.path.isabs(path) else os.path.join(os.getcwd(), path)


def _connect_by_uri(path: str, mode: str) -> IndexConnection:
    whole = _make_absolute(path).replace(os.sep, "/")
    for character in "%?#":
        whole = whole.replace(character, f"%{ord(character):02x}")
    uri = f"file:{whole if whole[0] == '/' else f'/{whole}'}?{mode}"
    return sqlite3.connect(
        uri, uri=True, timeout=_TIMEOUT, isolation_level=None, factory=IndexConnection
    )


def _is_blank(connection: sqlite3.Connection, path: str, layout: Layout) -> bool:
    """Tell a new database from an index; anything else is an error."""
    version, application = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("user_version", "application_id")
    )
    # As a set, a second row for a table would be hidden.
    most = len(list_schema_rows(layout)) + 1
    found = connection.execute(_SCHEMA_QUERY).fetchmany(most)
    if (version, application) == (layout.version, layout.application_id):
        if not layout.describes(found):
            raise DamagedStore(f"{path} is damaged: its tables are not detent's", REBUILD_HINT)
        return False
    if application == layout.application_id:
        raise OtherVersion(f"{path} was written by another version of detent", REBUILD_HINT)
    if version or application or found:
        raise ForeignStore(f"{path} is a database, but no index", _OTHER_FILE_HINT)
    return True


def _create_schema(connection: sqlite3.Connection, path: str, layout: Layout) -> None:
    with transaction(connection):
        # Another process may have been quicker, and what it made is as good.
        if _is_blank(connection, path, layout):
            for statement in layout.schema.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {layout.application_id}")
            connection.execute(f"PRAGMA user_version = {layout.version}")


def _enable_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side; where others are in the way, a later one will."""
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Write all that is done inside, or nothing."""
    connection.execute(begin)
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def translate_errors(path: str, connection: IndexConnection | None = None) -> Iterator[None]:
    """Turn SQLite's errors into ones that name the file and what helps."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a defect of ours, which says nothing of the file
    except sqlite3.OperationalError as error:
        if connection is not None and connection.watch is not None:
            connection.watch.raise_caught()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _SURROUNDINGS:
            raise DamagedStore(f"{path} is damaged: {error}", REBUILD_HINT) from error
        raise StoreError(
            f"the index {path} cannot be used: {error}",
            "see that the directory can be written and has room, or use --store memory:",
        ) from error
    except sqlite3.DatabaseError as error:
        # A missing value is a defect of ours; a row that is there already is a defect of the file.
        if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_NOTNULL:
            raise
        raise DamagedStore(f"{path} is damaged: {error}", REBUILD_HINT) from error
    except OSError as error:
        raise StoreError(
            f"the index {path} cannot be used: {error.strerror}", "or use --store memory:"
        ) from error
