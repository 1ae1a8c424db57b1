"""The index in SQLite: in a file by default, or in memory."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.model import FileFacts
from detent.core.outline import outline
from detent.store.protocol import View
from detent.store.sqlite import counters, rows
from detent.store.sqlite.connection import connect, guarded
from detent.store.sqlite.paths import from_sql, to_sql
from detent.store.sqlite.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from detent.core.model import Listed, Symbol, Unwanted
    from detent.core.outline import Outline
    from detent.store.protocol import PastOf
    from detent.store.sqlite.rows import Row
    from detent.store.sqlite.session import SqliteSession

_BATCH = 200
_CHOSEN = "oid IN (SELECT value FROM json_each(?))"
_FINDING = "symbol, code, line, column, subject, message, demand, open"
_DEFINITION = (
    "number, parent, kind, CASE kind WHEN 'class' THEN qualname ELSE name END, decorators, "
    "CASE WHEN kind = 'class' AND header != '{}' THEN header END"
)
_ABOUT = """,
    CASE WHEN code IN (SELECT value FROM json_each(:quoted)) THEN (
        SELECT docstring FROM symbol
        WHERE symbol.blob = finding.blob AND symbol.number = finding.symbol
    ) END,
    CASE WHEN :decorated THEN (
        SELECT decorators FROM symbol
        WHERE symbol.blob = finding.blob AND symbol.number = finding.symbol
    ) ELSE '' END
