"""What a package says of the kind of store that it has."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.store.protocol import FactVersions, Store


class StoreOpener(Protocol):
    """Opens a store."""

    def __call__(self, path: str, *, write: bool, versions: FactVersions) -> Store:
        """Open a store.

        Parameters
        ----------
        path : str
            The file; it need not exist.
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
