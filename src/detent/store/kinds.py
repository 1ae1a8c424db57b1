"""The kinds of stores; the end of a file's name chooses one."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple, Protocol
from detent.store.errors import MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.store.protocol import FactVersions, Store

#: Ends of names that are SQLite's without a look at what is installed.
_SQLITE_ENDINGS = ("", "sqlite", "sqlite3", "db")
_ENTRY_POINTS = "detent.stores"


class StoreOpener(Protocol):
    """Opens a store."""

    def __call__(self, path: str, *, write: bool, versions: FactVersions) -> Store:
        """Open a store.

        Parameters
        ----------
        path : str
            The file or directory; it need not exist.
        write : bool
            Whether to write; where not, nothing on disk changes, and a store that does not exist
            counts as empty.
        versions : mapping of (str, str) to int
            The version that counts as known, by language and kind of facts.

        Returns
        -------
        Store
            The store.

        Raises
        ------
        DamagedStore
            If it can no longer be read.
        ForeignStore
            If it is another program's.
        OtherVersion
            If it was written in another layout than this.
        StoreError
            If its surroundings do not let it be opened, such as a full disk.
        """


class StoreKind(NamedTuple):
    """What detent needs to know of a kind of store before it opens one.

    Attributes
    ----------
    version : int
        The version of its layout, which is a part of the name of a repository's index.
    suffixes : tuple of str
        What the names of its files end with, after the path of the store; the first one is empty.
    is_index : callable
        Tells of a path whether a store of this kind is there, of whatever version, without
        changing anything.
    open : callable
        Opens a store: see `StoreOpener`.
    """

    version: int
    suffixes: tuple[str, ...]
    is_index: Callable[[str], bool]
    open: StoreOpener


def choose_kind(path: str) -> StoreKind | None:
    """Choose the kind of a store by its path; None for SQLite."""
    if path == MEMORY:
        from detent.store.memory import KIND

        return KIND
    name = os.path.splitext(path)[1][1:].lower()
    return None if name in _SQLITE_ENDINGS else find_kind(name)


def find_kind(name: str) -> StoreKind | None:
    """Find a kind of store by its name: ours, or one that an installed package registers."""
    if name == "duckdb":
        from detent.store.duckdb import KIND

        return KIND
    from importlib.metadata import entry_points

    for entry_point in entry_points(group=_ENTRY_POINTS, name=name):
        kind = entry_point.load()
        if isinstance(kind, StoreKind):
            return kind
    return None
