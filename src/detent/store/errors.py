"""What can be wrong with an index, and the name of the one with which nothing can be."""

from __future__ import annotations

from detent.core.errors import StoreError

#: The store that leaves nothing behind.
MEMORY = "memory:"


class DamagedStore(StoreError):
    """The file can no longer be read as a database."""

    slug = "damaged-store"


class ForeignStore(StoreError):
    """The file is another program's; one that a person named by mistake must not be touched."""

    slug = "foreign-store"


class OtherVersion(StoreError):
    """The index was written by another version of detent."""

    slug = "store-version"
