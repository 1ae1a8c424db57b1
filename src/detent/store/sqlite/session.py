"""A writer at work on a SQLite index."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.store.sqlite import rows
from detent.store.sqlite.connection import transaction, translate_errors
from detent.store.sqlite.copied import STATEMENTS, find_copied_rows
from detent.store.sqlite.paths import to_sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detent.core.model import FileFacts
    from detent.store.protocol import PreviousLookup, ViewUpdate
    from detent.store.sqlite.copied import CopiedRows

_TABLE_WIDTHS = {"call": 6, "binding": 7, "finding": 12, "symbol": 23}
_INSERTS = {
    table: f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"
    for table, width in _TABLE_WIDTHS.items()
}
_UNLISTED = "NOT IN (SELECT value FROM json_each(?))"
_UPDATE_VIEW_SUMMARY = """
UPDATE view SET
    size = (SELECT count(*) FROM entry WHERE view = :view),
    lacking = (
        SELECT coalesce(group_concat(DISTINCT oid), '') FROM entry
        WHERE view = :view AND oid NOT IN (SELECT oid FROM blob)
    )
WHERE id = :view
"""


class _ConcurrentUpdate(Exception):
    """Somebody else was quicker: what is to be published has to be worked out again."""


class SqliteSession:
    """See `detent.store.protocol.Session`."""

    def __init__(
        self, connection: sqlite3.Connection, path: str, past_of: PreviousLookup | None = None
    ) -> None:
        self._connection = connection
        self._path = path
        self._past_of = past_of

    def persist(self, facts: Iterable[tuple[str, FileFacts]]) -> None:
        """See `Session.persist`."""
        with translate_errors(self._path), transaction(self._connection):
            for oid, one in facts:
                self._insert_facts(oid, one)

    def _insert_facts(self, oid: str, facts: FileFacts) -> None:
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO blob (oid, size, lines, exports) VALUES (?, ?, ?, ?)",
            (oid, facts.size, facts.lines, rows.encode_exports(facts.exports)),
        )
        blob = cursor.lastrowid
        if not cursor.rowcount or blob is None:
            return
        copied = self._copy_previous_rows(oid, blob, facts)
        for table, values in rows.encode_tables(blob, facts, copied):
            self._connection.executemany(_INSERTS[table], values)

    def _copy_previous_rows(
        self, oid: str, blob: int, facts: FileFacts
    ) -> dict[str, list[CopiedRows]]:
        """Copy what a blob was before an edit and still is; tell what that is."""
        past = self._past_of(oid) if self._past_of else None
        if past is None:
            return {}
        query = "SELECT id FROM blob WHERE oid = ?"
        found = self._connection.execute(query, (past[0],)).fetchone()
        if found is None:  # a gc that runs beside has taken it away
            return {}
        copied = find_copied_rows(past[1], facts)
        for table, some in copied.items():
            for one in some:
                chosen = {"blob": blob, "past": found[0], **one._asdict()}
                self._connection.execute(STATEMENTS[table], chosen)
        return copied

    def publish(self, change: ViewUpdate) -> bool:
        """See `Session.publish`."""
        try:
            with translate_errors(self._path), transaction(self._connection):
                self._replace_entries(change, self._claim_generation(change))
        except _ConcurrentUpdate:
            return False
        return True

    def _replace_entries(self, change: ViewUpdate, view: int) -> None:
        run = self._connection.executemany
        run(
            "DELETE FROM entry WHERE view = ? AND path = ?",
            [(view, to_sql(path)) for path in change.deleted],
        )
        run(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?)",
            [(view, to_sql(path), oid) for path, oid in change.changed.items()],
        )
        self._connection.execute("DELETE FROM difference WHERE view = ?", (view,))
        run(
            "INSERT INTO difference VALUES (?, ?, ?)",
            [(view, to_sql(path), oid) for path, oid in change.differences.items()],
        )
        self._connection.execute(_UPDATE_VIEW_SUMMARY, {"view": view})
        query = "SELECT lacking FROM view WHERE id = ?"
        (lacking,) = self._connection.execute(query, (view,)).fetchone()
        if change.failed is not None and set(lacking.split(",")) - {*change.failed, ""}:
            raise _ConcurrentUpdate

    def _claim_generation(self, change: ViewUpdate) -> int:
        """Move the view to its next generation, unless somebody else has."""
        found = self._connection.execute(
            "SELECT id, generation FROM view WHERE name = ?", (change.name,)
        ).fetchone()
        if (found[1] if found else 0) != change.generation:
            raise _ConcurrentUpdate
        cursor = self._connection.execute(
            "INSERT INTO view (name, tree, generation, size, lacking) VALUES (?, ?, ?, 0, '') "
            "ON CONFLICT (name) "
            "DO UPDATE SET tree = excluded.tree, generation = excluded.generation",
            (change.name, change.tree, change.generation + 1),
        )
        return int(found[0] if found else cursor.lastrowid or 0)

    def collect_garbage(self, views: Collection[str], oids: Collection[str]) -> int:
        """See `Session.collect_garbage`."""
        run = self._connection.execute
        with translate_errors(self._path):
            # Only here do rows go that others belong to; to look with each insert takes time.
            run("PRAGMA foreign_keys = ON")
            with transaction(self._connection):
                run(f"DELETE FROM view WHERE name {_UNLISTED}", (json.dumps(list(views)),))
                gone = run(
                    "DELETE FROM blob WHERE oid NOT IN (SELECT oid FROM entry) "
                    f"AND oid {_UNLISTED}",
                    (json.dumps(list(oids)),),
                ).rowcount
            with suppress(sqlite3.OperationalError):  # somebody is reading: next time, then
                run("VACUUM")
                run("PRAGMA wal_checkpoint (TRUNCATE)")
        return gone

    def abort(self) -> None:
        """See `Session.abort`."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self.close()

    def close(self) -> None:
        """See `Session.close`."""
