"""Rows on their way into DuckDB: columns of Arrow, a table at a time, never row by row."""

from __future__ import annotations

from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.store.duckdb.schema import get_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from duckdb import DuckDBPyConnection

    Row = Sequence[Any]


@contextmanager
def stage_rows(
    connection: DuckDBPyConnection, columns: Sequence[str], rows: Sequence[Row]
) -> Iterator[None]:
    """Let a connection see rows as the table ``staged``."""
    import nanoarrow

    types = {
        "BIGINT": nanoarrow.int64(),
        "VARCHAR": nanoarrow.string(),
        "BLOB": nanoarrow.binary(),
    }
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    chosen = [types[get_type(column)] for column in columns]
    children = [
        nanoarrow.c_array(list(column), kind) for column, kind in zip(values, chosen, strict=True)
    ]
    schema = nanoarrow.struct(dict(zip(columns, chosen, strict=True)))
    batch = nanoarrow.c_array_from_buffers(schema, len(rows), [None], children=children)
    connection.register("staged", nanoarrow.Array(batch))
    try:
        yield
    finally:
        connection.unregister("staged")
