"""The outlines of the files of a view, loaded when a name leads to them."""

from __future__ import annotations

from functools import cached_property

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.core.outline import Outline


class ViewOutlines:
    """The files of a view; nothing is listed or read before it is needed."""

    def __init__(
        self,
        entries: Callable[[], Mapping[bytes, BlobKey]],
        load: Callable[[Collection[BlobKey]], Mapping[BlobKey, Outline]],
        facts: Callable[[Collection[BlobKey]], Mapping[BlobKey, FileFacts]],
    ) -> None:
        self._list = entries
        self._load = load
        self._read = facts
        self._facts: dict[bytes, FileFacts | None] = {}
        self._known: dict[bytes, Outline | None] = {}

    @cached_property
    def paths(self) -> Mapping[bytes, BlobKey]:
        """All files of the view, with their blobs."""
        return self._list()

    def get_outline(self, path: bytes) -> Outline | None:
        """Get the outline of a file."""
        if path not in self._known:
            self.load_outlines([path])
        return self._known[path]

    def get_facts(self, path: bytes) -> FileFacts | None:
        """Get the full facts of a file, for the few where an outline is not enough."""
        if path not in self._facts:
            key = self.paths.get(path)
            self._facts[path] = self._read([key]).get(key) if key else None
        return self._facts[path]

    def load_outlines(self, paths: Iterable[bytes]) -> None:
        """Read the outlines of some files at once."""
        wanted = {path: self.paths.get(path) for path in paths if path not in self._known}
        keys = {key for key in wanted.values() if key is not None}
        outlines = self._load(keys) if keys else {}
        self._known.update((path, key and outlines.get(key)) for path, key in wanted.items())
