"""The text database: which documents have some trigrams, and which trees are covered."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from sqlite3 import OperationalError

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.store.errors import translate_wrong_values
from detent.store.sqlite.connection import (
    open_database,
    transaction,
    translate_errors,
)
from detent.store.text.schema import TEXT_LAYOUT
from detent.store.text.trigrams import read_as_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from detent.store.sqlite.connection import IndexConnection

#: States of a document, and of a file whose content git does not have: it has no document.
TEXT, BINARY, TOO_LARGE, ABSENT = 0, 1, 2, 3
#: Parameters of one statement.
_MOST_PARAMETERS = 500
#: If more than this share of the documents is new, the parts are joined: that makes them smaller.
_JOINING_SHARE = 0.2
_ADD_TRIGRAMS = "INSERT INTO trigram (rowid, content) VALUES (?, ?)"
_ADD_DOCUMENT = "INSERT OR IGNORE INTO document (oid, state) VALUES (?, ?)"
_FIND_DOCUMENTS = (
    "SELECT document.oid FROM trigram JOIN document ON document.id = trigram.rowid"
    " WHERE trigram MATCH ?"
)


class TextContent(NamedTuple):
    """A blob to add."""

    oid: str
    state: int  # `TEXT`, or why it is left out
    raw: bytes  # empty if it is left out


class TextStore:
    """The text database of a repository."""

    def __init__(self, path: str, *, write: bool) -> None:
        self._path = path
        self._connection: IndexConnection = open_database(path, write=write, layout=TEXT_LAYOUT)
        self._added = 0

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def load_skipped(self, tree: str) -> dict[bytes, int] | None:
        """Load the files of a tree that are left out; None where not all files are documents."""
        rows = self.select("SELECT skipped FROM covered WHERE tree = ?", (tree,))
        if not rows:
            return None
        with translate_wrong_values(self._path):
            return {
                path.encode("utf-8", "surrogateescape"): int(state)
                for path, state in json.loads(rows[0][0])
            }

    def find_states(self, oids: Iterable[str]) -> dict[str, int]:
        """Find the states of those blobs that are documents."""
        found: dict[str, int] = {}
        for chunk in _split(list(oids)):
            marks = ",".join("?" * len(chunk))
            rows = self.select(
                f"SELECT oid, state FROM document WHERE oid IN ({marks})",
                [bytes.fromhex(oid) for oid in chunk],
            )
            with translate_wrong_values(self._path):
                found.update((oid.hex(), int(state)) for oid, state in rows)
        return found

    def find_documents(self, query: str) -> list[str]:
        """Find the blobs whose trigrams fit a query."""
        rows = self.select(_FIND_DOCUMENTS, (query,))
        with translate_wrong_values(self._path):
            return [oid.hex() for (oid,) in rows]

    def find_covered(self, tree: str, query: str) -> list[str] | None:
        """Find the blobs that fit; None where not all files of the tree are documents.

        Asked at once: the database may be another one than a moment ago, if it was damaged.
        """
        return None if self.load_skipped(tree) is None else self.find_documents(query)

    def add_contents(self, contents: Sequence[TextContent]) -> None:
        """Add blobs in one transaction; those that are there already count as added."""
        with self.write() as connection:
            for oid, state, raw in contents:
                done = connection.execute(_ADD_DOCUMENT, (bytes.fromhex(oid), state))
                if done.rowcount and state == TEXT:
                    connection.execute(_ADD_TRIGRAMS, (done.lastrowid, read_as_characters(raw)))
                self._added += done.rowcount

    def cover_tree(self, tree: str, skipped: Mapping[bytes, int]) -> None:
        """Note that all files of a tree are documents, and which of them are left out."""
        named = [(path.decode("utf-8", "surrogateescape"), skipped[path]) for path in skipped]
        with self.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO covered (tree, skipped) VALUES (?, ?)",
                (tree, json.dumps(named)),
            )

    def join_parts(self) -> None:
        """Join the parts of the trigrams where many documents were added, and free their room."""
        added, self._added = self._added, 0
        ((count,),) = self.select("SELECT count(*) FROM document")
        if added <= _JOINING_SHARE * count:
            return
        with self.write() as connection:
            connection.execute("INSERT INTO trigram (trigram) VALUES ('optimize')")
        with suppress(OperationalError):  # somebody reads: a later build frees the room
            self._connection.execute("VACUUM")

    def select(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """Run a query of this package."""
        with translate_errors(self._path, self._connection):
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def write(self) -> Iterator[IndexConnection]:
        """Write all that is done inside, or nothing."""
        with translate_errors(self._path, self._connection), transaction(self._connection):
            yield self._connection


def _split(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _MOST_PARAMETERS):
        yield values[start : start + _MOST_PARAMETERS]
