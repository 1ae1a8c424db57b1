"""What a process that lives keeps in memory: bounded by bytes, entries and age."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MOST_BYTES = 64_000_000
_MOST_ENTRIES = 1_000
_MOST_SECONDS = 600.0


class CacheStatistics(NamedTuple):
    """What a cache has done so far, and what it holds."""

    hits: int
    misses: int
    evictions: int  # entries that had to go for others, or were too old
    entries: int
    size: int  # in bytes


class CacheEntry(NamedTuple):
    """A value, its size in bytes, and when it was set."""

    value: Any
    size: int
    seconds: float


class HotCache:
    """Values by key; those that were not used for the longest time go first.

    Keys are text, with the kind of the value in front, as in ``tree:OID``. Several threads may use
    one cache.
    """

    def __init__(
        self,
        *,
        most_bytes: int = _MOST_BYTES,
        most_entries: int = _MOST_ENTRIES,
        most_seconds: float = _MOST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = (most_bytes, most_entries, most_seconds)
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, CacheEntry] = OrderedDict()
        self._size = self._hits = self._misses = self._evictions = 0

    def get(self, key: str) -> Any:
        """Give a value; None if it is not there, or is too old."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and self._clock() - entry.seconds > self._limits[2]:
                self._drop(key)
                self._evictions += 1
                entry = None
            if entry is None:
                self._misses += 1
                return None
            self._hits += 1
            self._entries.move_to_end(key)
            return entry.value

    def set(self, key: str, value: object, size: int) -> None:
        """Keep a value of so many bytes; what alone is larger than the cache is not kept."""
        most_bytes, most_entries, _ = self._limits
        with self._lock:
            self._drop(key)
            if size > most_bytes:
                return
            self._entries[key] = CacheEntry(value, size, self._clock())
            self._size += size
            while self._size > most_bytes or len(self._entries) > most_entries:
                self._drop(next(iter(self._entries)))
                self._evictions += 1

    def invalidate(self, key: str) -> None:
        """Forget a value."""
        with self._lock:
            self._drop(key)

    def invalidate_prefix(self, prefix: str) -> None:
        """Forget all values whose keys begin with a text."""
        with self._lock:
            for key in [key for key in self._entries if key.startswith(prefix)]:
                self._drop(key)

    @property
    def statistics(self) -> CacheStatistics:
        """What it has done so far, and what it holds."""
        with self._lock:
            return CacheStatistics(
                self._hits, self._misses, self._evictions, len(self._entries), self._size
            )

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        self._size -= entry.size if entry else 0
