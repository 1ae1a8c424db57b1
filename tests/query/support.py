"""A few sources as a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.audit.analyze import analyze_file
from detent.core.model import BlobKey
from detent.core.outline import derive_outline
from detent.query.relations.outlines import ViewOutlines

if TYPE_CHECKING:
    from collections.abc import Collection

    from detent.core.model import FileFacts
    from detent.core.outline import Outline

Tree = dict[str, str]


class Sources(ViewOutlines):
    """A view of sources; notes what was read of it."""

    def __init__(self, tree: Tree) -> None:
        self.sources = {path: analyze_file(text.encode()) for path, text in tree.items()}
        self.read: list[str] = []
        entries = {path.encode(): BlobKey(path, "python") for path in tree}
        super().__init__(lambda: entries, self._some, self._full)

    def _full(self, keys: Collection[BlobKey]) -> dict[BlobKey, FileFacts]:
        return {key: self.sources[key.oid] for key in keys}

    def _some(self, keys: Collection[BlobKey]) -> dict[BlobKey, Outline]:
        self.read += sorted(key.oid for key in keys)
        return {key: derive_outline(self.sources[key.oid]) for key in keys}
