"""The index in DuckDB, for whoever asks questions of their own about all facts at once."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.store.duckdb.schema import LAYOUT_VERSION
from detent.store.store_kind import StoreKind

if TYPE_CHECKING:
    from detent.store.protocol import FactVersions, Store

__all__ = ["KIND"]


def _open(path: str, *, write: bool, versions: FactVersions) -> Store:
    from detent.store.duckdb.store import DuckStore

    return DuckStore(path, write=write, versions=versions)


def _is_index(path: str) -> bool:
    from detent.store.duckdb.connection import is_index

    return is_index(path)


KIND = StoreKind(version=LAYOUT_VERSION, suffixes=("", ".wal"), is_index=_is_index, open=_open)
