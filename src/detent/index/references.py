"""The references of a view: from the store, else derived, and kept where that is possible."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.core.references import FileReferences
from detent.languages import get_language
from detent.query.relations.files import ViewReferences
from detent.store import MEMORY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from detent.core.model import BlobKey
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.snapshot import Snapshot

_BATCH_SIZE = 64


class ReferenceSource:
    """References of the blobs of a view.

    What the store lacks is derived when it is asked for. It is written if the index is on disk and
    can be written; if not, it is kept in memory.
    """

    def __init__(self, index: Index, snapshot: Snapshot, progress: Progress | None = None) -> None:
        self._index = index
        self._snapshot = snapshot
        self._progress = progress
        self._known: dict[BlobKey, FileReferences] = {}  # what is not in the store
        self._is_complete = False

    def open_view(self) -> ViewReferences:
        """Give access to the files of the view on demand."""
        return ViewReferences(self._snapshot.entries, self.load_references, self.find_mentions)

    def load_references(self, keys: Collection[BlobKey]) -> dict[BlobKey, FileReferences]:
        """Load the references of some blobs."""
        found = {key: self._known[key] for key in keys if key in self._known}
        wanted = set(keys).difference(found)
        found.update(self._index.open_reader().references.load_references(wanted))
        missing = wanted.difference(found)
        found.update(self._derive(missing))
        return found

    def find_mentions(self, name: str) -> set[BlobKey]:
        """Find the blobs of the view that mention a name."""
        if not self._is_complete:
            keys = set(self._snapshot.entries.values())
            stored = self._index.open_reader().references.find_stored(keys)
            for _ in self._derive(keys.difference(stored, self._known)):
                pass
            self._is_complete = True
        found = self._index.open_reader().references.find_mentions(name)
        return found.union(
            key for key, references in self._known.items() if _mentions(references, name)
        )

    def _derive(self, keys: set[BlobKey]) -> Iterator[tuple[BlobKey, FileReferences]]:
        keys = {key for key in keys if get_language(key.language).references_version}
        if not keys:
            return
        is_written = self._can_write()
        batch: list[tuple[BlobKey, FileReferences]] = []
        contents = self._snapshot.view.read_contents(sorted(keys))
        for done, (key, raw) in enumerate(contents, 1):
            item = key, _extract_references(key, raw)
            batch.append(item)
            if len(batch) == _BATCH_SIZE:
                self._keep(batch, is_written=is_written)
                batch = []
            if self._progress is not None:
                self._progress(done, len(keys))
            yield item
        self._keep(batch, is_written=is_written)

    def _can_write(self) -> bool:
        """Tell whether there is an index on disk that may be written: a question makes none."""
        path = self._index.path
        places = (path, os.path.dirname(path) or ".")
        return self._index.exists and all(os.access(place, os.W_OK) for place in places)

    def _keep(self, batch: list[tuple[BlobKey, FileReferences]], *, is_written: bool) -> None:
        if is_written and self._index.path != MEMORY:
            self._index.open_writer().references.persist_references(batch)
        else:
            self._known.update(batch)


def _extract_references(key: BlobKey, raw: bytes) -> FileReferences:
    """Derive the references of one file; a defect costs this file only."""
    try:
        return get_language(key.language).extract_references(raw)
    except Exception:  # what is wrong with the file is for `detent index` to say
        return FileReferences()


def _mentions(references: FileReferences, name: str) -> bool:
    return any(
        name == expression.name or name in expression.name.replace(":", ".").split(".")
        for expression in references.expressions
        if expression.kind in ("name", "attribute", "import")
    )
