"""Connections to DuckDB, and what their errors mean to a user.

DuckDB lets one process write or several read, never both, and holds the file as long as it is open.
So a connection is opened for one transaction, or for questions that follow each other at once, and
another process is waited for.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing, contextmanager, suppress

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.core.files import create_file, make_directory
from detent.store.duckdb.schema import LAYOUT_VERSION, MARK, list_statements
from detent.store.errors import REBUILD_HINT, DamagedStore, ForeignStore, OtherVersion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Any

    from duckdb import DuckDBPyConnection

    Row = tuple[Any, ...]

_TIMEOUT = 30.0
_PAUSE = 0.02
_IDLE_SECONDS = 0.2
_OTHER_FILE_HINT = "name another file with --store"
#: Nothing is loaded from a network or from another file, and nothing is set in the file.
_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "threads": "2",
}
_MAGIC = b"DUCK"
_LOCKED = "Could not set lock"


def load_driver() -> ModuleType:
    """Import DuckDB, which is an extra."""
    try:
        import duckdb
        import nanoarrow  # noqa: F401 - what writes needs
    except ImportError as error:
        raise StoreError(
            f"an index in DuckDB needs {error.name}", "python -m pip install duckdb nanoarrow"
        ) from error
    return duckdb


def is_index(path: str) -> bool:
    """Tell whether a file is an index of detent in DuckDB, of whatever version."""
    try:
        with closing(Reader(path)) as reader, reader.use_connection():
            return True
    except OtherVersion:
        return True
    except StoreError:
        return False


def has_content(path: str) -> bool:
    """Tell a database from a file that is missing or empty."""
    try:
        with open(path, "rb") as file:
            header = file.read(12)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreError(
            f"the index {path} cannot be used: {error.strerror}", "or use --store memory:"
        ) from error
    if header and header[8:] != _MAGIC:
        raise DamagedStore(f"{path} is no database", REBUILD_HINT)
    return bool(header)


@contextmanager
def open_transaction(path: str) -> Iterator[DuckDBPyConnection]:
    """Open an index that exists, to write."""
    with translate_errors(path):
        connection = _connect(path, write=True)
        try:
            _check_tables(connection, path)
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            # What is not committed is rolled back.
            connection.close()


class Reader:
    """A connection to read, closed when no question has come for a while: others want to write."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: DuckDBPyConnection | None = None
        self._timer: threading.Timer | None = None

    @contextmanager
    def use_connection(self) -> Iterator[DuckDBPyConnection]:
        """Give the connection for one question; its answers are of one state of the index."""
        with self._lock, translate_errors(self._path):
            if self._timer is not None:
                self._timer.cancel()
            try:
                if self._connection is None:
                    self._connection = _connect(self._path, write=False)
                    _check_tables(self._connection, self._path)
                yield self._connection
            except BaseException:
                self._disconnect()
                raise
            self._timer = threading.Timer(_IDLE_SECONDS, self.close)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Close the connection; the next question opens it again."""
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._timer = None


def fetch_row(connection: DuckDBPyConnection, query: str, values: object = ()) -> Row | None:
    """Give the first row that a query finds, and finish the query."""
    found: list[Row] = connection.execute(query, values).fetchall()
    return found[0] if found else None


def fetch_value(connection: DuckDBPyConnection, query: str, values: object = ()) -> Any:
    """Give the value that a query computes."""
    row = fetch_row(connection, query, values)
    return row[0] if row else None


def _connect(path: str, *, write: bool) -> DuckDBPyConnection:
    driver = load_driver()
    deadline = time.monotonic() + _TIMEOUT
    while True:
        try:
            connection: DuckDBPyConnection = driver.connect(
                path, read_only=not write, config=_SETTINGS
            )
        except driver.Error as error:
            if not _is_locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return connection


def _is_locked(error: Exception) -> bool:
    text = str(error)
    return _LOCKED in text or "different configuration" in text


def _check_tables(connection: DuckDBPyConnection, path: str) -> None:
    tables = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    if MARK not in tables:
        raise ForeignStore(f"{path} is a database, but no index", _OTHER_FILE_HINT)
    found = connection.execute(f"SELECT version FROM {MARK}").fetchall()
    if found != [(LAYOUT_VERSION,)]:
        raise OtherVersion(f"{path} was written by another version of detent", REBUILD_HINT)


def create_index(path: str) -> None:
    """Make an empty index, unless another process is quicker."""
    with translate_errors(path):
        make_directory(os.path.dirname(os.path.abspath(path)))
        name = f"{path}.{os.getpid()}-{os.urandom(4).hex()}.new"
        create_file(name)
        mode = os.stat(name).st_mode
        os.unlink(name)  # DuckDB makes a database of a name that is free only
        try:
            _create_tables(name)
            os.chmod(name, mode & 0o777)
            _move_if_absent(name, path)
        finally:
            _delete_files(name, f"{name}.wal")


def _create_tables(path: str) -> None:
    with closing(load_driver().connect(path, config=_SETTINGS)) as connection:
        for statement in list_statements():
            connection.execute(statement)


def _delete_files(*paths: str) -> None:
    for path in paths:
        with suppress(FileNotFoundError):
            os.unlink(path)


def _move_if_absent(source: str, target: str) -> None:
    if has_content(target):
        return
    with suppress(FileNotFoundError):
        os.unlink(target)  # it is empty
    with suppress(FileExistsError):
        os.link(source, target)


@contextmanager
def translate_errors(path: str) -> Iterator[None]:
    """Turn DuckDB's errors into ones that name the file and what helps."""
    driver = load_driver()
    try:
        yield
    except (driver.IOException, driver.PermissionException, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        if isinstance(error, driver.IOException) and not _is_surroundings(reason):
            raise DamagedStore(f"{path} is damaged: {reason}", REBUILD_HINT) from error
        raise StoreError(
            f"the index {path} cannot be used: {reason}",
            "see that the directory can be written and has room, or use --store memory:",
        ) from error
    except driver.ConnectionException as error:
        raise StoreError(
            f"the index {path} cannot be used: {str(error).splitlines()[0]}",
            "or use --store memory:",
        ) from error
    except (driver.ConstraintException, driver.InvalidInputException, driver.ConversionException):
        raise  # a defect of ours, which says nothing of the file
    except driver.Error as error:
        reason = str(error).splitlines()[0]
        raise DamagedStore(f"{path} is damaged: {reason}", REBUILD_HINT) from error


def _is_surroundings(reason: str) -> bool:
    """Tell what a file cannot cause from damage."""
    words = (_LOCKED, "ermission", "space", "denied", "Cannot open file", "read-only")
    return any(word in reason for word in words)
