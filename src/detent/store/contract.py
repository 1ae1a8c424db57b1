"""What every store promises: the one interface between the index and the rest of detent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from detent.model import FileFacts, Symbol


class View(NamedTuple):
    """What a view was when it was last published.

    Attributes
    ----------
    tree : str
        The tree of git that it was taken from.
    generation : int
        How often it has been published.
    differences : dict of bytes to (str or None)
        The paths where it differed from the tree, and what the tree has there.
    size : int
        Number of its entries.
    lacking : frozenset of str
        Blobs among them that had no facts, because they could not be analysed.
    """

    tree: str
    generation: int
    differences: dict[bytes, str | None]
    size: int
    lacking: frozenset[str]


class Publication(NamedTuple):
    """One change of a view, applied whole or not at all.

    Attributes
    ----------
    name : str
        The view.
    tree : str
        The tree of git that it is taken from now.
    generation : int
        What the view had when the change was computed; 0 for a new view.
    changed : dict of bytes to str
        Paths that are new or have other content now.
    deleted : collection of bytes
        Paths that are gone.
    differences : dict of bytes to (str or None)
        As in `View`.
    """

    name: str
    tree: str
    generation: int
    changed: Mapping[bytes, str]
    deleted: Collection[bytes]
    differences: Mapping[bytes, str | None]


class Session(Protocol):
    """One writer at work on a store."""

    def persist(self, facts: Iterable[tuple[str, FileFacts]]) -> None:
        """Write the facts of some blobs in one transaction; what is there already stays."""

    def publish(self, change: Publication) -> bool:
        """Replace a view in one short transaction.

        Returns
        -------
        bool
            False where somebody else has published the view since the change was computed: nothing
            is written then.
        """

    def abort(self) -> None:
        """Undo what is not committed, and close."""

    def close(self) -> None:
        """Commit nothing more; every batch and view that was written stays."""


class Store(Protocol):
    """An index: facts by blob, and views of them."""

    def known(self, oids: Collection[str]) -> set[str]:
        """Tell which of these blobs have facts."""

    def load(self, oids: Collection[str], *, full: bool = False) -> Iterator[tuple[str, FileFacts]]:
        """Read the facts of blobs, in the order of their object ids.

        Parameters
        ----------
        oids : collection of str
            Those without facts are passed over.
        full : bool, default False
            Whether to read calls, bindings, signatures and uses too.

        Yields
        ------
        (str, FileFacts)
            Object id and facts.
        """

    def named(self, pattern: str) -> Iterator[tuple[str, Symbol]]:
        """Find symbols of all blobs whose name matches a pattern of ``*``, ``?`` and ``[…]``."""

    def view(self, name: str) -> View | None:
        """Read what a view stands for, or None where it was never published."""

    def entries(self, name: str, paths: Collection[bytes] | None = None) -> dict[bytes, str]:
        """List a view's blobs by path, all or those of some paths."""

    def begin(self) -> Session:
        """Open a session to write."""

    def problems(self) -> list[str]:
        """Check the store's own integrity; a line for each fault."""

    def close(self) -> None:
        """Let go of the store."""
