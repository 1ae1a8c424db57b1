"""Findings on a terminal: grouped, with the source lines where there are few, and summed up."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.index import views
from detent.index.ingest import contents
from detent.languages.python import decoding
from detent.report import console, text
from detent.report.listing import Screen, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from detent.audit.matching import Located
    from detent.core.model import Listed
    from detent.git import Repo

#: More findings than these come without source lines: nobody reads so many.
_QUOTED = 100
#: More findings than these are summed up.
_MANY = 20


def finding_lines(
    found: Sequence[Located | Listed],
    repo: Repo,
    view: str,
    *,
    width: int,
    blobs: Mapping[bytes, str],
) -> list[str]:
    """Write findings for a terminal.

    Parameters
    ----------
    found : sequence of Located or Listed
        In the order to show.
    repo : Repo
        The repository.
    view : str
        The view that they belong to.
    width : int
        Cells in a line.
    blobs : mapping of bytes to str
        Object ids by path, of some files of the view.

    Returns
    -------
    list of str
        Lines for standard output.
    """
    screen = Screen(width, console.painter(), console.linker("" if repo.bare else repo.top))
    sources = {}
    if 0 < len(found) <= _QUOTED:
        sources = _sources(repo, view, {one.path for one in found}, blobs=blobs)
    lines = listing(found, sources, screen)
    if len(found) > _MANY:
        from detent.audit.rules import RULES

        titles = {code: rule.title for code, rule in RULES.items()}
        lines += [*text.ranking_lines(found, titles, screen.paint), ""]
    if len(found) > _QUOTED:
        lines.append(f"source lines come with up to {_QUOTED} findings: name a file or a directory")
    return lines


def _sources(
    repo: Repo, view: str, paths: Iterable[bytes], *, blobs: Mapping[bytes, str]
) -> dict[bytes, list[str]]:
    """Read files of a view as the audit read them; what cannot be read is left out."""
    wanted = set(paths)
    known = blobs if wanted.issubset(blobs) else {**views.listed(repo, view), **blobs}
    by_oid = {known[path]: path for path in wanted if path in known}
    disk = by_oid if view == views.WORKTREE else {}
    lines = {
        oid: decoding.read(raw).data.decode("utf-8", "replace").split("\n")
        for oid, raw in contents(repo, sorted(by_oid), disk, absent=[])
    }
    return {path: lines[known[path]] for path in wanted if known.get(path) in lines}
