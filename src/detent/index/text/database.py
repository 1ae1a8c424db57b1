"""The text database of a run: damaged, it is built again; without one, everything is read."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.core.hot_cache import HotCache
from detent.store import MEMORY, DamagedStore, OtherVersion, delete_index_files
from detent.store.text.schema import TEXT_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from tempfile import TemporaryDirectory
    from typing import TypeVar

    from detent.store.text.store import TextStore

    Result = TypeVar("Result")


def locate_text_database(common_dir: str) -> str:
    """Give the place of a repository's text database."""
    return os.path.join(common_dir, "detent", f"text-{TEXT_VERSION}.sqlite")


class TextDatabase:
    """Lazily opened text database: read-only first, writable on demand."""

    def __init__(self, path: str) -> None:
        self.path = path  # `MEMORY` for none
        self.notes: list[str] = []
        self.cache = HotCache()  # listings of trees and histories, for as long as this lives
        self._store: TextStore | None = None
        self._writable = False
        self._temporary: TemporaryDirectory[str] | None = None

    @property
    def size(self) -> int:
        """Bytes on disk, with SQLite's log."""
        files = [f"{self.path}{suffix}" for suffix in ("", "-wal")]
        return sum(os.stat(file).st_size for file in files if os.path.exists(file))

    def ask(self, work: Callable[[TextStore], Result], *, write: bool = False) -> Result | None:
        """Ask the database; None where it cannot be used. A damaged one is deleted."""
        for _ in range(2):
            if self.path == MEMORY:
                break
            try:
                return work(self._open(write=write))
            except (DamagedStore, OtherVersion) as error:
                self._give_up(error, delete=True)
            except StoreError as error:
                self._give_up(error)
                self.path = MEMORY
        return None

    def require(self, work: Callable[[TextStore], Result]) -> Result:
        """Do some work that needs a database: where none can be kept, one for this run only."""
        found = self.ask(work, write=True)
        if found is None and self._temporary is None:
            from tempfile import TemporaryDirectory

            self._temporary = TemporaryDirectory()
            self.path = os.path.join(self._temporary.name, "text.sqlite")
            found = self.ask(work, write=True)
        if found is None:
            raise StoreError("no text database can be written", "see that the disk has room")
        return found

    def _open(self, *, write: bool) -> TextStore:
        from detent.store.text.store import TextStore

        if self._store is None or (write and not self._writable):
            self._close_store()
            self._store = TextStore(self.path, write=write)
            self._writable = write
        return self._store

    def _give_up(self, error: StoreError, *, delete: bool = False) -> None:
        self._close_store()
        outcome = "it is built again" if delete else "all files are read instead"
        self.notes.append(f"{error.message}; {outcome}")
        if delete:
            self._delete_files()

    def _delete_files(self) -> None:
        self._close_store()
        try:
            delete_index_files(self.path)
        except OSError:
            self.path = MEMORY

    def forget_missing(self, find_missing: Callable[[set[str]], set[str]]) -> int:
        """Forget the contents that git no longer has; give how many there were."""
        if not self.size:
            return 0
        from detent.store.text.garbage import forget_blobs, list_blobs

        missing = find_missing(self.ask(list_blobs) or set())
        if missing:
            is_mostly_dead = self.ask(lambda store: forget_blobs(store, missing), write=True)
            if is_mostly_dead:
                self._delete_files()
        return len(missing)

    def close(self) -> None:
        """Close the database; it may be opened again."""
        self._close_store()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary, self.path = None, MEMORY

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store, self._writable = None, False
