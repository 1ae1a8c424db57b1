"""Findings for whoever reads standard output: a person at a terminal, or a program."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.report import console, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detent.audit.matching import Located
    from detent.core.model import Listed
    from detent.git import Repo


def finding_lines(
    found: Sequence[Located | Listed],
    repo: Repo,
    view: str,
    *,
    blobs: Mapping[bytes, str] | None = None,
) -> list[str]:
    """Write findings: a line for each, and on a terminal grouped, quoted and summed up.

    Parameters
    ----------
    found : sequence of Located or Listed
        In the order to be shown.
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision: the source that is quoted is the one judged.
    blobs : mapping of bytes to str, optional
        Object ids by path, of some files of the view.

    Returns
    -------
    list of str
        Lines for standard output.
    """
    width = console.width()
    if width is None:
        return text.finding_lines(found, console.painter())
    from detent.cli import terminal_output

    return terminal_output.finding_lines(found, repo, view, width=width, blobs=blobs or {})
