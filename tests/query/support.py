"""A few sources as a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.audit.analyze import analyze_file
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
        super().__init__(lambda: {path.encode(): path for path in tree}, self._some, self._full)

    def _full(self, oids: Collection[str]) -> dict[str, FileFacts]:
        return {oid: self.sources[oid] for oid in oids}

    def _some(self, oids: Collection[str]) -> dict[str, Outline]:
        self.read += sorted(oids)
        return {oid: derive_outline(self.sources[oid]) for oid in oids}
