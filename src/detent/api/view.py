"""All files of a view that the settings audit."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit import matching
from detent.budget.coverage import count_docstrings_by_file
from detent.config import NUMPYDOC
from detent.core.namedtuple import NamedTuple
from detent.index import views
from detent.index.inherited import resolve_inherited
from detent.index.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.budget.metrics import DocstringCounts
    from detent.core.model import FileFacts, FindingRow
    from detent.index.diff import Files
    from detent.index.project import Project


class ViewSummary(NamedTuple):
    """What a whole view has in the files that the settings audit.

    Attributes
    ----------
    tallies : dict of str to DocstringCounts
        By path.
    findings : list of FindingRow
        All that count.
    lines, symbols : int
        How much there is.
    failures : dict of bytes to str
        Paths that could not be analysed, and why.
    files : list of (bytes, FileFacts)
        All of them.
    """

    coverage_counts: dict[str, DocstringCounts]
    findings: list[FindingRow]
    lines: int
    symbols: int
    failures: dict[bytes, str]
    files: Files


def summarize_view(project: Project, view: str) -> ViewSummary:
    """Look at all files of a view.

    Parameters
    ----------
    project : Project
        Its index has the view.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    ViewSummary
        Its tallies and findings.
    """
    files, failures = load_audited_files(project, view)
    return ViewSummary(
        coverage_counts=count_docstrings_by_file(files, project.selection),
        findings=matching.locate_findings(files, project.selection),
        lines=sum(facts.lines for _, facts in files),
        symbols=sum(len(facts.symbols) for _, facts in files),
        failures=failures,
        files=files,
    )


def load_audited_files(
    project: Project, view: str, chosen: Callable[[bytes], bool] = lambda _: True
) -> tuple[list[tuple[bytes, FileFacts]], dict[bytes, str]]:
    """Read the files of a view that the settings audit, without those that others wrote.

    Parameters
    ----------
    project : Project
        Its index has the view.
    view : str
        ``staged``, ``worktree`` or a revision.
    chosen : callable
        Takes a path; says whether it is wanted.

    Returns
    -------
    list of (bytes, FileFacts)
        Paths with their facts.
    dict of bytes to str
        Paths that could not be analysed, and why.
    """
    everything = take_snapshot(project.repo, project.index, view)
    now = everything.restrict_to_audited(project.selection, chosen)
    others = views.generated_or_vendored(project.repo, view, now.entries)
    now = now.restrict_to(lambda path: path not in others) if others else now
    if project.config.engine == NUMPYDOC:
        from detent.index import numpydoc_engine

        files = list(now.load_files())
        files, unread = numpydoc_engine.audit_files(
            project.repo, files, now.entries, on_disk=view == views.WORKTREE
        )
        return files, {**unread, **now.failures}
    found = resolve_inherited(now.load_files(), everything.open_outlines(), project.selection)
    return list(found), dict(now.failures)
