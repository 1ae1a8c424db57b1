"""The index of a run: opened when it is needed, for writing only if there is something new."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.languages import LANGUAGES
from detent.store import (
    MEMORY,
    DamagedStore,
    ForeignStore,
    OtherVersion,
    delete_index_files,
    is_index,
    is_managed_index,
    make_counters,
    open_store,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from detent.store.protocol import FactVersions, Store

    Result = TypeVar("Result")


def list_fact_versions() -> FactVersions:
    """List the versions of facts that count: facts of others are missing, and derived again."""
    from detent.audit.codes import FINDINGS_VERSION
    from detent.core.model import FINDINGS, REFERENCES, STRUCTURE

    return {
        **{(name, STRUCTURE): language.version for name, language in LANGUAGES.items()},
        **{(name, FINDINGS): FINDINGS_VERSION for name in LANGUAGES},
        **{(name, REFERENCES): language.references_version for name, language in LANGUAGES.items()},
    }


class Index:
    """Lazily opened store: read-only first, writable on demand, in memory as a fallback."""

    def __init__(self, path: str | Callable[[], str]) -> None:
        self._place = path  # what finds it is called when the index is needed
        self.notes: list[str] = []
        self.counters = make_counters()
        self._store: Store | None = None
        self._writable = False

    @property
    def path(self) -> str:
        """The file, or ``memory:``."""
        if not isinstance(self._place, str):
            self._place = self._place()
        return self._place

    @property
    def exists(self) -> bool:
        """Whether there is an index on disk."""
        return self.path != MEMORY and os.path.exists(self.path)

    @property
    def size(self) -> int:
        """Bytes on disk, with SQLite's log."""
        if self.path == MEMORY:
            return 0
        files = [f"{self.path}{suffix}" for suffix in ("", "-wal")]
        return sum(os.stat(file).st_size for file in files if os.path.exists(file))

    def _open_store(self, path: str, *, write: bool) -> Store:
        versions = list_fact_versions()
        try:
            return open_store(path, write=write, versions=versions, counters=self.counters)
        except DamagedStore:
            if os.path.exists(path) and not (is_managed_index(path) or is_index(path)):
                raise ForeignStore(
                    f"{path} is no index", "name another file with --store"
                ) from None
            raise

    def open_reader(self) -> Store:
        """Return the store, opened for reading at least."""
        if self._store is None:
            self._writable = self.path == MEMORY
            self._store = self._open_store(self.path, write=self._writable)
        return self._store

    def open_writer(self) -> Store:
        """Return the store, opened for writing."""
        if self._store is None or not self._writable:
            # The reader is closed last: otherwise SQLite deletes its files, and the writer makes
            # them again.
            reader, self._store = self._store, None
            try:
                self._store = self._open_store(self.path, write=True)
            except (DamagedStore, OtherVersion):
                raise
            except StoreError as error:
                self._switch_to_memory(error)
            finally:
                if reader is not None:
                    reader.close()
            self._writable = True
        assert self._store is not None
        return self._store

    def with_recovery(self, work: Callable[[], Result]) -> Result:
        """Do some work; if the index is damaged or cannot be written, once more after recovery."""
        try:
            return work()
        except (DamagedStore, OtherVersion) as error:
            if not is_managed_index(self.path):
                raise
            try:
                self.delete_files()
                self.notes.append(f"{error.message}; it is built again")
            except StoreError as why:
                self._switch_to_memory(why)
        except StoreError as error:
            if self.path == MEMORY:
                raise
            self._switch_to_memory(error)
        return work()

    def _switch_to_memory(self, error: StoreError) -> None:
        if isinstance(error, ForeignStore) and not is_managed_index(self.path):
            raise error
        self.close()
        self.notes.append(f"{error.message}; this run keeps its index in memory")
        self._place = MEMORY
        self._store, self._writable = self._open_store(MEMORY, write=True), True

    def delete_files(self) -> None:
        """Remove the index from disk."""
        self.close()
        if not self.exists:
            return
        if not (is_managed_index(self.path) or is_index(self.path)):
            raise StoreError(f"{self.path} is no index", "name another file with --store")
        try:
            delete_index_files(self.path)
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be removed: {error.strerror}", "remove it, or move it away"
            ) from error

    def close(self) -> None:
        """Close the store; it may be opened again."""
        if self._store is not None:
            self._store.close()
        self._store, self._writable = None, False
