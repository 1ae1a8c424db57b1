"""A writer at work on an index in DuckDB: facts are kept back, and written many at a time."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.store import rows
from detent.store.duckdb.connection import fetch_row, fetch_value, open_transaction
from detent.store.duckdb.schema import TABLES, quote_columns
from detent.store.duckdb.staging import stage_rows
from detent.store.version_table import parse_missing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from duckdb import DuckDBPyConnection

    from detent.core.model import BlobKey, FileFacts
    from detent.store.duckdb.connection import Reader
    from detent.store.protocol import ViewUpdate
    from detent.store.version_table import VersionTable

    Row = tuple[Any, ...]

#: So many rows of symbols and findings are some 50 MB.
_MOST_ROWS = 100_000
#: Blobs that are new, with the next ids in the order in which they came.
_CHOOSE_NEW = """
CREATE TEMP TABLE new AS
SELECT (SELECT coalesce(max(id), 0) FROM blob) + row_number() OVER (ORDER BY staged.id) AS id,
    staged.id AS number
FROM staged WHERE NOT EXISTS (
    SELECT 1 FROM blob WHERE blob.oid = staged.oid AND blob.language = staged.language
        AND blob.structure = staged.structure AND blob.findings = staged.findings
)
"""
_COPY_BLOBS = "INSERT INTO blob SELECT new.id, {} FROM staged JOIN new ON number = staged.id"
_COPY_ROWS = """
INSERT INTO {} SELECT new.id, {} FROM staged JOIN new ON new.number = staged.blob
ORDER BY new.id, staged.number
"""
_REPLACE_VIEW = "INSERT INTO view VALUES (?, ?, ?, ?, ?, 0, '', '')"
_SUMMARIZE_VIEW = """
UPDATE view SET size = (SELECT count(*) FROM entry WHERE view = $view) WHERE id = $view
"""


class DuckSession:
    """See `detent.store.protocol.Session`."""

    def __init__(self, path: str, versions: VersionTable, reader: Reader) -> None:
        self._path = path
        self._reader = reader
        self._versions = versions
        self._keys: set[BlobKey] = set()
        self._rows: dict[str, list[Row]] = {"blob": [], **{table: [] for table in rows.COLUMNS}}

    def persist(self, facts: Iterable[tuple[BlobKey, FileFacts]]) -> None:
        """See `Session.persist`."""
        batch = {key: file_facts for key, file_facts in facts if key not in self._keys}
        encoded = [
            self._encode(number, key, file_facts)
            for number, (key, file_facts) in enumerate(batch.items(), len(self._keys))
        ]
        for tables in encoded:
            for table, values in tables.items():
                self._rows[table] += values
        self._keys.update(batch)
        if sum(map(len, self._rows.values())) > _MOST_ROWS:
            self.flush()

    def _encode(self, number: int, key: BlobKey, facts: FileFacts) -> dict[str, list[Row]]:
        versions = self._versions.get_row(key.language)
        exports = None if facts.exports is None else rows.encode_list(facts.exports)
        lists = (exports, rows.encode_columns(facts.calls), rows.encode_columns(facts.bindings))
        blob = (number, *key, *versions, facts.size, facts.lines, *lists)
        return {"blob": [blob], **{t: list(v) for t, v in rows.encode_tables(number, facts)}}

    def flush(self) -> None:
        """Write what was kept back, in one transaction."""
        if self._keys:
            self._reader.close()
            with open_transaction(self._path) as connection:
                self._write_facts(connection)
            self._forget_facts()

    def _forget_facts(self) -> None:
        self._keys.clear()
        for values in self._rows.values():
            values.clear()

    def _write_facts(self, connection: DuckDBPyConnection) -> None:
        names = TABLES["blob"]
        with stage_rows(connection, names, self._rows["blob"]):
            connection.execute(_CHOOSE_NEW)
            connection.execute(_COPY_BLOBS.format(quote_columns(names[1:], "staged")))
        for table in rows.COLUMNS:
            names = TABLES[table]
            with stage_rows(connection, names, self._rows[table]):
                columns = quote_columns(names[1:], "staged")
                connection.execute(_COPY_ROWS.format(table, columns))
        connection.execute("DROP TABLE new")

    def publish(self, update: ViewUpdate) -> bool:
        """See `Session.publish`."""
        self._reader.close()
        with open_transaction(self._path) as connection:
            if self._keys:
                self._write_facts(connection)
            is_published = self._publish(connection, update)
            if not is_published:
                connection.execute("ROLLBACK")
                connection.execute("BEGIN")
        if is_published:
            self._forget_facts()
        return is_published

    def _publish(self, connection: DuckDBPyConnection, update: ViewUpdate) -> bool:
        run = connection.execute
        select_view = "SELECT id, generation FROM view WHERE name = ?"
        found = fetch_row(connection, select_view, [update.name])
        if (found[1] if found else 0) != update.generation:
            return False
        next_id = fetch_value(connection, "SELECT coalesce(max(id), 0) + 1 FROM view")
        view = found[0] if found else next_id
        run("DELETE FROM view WHERE id = ?", [view])
        run(
            _REPLACE_VIEW, [view, update.name, update.tree, update.generation + 1, update.languages]
        )
        gone = [*update.deleted, *update.changed]
        run("DELETE FROM entry WHERE view = ? AND path IN (SELECT unnest(?::BLOB[]))", [view, gone])
        run("DELETE FROM difference WHERE view = ?", [view])
        changed = [(view, path, *key) for path, key in update.changed.items()]
        differences = [
            (view, path, *(key or (None, None))) for path, key in update.differences.items()
        ]
        for table, values in (("entry", changed), ("difference", differences)):
            with stage_rows(connection, TABLES[table], values):
                run(f"INSERT INTO {table} SELECT * FROM staged")
        run(_SUMMARIZE_VIEW, {"view": view})
        query = self._versions.select_missing.replace(":view", "$view")
        missing = fetch_value(connection, query, {"view": view})
        return update.failed is None or not parse_missing(missing).difference(update.failed)
