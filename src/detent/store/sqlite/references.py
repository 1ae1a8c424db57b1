"""References in SQLite."""

from __future__ import annotations

import json

from detent import TYPE_CHECKING
from detent.core.model import REFERENCES, BlobKey
from detent.store.errors import translate_wrong_values
from detent.store.sqlite.connection import transaction, translate_errors

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator

    from detent.core.references import FileReferences
    from detent.store.protocol import FactVersions

_BATCH_SIZE = 200
_SELECT_STORED = """
SELECT oid, language, version FROM reference WHERE oid IN (SELECT value FROM json_each(?))
"""
_SELECT_PACKED = """
SELECT oid, language, version, packed FROM reference
WHERE oid IN (SELECT value FROM json_each(?)) ORDER BY oid, language
"""
_SELECT_MENTIONS = """
SELECT oid, language, version FROM word
JOIN mention ON word = word.id JOIN reference ON reference.id = mention.reference WHERE text = ?
"""
_DELETE_UNUSED = """
DELETE FROM reference WHERE (oid, language) NOT IN (SELECT oid, language FROM entry)
AND (oid, language) NOT IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)
)
"""
_DELETE_OUTDATED = "DELETE FROM reference WHERE language = ? AND version != ?"
_INSERT_MENTIONS = """
INSERT INTO mention (word, reference)
SELECT id, ? FROM word WHERE text IN (SELECT value FROM json_each(?))
"""


class SqliteReferences:
    """See `detent.store.references.ReferenceTable`."""

    def __init__(self, connection: sqlite3.Connection, path: str, versions: FactVersions) -> None:
        self._connection = connection
        self._path = path
        self._versions = {language: n for (language, kind), n in versions.items()
                          if kind == REFERENCES}  # fmt: skip

    def find_stored(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        """See `ReferenceTable.find_stored`."""
        return set(self._select_keys(_SELECT_STORED, _dump_oids(keys))).intersection(keys)

    def find_mentions(self, name: str) -> set[BlobKey]:
        """See `ReferenceTable.find_mentions`."""
        return set(self._select_keys(_SELECT_MENTIONS, name))

    def _select_keys(self, query: str, value: str) -> list[BlobKey]:
        with translate_errors(self._path):
            rows = self._connection.execute(query, (value,)).fetchall()
        return [
            BlobKey(oid, language)
            for oid, language, version in rows
            if version == self._versions.get(language)
        ]

    def load_references(
        self, keys: Collection[BlobKey]
    ) -> Iterator[tuple[BlobKey, FileReferences]]:
        """See `ReferenceTable.load_references`."""
        ordered, wanted = sorted(set(keys)), set(keys)
        for start in range(0, len(ordered), _BATCH_SIZE):
            batch = _dump_oids(ordered[start : start + _BATCH_SIZE])
            with translate_errors(self._path):
                rows = self._connection.execute(_SELECT_PACKED, (batch,)).fetchall()
            for oid, language, version, packed in rows:
                key = BlobKey(oid, language)
                if key in wanted and version == self._versions.get(language):
                    yield key, self._unpack(packed)

    def _unpack(self, packed: bytes) -> FileReferences:
        from detent.store.packing import unpack_references

        with translate_wrong_values(self._path):
            return unpack_references(packed)

    def persist_references(self, items: Iterable[tuple[BlobKey, FileReferences]]) -> None:
        """See `ReferenceTable.persist_references`."""
        with translate_errors(self._path), transaction(self._connection):
            for key, references in items:
                self._insert_references(key, references)

    def _insert_references(self, key: BlobKey, references: FileReferences) -> None:
        from detent.core.references import list_words
        from detent.store.packing import pack_references

        run = self._connection.execute
        cursor = run(
            "INSERT OR IGNORE INTO reference (oid, language, version, packed) VALUES (?, ?, ?, ?)",
            (*key, self._versions[key.language], pack_references(references)),
        )
        if not cursor.rowcount:
            return
        words = sorted(list_words(references))
        self._connection.executemany(
            "INSERT OR IGNORE INTO word (text) VALUES (?)", [(word,) for word in words]
        )
        run(_INSERT_MENTIONS, (cursor.lastrowid, json.dumps(words)))


def delete_unused_references(
    connection: sqlite3.Connection, keys: Collection[BlobKey], *, versions: FactVersions
) -> None:
    """Delete the references that neither views nor other uses need, in a transaction."""
    connection.execute(_DELETE_UNUSED, (json.dumps(list(keys)),))
    for (language, kind), version in versions.items():
        if kind == REFERENCES:
            connection.execute(_DELETE_OUTDATED, (language, version))
    connection.execute("DELETE FROM mention WHERE reference NOT IN (SELECT id FROM reference)")
    connection.execute("DELETE FROM word WHERE id NOT IN (SELECT word FROM mention)")


def _dump_oids(keys: Collection[BlobKey]) -> str:
    return json.dumps([key.oid for key in keys])
