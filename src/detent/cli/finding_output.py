"""Findings for whoever reads standard output: a person at a terminal, or a program."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.report import console, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detent.core.model import FindingRow
    from detent.git import Repo


def render_findings(
    found: Sequence[FindingRow],
    repo: Repo,
    view: str,
    *,
    blobs: Mapping[bytes, str] | None = None,
) -> list[str]:
    """Write findings: a line for each, and on a terminal grouped, quoted and summed up."""
    width = console.measure_terminal()
    if width is None:
        return text.format_findings(found, console.make_painter())
    from detent.cli import terminal_output

    return terminal_output.render_for_terminal(found, repo, view, width=width, blobs=blobs or {})
