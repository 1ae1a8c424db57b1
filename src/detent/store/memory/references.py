"""References in plain Python objects."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.references import list_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.core.model import BlobKey
    from detent.core.references import FileReferences


class MemoryReferences:
    """See `detent.store.references.ReferenceTable`."""

    def __init__(self) -> None:
        self._references: dict[BlobKey, FileReferences] = {}
        self._mentions: dict[str, set[BlobKey]] = {}

    def find_stored(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        """See `ReferenceTable.find_stored`."""
        return {key for key in keys if key in self._references}

    def load_references(
        self, keys: Collection[BlobKey]
    ) -> Iterator[tuple[BlobKey, FileReferences]]:
        """See `ReferenceTable.load_references`."""
        for key in sorted(self.find_stored(keys)):
            yield key, self._references[key]

    def find_mentions(self, name: str) -> set[BlobKey]:
        """See `ReferenceTable.find_mentions`."""
        return set(self._mentions.get(name, ()))

    def persist_references(self, items: Iterable[tuple[BlobKey, FileReferences]]) -> None:
        """See `ReferenceTable.persist_references`."""
        for key, references in list(items):
            if key not in self._references:
                self._references[key] = references
                for word in list_words(references):
                    self._mentions.setdefault(word, set()).add(key)

    def keep_only(self, keys: Collection[BlobKey]) -> None:
        """Remove all references but those of some blobs."""
        self._references = {
            key: references for key, references in self._references.items() if key in keys
        }
        kept = {word: found & self._references.keys() for word, found in self._mentions.items()}
        self._mentions = {word: found for word, found in kept.items() if found}

    def count_records(self) -> dict[str, int]:
        """Count references, names, and which references mention which."""
        mentions = sum(len(found) for found in self._mentions.values())
        counts = len(self._references), len(self._mentions), mentions
        return dict(zip(("reference", "word", "mention"), counts, strict=True))
