"""All files of a view that the settings audit."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit import matching
from detent.budget.coverage import count_coverage
from detent.config import NUMPYDOC
from detent.core.results import ViewSummary
from detent.index.inherited import resolve_inherited
from detent.index.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.core.model import FileFacts
    from detent.index.diff import Files
    from detent.index.project import Project
    from detent.index.views import View


def summarize_files(project: Project, files: Files) -> ViewSummary:
    """Summarize the audited files of a view."""
    return ViewSummary(
        docstrings=count_coverage(files, project.selection).total,
        findings=matching.locate_findings(files, project.selection),
        files=len(files),
        lines=sum(facts.lines for _, facts in files),
        symbols=sum(len(facts.symbols) for _, facts in files),
        common_rules={},
    )


def load_audited_files(
    project: Project, view: View, is_chosen: Callable[[bytes], bool] = lambda _: True
) -> tuple[list[tuple[bytes, FileFacts]], dict[bytes, str]]:
    """Load the facts of the audited files of an indexed view, and why some have none."""
    snapshot = take_snapshot(project.index, view)
    audited = snapshot.restrict_to_audited(project.selection, is_chosen)
    generated = view.generated_or_vendored(audited.entries)
    if generated:
        audited = audited.restrict_to(lambda path: path not in generated)
    if project.config.engine == NUMPYDOC:
        from detent.index import numpydoc_engine

        files, unread = numpydoc_engine.audit_files(
            view, list(audited.load_files()), audited.entries
        )
        return files, {**unread, **audited.failures}
    settled = resolve_inherited(audited.load_files(), snapshot.open_outlines(), project.selection)
    return list(settled), dict(audited.failures)
