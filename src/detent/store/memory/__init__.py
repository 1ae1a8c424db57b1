"""The index in plain Python objects: for runs that keep nothing, and for tests."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.store.store_kind import StoreKind

if TYPE_CHECKING:
    from detent.store.protocol import FactVersions, Store

__all__ = ["KIND"]


def _open(path: str, *, write: bool, versions: FactVersions) -> Store:  # noqa: ARG001 - it is new
    from detent.store.memory.store import MemoryStore

    return MemoryStore()


KIND = StoreKind(version=0, suffixes=("",), is_index=lambda _: False, open=_open)