"""
_WANTED = """
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

    Parameters
    ----------
    path : str
        The file, or ``memory:``.
    write : bool
        Whether to open it for writing, and to create it where it is missing.

    Raises
    ------
    StoreError
        If it cannot be opened.
    """

    def __init__(self, path: str, *, write: bool) -> None:
        self._path = path
        self._connection = connect(path, write=write)

    def known(self, oids: Collection[str]) -> set[str]:
        """See `Store.known`.

        Parameters
        ----------
        oids : collection of str
            Object ids of blobs.

        Returns
        -------
        set of str
            Those that have facts.
        """
        found = self._select(f"SELECT oid FROM blob WHERE {_CHOSEN}", json.dumps(list(oids)))
        return {row[0] for row in found}

    def load(self, oids: Collection[str], *, full: bool = False) -> Iterator[tuple[str, FileFacts]]:
        """See `Store.load`.

        Parameters
        ----------
        oids : collection of str
            Read sorted, in batches.
        full : bool, default False
            Whether to read all columns and tables.

        Yields
        ------
        (str, FileFacts)
            Object id and facts.
        """
        ordered = sorted(oids)
        for start in range(0, len(ordered), _BATCH):
            yield from self._load(json.dumps(ordered[start : start + _BATCH]), full=full)

    def _load(self, oids: str, *, full: bool) -> Iterator[tuple[str, FileFacts]]:
        columns = rows.SYMBOL_COLUMNS if full else rows.OUTLINE_COLUMNS
        symbols = self._by_blob("symbol", columns, oids)
        findings = self._by_blob("finding", _FINDING, oids)
        calls = bindings = {}
        if full:
            calls = self._by_blob("call", "symbol, name, line, column", oids)
            bindings = self._by_blob("binding", "symbol, name, module, target, line", oids)
        for blob, oid, size, lines, exports in self._select(
            f"SELECT id, oid, size, lines, exports FROM blob WHERE {_CHOSEN} ORDER BY oid", oids
        ):
            facts = FileFacts(
                symbols=tuple(map(rows.symbol, symbols.get(blob, ()))),
                calls=tuple(map(rows.call, calls.get(blob, ()))),
                bindings=tuple(map(rows.binding, bindings.get(blob, ()))),
                exports=None if exports is None else tuple(json.loads(exports)),
                findings=tuple(map(rows.finding, findings.get(blob, ()))),
                size=size,
                lines=lines,
            )
            yield oid, facts

    def _by_blob(
        self, table: str, columns: str, oids: str, *, where: str = "TRUE"
    ) -> dict[int, list[rows.Row]]:
        found = self._select(
            f"SELECT blob, {columns} FROM {table} WHERE blob IN "
            f"(SELECT id FROM blob WHERE {_CHOSEN}) AND {where} ORDER BY blob, number",
            oids,
        )
        return {blob: list(group) for blob, group in groupby(found, key=itemgetter(0))}

    def findings(
        self, paths: Mapping[str, Sequence[bytes]], unwanted: Unwanted
    ) -> Iterator[tuple[bytes, list[Listed]]]:
        """See `Store.findings`.

        Parameters
        ----------
        paths : mapping of str to sequence of bytes
            The files by object id.
        unwanted : Unwanted
            What is left out.

        Yields
        ------
        (bytes, list of Listed)
            A file and its findings.
        """
        *sets, decorated = unwanted
        oids = json.dumps(list(paths))
        blobs: dict[int, str] = dict(
            self._select(f"SELECT id, oid FROM blob WHERE {_CHOSEN}", oids)
        )
        lists = zip(("blobs", *unwanted._fields), (blobs, *sets), strict=False)
        chosen = {name: json.dumps(list(values)) for name, values in lists}
        about = _ABOUT if unwanted.quoted or decorated else ""
        with guarded(self._path):
            # Row by row: what is made of them takes the place of those before.
            found = self._connection.execute(
                f"SELECT blob, {rows.LISTED_COLUMNS}{about}{_WANTED}",
                {**chosen, "decorated": decorated},
            )
            for blob, group in groupby(found, key=itemgetter(0)):
                bare = list(group)
                for path in paths[blobs[blob]]:
                    yield path, rows.listed(path, bare, more=bool(about))

    def outlines(self, oids: Collection[str]) -> Iterator[tuple[str, Outline]]:
        """See `Store.outlines`.

        Parameters
        ----------
        oids : collection of str
            Object ids of blobs.

        Yields
        ------
        (str, Outline)
            Object id and outline.
        """
        chosen = json.dumps(list(oids))
        documented = "(kind = 'class' OR kind = 'method' AND docstring != '')"
        parts = self._by_blob("symbol", _DEFINITION, chosen, where=documented)
        imports = self._by_blob("binding", "name, module, target", chosen, where="symbol = 0")
        for blob, oid, names in self._select(
            f"SELECT id, oid, exports FROM blob WHERE {_CHOSEN}", chosen
        ):
            definitions = map(rows.definition, parts.get(blob, ()))
            exports = None if names is None else tuple(json.loads(names))
            yield oid, outline(definitions, [row[1:] for row in imports.get(blob, ())], exports)

    def named(self, pattern: str) -> Iterator[tuple[str, Symbol]]:
        """See `Store.named`.

        Parameters
        ----------
        pattern : str
            For SQLite's ``GLOB``.

        Yields
        ------
        (str, Symbol)
            Object id and symbol.
        """
        for row in self._select(
            f"SELECT oid, {rows.SYMBOL_COLUMNS} FROM blob "
            # From the index alone: the rows of other names are not read.
            "CROSS JOIN (SELECT blob AS b, number AS n FROM symbol WHERE name GLOB ?) ON b = id "
            "CROSS JOIN symbol ON symbol.blob = b AND number = n ORDER BY oid, number",
            pattern,
        ):
            yield row[0], rows.symbol(row)

    def query(self, text: str, files: Mapping[str, str]) -> list[tuple[object, ...]]:
        """See `Store.query`.

        Parameters
        ----------
        text : str
            One ``SELECT``.
        files : mapping of str to str
            Object id by path.

        Returns
        -------
        list of tuple
            The rows.
        """
        from detent.store.user_queries import answer

        with guarded(self._path):
            return answer(self._connection, self._path, text, files=files)

    def rows(self) -> dict[str, int]:
        """See `Store.rows`.

        Returns
        -------
        dict of str to int
            Number of rows by table.
        """
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
        return dict(zip(TABLES, self._select(f"SELECT {counts}")[0], strict=True))

    def view(self, name: str) -> View | None:
        """See `Store.view`.

        Parameters
        ----------
        name : str
            The stored name.

        Returns
        -------
        View or None
            None where there is no row of that name.
        """
        found = self._select(
            "SELECT id, tree, generation, size, lacking FROM view WHERE name = ?", name
        )
        if not found:
            return None
        view, tree, generation, size, lacking = found[0]
        different = self._select("SELECT path, oid FROM difference WHERE view = ?", view)
        return View(
            tree,
            generation,
            {from_sql(path): oid for path, oid in different},
            size,
            frozenset(lacking.split(",")) if lacking else frozenset(),
        )

    def entries(self, name: str, paths: Collection[bytes] | None = None) -> dict[bytes, str]:
        """See `Store.entries`.

        Parameters
        ----------
        name : str
            The stored name of the view.
        paths : collection of bytes, optional
            Looked up one by one; None reads all at once.

        Returns
        -------
        dict of bytes to str
            Object id by path.
        """
        query = "SELECT path, oid FROM entry WHERE view = (SELECT id FROM view WHERE name = ?)"
        if paths is None:
            found = self._select(f"{query} ORDER BY path", name)
        else:
            found = [
                row
                for path in paths
                for row in self._select(f"{query} AND path = ?", name, to_sql(path))
            ]
        return {from_sql(path): oid for path, oid in found}

    def begin(self, past_of: PastOf | None = None) -> SqliteSession:
        """See `Store.begin`.

        Parameters
        ----------
        past_of : callable, optional
            Gives what a blob was before an edit.

        Returns
        -------
        SqliteSession
            On the connection of this store.
        """
        from detent.store.sqlite.session import SqliteSession

        return SqliteSession(self._connection, self._path, past_of)

    def differs(self, oid: str, facts: FileFacts) -> bool:
        """See `Store.differs`.

        Parameters
        ----------
        oid : str
            The blob.
        facts : FileFacts
            What should be there.

        Returns
        -------
        bool
            Whether anything else is.
        """
        query = "SELECT size, lines, exports, id FROM blob WHERE oid = ?"
        ((*head, blob),) = self._select(query, oid)
        return head != [facts.size, facts.lines, rows.exports(facts.exports)] or any(
            self._select(f"SELECT * FROM {table} WHERE blob = ? ORDER BY number", blob)
            != list(values)
            for table, values in rows.tables(blob, facts)
        )

    def problems(self) -> list[str]:
        """See `Store.problems`.

        Returns
        -------
        list of str
            What SQLite's own checks of pages, indexes and foreign keys complain of.
        """
        faults = [row[0] for row in self._select("PRAGMA integrity_check") if row[0] != "ok"]
        broken = self._select("PRAGMA foreign_key_check")
        return faults + [f"table {row[0]}: row {row[1]} belongs to nothing" for row in broken]

    def close(self) -> None:
        """See `Store.close`."""
        self._connection.close()
        counters.save()

    def _select(self, query: str, *values: object) -> list[Row]:
        with guarded(self._path):
            return self._connection.execute(query, values).fetchall()
