"""Passages of files, and their words."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable

    from detent.store.text.store import TextStore

#: How often a word of the name counts.
NAME_WEIGHT = 3


class Passage(NamedTuple):
    """A part of a file that is found by its words."""

    mode: str
    line: int  # from 1
    end_line: int
    name: str
    name_words: str  # what of the name is looked for
    body: str


class SourceKey(NamedTuple):
    """A content, read as one format by rules of one version."""

    oid: str
    format: str
    version: int


def list_sources(store: TextStore, formats: Collection[str]) -> dict[SourceKey, int]:
    """List the contents that were split, with their ids."""
    marks = ",".join("?" * len(formats))
    rows = store.select(
        f"SELECT oid, format, version, id FROM source WHERE format IN ({marks})", list(formats)
    )
    return {SourceKey(oid.hex(), form, version): id_ for oid, form, version, id_ in rows}


def add_passages(store: TextStore, split: Iterable[tuple[SourceKey, list[Passage]]]) -> None:
    """Add contents with their passages; those that are there already count as added."""
    with store.write() as connection:
        for (oid, form, version), passages in split:
            done = connection.execute(
                "INSERT OR IGNORE INTO source (oid, format, version) VALUES (?, ?, ?)",
                (bytes.fromhex(oid), form, version),
            )
            for passage in passages if done.rowcount else ():
                _add_passage(connection, done.lastrowid, passage)


def _add_passage(connection: sqlite3.Connection, source: int | None, passage: Passage) -> None:
    size = NAME_WEIGHT * _count_words(passage.name_words) + _count_words(passage.body)
    done = connection.execute(
        "INSERT INTO passage (source, mode, line, end_line, size, name) VALUES (?, ?, ?, ?, ?, ?)",
        (source, passage.mode, passage.line, passage.end_line, size, passage.name),
    )
    connection.execute(
        "INSERT INTO word (rowid, name, body) VALUES (?, ?, ?)",
        (done.lastrowid, passage.name_words, passage.body),
    )


def _count_words(text: str) -> int:
    return len("".join(x if x.isalnum() else " " for x in text).split())
