"""The index in a file of SQLite."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager, suppress
from functools import partial
from itertools import groupby
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.model import KINDS, BlobKey, FileFacts, Finding
from detent.core.outline import build_outline
from detent.store import rows
from detent.store.errors import translate_wrong_values
from detent.store.protocol import StoredView, StoreReport
from detent.store.sqlite.connection import (
    open_database,
    transaction,
    translate_errors,
)
from detent.store.sqlite.paths import from_sql, to_sql
from detent.store.sqlite.references import SqliteReferences, delete_unused_references
from detent.store.sqlite.schema import TABLES
from detent.store.version_table import VersionTable, parse_missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from contextlib import AbstractContextManager

    from detent.core.model import FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.store.protocol import FactVersions, FindingLister, Session
    from detent.store.references import ReferenceTable
    from detent.store.rows import Row
    from detent.store.sqlite.counters import Counters

_WILDCARDS = frozenset("*?[")
_BATCH_SIZE = 200
_ROWS_AT_ONCE = 1000
_UNLISTED = "NOT IN (SELECT value FROM json_each(?))"
_UNLISTED_KEY = (
    "NOT IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"
)
_MISNUMBERED = """
SELECT oid FROM {0} JOIN blob ON blob = id
GROUP BY blob HAVING min(number) != 0 OR max(number) != count(*) - 1
"""
_DEFINITION_COLUMNS = (
    "number, parent, kind, CASE kind WHEN 'class' THEN qualname ELSE name END AS name, "
    "decorators, bases"
)
_FINDING_COLUMNS = (
    "blob, qualname, role, code, line, column, subject, message, requires_addition, pending_on, "
    "numpydoc_only"
)
_OWNER_COLUMNS = """
    CASE WHEN code IN (SELECT value FROM json_each(:quoted_codes)) THEN (
        SELECT docstring FROM symbol
        WHERE symbol.blob = finding.blob AND symbol.number = finding.symbol
    ) END AS docstring,
    CASE WHEN :with_decorators THEN (
        SELECT decorators FROM symbol
        WHERE symbol.blob = finding.blob AND symbol.number = finding.symbol
    ) END AS decorators
"""
_FINDING_CONDITIONS = """
FROM finding
WHERE blob IN (SELECT value FROM json_each(:blobs))
    AND code NOT IN (SELECT value FROM json_each(:codes))
    AND NOT (
        role IN (SELECT value FROM json_each(:roles))
        AND (requires_addition OR code IN (SELECT value FROM json_each(:addition_codes)))
    )
