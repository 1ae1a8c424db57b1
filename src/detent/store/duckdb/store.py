"""The index in a file of DuckDB."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.model import KINDS, BlobKey, FileFacts, Finding
from detent.core.outline import build_outline
from detent.store import rows
from detent.store.duckdb.connection import (
    Reader,
    create_index,
    fetch_row,
    fetch_value,
    has_content,
    open_transaction,
)
from detent.store.duckdb.references import DuckReferences, delete_unused_references
from detent.store.duckdb.schema import TABLES, quote_columns
from detent.store.duckdb.session import DuckSession
from detent.store.errors import translate_wrong_values
from detent.store.protocol import StoredView, StoreReport
from detent.store.version_table import VersionTable, parse_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import Any, TypeVar

    from duckdb import DuckDBPyConnection

    from detent.core.model import FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.store.protocol import FactVersions, FindingLister, Session
    from detent.store.references import ReferenceTable

    Row = tuple[Any, ...]
    RowsByBlob = dict[int, list[Row]]
    Result = TypeVar("Result")

_BATCH_SIZE = 1000
_OF_BLOBS = "blob IN (SELECT unnest(?)) ORDER BY blob, number"
_SELECT_DEFINITIONS = f"""
SELECT blob, number, parent, kind, CASE kind WHEN 'class' THEN qualname ELSE name END, decorators,
    bases
FROM symbol WHERE (kind = 'class' OR kind = 'method' AND docstring != '') AND {_OF_BLOBS}
"""
_SELECT_FINDINGS = f"SELECT blob, {quote_columns(Finding._fields)} FROM finding WHERE {_OF_BLOBS}"
_SELECT_SYMBOLS = f"SELECT blob, {{}} FROM symbol WHERE {_OF_BLOBS}"
_SELECT_CHOSEN_FINDINGS = """
SELECT finding.blob, finding.qualname, role, code, finding.line, finding."column", subject, message,
    requires_addition, pending_on, numpydoc_only,
    CASE WHEN list_contains($quoted_codes, code) THEN docstring END,
    CASE WHEN $with_decorators THEN decorators END
FROM finding JOIN symbol ON finding.blob = symbol.blob AND finding.symbol = symbol.number
WHERE finding.blob IN (SELECT unnest($blobs))
    AND NOT list_contains($codes, code)
    AND NOT (
        list_contains($roles, role)
        AND (requires_addition = 1 OR list_contains($addition_codes, code))
    )
