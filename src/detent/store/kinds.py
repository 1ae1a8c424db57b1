"""The table of stores; the end of a file's name chooses one."""

from __future__ import annotations

import importlib.metadata
import os

from detent.store import duckdb, memory
from detent.store.errors import MEMORY
from detent.store.store_kind import StoreKind

#: Ends of names that are SQLite's without a look at what is installed.
_SQLITE_ENDINGS = ("", "sqlite", "sqlite3", "db")
_ENTRY_POINTS = "detent.stores"


def choose_kind(path: str) -> StoreKind | None:
    """Choose the kind of a store by its path; None for SQLite."""
    if path == MEMORY:
        return memory.KIND
    name = os.path.splitext(path)[1][1:].lower()
    return None if name in _SQLITE_ENDINGS else find_kind(name)


def find_kind(name: str) -> StoreKind | None:
    """Find a kind of store by its name: ours, or one that an installed package registers."""
    if name == "duckdb":
        return duckdb.KIND
    for entry_point in importlib.metadata.entry_points(group=_ENTRY_POINTS, name=name):
        kind = entry_point.load()
        if isinstance(kind, StoreKind):
            return kind
    return None
