"""A writer at work on a SQLite index."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.store import rows
from detent.store.sqlite.connection import transaction, translate_errors
from detent.store.sqlite.paths import to_sql
from detent.store.version_table import parse_missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.core.model import BlobKey, FileFacts
    from detent.store.protocol import ViewUpdate
    from detent.store.sqlite.connection import IndexConnection
    from detent.store.version_table import VersionTable

_INSERTS = {
    table: f"INSERT INTO {table} (blob, number, {', '.join(columns)}) "
    f"VALUES (?, ?{', ?' * len(columns)})"
    for table, columns in rows.COLUMNS.items()
}
_INSERT_BLOB = """
INSERT OR IGNORE INTO blob
    (oid, language, structure, findings, size, lines, exports, calls, bindings)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CLAIM_VIEW = """
INSERT INTO view (name, tree, generation, languages, size, versions, missing)
VALUES (?, ?, ?, ?, 0, '', '')
ON CONFLICT (name) DO UPDATE SET
    tree = excluded.tree, generation = excluded.generation, languages = excluded.languages
"""
_COUNT_ENTRIES = "SELECT count(*) FROM entry WHERE view = :view"
_UPDATE_SUMMARY = "UPDATE view SET size = ?, versions = ?, missing = ? WHERE id = ?"


class _ConcurrentUpdateError(Exception):
    """Somebody else was quicker: the update has to be computed again."""


class SqliteSession:
    """See `detent.store.protocol.Session`."""

    def __init__(self, connection: IndexConnection, path: str, versions: VersionTable) -> None:
        self._connection = connection
        self._path = path
        self._versions = versions

    def persist(self, facts: Iterable[tuple[BlobKey, FileFacts]]) -> None:
        """See `Session.persist`."""
        with translate_errors(self._path, self._connection), transaction(self._connection):
            for key, file_facts in facts:
                self._insert_facts(key, file_facts)

    def _insert_facts(self, key: BlobKey, facts: FileFacts) -> None:
        versions = self._versions.get_row(key.language)
        exports = None if facts.exports is None else rows.encode_list(facts.exports)
        lists = (exports, rows.encode_columns(facts.calls), rows.encode_columns(facts.bindings))
        cursor = self._connection.execute(
            _INSERT_BLOB, (*key, *versions, facts.size, facts.lines, *lists)
        )
        blob = cursor.lastrowid
        if not cursor.rowcount or blob is None:
            return
        for table, values in rows.encode_tables(blob, facts):
            self._connection.executemany(_INSERTS[table], values)

    def publish(self, update: ViewUpdate) -> bool:
        """See `Session.publish`."""
        try:
            with translate_errors(self._path, self._connection), transaction(self._connection):
                view = self._claim_generation(update)
                self._replace_entries(update, view)
                self._update_summary(update, view)
        except _ConcurrentUpdateError:
            return False
        return True

    def _claim_generation(self, update: ViewUpdate) -> int:
        """Move the view to its next generation, unless somebody else has."""
        found = self._connection.execute(
            "SELECT id, generation FROM view WHERE name = ?", (update.name,)
        ).fetchone()
        if (found[1] if found else 0) != update.generation:
            raise _ConcurrentUpdateError
        cursor = self._connection.execute(
            _CLAIM_VIEW, (update.name, update.tree, update.generation + 1, update.languages)
        )
        return int(found[0] if found else cursor.lastrowid or 0)

    def _replace_entries(self, update: ViewUpdate, view: int) -> None:
        run = self._connection.executemany
        run(
            "DELETE FROM entry WHERE view = ? AND path = ?",
            [(view, to_sql(path)) for path in update.deleted],
        )
        run(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)",
            [(view, to_sql(path), *key) for path, key in update.changed.items()],
        )
        self._connection.execute("DELETE FROM difference WHERE view = ?", (view,))
        run(
            "INSERT INTO difference VALUES (?, ?, ?, ?)",
            [
                (view, to_sql(path), *(key or (None, None)))
                for path, key in update.differences.items()
            ],
        )

    def _update_summary(self, update: ViewUpdate, view: int) -> None:
        """Note the size of a view and what it lacks."""
        run, chosen = self._connection.execute, {"view": view}
        (size,) = run(_COUNT_ENTRIES, chosen).fetchone()
        (missing,) = run(self._versions.select_missing, chosen).fetchone()
        if update.failed is not None and parse_missing(missing).difference(update.failed):
            raise _ConcurrentUpdateError
        run(_UPDATE_SUMMARY, (size, self._versions.text, missing, view))
