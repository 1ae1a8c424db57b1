"""What every store promises: the one interface between the index and the rest of detent."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from detent.core.model import FileFacts, FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline

    #: Gives what a blob was before an edit, with all its facts; None where that is not known.
    PreviousLookup = Callable[[str], tuple[str, FileFacts] | None]


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
    missing_facts: frozenset[str]


class ViewUpdate(NamedTuple):
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
    failed : collection of str, optional
        Blobs that could not be analysed; where given, all others must have facts.
    """

    name: str
    tree: str
    generation: int
    changed: Mapping[bytes, str]
    deleted: Collection[bytes]
    differences: Mapping[bytes, str | None]
    failed: Collection[str] | None = None


class Writer(Protocol):
    """What bringing a view up to date writes through."""

    def persist(self, facts: Iterable[tuple[str, FileFacts]]) -> None:
        """Write the facts of some blobs in one transaction.

        Parameters
        ----------
        facts : iterable of (str, FileFacts)
            Object id and facts; a blob that has facts already keeps them. If iterating raises,
            none of them is written.
        """

    def publish(self, change: ViewUpdate) -> bool:
        """Replace a view in one short transaction.

        Parameters
        ----------
        change : ViewUpdate
            The change, and the generation that it was computed from.

        Returns
        -------
        bool
            False where somebody else has published the view since the change was computed, or has
            forgotten facts that it needs: nothing is written then.
        """


class Session(Writer, Protocol):
    """One writer at work on a store; what it cannot write raises `StoreError`."""

    def collect_garbage(self, views: Collection[str], oids: Collection[str]) -> int:
        """Forget all views but some, and all facts that neither they nor other uses need.

        Parameters
        ----------
        views : collection of str
            Names of the views to keep, with the blobs in them.
        oids : collection of str
            Further blobs to keep.

        Returns
        -------
        int
            Number of blobs whose facts are gone.
        """

    def abort(self) -> None:
        """Undo what is not committed, and close."""

    def close(self) -> None:
        """Commit nothing more; every batch and view that was written stays."""


class Reader(Protocol):
    """What it takes to compare a view with what is stored of it."""

    def find_known_blobs(self, oids: Collection[str]) -> set[str]:
        """Tell which of these blobs have facts.

        Parameters
        ----------
        oids : collection of str
            Object ids of blobs.

        Returns
        -------
        set of str
            Those among them that have facts.
        """

    def load_view(self, name: str) -> View | None:
        """Read what a view stands for.

        Parameters
        ----------
        name : str
            As `detent.index.views.make_stored_name` gives it.

        Returns
        -------
        View or None
            None where it was never published.
        """

    def load_entries(self, name: str, paths: Collection[bytes] | None = None) -> dict[bytes, str]:
        """List the entries of a view.

        Parameters
        ----------
        name : str
            As `detent.index.views.make_stored_name` gives it.
        paths : collection of bytes, optional
            The paths to look up; None for all.

        Returns
        -------
        dict of bytes to str
            Object id by path, without the paths that the view does not have; empty where it was
            never published.
        """


class IndexQueries(Protocol):
    """What people ask of all that an index has."""

    def find_symbols(self, pattern: str) -> Iterator[tuple[str, Symbol]]:
        """Find symbols of all blobs by name.

        Parameters
        ----------
        pattern : str
            Matched against the whole name, not the qualified one: ``*``, ``?`` and ``[…]`` are
            wild, and case counts.

        Yields
        ------
        (str, Symbol)
            Object id and symbol in full, in the order of object ids, then of the file.
        """

    def run_query(self, text: str, files: Mapping[str, str]) -> list[tuple[object, ...]]:
        """Run somebody's own query, which may read documented views and nothing else.

        Parameters
        ----------
        text : str
            One ``SELECT`` on the views of `detent.store.user_queries`.
        files : mapping of str to str
            What these show: object id by path.

        Returns
        -------
        list of tuple
            The rows.

        Raises
        ------
        MeasurementError
            If the query fails, does what it may not, or takes too much.
        """

    def count_rows(self) -> dict[str, int]:
        """Count the rows of all tables.

        Returns
        -------
        dict of str to int
            By table.
        """


class Store(Reader, IndexQueries, Protocol):
    """An index: facts by blob, and views of them; what it cannot read raises `StoreError`."""

    def load_facts(
        self, oids: Collection[str], *, full: bool = False
    ) -> Iterator[tuple[str, FileFacts]]:
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

    def load_findings(
        self, paths: Mapping[str, Sequence[bytes]], unwanted: FindingFilter
    ) -> Iterator[tuple[bytes, list[FindingRow]]]:
        """Read only the findings of blobs.

        Parameters
        ----------
        paths : mapping of str to sequence of bytes
            The files by object id; those without facts are passed over.
        unwanted : FindingFilter
            What is left out.

        Yields
        ------
        (bytes, list of FindingRow)
            A file and its findings, all errors, as they are in its facts; not those without any.
        """

    def load_outlines(self, oids: Collection[str]) -> Iterator[tuple[str, Outline]]:
        """Read what other files need to know of blobs.

        Parameters
        ----------
        oids : collection of str
            Those without facts are passed over.

        Yields
        ------
        (str, Outline)
            Object id and what `detent.core.outline.derive_outline` makes of its facts.
        """

    def begin_session(self, past_of: PreviousLookup | None = None) -> Session:
        """Open a session to write.

        Parameters
        ----------
        past_of : callable, optional
            Gives what a blob was before an edit: what has not changed is written sooner.

        Returns
        -------
        Session
            To be closed or aborted before the next; the store must be open for writing.
        """

    def has_difference(self, oid: str, facts: FileFacts) -> bool:
        """Compare what is stored of a blob with facts, row by row.

        Parameters
        ----------
        oid : str
            The blob; it has facts.
        facts : FileFacts
            What `Session.persist` would write.

        Returns
        -------
        bool
            Whether any row is another, missing or too many.
        """

    def find_problems(self) -> list[str]:
        """Check the store's own integrity.

        Returns
        -------
        list of str
            A line for each fault; empty where the store is whole.
        """

    def close(self) -> None:
        """Let go of the store."""