ORDER BY finding.blob, finding.number
"""
_SELECT_SYMBOLS_BY_NAME = """
SELECT oid, language, blob, {} FROM symbol JOIN blob ON blob.id = symbol.blob
WHERE name GLOB ? AND {} ORDER BY oid, language, number
"""
_SELECT_VIEW = "SELECT id, tree, generation, languages, size FROM view WHERE name = ?"
_SELECT_ENTRIES = "SELECT path, oid, language FROM entry WHERE view = ?"
_DELETE_ORPHANS = "DELETE FROM {} WHERE {} NOT IN (SELECT id FROM {})"
_ORPHANS = (
    ("entry", "view", "view"),
    ("difference", "view", "view"),
    ("symbol", "blob", "blob"),
    ("finding", "blob", "blob"),
)
_IS_UNUSED = """
(oid || ' ' || language) NOT IN (SELECT oid || ' ' || language FROM entry)
AND (oid || ' ' || language) NOT IN (SELECT unnest(?))
"""


class DuckStore:
    """See `detent.store.protocol.Store`.

    Raises
    ------
    StoreError
        If it cannot be opened.
    """

    def __init__(self, path: str, *, write: bool, versions: FactVersions) -> None:
        self._path = path
        self._versions = VersionTable(versions)
        if write and not has_content(path):
            create_index(path)
        self._exists = has_content(path)
        self._reader = Reader(path)
        if self._exists:  # what cannot be used is reported at once
            self._read(lambda _: None)
        self._reference_versions = versions
        self.references: ReferenceTable = DuckReferences(
            path, versions, self._reader if self._exists else None
        )

    def _read(self, work: Callable[[DuckDBPyConnection], Result]) -> Result:
        with self._reader.use_connection() as connection:
            return work(connection)

    def _select(self, query: str, *values: object) -> list[Row]:
        """Select rows; of an index that does not exist, none."""
        if not self._exists:
            return []
        return self._read(lambda connection: connection.execute(query, values).fetchall())

    def find_known(self, keys: Collection[BlobKey], kinds: Collection[str] = KINDS) -> set[BlobKey]:
        """See `Store.find_known`."""
        found = self._select(
            "SELECT oid, language FROM blob WHERE oid IN (SELECT unnest(?)) "
            f"AND {self._versions.make_condition(kinds)}",
            [key.oid for key in keys],
        )
        return {BlobKey(*row) for row in found}.intersection(keys)

    def load_facts(
        self, keys: Collection[BlobKey], *, full: bool = False
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        """See `Store.load_facts`."""
        columns = rows.list_symbol_columns(full=full).replace(".column", '."column"')
        lists = "calls, bindings" if full else "'[]', '[]'"
        queries = (_SELECT_SYMBOLS.format(columns), _SELECT_FINDINGS)
        for batch in _make_batches(keys):
            blobs, parts = self._select_parts(batch, f"size, lines, exports, {lists}", queries)
            symbols, findings = parts
            for key, blob, size, lines, exports, calls, bindings in blobs:
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

    def _select_parts(
        self, keys: Collection[BlobKey], columns: str, queries: Sequence[str]
    ) -> tuple[list[Row], list[RowsByBlob]]:
        """Select the key, the id and columns of blobs, and what other tables have of them."""
        if not self._exists:
            return [], [{} for _ in queries]
        wanted = set(keys)

        def work(connection: DuckDBPyConnection) -> tuple[list[Row], list[RowsByBlob]]:
            found = connection.execute(
                f"SELECT oid, language, id, {columns} FROM blob WHERE oid IN (SELECT unnest(?)) "
                f"AND {self._versions.condition} ORDER BY oid, language",
                [[key.oid for key in keys]],
            ).fetchall()
            blobs = [
                (key, *values)
                for oid, language, *values in found
                if (key := BlobKey(oid, language)) in wanted
            ]
            ids = [row[1] for row in blobs]
            parts = [connection.execute(query, [ids]).fetchall() for query in queries]
            return blobs, [_group_by_blob(part) for part in parts]

        return self._read(work)

    def load_findings(
        self, keys: Collection[BlobKey], finding_filter: FindingFilter
    ) -> Iterator[tuple[BlobKey, FindingLister]]:
        """See `Store.load_findings`."""
        for batch in _make_batches(keys):
            blobs, _ = self._select_parts(batch, "id", ())
            chosen = {
                "blobs": [row[1] for row in blobs],
                "codes": list(finding_filter.codes),
                "roles": list(finding_filter.roles),
                "addition_codes": list(finding_filter.addition_codes),
                "quoted_codes": list(finding_filter.quoted_codes),
                "with_decorators": finding_filter.with_decorators,
            }
            found = _group_by_blob(self._select_named(_SELECT_CHOSEN_FINDINGS, chosen))
            for key, blob, _ in blobs:
                if blob in found:
                    yield key, partial(self._list_findings, found[blob])

    def _select_named(self, query: str, values: dict[str, Any]) -> list[Row]:
        if not values["blobs"]:
            return []
        return self._read(lambda connection: connection.execute(query, values).fetchall())

    def _list_findings(self, group: list[Row], path: bytes) -> list[FindingRow]:
        with translate_wrong_values(self._path):
            return rows.decode_finding_rows(group, path)

    def load_outlines(self, keys: Collection[BlobKey]) -> Iterator[tuple[BlobKey, Outline]]:
        """See `Store.load_outlines`."""
        for batch in _make_batches(keys):
            blobs, (parts,) = self._select_parts(batch, "exports, bindings", [_SELECT_DEFINITIONS])
            for key, blob, names, imports in blobs:
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
        columns = rows.list_symbol_columns(full=True).replace(".column", '."column"')
        query = _SELECT_SYMBOLS_BY_NAME.format(columns, self._versions.condition)
        for oid, language, *values in self._select(query, pattern):
            with translate_wrong_values(self._path):
                (symbol,) = rows.decode_symbols([tuple(values)])
            yield BlobKey(oid, language), symbol

    def load_view(
        self,
        name: str,
        paths: Collection[bytes] | None = (),
        *,
        keys: Collection[BlobKey] = (),
    ) -> StoredView | None:
        """See `Store.load_view`."""
        if not self._exists:
            return None

        def work(connection: DuckDBPyConnection) -> StoredView | None:
            found = fetch_row(connection, _SELECT_VIEW, [name])
            if found is None:
                return None
            view, tree, generation, languages, size = found
            query = self._versions.select_missing.replace(":view", "$view")
            missing = fetch_value(connection, query, {"view": view})
            differences = connection.execute(
                "SELECT path, oid, language FROM difference WHERE view = ?", [view]
            ).fetchall()
            entries = _select_entries(connection, view, paths=paths, keys=keys)
            with translate_wrong_values(self._path):
                missing_facts = parse_missing(missing)
            return StoredView(
                tree=tree,
                generation=generation,
                languages=languages,
                differences={
                    path: None if oid is None else BlobKey(oid, language)
                    for path, oid, language in differences
                },
                size=size,
                missing_facts=missing_facts,
                entries={path: BlobKey(oid, language) for path, oid, language in entries},
            )

        return self._read(work)

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        """See `Store.open_session`."""
        session = DuckSession(self._path, self._versions, self._reader)
        try:
            yield session
        finally:
            session.flush()

    def collect_garbage(self, views: Collection[str], keys: Collection[BlobKey]) -> int:
        """See `Store.collect_garbage`."""
        needed = [f"{key.oid} {key.language}" for key in keys]
        self._reader.close()
        with open_transaction(self._path) as connection:
            run = connection.execute
            run("DELETE FROM view WHERE name NOT IN (SELECT unnest(?))", [list(views)])
            run(_DELETE_ORPHANS.format("entry", "view", "view"))
            unused = f"DELETE FROM blob WHERE {_IS_UNUSED} OR NOT {self._versions.condition}"
            gone = fetch_value(connection, unused, [needed])
            for orphans in _ORPHANS:
                run(_DELETE_ORPHANS.format(*orphans))
            delete_unused_references(connection, needed, versions=self._reference_versions)
        return int(gone)

    def inspect(self, *, deep: bool = False) -> StoreReport:
        """See `Store.inspect`."""
        if deep:
            problems = self._find_problems()
            if problems:
                return StoreReport({}, problems)
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
        words = "(SELECT count(DISTINCT word) FROM mention)"
        found = self._select(f"SELECT {counts}, {words}") or [(0,) * (len(TABLES) + 1)]
        return StoreReport(dict(zip((*TABLES, "word"), found[0], strict=True)), [])

    def _find_problems(self) -> list[str]:
        faults = []
        for table, column, owner in _ORPHANS:
            query = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM {owner})"
            for (count,) in self._select(query):
                if count:
                    faults.append(f"table {table}: {count} rows belong to nothing")
        for table in rows.COLUMNS:
            query = (
                f"SELECT oid FROM {table} JOIN blob ON blob = id GROUP BY blob, oid "
                "HAVING min(number) != 0 OR max(number) != count(*) - 1"
            )
            for (oid,) in self._select(query):
                faults.append(f"table {table}: the rows of {oid} are not numbered one by one")
        return faults

    def close(self) -> None:
        """See `Store.close`."""
        self._reader.close()


def _make_batches(keys: Collection[BlobKey]) -> Iterator[list[BlobKey]]:
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), _BATCH_SIZE):
        yield ordered[start : start + _BATCH_SIZE]


def _group_by_blob(found: list[Row]) -> RowsByBlob:
    return {blob: list(group) for blob, group in groupby(found, key=itemgetter(0))}


def _select_entries(
    connection: DuckDBPyConnection,
    view: int,
    *,
    paths: Collection[bytes] | None,
    keys: Collection[BlobKey],
) -> list[Row]:
    if paths is None:
        return connection.execute(f"{_SELECT_ENTRIES} ORDER BY path", [view]).fetchall()
    found: list[Row] = []
    if paths:
        query = f"{_SELECT_ENTRIES} AND path IN (SELECT unnest(?::BLOB[])) ORDER BY path"
        found += connection.execute(query, [view, list(paths)]).fetchall()
    if keys:
        query = f"{_SELECT_ENTRIES} AND oid IN (SELECT unnest(?)) ORDER BY path"
        rows = connection.execute(query, [view, [key.oid for key in keys]]).fetchall()
        found += [row for row in rows if BlobKey(row[1], row[2]) in keys]
    return found
