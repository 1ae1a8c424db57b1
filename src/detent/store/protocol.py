"""What every store promises: the one interface between the index and the rest of detent.

A store keeps facts by blob and language, and views of a repository: which blob is at which path. It
knows nothing of git, of settings or of how facts are made. Facts that an incompatible version of
detent has written are missing to this one; they are left where they are for the other.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import KINDS
from detent.core.namedtuple import NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from detent.core.model import BlobKey, FileFacts, FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.store.references import ReferenceTable

    FindingLister = Callable[[bytes], list[FindingRow]]
    #: The version that counts as known, by language and kind of facts.
    FactVersions = Mapping[tuple[str, str], int]


class StoredView(NamedTuple):
    """A view as it was last published.

    Attributes
    ----------
    tree : str
        The tree of git that it was taken from.
    generation : int
        How often it has been published.
    languages : str
        The table of languages that chose its files; with another table, it must be computed from
        nothing.
    differences : dict of bytes to (BlobKey or None)
        The paths where it differed from the tree, and what the tree has there.
    size : int
        Number of its entries.
    missing_facts : frozenset of BlobKey
        Entries without facts, because they could not be analysed.
    entries : dict of bytes to BlobKey
        Those of the paths that were asked for, as far as the view has them.
    """

    tree: str
    generation: int
    languages: str
    differences: dict[bytes, BlobKey | None]
    size: int
    missing_facts: frozenset[BlobKey]
    entries: dict[bytes, BlobKey]


class ViewUpdate(NamedTuple):
    """One change of a view, applied completely or not at all.

    Attributes
    ----------
    name : str
        The view.
    tree : str
        The tree of git that it is taken from now.
    generation : int
        What the view had when the change was computed; 0 for a new view.
    languages : str
        As in `StoredView`.
    changed : mapping of bytes to BlobKey
        Paths that are new or have other content now.
    deleted : collection of bytes
        Paths that are gone.
    differences : mapping of bytes to (BlobKey or None)
        As in `StoredView`.
    failed : collection of BlobKey, optional
        Blobs that could not be analysed; where given, all others must have facts.
    """

    name: str
    tree: str
    generation: int
    languages: str
    changed: Mapping[bytes, BlobKey]
    deleted: Collection[bytes]
    differences: Mapping[bytes, BlobKey | None]
    failed: Collection[BlobKey] | None = None


class StoreReport(NamedTuple):
    """What a store says about itself.

    Attributes
    ----------
    counts : dict of str to int
        Number of records by kind: ``blob``, ``symbol``, ``finding``, ``view``, ``entry``,
        ``difference``, ``reference``, ``word`` and ``mention``; empty where there are problems.
    problems : list of str
        A line for each fault; empty where there is none, or where nobody asked.
    """

    counts: dict[str, int]
    problems: list[str]


class Session(Protocol):
    """One writer at work on a store; what it cannot write raises `StoreError`."""

    def persist(self, facts: Iterable[tuple[BlobKey, FileFacts]]) -> None:
        """Write the facts of some blobs in one transaction.

        Parameters
        ----------
        facts : iterable of (BlobKey, FileFacts)
            Blobs with all their facts; those that are known already are passed over. If iterating
            raises, none of them is written.
        """

    def publish(self, update: ViewUpdate) -> bool:
        """Replace a view in one short transaction.

        Parameters
        ----------
        update : ViewUpdate
            The change, and the generation that it was computed from.

        Returns
        -------
        bool
            False where somebody else has published the view since the change was computed, or has
            removed facts that it needs: nothing is written then.
        """


class Store(Protocol):
    """An index: facts by blob, and views of them; what it cannot read raises `StoreError`.

    Wherever blobs are asked for, those whose facts are missing are passed over.

    Attributes
    ----------
    references : ReferenceTable
        The references of blobs, which are facts of a kind of their own.
    """

    references: ReferenceTable

    def find_known(self, keys: Collection[BlobKey], kinds: Collection[str] = KINDS) -> set[BlobKey]:
        """Tell which blobs have facts.

        Parameters
        ----------
        keys : collection of BlobKey
            The blobs to look for.
        kinds : collection of str, default all
            The kinds of facts that they must have, such as `detent.core.model.STRUCTURE`.

        Returns
        -------
        set of BlobKey
            Those of `keys` that have facts of all these kinds.
        """

    def load_facts(
        self, keys: Collection[BlobKey], *, full: bool = False
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        """Read facts, in the order of the keys.

        Parameters
        ----------
        keys : collection of BlobKey
            The blobs to read.
        full : bool, default False
            Whether calls, bindings, signatures and uses are needed; without, a store may leave
            them empty.

        Yields
        ------
        (BlobKey, FileFacts)
            A blob and its facts, as `detent.core.model.drop_docstring_sources` gives them.
        """

    def load_findings(
        self, keys: Collection[BlobKey], finding_filter: FindingFilter
    ) -> Iterator[tuple[BlobKey, FindingLister]]:
        """Read only the findings of blobs, and little of what they are about.

        Parameters
        ----------
        keys : collection of BlobKey
            The blobs to read.
        finding_filter : FindingFilter
            What is left out.

        Yields
        ------
        (BlobKey, callable)
            A blob that has findings, and what lists them: it takes the path of a file with this
            content, and gives the findings as errors there, in the order of the facts.
        """

    def load_outlines(self, keys: Collection[BlobKey]) -> Iterator[tuple[BlobKey, Outline]]:
        """Read what other files need to know of blobs.

        Parameters
        ----------
        keys : collection of BlobKey
            The blobs to read.

        Yields
        ------
        (BlobKey, Outline)
            A blob and what `detent.core.outline.derive_outline` makes of its facts.
        """

    def find_symbols(self, pattern: str) -> Iterator[tuple[BlobKey, Symbol]]:
        """Find symbols of all blobs by name.

        Parameters
        ----------
        pattern : str
            Matched against the whole name, not the qualified one: ``*``, ``?`` and ``[…]`` are
            wildcards, and case matters.

        Yields
        ------
        (BlobKey, Symbol)
            Blob and symbol in full, in the order of the keys, then of the file.
        """

    def load_view(
        self,
        name: str,
        paths: Collection[bytes] | None = (),
        *,
        keys: Collection[BlobKey] = (),
    ) -> StoredView | None:
        """Read a view, all of it at one moment.

        Parameters
        ----------
        name : str
            As `detent.index.views.View.stored_name` gives it.
        paths : collection of bytes, optional
            The paths whose entries are wanted; None for all.
        keys : collection of BlobKey, optional
            The blobs whose entries are wanted too.

        Returns
        -------
        StoredView or None
            None where it was never published.
        """

    def open_session(self) -> AbstractContextManager[Session]:
        """Open a session to write.

        Returns
        -------
        context manager of Session
            Every batch and view that was written is kept, whatever happens afterwards; of one that
            an exception interrupts, nothing is. The store must be open for writing.
        """

    def collect_garbage(self, views: Collection[str], keys: Collection[BlobKey]) -> int:
        """Remove all views but some, and all facts that neither they nor other uses need.

        Parameters
        ----------
        views : collection of str
            Names of the views to keep, with the blobs in them.
        keys : collection of BlobKey
            Further blobs to keep.

        Returns
        -------
        int
            Number of blobs whose facts are gone, those that other versions of detent had among
            them.
        """

    def inspect(self, *, deep: bool = False) -> StoreReport:
        """Count the records, and check the store's own integrity.

        Parameters
        ----------
        deep : bool, default False
            Whether to look for problems, which reads everything.

        Returns
        -------
        StoreReport
            Counts and problems.
        """

    def close(self) -> None:
        """Release the store."""
