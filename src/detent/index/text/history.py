"""The contents in a history that may hold a text."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.index.text.coverage import add_blobs
from detent.store.text.trigrams import write_query

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from detent.git import Repo
    from detent.index.text.database import TextDatabase
    from detent.store.text.store import TextStore
    from detent.store.text.trigrams import Need

    Progress = Callable[[int, int], None]


def find_blobs(
    repo: Repo,
    database: TextDatabase,
    oids: Collection[str],
    *,
    need: Need,
    progress: Progress | None = None,
) -> list[str]:
    """Find the contents that may hold a text; what is not indexed yet is added first."""

    def find(store: TextStore) -> list[str]:
        add_blobs(store, repo, oids, progress=progress)
        query = write_query(need)
        return store.find_documents(query) if query else list(oids)

    found = database.ask(find, write=True)
    return list(oids) if found is None else sorted(set(oids).intersection(found))
