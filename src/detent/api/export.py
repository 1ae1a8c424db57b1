"""All facts of the files of a view."""

from __future__ import annotations

from math import inf

from detent import TYPE_CHECKING
from detent.api.paths import make_path_filter
from detent.core.namedtuple import NamedTuple
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.core.model import FileFacts
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.snapshot import Snapshot
    from detent.index.views import View

# The facts of so many files are in memory at once.
_BATCH = 100


class ExportedFile(NamedTuple):
    """The facts of one file.

    Attributes
    ----------
    path : bytes
        The file, from the root of the repository.
    oid : str
        Object id of its content.
    facts : FileFacts
        What was found in it.
    """

    path: bytes
    oid: str
    facts: FileFacts


class FactExport(NamedTuple):
    """The facts of a view.

    Attributes
    ----------
    files : iterable of ExportedFile
        By path. They are loaded while they are iterated over, which is possible once.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    """

    files: Iterable[ExportedFile]
    failures: dict[bytes, str]


def take_full_snapshot(
    index: Index, view: View, *, named: Collection[bytes], progress: Progress | None
) -> Snapshot:
    """Bring the index of a view up to date, and take a snapshot of some paths, or of all."""
    refresh_view(index, view, progress=progress)
    # Without a limit, because `detent gc` may delete meanwhile what was just indexed.
    snapshot = take_snapshot(index, view, most=inf)
    return snapshot.restrict_to(make_path_filter(view.repo, named))


def load_exported_files(snapshot: Snapshot) -> Iterator[ExportedFile]:
    """Load the facts of all files, by path."""
    paths = list(snapshot.entries)
    for start in range(0, len(paths), _BATCH):
        entries = {path: snapshot.entries[path] for path in paths[start : start + _BATCH]}
        facts = dict(snapshot._replace(entries=entries).load_files(full=True))
        for path, key in entries.items():
            if path in facts:
                yield ExportedFile(path, key.oid, facts[path])
