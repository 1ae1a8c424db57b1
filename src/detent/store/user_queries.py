"""Queries of settings and of people: they read documented views, within limits, and no more.

The text of a query may come with the repository, so it is hostile until proven otherwise. It never
reaches a store: the files that it may see are copied into a database in memory that ends with the
query. An authorizer allows to read the views and to call harmless functions, limits of SQLite bound
what a single step may take, and a handler counts the steps, the time and the memory.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing, suppress
from functools import partial
from itertools import islice

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError
from detent.core.namedtuple import NamedTuple
from detent.store.step_watch import StepWatch

with suppress(ImportError):  # Windows has none
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.store.protocol import Store

    Row = tuple[object, ...]

#: The views that queries see, with their columns.
VIEWS = {
    "file": {
        "path": "from the root of the repository, with slashes",
        "package": "its directory, `.` for the root",
        "bytes": "its size",
        "lines": "its lines",
    },
    "symbol": {
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
    "public_symbol": {"…": "as in `symbol`; public classes, functions and methods only"},
    "finding": {
        "path": "the file",
        "package": "its directory",
        "code": "of the rule: all rules, whatever the settings select",
        "symbol": "dotted name of what it is about",
        "role": "what that is, such as `method`, `private` or `nested`",
        "line": "where it is",
        "subject": "the section or parameter",
        "message": "what is wrong",
    },
    "call": {
        "path": "the file",
        "package": "its directory",
        "symbol": "dotted name of what calls, empty for the module",
        "name": "the callee as written",
        "line": "where",
    },
    "imported": {
        "path": "the file",
        "package": "its directory",
        "symbol": "dotted name of what imports, empty for the module",
        "name": "that the import binds",
        "module": "as written, with leading dots",
        "target": "the name inside the module, empty for the module itself",
        "line": "where",
    },
}
_INTEGERS = frozenset({"bytes", "lines", "line", "end_line", "parameters", "complexity", "nesting"})
_PUBLIC_SYMBOL = """
CREATE VIEW public_symbol AS
SELECT * FROM symbol WHERE visibility = 'public' AND kind != 'module'
"""
_BATCH_SIZE = 200
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


class QueryLimits(NamedTuple):
    """What a query may take, above what its views take."""

    steps: int  # of SQLite's virtual machine
    seconds: float
    bytes: int
    rows: int


#: For queries of settings, which run in hooks.
SETTINGS_LIMITS = QueryLimits(10_000_000, 10.0, 256_000_000, 1_000)

_STEP_INTERVAL = 50
#: Longest text that a function searches for, or set of characters that it removes.
LONGEST_ARGUMENT = 1_000
#: SQLite's own take seconds in a single step for long arguments.
_TEXT_FUNCTIONS: dict[str, tuple[Callable[..., str | int], tuple[int, ...]]] = {
    "instr": (lambda text, part: text.find(part) + 1, (2,)),
    "replace": (lambda text, old, new: text.replace(old, new) if old else text, (3,)),
    "trim": (lambda text, chars=" ": text.strip(chars), (1, 2)),
    "ltrim": (lambda text, chars=" ": text.lstrip(chars), (1, 2)),
    "rtrim": (lambda text, chars=" ": text.rstrip(chars), (1, 2)),
}
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


class QueryResult(NamedTuple):
    """What a query gives."""

    columns: list[str]
    rows: list[Row]


def run_user_query(
    files: Iterable[tuple[str, FileFacts]], query: str, limits: QueryLimits = SETTINGS_LIMITS
) -> QueryResult:
    """Run a query on some files."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _create_views(connection)
        for path, facts in files:
            _insert_file(connection, path, facts)
        guard = _QueryGuard(limits)
        connection.execute("PRAGMA temp_store = MEMORY")
        for name, value in _LIMITS.items():
            connection.setlimit(getattr(sqlite3, f"SQLITE_LIMIT_{name}"), value)
        guard.replace_functions(connection)
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(guard.authorize_action)
        watch = StepWatch(guard.is_over)
        connection.set_progress_handler(watch.handle_step, _STEP_INTERVAL)
        try:
            cursor = connection.execute(query)
            rows = cursor.fetchmany(limits.rows + 1)
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
            watch.raise_caught()
            why = guard.complaint or f"the query fails: {str(error).rstrip('.')}"
            raise MeasurementError(why, "docs/budgets.md says what a query may do") from error
    if cursor.description is None:
        raise MeasurementError("the query gives nothing", "it is to be one SELECT")
    if len(rows) > limits.rows:
        raise MeasurementError(f"the query gives more than {limits.rows:,} rows", "group them")
    return QueryResult([column[0] for column in cursor.description], rows)


def _create_views(connection: sqlite3.Connection) -> None:
    for name, columns in VIEWS.items():
        if name == "public_symbol":
            connection.execute(_PUBLIC_SYMBOL)
        else:
            typed = [f"{column} {'INTEGER' if column in _INTEGERS else ''}" for column in columns]
            connection.execute(f"CREATE TABLE {name} ({', '.join(typed)})")


