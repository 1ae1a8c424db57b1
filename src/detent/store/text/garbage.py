"""Forget the text that git no longer has.

SQLite takes words out of an index only if it is given their text again, which nobody has by then.
So the rows that name the content go, and nothing can be found by the words that are left. When
those are a tenth, the database is deleted and built again.
"""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.store.text.store import TextStore

_MOST_DEAD_SHARE = 0.1


def list_blobs(store: TextStore) -> set[str]:
    """List all blobs of the database."""
    rows = store.select("SELECT oid FROM document UNION SELECT oid FROM source")
    return {oid.hex() for (oid,) in rows}


def forget_blobs(store: TextStore, oids: Iterable[str]) -> bool:
    """Forget some blobs; tell whether the database has become so empty that it is to be deleted."""
    values = [(bytes.fromhex(oid),) for oid in oids]
    with store.write() as connection:
        connection.executemany("DELETE FROM document WHERE oid = ?", values)
        connection.executemany(
            "DELETE FROM passage WHERE source IN (SELECT id FROM source WHERE oid = ?)", values
        )
        connection.executemany("DELETE FROM source WHERE oid = ?", values)
        connection.execute("DELETE FROM covered")
    return any(map(_is_mostly_dead, _count_rows(store)))


def _count_rows(store: TextStore) -> list[tuple[int, int]]:
    """Count the rows that there are, and those that there have been."""
    return store.select(
        "SELECT (SELECT count(*) FROM document), seq FROM sqlite_sequence WHERE name = 'document'"
        " UNION ALL"
        " SELECT (SELECT count(*) FROM passage), seq FROM sqlite_sequence WHERE name = 'passage'"
    )


def _is_mostly_dead(counts: tuple[int, int]) -> bool:
    alive, ever = counts
    return ever - alive > _MOST_DEAD_SHARE * ever
