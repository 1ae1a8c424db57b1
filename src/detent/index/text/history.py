"""The contents in a history that may hold a text."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.text.coverage import add_blobs
from detent.store.text.trigrams import write_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from detent.git import Repo
    from detent.index.text.database import TextDatabase
    from detent.store.text.store import TextStore
    from detent.store.text.trigrams import Need

    Progress = Callable[[int, int], None]


class HistoryBlobs(NamedTuple):
    """The contents of a history."""

    name: str  # the same for the same contents
    paths: Mapping[str, bytes]  # by object id, each with one of its paths


def find_blobs(
    repo: Repo,
    database: TextDatabase,
    blobs: HistoryBlobs,
    *,
    need: Need,
    progress: Progress | None = None,
) -> list[str]:
    """Find the contents that may hold a text; what is not indexed yet is added first."""

    def cover(store: TextStore) -> None:
        is_covered = store.load_skipped(blobs.name) is not None
        if not is_covered and not add_blobs(store, repo, blobs.paths, progress=progress):
            store.cover_tree(blobs.name, {})

    query = write_query(need)
    if database.ask(lambda store: store.load_skipped(blobs.name)) is None:
        database.ask(cover, write=True)
    found = database.ask(lambda store: store.find_covered(blobs.name, query)) if query else None
    return list(blobs.paths) if found is None else sorted(x for x in found if x in blobs.paths)
