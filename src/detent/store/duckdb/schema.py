"""The tables of an index in DuckDB.

They are those of SQLite (`detent.store.sqlite.schema` says what their columns mean), with two
differences: a mention has its word, which DuckDB keeps once for many rows, and paths are bytes.
There are no indexes: a lookup reads one column, which is fast enough, and writes stay cheap.
"""

from __future__ import annotations

from detent.store.rows import COLUMNS

#: Raised by one with every change of the tables. A store of another version is built again.
LAYOUT_VERSION = 2
#: A table of its own tells an index from any other database.
MARK = "detent_index"

_NUMBERS = frozenset(
    ("blob", "number", "parent", "line", "column", "end_line", "docstring_line", "symbol", "lines",
     "docstring_column", "parameters", "complexity", "nesting", "requires_addition",
     "numpydoc_only", "id", "size", "structure", "findings", "version", "generation", "view",
     "reference")
)  # fmt: skip
_BYTES = frozenset(("path", "packed"))

#: The columns of each table.
TABLES = {
    "blob": (
        "id", "oid", "language", "structure", "findings", "size", "lines", "exports", "calls",
        "bindings",
    ),
    **{table: ("blob", "number", *columns) for table, columns in COLUMNS.items()},
    "view": ("id", "name", "tree", "generation", "languages", "size", "versions", "missing"),
    "entry": ("view", "path", "oid", "language"),
    "difference": ("view", "path", "oid", "language"),
    "reference": ("id", "oid", "language", "version", "packed"),
    "mention": ("word", "reference"),
}  # fmt: skip


def get_type(column: str) -> str:
    """Give the type of a column, which is the same in all tables."""
    if column in _BYTES:
        return "BLOB"
    return "BIGINT" if column in _NUMBERS else "VARCHAR"


def quote_columns(columns: tuple[str, ...] | list[str], table: str = "") -> str:
    """List columns in SQL."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{column}"' for column in columns)


def list_statements() -> list[str]:
    """List the statements that make an empty index."""
    made = []
    for table, columns in TABLES.items():
        typed = ", ".join(f'"{column}" {get_type(column)}' for column in columns)
        made.append(f"CREATE TABLE {table} ({typed})")
    return [*made, f"CREATE TABLE {MARK} AS SELECT {LAYOUT_VERSION} AS version"]
