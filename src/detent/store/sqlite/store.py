"""The index in SQLite: in a file by default, or in memory."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.model import FileFacts
from detent.core.outline import build_outline
from detent.store.protocol import View
from detent.store.sqlite import counters, rows
from detent.store.sqlite.connection import open_database, translate_errors
from detent.store.sqlite.paths import from_sql, to_sql
from detent.store.sqlite.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from detent.core.model import FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.store.protocol import PreviousLookup
    from detent.store.sqlite.rows import Row
    from detent.store.sqlite.session import SqliteSession

_BATCH_SIZE = 200
_OID_CONDITION = "oid IN (SELECT value FROM json_each(?))"
_FINDING_COLUMNS = "symbol, code, line, column, subject, message, demand, open"
_DEFINITION_COLUMNS = (
    "number, parent, kind, CASE kind WHEN 'class' THEN qualname ELSE name END, decorators, "
    "CASE WHEN kind = 'class' AND header != '{}' THEN header END"
)
_OWNER_COLUMNS = """,
    CASE WHEN code IN (SELECT value FROM json_each(:quoted)) THEN (
        SELECT docstring FROM symbol
        WHERE symbol.blob = finding.blob AND symbol.number = finding.symbol
    ) END,
    CASE WHEN :decorated THEN (
        SELECT decorators FROM symbol
        WHERE symbol.blob = finding.blob AND symbol.number = finding.symbol
    ) ELSE '' END
