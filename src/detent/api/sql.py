"""Questions in SQL about the files of a view."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.paths import make_path_filter
from detent.core.namedtuple import NamedTuple
from detent.index.snapshot import take_snapshot
from detent.store.user_queries import QueryLimits, run_user_query

if TYPE_CHECKING:
    from collections.abc import Collection

    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.views import View

#: A person waits longer than a hook, and asks for lists.
_LIMITS = QueryLimits(steps=2_000_000_000, seconds=60.0, bytes=1_000_000_000, rows=100_000)


class QueryAnswer(NamedTuple):
    """What a query found in a view.

    Attributes
    ----------
    view : str
        What was asked: ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree of git that the view is based on.
    different : int
        Number of files where the view differs from that tree.
    columns : list of str
        The names of the columns.
    rows : list of tuple
        The rows: numbers, texts and None.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    """

    view: str
    tree: str
    different: int
    columns: list[str]
    rows: list[tuple[object, ...]]
    failures: dict[bytes, str]


def run_query(
    index: Index,
    view: View,
    query: str,
    *,
    named: Collection[bytes],
    progress: Progress | None = None,
) -> QueryAnswer:
    """Run a query on the files of a view, or some of them."""
    now = take_snapshot(index, view, progress=progress).restrict_to(
        make_path_filter(view.repo, named)
    )
    files = sorted(now.load_files(full=True), key=lambda file: file[0])
    named_files = ((path.decode("utf-8", "replace"), facts) for path, facts in files)
    found = run_user_query(named_files, query, _LIMITS)
    return QueryAnswer(
        view.name, view.tree, now.different, found.columns, found.rows, dict(now.failures)
    )
