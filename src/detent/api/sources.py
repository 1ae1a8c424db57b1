"""Source lines of files, to show beside findings."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.index import views
from detent.index.ingest import read_contents
from detent.languages.python import decoding

if TYPE_CHECKING:
    from collections.abc import Collection

    from detent.git import Repo


def read_source_lines(repo: Repo, view: str, paths: Collection[bytes]) -> dict[bytes, list[str]]:
    """Read files of a view as the audit read them; what cannot be read is left out."""
    oids = views.list_analyzed_files(repo, view)
    by_oid = {oids[path]: path for path in paths if path in oids}
    disk = by_oid if view == views.WORKTREE else {}
    lines = {
        oid: decoding.decode_source(raw).data.decode("utf-8", "replace").split("\n")
        for oid, raw in read_contents(repo, sorted(by_oid), disk, absent=[])
    }
    return {path: lines[oids[path]] for path in paths if oids.get(path) in lines}