ORDER BY blob, number
"""


class SqliteStore:
    """See `detent.store.protocol.Store`.

    Raises
    ------
    StoreError
        If it cannot be opened.
    """

    def __init__(
        self, path: str, *, write: bool, versions: FactVersions, counters: Counters | None = None
    ) -> None:
        self._path = path
        self._counters = counters
        self._versions = VersionTable(versions)
        self._fact_versions = versions
        self._chosen = f"oid IN (SELECT value FROM json_each(?)) AND {self._versions.condition}"
        self._connection = open_database(path, write=write, counters=counters)
        self.references: ReferenceTable = SqliteReferences(self._connection, path, versions)

    def find_known(self, keys: Collection[BlobKey], kinds: Collection[str] = KINDS) -> set[BlobKey]:
        """See `Store.find_known`."""
        condition = self._versions.make_condition(kinds)
        found = self._select_rows(
            "SELECT oid, language FROM blob "
            f"WHERE oid IN (SELECT value FROM json_each(?)) AND {condition}",
            _dump_oids(keys),
        )
        return {BlobKey(*row) for row in found}.intersection(keys)

    def load_facts(
        self, keys: Collection[BlobKey], *, full: bool = False
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        """See `Store.load_facts`."""
        ordered = sorted(set(keys))
        for start in range(0, len(ordered), _BATCH_SIZE):
            yield from self._load_batch(ordered[start : start + _BATCH_SIZE], full=full)

    def _load_batch(
        self, keys: Collection[BlobKey], *, full: bool
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        oids = _dump_oids(keys)
        lists = "calls, bindings" if full else "'[]', '[]'"
        with self._read_one_state():
            symbols = self._select_by_blob("symbol", rows.list_symbol_columns(full=full), oids)
            findings = self._select_by_blob("finding", ", ".join(Finding._fields), oids)
            found = list(self._select_blobs(keys, f"size, lines, exports, {lists}"))
        for key, blob, size, lines, exports, calls, bindings in found:
            with translate_wrong_values(self._path):
                facts = FileFacts(
                    symbols=tuple(rows.decode_symbols(symbols.get(blob, ()))),
                    calls=rows.decode_calls(calls),
                    bindings=rows.decode_bindings(bindings),
                    exports=None if exports is None else rows.decode_list(exports),
                    findings=tuple(rows.decode_findings(findings.get(blob, ()))),
                    size=size,
                    lines=lines,
                )
                rows.check_references(facts)
            yield key, facts

    @contextmanager
    def _read_one_state(self) -> Iterator[None]:
        """See the same state of the tables in several queries: another process may delete rows."""
        if self._connection.in_transaction:
            yield
            return
        with translate_errors(self._path, self._connection), transaction(self._connection, "BEGIN"):
            yield

    def _select_blobs(self, keys: Collection[BlobKey], columns: str) -> Iterator[Row]:
        """Select the key, the id and further columns of blobs, in the order of the keys."""
        wanted = set(keys)
        for oid, language, *values in self._select_rows(
            f"SELECT oid, language, id, {columns} FROM blob WHERE {self._chosen} "
            "ORDER BY oid, language",
            _dump_oids(keys),
        ):
            key = BlobKey(oid, language)
            if key in wanted:  # the same bytes may be there in another language
                yield (key, *values)

    def _select_by_blob(
        self, table: str, columns: str, oids: str, *, where: str = "TRUE"
    ) -> dict[int, list[Row]]:
        found = self._select_rows(
            f"SELECT blob, {columns} FROM {table} WHERE blob IN "
            f"(SELECT id FROM blob WHERE {self._chosen}) AND {where} ORDER BY blob, number",
            oids,
        )
        return {blob: list(group) for blob, group in groupby(found, key=itemgetter(0))}

    def load_findings(
        self, keys: Collection[BlobKey], finding_filter: FindingFilter
    ) -> Iterator[tuple[BlobKey, FindingLister]]:
        """See `Store.load_findings`."""
        blobs = {blob: key for key, blob, _ in self._select_blobs(keys, "NULL")}
        chosen = {
            "blobs": json.dumps(list(blobs)),
            "codes": json.dumps(list(finding_filter.codes)),
            "roles": json.dumps(list(finding_filter.roles)),
            "addition_codes": json.dumps(list(finding_filter.addition_codes)),
            "quoted_codes": json.dumps(list(finding_filter.quoted_codes)),
            "with_decorators": finding_filter.with_decorators,
        }
        has_owner = bool(finding_filter.quoted_codes) or finding_filter.with_decorators
        owner = _OWNER_COLUMNS if has_owner else "NULL, NULL"
        query = f"SELECT {_FINDING_COLUMNS}, {owner} {_FINDING_CONDITIONS}"
        for blob, group in groupby(self._stream_rows(query, chosen), key=itemgetter(0)):
            yield blobs[blob], partial(self._list_findings, list(group))

    def _stream_rows(self, query: str, values: Mapping[str, object]) -> Iterator[Row]:
        """Select rows, of which few are in memory at a time."""
        with self._translate_errors():
            cursor = self._connection.execute(query, values)
            names = [column[0] for column in cursor.description]
            while batch := cursor.fetchmany(_ROWS_AT_ONCE):
                with translate_wrong_values(self._path):
                    rows.check_values(names, batch)
                yield from batch

    def _list_findings(self, group: list[Row], path: bytes) -> list[FindingRow]:
        with translate_wrong_values(self._path):
            return rows.decode_finding_rows(group, path)

    def load_outlines(self, keys: Collection[BlobKey]) -> Iterator[tuple[BlobKey, Outline]]:
        """See `Store.load_outlines`."""
        oids = _dump_oids(keys)
        documented = "(kind = 'class' OR kind = 'method' AND docstring != '')"
        with self._read_one_state():
            parts = self._select_by_blob("symbol", _DEFINITION_COLUMNS, oids, where=documented)
            found = list(self._select_blobs(keys, "exports, bindings"))
        for key, blob, names, imports in found:
            with translate_wrong_values(self._path):
                definitions = rows.decode_definitions(parts.get(blob, ()))
                exports = None if names is None else rows.decode_list(names)
                bindings = (
                    (binding.name, binding.module, binding.target)
                    for binding in rows.decode_bindings(imports)
                    if binding.symbol == 0
                )
                outline = build_outline(definitions, bindings, exports)
            yield key, outline

    def find_symbols(self, pattern: str) -> Iterator[tuple[BlobKey, Symbol]]:
        """See `Store.find_symbols`."""
        is_pattern = not _WILDCARDS.isdisjoint(pattern)
        found = self._select_rows(
            f"SELECT oid, language, blob.id, {rows.list_symbol_columns(full=True)} FROM "
            # From the index of names alone: the rows of other names are not read.
            "(SELECT blob AS b, number AS n FROM symbol INDEXED BY symbol_name "
            f"WHERE name {'GLOB' if is_pattern else '='} ?) "
            "CROSS JOIN blob ON b = id CROSS JOIN symbol ON symbol.blob = b AND number = n "
            f"WHERE {self._versions.condition} ORDER BY oid, language, number",
            pattern,
        )
        for oid, language, *columns in found:
            with translate_wrong_values(self._path):
                (symbol,) = rows.decode_symbols([tuple(columns)])
            yield BlobKey(oid, language), symbol

    def load_view(
        self,
        name: str,
        paths: Collection[bytes] | None = (),
        *,
        keys: Collection[BlobKey] = (),
    ) -> StoredView | None:
        """See `Store.load_view`."""
        with self._translate_errors(), transaction(self._connection, "BEGIN"):
            found = self._select_rows(
                "SELECT id, tree, generation, languages, size, versions, missing FROM view "
                "WHERE name = ?",
                name,
            )
            if not found:
                return None
            ((view, tree, generation, languages, size, versions, missing),) = found
            if versions != self._versions.text:  # published by another version of detent
                query = self._versions.select_missing
                (missing,) = self._connection.execute(query, {"view": view}).fetchone()
            differences = self._select_rows(
                "SELECT path, oid, language FROM difference WHERE view = ?", view
            )
            with translate_wrong_values(self._path):
                missing_facts = parse_missing(missing)
            return StoredView(
                tree=tree,
                generation=generation,
                languages=languages,
                differences={
                    from_sql(path): None if oid is None else BlobKey(oid, language)
                    for path, oid, language in differences
                },
                size=size,
                missing_facts=missing_facts,
                entries={**self._load_entries(view, paths), **self._find_entries(view, keys)},
            )

    def _load_entries(self, view: int, paths: Collection[bytes] | None) -> dict[bytes, BlobKey]:
        query = "SELECT path, oid, language FROM entry WHERE view = ?"
        if paths is None:
            found = self._select_rows(f"{query} ORDER BY path", view)
        else:
            found = [
                row
                for path in paths
                for row in self._select_rows(f"{query} AND path = ?", view, to_sql(path))
            ]
        return {from_sql(path): BlobKey(oid, language) for path, oid, language in found}

    def _find_entries(self, view: int, keys: Collection[BlobKey]) -> dict[bytes, BlobKey]:
        """Find the entries of blobs."""
        if not keys:
            return {}
        found = self._select_rows(
            "SELECT path, oid, language FROM entry "
            "WHERE oid IN (SELECT value FROM json_each(?)) AND view = ? ORDER BY path",
            _dump_oids(keys),
            view,
        )
        pairs = ((from_sql(path), BlobKey(oid, language)) for path, oid, language in found)
        return {path: key for path, key in pairs if key in keys}

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        """See `Store.open_session`."""
        from detent.store.sqlite.session import SqliteSession

        yield SqliteSession(self._connection, self._path, self._versions)

    def collect_garbage(self, views: Collection[str], keys: Collection[BlobKey]) -> int:
        """See `Store.collect_garbage`."""
        run = self._connection.execute
        with self._translate_errors():
            # Only here are rows removed that others belong to; to check with each insert is slow.
            run("PRAGMA foreign_keys = ON")
            with transaction(self._connection):
                run(f"DELETE FROM view WHERE name {_UNLISTED}", (json.dumps(list(views)),))
                gone = run(
                    "DELETE FROM blob "
                    "WHERE (oid, language) NOT IN (SELECT oid, language FROM entry) "
                    f"AND (oid, language) {_UNLISTED_KEY} OR NOT {self._versions.condition}",
                    (json.dumps(list(keys)),),
                ).rowcount
                delete_unused_references(self._connection, keys, versions=self._fact_versions)
                # What these lack by other versions, they lack more of now.
                run("UPDATE view SET versions = '' WHERE versions != ?", (self._versions.text,))
            with suppress(sqlite3.OperationalError):  # somebody is reading: next time, then
                run("VACUUM")
                run("PRAGMA wal_checkpoint (TRUNCATE)")
        return gone

    def inspect(self, *, deep: bool = False) -> StoreReport:
        """See `Store.inspect`."""
        problems = self._find_problems() if deep else []
        if problems:
            return StoreReport({}, problems)
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
        (found,) = self._select_rows(f"SELECT {counts}")
        return StoreReport(dict(zip(TABLES, found, strict=True)), [])

    def _find_problems(self) -> list[str]:
        faults = [row[0] for row in self._execute("PRAGMA integrity_check")[1] if row[0] != "ok"]
        for table, row, *_ in self._execute("PRAGMA foreign_key_check")[1]:
            faults.append(f"table {table}: row {row} belongs to nothing")
        for table in rows.COLUMNS:
            for (oid,) in self._select_rows(_MISNUMBERED.format(table)):
                faults.append(f"table {table}: the rows of {oid} are not numbered one by one")
        return faults

    def close(self) -> None:
        """See `Store.close`."""
        self._connection.close()
        if self._counters:
            self._counters.save_counts()

    def _select_rows(self, query: str, *values: object) -> list[Row]:
        cursor, found = self._execute(query, *values)
        with translate_wrong_values(self._path):
            rows.check_values((column[0] for column in cursor.description), found)
        return found

    def _execute(self, query: str, *values: object) -> tuple[sqlite3.Cursor, list[Row]]:
        with self._translate_errors():
            cursor = self._connection.execute(query, values)
            return cursor, cursor.fetchall()

    def _translate_errors(self) -> AbstractContextManager[None]:
        return translate_errors(self._path, self._connection)


def _dump_oids(keys: Collection[BlobKey]) -> str:
    return json.dumps([key.oid for key in keys])
