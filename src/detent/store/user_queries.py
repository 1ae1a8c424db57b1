"""Queries of other people on the index: they read documented views, within limits, and no more.

The text of a query is a setting, and settings come with the repository: it is hostile until proven
otherwise. Four things hold it. It runs on a connection of its own, opened for reading. SQLite's
authorizer lets it read the views below and call harmless functions; tables behind the views can be
read by views whose names nobody can guess, so that a query cannot pass for one of them. Limits of
SQLite bound what a single step may take, and a handler counts the steps, the time and the memory.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from contextlib import closing, suppress

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError
from detent.store.sqlite.connection import open_scratch_connection
from detent.store.sqlite.schema import TABLES

with suppress(ImportError):  # Windows has none
    import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The views that queries see, with their columns and what gives them.
VIEWS = {
    "file": (
        {
            "path": "from the root of the repository, with slashes",
            "package": "its directory, `.` for the root",
            "bytes": "its size",
            "lines": "its lines",
        },
        "SELECT path, package, size, lines FROM {files}",
    ),
    "symbol": (
        {
            "path": "the file",
            "package": "its directory",
            "kind": "`module`, `class`, `function` or `method`",
            "name": "as defined, empty for a module",
            "qualname": "dotted, inside the module",
            "visibility": "`public`, `unlisted`, `private`, `dunder` or `nested`",
            "line": "where it begins",
            "end_line": "where it ends",
            "decorators": "as written, a line each",
            "flags": "words: `async`, `returns`, `yields`, `stub`, `empty` …",
            "docstring": "its text, NULL where there is none",
            "has_docstring": "1 or 0",
            "has_examples": "1 where the docstring has a section Examples",
            "lines": "without its docstring",
            "parameters": "without the self or cls of a method",
            "complexity": "McCabe's, of its own code",
            "nesting": "blocks inside one another in its own code",
        },
        """
        SELECT path, package, kind, name, qualname, visibility, line, end_line, decorators, flags,
            docstring, docstring IS NOT NULL, docstring IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM main.finding
                WHERE finding.blob = symbol.blob AND finding.symbol = symbol.number
                    AND code = 'EX01'
            ), symbol.lines, parameters, complexity, nesting
        FROM {files} JOIN main.symbol ON symbol.blob = {files}.blob
        """,
    ),
    "public_symbol": (
        {"…": "as in `symbol`; public classes, functions and methods only"},
        "SELECT * FROM {symbol} WHERE visibility = 'public' AND kind != 'module'",
    ),
    "finding": (
        {
            "path": "the file",
            "package": "its directory",
            "code": "of the rule: all rules, whatever the settings select",
            "symbol": "dotted name of what it is about",
            "role": "what that is, such as `method`, `private` or `nested`",
            "line": "where it is",
            "subject": "the section or parameter",
            "message": "what is wrong",
        },
        """
        SELECT path, package, code, qualname, role, line, subject, message
        FROM {files} JOIN main.finding ON finding.blob = {files}.blob
        """,
    ),
    "call": (
        {
            "path": "the file",
            "package": "its directory",
            "symbol": "dotted name of what calls, empty for the module",
            "name": "the callee as written",
            "line": "where",
        },
        """
        SELECT path, package, qualname, call.name, call.line
        FROM {files} JOIN main.call ON call.blob = {files}.blob
        JOIN main.symbol ON symbol.blob = call.blob AND symbol.number = call.symbol
        """,
    ),
    "imported": (
        {
            "path": "the file",
            "package": "its directory",
            "symbol": "dotted name of what imports, empty for the module",
            "name": "that the import binds",
            "module": "as written, with leading dots",
            "target": "the name inside the module, empty for the module itself",
            "line": "where",
        },
        """
        SELECT path, package, qualname, binding.name, module, target, binding.line
        FROM {files} JOIN main.binding ON binding.blob = {files}.blob
        JOIN main.symbol ON symbol.blob = binding.blob AND symbol.number = binding.symbol
        """,
    ),
}
#: What a query may call: nothing that reads the clock, the machine or a file, or makes much of
#: little.
FUNCTIONS = frozenset(
    [
        *("abs", "avg", "coalesce", "count", "glob", "ifnull", "iif", "instr", "length", "like"),
        *("lower", "ltrim", "max", "min", "nullif", "replace", "round", "rtrim", "sign", "substr"),
        *("substring", "sum", "total", "trim", "typeof", "upper"),
        *("dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "rank"),
        "row_number",
    ]
)
#: What a query may take.
MOST_STEPS = 10_000_000
MOST_SECONDS = 10.0
MOST_BYTES = 256_000_000
MOST_ROWS = 1_000

_BASE_TABLES = frozenset({"symbol", "finding", "call", "binding"})
_STEP_INTERVAL = 200
_LIMITS = {
    "LENGTH": 200_000,
    "SQL_LENGTH": 10_000,
    "COLUMN": 100,
    "EXPR_DEPTH": 100,
    "COMPOUND_SELECT": 20,
    "VDBE_OP": 20_000,
    "FUNCTION_ARG": 8,
    "ATTACHED": 0,
    "LIKE_PATTERN_LENGTH": 100,
    "VARIABLE_NUMBER": 0,
    "TRIGGER_DEPTH": 1,
    "WORKER_THREADS": 0,
}


def run_user_query(
    store: sqlite3.Connection, path: str, query: str, *, files: Mapping[str, str]
) -> list[tuple[object, ...]]:
    """Run a query."""
    with closing(open_scratch_connection(store, path)) as connection:
        guard = _QueryGuard(_create_views(connection, files))
        _set_limits(connection)
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(guard.authorize_action)
        connection.set_progress_handler(guard.is_over, _STEP_INTERVAL)
        try:
            cursor = connection.execute(query)
            rows = cursor.fetchmany(MOST_ROWS + 1)
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
            why = guard.complaint or f"the query fails: {str(error).rstrip('.')}"
            raise MeasurementError(why, "docs/budgets.md says what a query may do") from error
    if cursor.description is None:
        raise MeasurementError("the query gives nothing", "it is to be one SELECT")
    if len(rows) > MOST_ROWS:
        raise MeasurementError(f"the query gives more than {MOST_ROWS:,} rows", "group them")
    return rows


def _create_views(connection: sqlite3.Connection, files: Mapping[str, str]) -> str:
    """Make the views; give what the names of the hidden ones begin with."""
    hidden = f"_{os.urandom(16).hex()}_"  # as `secrets` does, which imports OpenSSL
    names = {name: f"{hidden}{name}" for name in ("files", *VIEWS)}
    run = connection.execute
    # A join with main.blob would use nothing of it but its row, and SQLite's question whether that
    # may be read does not tell by which view.
    run(f"CREATE TEMP TABLE {names['files']} (path TEXT, package TEXT, blob INTEGER, size, lines)")
    connection.executemany(
        f"INSERT INTO {names['files']} SELECT ?, ?, id, size, lines FROM main.blob WHERE oid = ?",
        ((path, path.rpartition("/")[0] or ".", oid) for path, oid in sorted(files.items())),
    )
    columns = VIEWS["symbol"][0]
    for name, (described, query) in VIEWS.items():
        own = ", ".join(columns if "…" in described else described)
        run(f"CREATE TEMP VIEW {names[name]} ({own}) AS {query.format(**names)}")
        run(f"CREATE TEMP VIEW {name} AS SELECT * FROM {names[name]}")
    return hidden


def _set_limits(connection: sqlite3.Connection) -> None:
    set_limit = getattr(connection, "setlimit", None)
    if set_limit is None:
        raise MeasurementError(
            "Python 3.10 cannot hold a query to its limits", "run detent on Python 3.11 or newer"
        )
    for name, value in _LIMITS.items():
        set_limit(getattr(sqlite3, f"SQLITE_LIMIT_{name}"), value)


class _QueryGuard:
    """Watches one query."""

    def __init__(self, hidden: str) -> None:
        self.complaint = ""
        self._hidden = hidden
        self._steps = 0
        self._end = time.monotonic() + MOST_SECONDS
        self._memory = _measure_peak_memory() + MOST_BYTES

    def authorize_action(self, action: int, *details: str | None) -> int:
        """Answer SQLite's question whether a query may do something."""
        one, two, schema, inside = (detail or "" for detail in details)
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            is_fine = self._is_readable(one, schema, inside) or _is_table_expression(
                one, two, schema
            )
            what = f"read {one}"
        elif action == sqlite3.SQLITE_FUNCTION:
            is_fine, what = two.lower() in FUNCTIONS, f"call {two}()"
        else:
            is_fine, what = False, "do anything but SELECT"
        if is_fine:
            return sqlite3.SQLITE_OK
        self.complaint = self.complaint or f"the query may not {what}"
        return sqlite3.SQLITE_DENY

    def _is_readable(self, table: str, schema: str, inside: str) -> bool:
        """Tell whether a table may be read, by what view if any."""
        if table.startswith(self._hidden):
            return True  # nobody but a view of ours knows the name
        if inside.startswith(self._hidden):
            return table in _BASE_TABLES
        return schema == "temp" and table in VIEWS

    def is_over(self) -> bool:
        """Tell SQLite to stop where the query has taken too much."""
        self._steps += _STEP_INTERVAL
        if self._steps > MOST_STEPS:
            self.complaint = f"the query takes more than {MOST_STEPS:,} steps"
        elif time.monotonic() > self._end:
            self.complaint = f"the query takes more than {MOST_SECONDS:g} s"
        elif _measure_peak_memory() > self._memory:
            self.complaint = f"the query takes more than {MOST_BYTES:,} bytes"
        return bool(self.complaint)


def _is_table_expression(table: str, column: str, schema: str) -> bool:
    """Tell a common table expression: SQLite names no column of it, and nothing that it is in."""
    name = table.lower()
    return not (column or schema or name in TABLES or name.startswith(("sqlite_", "pragma_")))


def _measure_peak_memory() -> int:
    """Give the most memory that the process has had, in bytes; 0 where the system does not say."""
    if "resource" not in sys.modules:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
