"""The index: facts by blob, and views of them, in one of several databases."""

from __future__ import annotations

import os
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.store.errors import MEMORY, DamagedStore, ForeignStore, OtherVersion
from detent.store.sqlite.schema import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from detent.store.protocol import FactVersions, Store
    from detent.store.sqlite.counters import Counters
    from detent.store.store_kind import StoreKind

__all__ = [
    "COUNTERS_VARIABLE",
    "MEMORY",
    "DamagedStore",
    "ForeignStore",
    "OtherVersion",
    "default_index_path",
    "delete_index_files",
    "is_index",
    "is_managed_index",
    "list_index_files",
    "make_counters",
    "open_store",
]

_SQLITE_SUFFIXES = ("", "-wal", "-shm", "-journal")
#: Names the file to which each run appends its counts, for `detent budget measure`.
COUNTERS_VARIABLE = "DETENT_COUNTERS"


def default_index_path(common_dir: str, name: str = "sqlite") -> str:
    """Give the place of a repository's index in a kind of store."""
    version = SCHEMA_VERSION
    if name != "sqlite":
        from detent.store.kinds import find_kind

        kind = find_kind(name)
        if kind is None:
            hint = f"install the package that has it, or remove `store = {name!r}`"
            raise StoreError(f"the store {name!r} is not installed", hint)
        version = kind.version
    return os.path.join(common_dir, "detent", f"index-{version}.{name}")


def is_managed_index(path: str) -> bool:
    """Tell whether a file is detent's to remove, by its place: a damaged one cannot be read."""
    place, name = os.path.split(path)
    return os.path.basename(place) == "detent" and name.startswith("index-")


def is_index(path: str) -> bool:
    """Tell whether a file is an index of detent, of whatever version."""
    kind = _choose_kind(path)
    if kind is not None:
        return kind.is_index(path)
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


def _choose_kind(path: str) -> StoreKind | None:
    """Choose the kind of a store by its path; None for SQLite."""
    if path.endswith(".sqlite"):  # as in most runs, which then know no other kinds
        return None
    from detent.store.kinds import choose_kind

    return choose_kind(path)


def open_store(
    path: str, *, write: bool, versions: FactVersions, counters: Counters | None = None
) -> Store:
    """Open a store, in which facts of other versions than these count as missing."""
    kind = _choose_kind(path)
    if kind is not None:
        return kind.open(path, write=write, versions=versions)
    from detent.store.sqlite.store import SqliteStore

    return SqliteStore(path, write=write, versions=versions, counters=counters)


def list_index_files(path: str) -> list[str]:
    """List the files that an index may have."""
    kind = _choose_kind(path)
    suffixes = _SQLITE_SUFFIXES if kind is None else kind.suffixes
    return [f"{path}{suffix}" for suffix in suffixes]


def delete_index_files(path: str) -> None:
    """Remove an index, with the files that are kept beside it."""
    for file in list_index_files(path):
        with suppress(FileNotFoundError):
            os.unlink(file)
