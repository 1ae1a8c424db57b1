"""The index: facts by blob, and views of them, in one of several databases."""

from __future__ import annotations

import os
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.store.errors import MEMORY, DamagedStore, ForeignStore, OtherVersion
from detent.store.sqlite.schema import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from detent.store.protocol import FactVersions, Store
    from detent.store.sqlite.counters import Counters

__all__ = [
    "COUNTERS_VARIABLE",
    "INDEX_SUFFIXES",
    "MEMORY",
    "DamagedStore",
    "ForeignStore",
    "OtherVersion",
    "default_index_path",
    "delete_index_files",
    "is_index",
    "is_managed_index",
    "make_counters",
    "open_store",
]

#: What the names of the files of an index end with; SQLite keeps all but the first one beside it.
INDEX_SUFFIXES = ("", "-wal", "-shm", "-journal")
#: Names the file to which each run appends its counts, for `detent budget measure`.
COUNTERS_VARIABLE = "DETENT_COUNTERS"


def default_index_path(common_dir: str) -> str:
    """Give the place of a repository's index."""
    return os.path.join(common_dir, "detent", f"index-{SCHEMA_VERSION}.sqlite")


def is_managed_index(path: str) -> bool:
    """Tell whether a file is detent's to remove, by its place: a damaged one cannot be read."""
    place, name = os.path.split(path)
    return os.path.basename(place) == "detent" and name.startswith("index-")


def is_index(path: str) -> bool:
    """Tell by its header whether a file is an index of detent, of whatever version."""
    try:
        if not os.path.isfile(path):  # to open a pipe would be to wait for its other end
            return False
        with open(path, "rb") as file:
            header = file.read(72)
    except OSError:
        return False
    return header[:16] == b"SQLite format 3\0" and header[68:] == APPLICATION_ID.to_bytes(4, "big")


def make_counters() -> Counters | None:
    """Make counters for a run, where the environment asks for them."""
    place = os.environ.get(COUNTERS_VARIABLE)
    if not place:
        return None
    from detent.store.sqlite.counters import Counters

    return Counters(place)


def open_store(
    path: str, *, write: bool, versions: FactVersions, counters: Counters | None = None
) -> Store:
    """Open a store, in which facts of other versions than these count as missing."""
    if path == MEMORY:
        from detent.store.memory.store import MemoryStore

        return MemoryStore()
    from detent.store.sqlite.store import SqliteStore

    return SqliteStore(path, write=write, versions=versions, counters=counters)


def delete_index_files(path: str) -> None:
    """Remove an index, with the files that SQLite keeps beside it."""
    for suffix in INDEX_SUFFIXES:
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")
