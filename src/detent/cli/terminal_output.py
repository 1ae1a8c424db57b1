"""Findings on a terminal: grouped, with the source lines where there are few, and summed up."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.index import views
from detent.index.ingest import read_contents
from detent.languages.python import decoding
from detent.report import console, text
from detent.report.listing import Screen, render_listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from detent.core.model import FindingRow
    from detent.git import Repo

#: More findings than these come without source lines: nobody reads so many.
_QUOTED = 100
#: More findings than these are summed up.
_MANY = 20


def render_for_terminal(
    found: Sequence[FindingRow],
    repo: Repo,
    view: str,
    *,
    width: int,
    blobs: Mapping[bytes, str],
) -> list[str]:
    """Write findings for a terminal."""
    screen = Screen(
        width, console.make_painter(), console.make_linker("" if repo.bare else repo.top)
    )
    sources = {}
    if 0 < len(found) <= _QUOTED:
        sources = _load_sources(repo, view, {one.path for one in found}, blobs=blobs)
    lines = render_listing(found, sources, screen)
    if len(found) > _MANY:
        from detent.audit.rules import RULES

        titles = {code: rule.title for code, rule in RULES.items()}
        lines += [*text.format_ranking(found, titles, screen.paint), ""]
    if len(found) > _QUOTED:
        lines.append(f"source lines come with up to {_QUOTED} findings: name a file or a directory")
    return lines


def _load_sources(
    repo: Repo, view: str, paths: Iterable[bytes], *, blobs: Mapping[bytes, str]
) -> dict[bytes, list[str]]:
    """Read files of a view as the audit read them; what cannot be read is left out."""
    wanted = set(paths)
    known = blobs if wanted.issubset(blobs) else {**views.list_analyzed_files(repo, view), **blobs}
    by_oid = {known[path]: path for path in wanted if path in known}
    disk = by_oid if view == views.WORKTREE else {}
    lines = {
        oid: decoding.decode_source(raw).data.decode("utf-8", "replace").split("\n")
        for oid, raw in read_contents(repo, sorted(by_oid), disk, absent=[])
    }
    return {path: lines[known[path]] for path in wanted if known.get(path) in lines}
