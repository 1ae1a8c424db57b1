"""The files of a view in which a text may be found, and their contents."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple
from detent.git.listing import list_tree
from detent.index.text.coverage import cover_tree
from detent.index.views import WORKTREE
from detent.store.text.store import ABSENT
from detent.store.text.trigrams import write_query

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from detent.git import FileChange
    from detent.git.listing import TreeListing
    from detent.index.text.database import TextDatabase
    from detent.index.views import View
    from detent.store.text.trigrams import Need

    Progress = Callable[[int, int], None]

#: Bytes that the listing of a tree may take in memory for each that git gives.
_LISTING_FACTOR = 4


class FoundFiles(NamedTuple):
    """Files that may hold a text."""

    files: list[tuple[bytes, str]]  # path and object id, by path
    skipped: Mapping[bytes, int]  # files of the tree that are left out, as far as that is known
    changed: Collection[bytes]  # paths where the view differs from its tree


def find_files(
    view: View, database: TextDatabase, need: Need, *, progress: Progress | None = None
) -> FoundFiles:
    """Find the files of a view that may hold a text; all of them where nothing narrows it."""
    listing = _list_tree(view, database)
    skipped = cover_tree(database, view.repo, view.tree, listing=listing, progress=progress)
    oids = None if skipped is None else _find_documents(database, view.tree, need)
    absent = {path for path, state in (skipped or {}).items() if state == ABSENT}
    listed = dict(listing) if oids is None else _list_candidates(listing, oids, absent)
    return _select_files(view.list_changes(view.tree), listed, skipped or {})


def _list_candidates(
    listing: TreeListing, oids: list[str], absent: Collection[bytes]
) -> dict[bytes, str]:
    """List the files with some contents, and those that git did not have when they were indexed."""
    found = dict(listing.find_paths(oids))
    if absent:
        found.update((path, oid) for path, oid in listing if path in absent)
    return found


def _select_files(
    changed: Iterable[FileChange], listed: Mapping[bytes, str], skipped: Mapping[bytes, int]
) -> FoundFiles:
    changes = {change.path for change in changed}
    left = {x: state for x, state in skipped.items() if state != ABSENT and x not in changes}
    kept = [(path, listed[path]) for path in listed.keys() - changes - left.keys()]
    edited = [(change.path, change.new) for change in changed if change.new]
    return FoundFiles(sorted(kept + edited), left, changes)


def _list_tree(view: View, database: TextDatabase) -> TreeListing:
    key = f"tree:{view.tree}"
    listing: TreeListing | None = database.cache.get(key)
    if listing is None:
        listing = list_tree(view.repo, view.tree)
        database.cache.set(key, listing, _LISTING_FACTOR * len(listing.raw))
    return listing


def _find_documents(database: TextDatabase, tree: str, need: Need) -> list[str] | None:
    query = write_query(need)
    return database.ask(lambda store: store.find_covered(tree, query)) if query else None


def list_files(view: View) -> tuple[list[tuple[bytes, str]], Collection[bytes]]:
    """List all files of a view, and the paths where it differs from its tree."""
    listed = dict(list_tree(view.repo, view.tree))
    found = _select_files(view.list_changes(view.tree), listed, {})
    return found.files, found.changed


def read_files(
    view: View, files: list[tuple[bytes, str]], changed: Collection[bytes]
) -> Iterator[tuple[bytes, bytes | None]]:
    """Read files of a view in their order; None for what git does not have."""
    on_disk = changed if view.name == WORKTREE else ()
    stored = git.read_blobs(view.repo, [oid for path, oid in files if path not in on_disk])
    for path, oid in files:
        if path not in on_disk:
            yield path, next(stored)[1]
            continue
        raw = git.read_from_disk(view.repo, path, oid)
        if raw is None:  # staged, but not checked out
            ((_, raw),) = git.read_blobs(view.repo, [oid])
        yield path, raw
