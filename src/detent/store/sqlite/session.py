"""A writer at work on a SQLite index."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.store.sqlite import rows
from detent.store.sqlite.connection import guarded, transaction
from detent.store.sqlite.copied import STATEMENTS, copies
from detent.store.sqlite.paths import to_sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detent.core.model import FileFacts
    from detent.store.protocol import PastOf, Publication
    from detent.store.sqlite.copied import Copy

_TABLES = {"call": 6, "binding": 7, "finding": 12, "symbol": 23}
_INSERTS = {
    table: f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"
    for table, width in _TABLES.items()
}
_UNLISTED = "NOT IN (SELECT value FROM json_each(?))"
_SUM_UP = """
UPDATE view SET
    size = (SELECT count(*) FROM entry WHERE view = :view),
    lacking = (
        SELECT coalesce(group_concat(DISTINCT oid), '') FROM entry
        WHERE view = :view AND oid NOT IN (SELECT oid FROM blob)
    )
WHERE id = :view
"""


class _Overtaken(Exception):
    """Somebody else was quicker: what is to be published has to be worked out again."""


class SqliteSession:
    """See `detent.store.protocol.Session`.

    Parameters
    ----------
    connection : sqlite3.Connection
        Open for writing; the session does not close it.
    path : str
        The file, for messages.
    past_of : callable, optional
        As `Store.begin` takes it.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: str, past_of: PastOf | None = None
    ) -> None:
        self._connection = connection
        self._path = path
        self._past_of = past_of

    def persist(self, facts: Iterable[tuple[str, FileFacts]]) -> None:
        """See `Session.persist`.

        Parameters
        ----------
        facts : iterable of (str, FileFacts)
            Object id and facts, consumed inside the transaction.
        """
        with guarded(self._path), transaction(self._connection):
            for oid, one in facts:
                self._insert(oid, one)

    def _insert(self, oid: str, facts: FileFacts) -> None:
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO blob (oid, size, lines, exports) VALUES (?, ?, ?, ?)",
            (oid, facts.size, facts.lines, rows.exports(facts.exports)),
        )
        blob = cursor.lastrowid
        if not cursor.rowcount or blob is None:
            return
        copied = self._copied(oid, blob, facts)
        for table, values in rows.tables(blob, facts, copied):
            self._connection.executemany(_INSERTS[table], values)

    def _copied(self, oid: str, blob: int, facts: FileFacts) -> dict[str, list[Copy]]:
        """Copy what a blob was before an edit and still is; tell what that is."""
        past = self._past_of(oid) if self._past_of else None
        if past is None:
            return {}
        query = "SELECT id FROM blob WHERE oid = ?"
        found = self._connection.execute(query, (past[0],)).fetchone()
        if found is None:  # a gc that runs beside has taken it away
            return {}
        copied = copies(past[1], facts)
        for table, some in copied.items():
            for one in some:
                chosen = {"blob": blob, "past": found[0], **one._asdict()}
                self._connection.execute(STATEMENTS[table], chosen)
        return copied

    def publish(self, change: Publication) -> bool:
        """See `Session.publish`.

        Parameters
        ----------
        change : Publication
            The change, against the generation that it was computed from.

        Returns
        -------
        bool
            Whether it was written.
        """
        try:
            with guarded(self._path), transaction(self._connection):
                self._replace(change, self._claim(change))
        except _Overtaken:
            return False
        return True

    def _replace(self, change: Publication, view: int) -> None:
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
        self._connection.execute(_SUM_UP, {"view": view})
        query = "SELECT lacking FROM view WHERE id = ?"
        (lacking,) = self._connection.execute(query, (view,)).fetchone()
        if change.failed is not None and set(lacking.split(",")) - {*change.failed, ""}:
            raise _Overtaken

    def _claim(self, change: Publication) -> int:
        """Move the view to its next generation, unless somebody else has."""
        found = self._connection.execute(
            "SELECT id, generation FROM view WHERE name = ?", (change.name,)
        ).fetchone()
        if (found[1] if found else 0) != change.generation:
            raise _Overtaken
        cursor = self._connection.execute(
            "INSERT INTO view (name, tree, generation, size, lacking) VALUES (?, ?, ?, 0, '') "
            "ON CONFLICT (name) "
            "DO UPDATE SET tree = excluded.tree, generation = excluded.generation",
            (change.name, change.tree, change.generation + 1),
        )
        return int(found[0] if found else cursor.lastrowid or 0)

    def collect(self, views: Collection[str], oids: Collection[str]) -> int:
        """Forget all but some views, and what neither they nor `oids` need; see `Session.collect`.

        Parameters
        ----------
        views, oids : collection of str
            Names of views, and further blobs, to keep.

        Returns
        -------
        int
            Number of blobs whose facts are gone.
        """
        run = self._connection.execute
        with guarded(self._path):
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
