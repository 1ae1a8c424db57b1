"""The index: facts by blob, and views of them, in one of several databases."""

from __future__ import annotations

import os
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.store.errors import MEMORY, DamagedStore, ForeignStore, OtherVersion
from detent.store.sqlite.schema import APPLICATION_ID, VERSION

if TYPE_CHECKING:
    from detent.store.protocol import Store

__all__ = [
    "MEMORY",
    "DamagedStore",
    "ForeignStore",
    "OtherVersion",
    "default_path",
    "discard",
    "is_index",
    "is_own",
    "open_store",
]


def default_path(common_dir: str) -> str:
    """Give the place of a repository's index.

    Parameters
    ----------
    common_dir : str
        The git directory that all work trees share.

    Returns
    -------
    str
        A file whose name holds the version, so that two versions of detent do not undo each other.
    """
    return os.path.join(common_dir, "detent", f"index-{VERSION}.sqlite")


def is_own(path: str) -> bool:
    """Tell whether a file is detent's to remove: by its place, since a damaged one cannot be asked.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    bool
        False for every file that a person named.
    """
    place, name = os.path.split(path)
    return os.path.basename(place) == "detent" and name.startswith("index-")


def is_index(path: str) -> bool:
    """Tell by its header whether a file is an index of detent, of whatever version.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    bool
        False also where it cannot be read.
    """
    try:
        if not os.path.isfile(path):  # to open a pipe would be to wait for its other end
            return False
        with open(path, "rb") as file:
            header = file.read(72)
    except OSError:
        return False
    return header[:16] == b"SQLite format 3\0" and header[68:] == APPLICATION_ID.to_bytes(4, "big")


def open_store(path: str, *, write: bool) -> Store:
    """Open a store.

    Parameters
    ----------
    path : str
        A file, or ``memory:``.
    write : bool
        Whether to open it for writing; one that is missing is created.

    Returns
    -------
    Store
        Open.

    Raises
    ------
    StoreError
        If it cannot be opened; `DamagedStore` and `OtherVersion` where building it anew helps.
    """
    from detent.store.sqlite.store import SqliteStore

    return SqliteStore(path, write=write)


def discard(path: str) -> None:
    """Remove an index, with the files that SQLite keeps beside it.

    Parameters
    ----------
    path : str
        The file; it may be missing. Whether it is one to remove is for the caller to ask.
    """
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")