def load_files(store: Store, files: Mapping[str, BlobKey]) -> Iterator[tuple[str, FileFacts]]:
    """Read the facts of files, in the order of their paths."""
    rest = iter(sorted(files.items()))
    while batch := list(islice(rest, _BATCH_SIZE)):
        facts = dict(store.load_facts({key for _, key in batch}, full=True))
        yield from ((path, facts[key]) for path, key in batch if key in facts)


def _insert_file(connection: sqlite3.Connection, path: str, facts: FileFacts) -> None:
    place = (path, path.rpartition("/")[0] or ".")
    names = [symbol.qualname for symbol in facts.symbols]
    tables: dict[str, list[Row]] = {
        "file": [(*place, facts.size, facts.lines)],
        "symbol": [(*place, *row) for row in _list_symbol_rows(facts)],
        "finding": [
            (
                *place,
                finding.code,
                names[finding.symbol],
                facts.symbols[finding.symbol].role,
                finding.line,
                finding.subject,
                finding.message,
            )
            for finding in facts.findings
            if not finding.numpydoc_only
        ],
        "call": [(*place, names[call.symbol], call.name, call.line) for call in facts.calls],
        "imported": [
            (*place, names[item.symbol], item.name, item.module, item.target, item.line)
            for item in facts.bindings
        ],
    }
    for table, rows in tables.items():
        marks = ", ".join("?" * len(VIEWS[table]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _list_symbol_rows(facts: FileFacts) -> Iterator[Row]:
    without_examples = {item.symbol for item in facts.findings if item.code == "EX01"}
    for number, symbol in enumerate(facts.symbols):
        has_docstring = symbol.docstring is not None
        yield (
            symbol.kind,
            symbol.name,
            symbol.qualname,
            symbol.visibility,
            symbol.line,
            symbol.end_line,
            "\n".join(symbol.decorators),
            " ".join(sorted(symbol.flags)),
            symbol.docstring.text if symbol.docstring else None,
            has_docstring,
            has_docstring and number not in without_examples,
            symbol.shape.lines,
            symbol.shape.parameters,
            symbol.shape.complexity,
            symbol.shape.nesting,
        )


class _QueryGuard:
    """Watches one query."""

    def __init__(self, limits: QueryLimits) -> None:
        self.complaint = ""
        self._limits = limits
        self._steps = 0
        self._end = time.monotonic() + limits.seconds
        self._memory = _measure_peak_memory() + limits.bytes

    def authorize_action(self, action: int, *details: str | None) -> int:
        """Answer SQLite's question whether a query may do something."""
        first, second, schema, _ = (detail or "" for detail in details)
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            # Of a common table expression, SQLite names neither a column nor a schema.
            is_fine, what = first in VIEWS or not (second or schema), f"read {first}"
        elif action == sqlite3.SQLITE_FUNCTION:
            is_fine, what = second.lower() in FUNCTIONS, f"call {second}()"
        else:
            is_fine, what = False, "do anything but SELECT"
        if is_fine:
            return sqlite3.SQLITE_OK
        self.complaint = self.complaint or f"the query may not {what}"
        return sqlite3.SQLITE_DENY

    def replace_functions(self, connection: sqlite3.Connection) -> None:
        """Replace the functions whose time depends on the product of two lengths."""
        for name, (function, counts) in _TEXT_FUNCTIONS.items():
            for count in counts:
                call = partial(self._call_function, name, function)
                connection.create_function(name, count, call, deterministic=True)

    def _call_function(
        self, name: str, function: Callable[..., str | int], *values: object
    ) -> str | int | None:
        if None in values:
            return None
        texts = [
            value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            for value in values
        ]
        if any(len(text) > LONGEST_ARGUMENT for text in texts[1:]):
            most = f"{LONGEST_ARGUMENT:,} characters"
            self.complaint = f"the query gives {name}() a second value of more than {most}"
            raise ValueError
        if name == "replace" and texts[1]:
            size = len(texts[0]) + texts[0].count(texts[1]) * len(texts[2])
            if size > _LIMITS["LENGTH"]:
                self.complaint = f"the query makes a text of more than {_LIMITS['LENGTH']:,} bytes"
                raise ValueError
        return function(*texts)

    def is_over(self) -> bool:
        """Tell SQLite to stop where the query has taken too much."""
        self._steps += _STEP_INTERVAL
        if self._steps > self._limits.steps:
            self.complaint = f"the query takes more than {self._limits.steps:,} steps"
        elif time.monotonic() > self._end:
            self.complaint = f"the query takes more than {self._limits.seconds:g} s"
        elif _measure_peak_memory() > self._memory:
            self.complaint = f"the query takes more than {self._limits.bytes:,} bytes"
        return bool(self.complaint)


def _measure_peak_memory() -> int:
    """Give the most memory that the process has had, in bytes; 0 where the system does not say."""
    if "resource" not in sys.modules:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
