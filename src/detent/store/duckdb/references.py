"""References in DuckDB."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import REFERENCES, BlobKey
from detent.core.references import list_words
from detent.store.duckdb.connection import fetch_value, open_transaction
from detent.store.duckdb.schema import TABLES
from detent.store.duckdb.staging import stage_rows
from detent.store.errors import translate_wrong_values
from detent.store.packing import pack_references, unpack_references

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from duckdb import DuckDBPyConnection

    from detent.core.references import FileReferences
    from detent.store.duckdb.connection import Reader
    from detent.store.protocol import FactVersions

_BATCH_SIZE = 1000
_SELECT = """
SELECT oid, language, version{} FROM reference WHERE oid IN (SELECT unnest(?))
ORDER BY oid, language
"""
_SELECT_MENTIONS = """
SELECT oid, language, version FROM mention JOIN reference ON reference = id WHERE word = ?
"""
_DELETE_UNUSED = """
DELETE FROM reference
WHERE (oid || ' ' || language) NOT IN (SELECT oid || ' ' || language FROM entry)
AND (oid || ' ' || language) NOT IN (SELECT unnest(?))
"""


class DuckReferences:
    """See `detent.store.references.ReferenceTable`."""

    def __init__(self, path: str, versions: FactVersions, reader: Reader | None) -> None:
        self._path = path
        self._reader = reader  # None for an index that does not exist
        self._versions = {
            language: number for (language, kind), number in versions.items() if kind == REFERENCES
        }

    def _select(self, query: str, value: object) -> list[tuple[BlobKey, tuple[bytes, ...]]]:
        if self._reader is None:
            return []
        with self._reader.use_connection() as connection:
            found = connection.execute(query, [value]).fetchall()
        return [
            (BlobKey(oid, language), tuple(rest))
            for oid, language, version, *rest in found
            if version == self._versions.get(language)
        ]

    def find_stored(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        """See `ReferenceTable.find_stored`."""
        found = self._select(_SELECT.format(""), [key.oid for key in keys])
        return {key for key, _ in found}.intersection(keys)

    def load_references(
        self, keys: Collection[BlobKey]
    ) -> Iterator[tuple[BlobKey, FileReferences]]:
        """See `ReferenceTable.load_references`."""
        ordered, wanted = sorted(set(keys)), set(keys)
        for start in range(0, len(ordered), _BATCH_SIZE):
            oids = [key.oid for key in ordered[start : start + _BATCH_SIZE]]
            found = self._select(_SELECT.format(", packed"), oids)
            for key, (packed,) in found:
                if key in wanted:
                    yield key, self._unpack(packed)

    def _unpack(self, packed: bytes) -> FileReferences:
        with translate_wrong_values(self._path):
            return unpack_references(packed)

    def find_mentions(self, name: str) -> set[BlobKey]:
        """See `ReferenceTable.find_mentions`."""
        return {key for key, _ in self._select(_SELECT_MENTIONS, name)}

    def persist_references(self, items: Iterable[tuple[BlobKey, FileReferences]]) -> None:
        """See `ReferenceTable.persist_references`."""
        new = dict(items)
        known = self.find_stored(new)
        batch = {key: references for key, references in new.items() if key not in known}
        if not batch or self._reader is None:
            return
        self._reader.close()
        with open_transaction(self._path) as connection:
            last = fetch_value(connection, "SELECT coalesce(max(id), 0) FROM reference")
            references, mentions = [], []
            for number, (key, value) in enumerate(batch.items(), last + 1):
                version = self._versions[key.language]
                references.append((number, *key, version, pack_references(value)))
                mentions += [(word, number) for word in sorted(list_words(value))]
            for table, values in (("reference", references), ("mention", mentions)):
                with stage_rows(connection, TABLES[table], values):
                    connection.execute(f"INSERT INTO {table} SELECT * FROM staged")


def delete_unused_references(
    connection: DuckDBPyConnection, needed: list[str], *, versions: FactVersions
) -> None:
    """Delete the references that neither views nor other uses need, in a transaction."""
    connection.execute(_DELETE_UNUSED, [needed])
    for (language, kind), version in versions.items():
        if kind == REFERENCES:
            connection.execute(
                "DELETE FROM reference WHERE language = ? AND version != ?", [language, version]
            )
    connection.execute("DELETE FROM mention WHERE reference NOT IN (SELECT id FROM reference)")
