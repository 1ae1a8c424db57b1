"""What every store promises about references."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.core.model import BlobKey
    from detent.core.references import FileReferences


class ReferenceTable(Protocol):
    """References by blob, and the names that they mention.

    What cannot be read or written raises `StoreError`.
    """

    def find_stored(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        """Tell which blobs have references.

        Parameters
        ----------
        keys : collection of BlobKey
            The blobs to look for.

        Returns
        -------
        set of BlobKey
            Those that have them.
        """

    def load_references(
        self, keys: Collection[BlobKey]
    ) -> Iterator[tuple[BlobKey, FileReferences]]:
        """Read references.

        Parameters
        ----------
        keys : collection of BlobKey
            The blobs to read; those without references are passed over.

        Yields
        ------
        (BlobKey, FileReferences)
            A blob and its references.
        """

    def find_mentions(self, name: str) -> set[BlobKey]:
        """Find the blobs that mention a name.

        Parameters
        ----------
        name : str
            A name without dots.

        Returns
        -------
        set of BlobKey
            Blobs of all views whose references have it.
        """

    def persist_references(self, items: Iterable[tuple[BlobKey, FileReferences]]) -> None:
        """Write the references of some blobs in one transaction.

        Parameters
        ----------
        items : iterable of (BlobKey, FileReferences)
            What to write; what is known already is passed over. The store must be open for writing.
        """
