"""What can be wrong with an index, and the name of the one with which nothing can be."""

from __future__ import annotations

from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a message about a damaged index proposes.
REBUILD_HINT = "`detent index --full` builds it again"
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


@contextmanager
def translate_wrong_values(path: str) -> Iterator[None]:
    """Take a value that detent never writes for damage."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DamagedStore(f"{path} is damaged: it holds wrong values", REBUILD_HINT) from error
