"""All files of a view that the settings audit."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit import matching
from detent.budget.coverage import count_coverage
from detent.config import NUMPYDOC
from detent.core.results import ViewSummary
from detent.index import views
from detent.index.inherited import resolve_inherited
from detent.index.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.core.model import FileFacts
    from detent.index.project import Project


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
        How many symbols need a docstring, and the findings.
    """
    files, failures = load_audited_files(project, view)
    return ViewSummary(
        docstrings=count_coverage(files, project.selection).total,
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