"""
_FINDING_CONDITIONS = """
FROM finding
WHERE blob IN (SELECT value FROM json_each(:blobs))
    AND code NOT IN (SELECT value FROM json_each(:codes))
    AND NOT (
        role IN (SELECT value FROM json_each(:roles))
        AND (demand OR code IN (SELECT value FROM json_each(:demands)))
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

    def __init__(self, path: str, *, write: bool) -> None:
        self._path = path
        self._connection = open_database(path, write=write)

    def find_known_blobs(self, oids: Collection[str]) -> set[str]:
        """See `Store.known`."""
        found = self._select_rows(
            f"SELECT oid FROM blob WHERE {_OID_CONDITION}", json.dumps(list(oids))
        )
        return {row[0] for row in found}

    def load_facts(
        self, oids: Collection[str], *, full: bool = False
    ) -> Iterator[tuple[str, FileFacts]]:
        """See `Store.load_facts`."""
        ordered = sorted(oids)
        for start in range(0, len(ordered), _BATCH_SIZE):
            yield from self._load_batch(json.dumps(ordered[start : start + _BATCH_SIZE]), full=full)

    def _load_batch(self, oids: str, *, full: bool) -> Iterator[tuple[str, FileFacts]]:
        columns = rows.SYMBOL_COLUMNS if full else rows.OUTLINE_COLUMNS
        symbols = self._select_by_blob("symbol", columns, oids)
        findings = self._select_by_blob("finding", _FINDING_COLUMNS, oids)
        calls = bindings = {}
        if full:
            calls = self._select_by_blob("call", "symbol, name, line, column", oids)
            bindings = self._select_by_blob("binding", "symbol, name, module, target, line", oids)
        for blob, oid, size, lines, exports in self._select_rows(
            f"SELECT id, oid, size, lines, exports FROM blob WHERE {_OID_CONDITION} ORDER BY oid",
            oids,
        ):
            facts = FileFacts(
                symbols=tuple(map(rows.decode_symbol, symbols.get(blob, ()))),
                calls=tuple(map(rows.decode_call, calls.get(blob, ()))),
                bindings=tuple(map(rows.decode_binding, bindings.get(blob, ()))),
                exports=None if exports is None else tuple(json.loads(exports)),
                findings=tuple(map(rows.decode_finding, findings.get(blob, ()))),
                size=size,
                lines=lines,
            )
            yield oid, facts

    def _select_by_blob(
        self, table: str, columns: str, oids: str, *, where: str = "TRUE"
    ) -> dict[int, list[rows.Row]]:
        found = self._select_rows(
            f"SELECT blob, {columns} FROM {table} WHERE blob IN "
            f"(SELECT id FROM blob WHERE {_OID_CONDITION}) AND {where} ORDER BY blob, number",
            oids,
        )
        return {blob: list(group) for blob, group in groupby(found, key=itemgetter(0))}

    def load_findings(
        self, paths: Mapping[str, Sequence[bytes]], unwanted: FindingFilter
    ) -> Iterator[tuple[bytes, list[FindingRow]]]:
        """See `Store.load_findings`."""
        *sets, decorated = unwanted
        oids = json.dumps(list(paths))
        blobs: dict[int, str] = dict(
            self._select_rows(f"SELECT id, oid FROM blob WHERE {_OID_CONDITION}", oids)
        )
        lists = zip(("blobs", *unwanted._fields), (blobs, *sets), strict=False)
        chosen = {name: json.dumps(list(values)) for name, values in lists}
        about = _OWNER_COLUMNS if unwanted.quoted or decorated else ""
        with translate_errors(self._path):
            # Row by row: what is made of them takes the place of those before.
            found = self._connection.execute(
                f"SELECT blob, {rows.FINDING_ROW_COLUMNS}{about}{_FINDING_CONDITIONS}",
                {**chosen, "decorated": decorated},
            )
            for blob, group in groupby(found, key=itemgetter(0)):
                bare = list(group)
                for path in paths[blobs[blob]]:
                    yield path, rows.decode_finding_rows(path, bare, more=bool(about))

    def load_outlines(self, oids: Collection[str]) -> Iterator[tuple[str, Outline]]:
        """See `Store.load_outlines`."""
        chosen = json.dumps(list(oids))
        documented = "(kind = 'class' OR kind = 'method' AND docstring != '')"
        parts = self._select_by_blob("symbol", _DEFINITION_COLUMNS, chosen, where=documented)
        imports = self._select_by_blob(
            "binding", "name, module, target", chosen, where="symbol = 0"
        )
        for blob, oid, names in self._select_rows(
            f"SELECT id, oid, exports FROM blob WHERE {_OID_CONDITION}", chosen
        ):
            definitions = map(rows.decode_definition, parts.get(blob, ()))
            exports = None if names is None else tuple(json.loads(names))
            yield (
                oid,
                build_outline(definitions, [row[1:] for row in imports.get(blob, ())], exports),
            )

    def find_symbols(self, pattern: str) -> Iterator[tuple[str, Symbol]]:
        """See `Store.named`."""
        for row in self._select_rows(
            f"SELECT oid, {rows.SYMBOL_COLUMNS} FROM blob "
            # From the index alone: the rows of other names are not read.
            "CROSS JOIN (SELECT blob AS b, number AS n FROM symbol WHERE name GLOB ?) ON b = id "
            "CROSS JOIN symbol ON symbol.blob = b AND number = n ORDER BY oid, number",
            pattern,
        ):
            yield row[0], rows.decode_symbol(row)

    def run_query(self, text: str, files: Mapping[str, str]) -> list[tuple[object, ...]]:
        """See `Store.query`."""
        from detent.store.user_queries import run_user_query

        with translate_errors(self._path):
            return run_user_query(self._connection, self._path, text, files=files)

    def count_rows(self) -> dict[str, int]:
        """See `Store.rows`."""
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
        return dict(zip(TABLES, self._select_rows(f"SELECT {counts}")[0], strict=True))

    def load_view(self, name: str) -> View | None:
        """See `Store.view`."""
        found = self._select_rows(
            "SELECT id, tree, generation, size, lacking FROM view WHERE name = ?", name
        )
        if not found:
            return None
        view, tree, generation, size, lacking = found[0]
        different = self._select_rows("SELECT path, oid FROM difference WHERE view = ?", view)
        return View(
            tree,
            generation,
            {from_sql(path): oid for path, oid in different},
            size,
            frozenset(lacking.split(",")) if lacking else frozenset(),
        )

    def load_entries(self, name: str, paths: Collection[bytes] | None = None) -> dict[bytes, str]:
        """See `Store.entries`."""
        query = "SELECT path, oid FROM entry WHERE view = (SELECT id FROM view WHERE name = ?)"
        if paths is None:
            found = self._select_rows(f"{query} ORDER BY path", name)
        else:
            found = [
                row
                for path in paths
                for row in self._select_rows(f"{query} AND path = ?", name, to_sql(path))
            ]
        return {from_sql(path): oid for path, oid in found}

    def begin_session(self, past_of: PreviousLookup | None = None) -> SqliteSession:
        """See `Store.begin_session`."""
        from detent.store.sqlite.session import SqliteSession

        return SqliteSession(self._connection, self._path, past_of)

    def has_difference(self, oid: str, facts: FileFacts) -> bool:
        """See `Store.has_difference`."""
        query = "SELECT size, lines, exports, id FROM blob WHERE oid = ?"
        ((*head, blob),) = self._select_rows(query, oid)
        return head != [facts.size, facts.lines, rows.encode_exports(facts.exports)] or any(
            self._select_rows(f"SELECT * FROM {table} WHERE blob = ? ORDER BY number", blob)
            != list(values)
            for table, values in rows.encode_tables(blob, facts)
        )

    def find_problems(self) -> list[str]:
        """See `Store.find_problems`."""
        faults = [row[0] for row in self._select_rows("PRAGMA integrity_check") if row[0] != "ok"]
        broken = self._select_rows("PRAGMA foreign_key_check")
        return faults + [f"table {row[0]}: row {row[1]} belongs to nothing" for row in broken]

    def close(self) -> None:
        """See `Store.close`."""
        self._connection.close()
        counters.save_counts()

    def _select_rows(self, query: str, *values: object) -> list[Row]:
        with translate_errors(self._path):
            return self._connection.execute(query, values).fetchall()
