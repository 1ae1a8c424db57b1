"""Both sides of a change with the findings that count, and how they differ."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit import matching
from detent.config import NUMPYDOC
from detent.core.results import FindingDiff
from detent.index.diff import diff_view, open_outlines
from detent.index.inherited import resolve_inherited

if TYPE_CHECKING:
    from detent.audit.selection.select import Selection
    from detent.budget.source import FindingLocator
    from detent.index.diff import ViewDiff
    from detent.index.project import Project
    from detent.index.views import View


def load_audited_diff(project: Project, view: View, base: str | None) -> ViewDiff:
    """Load both sides of a change, with findings of the engine that the settings name.

    Generated and vendored files are left out, and so are missing docstrings that are inherited.
    """
    diff = diff_view(project.index, view, parents=view.list_base_trees(base))
    if project.config.engine == NUMPYDOC:
        from detent.index import numpydoc_engine

        diff = numpydoc_engine.audit_diff(view, diff)
    # Without findings and limits it does not matter which files are generated.
    paths = {
        path
        for files in (*diff.bases, diff.head)
        for path, facts in files
        if facts.findings or project.config.limits
    }
    generated = view.generated_or_vendored(paths.union(diff.failures))
    settled = _settle_inherited(project, view, diff)
    return settled.restrict_to(lambda path: path not in generated) if generated else settled


def _settle_inherited(project: Project, view: View, diff: ViewDiff) -> ViewDiff:
    """Settle inherited docstrings on both sides, each file by the other files of its side."""
    if project.config.engine == NUMPYDOC:
        return diff
    index, selection = project.index, project.selection
    head = resolve_inherited(diff.head, open_outlines(index, view), selection)
    bases = [
        list(resolve_inherited(files, open_outlines(index, view, tree=tree), selection))
        for files, tree in zip(diff.bases, diff.trees, strict=True)
    ]
    return diff._replace(head=list(head), bases=bases)


def diff_findings(diff: ViewDiff, selection: Selection) -> FindingDiff:
    """Compare the findings of both sides; in a merge, new is what no parent has."""
    return diff_located(diff, lambda files: matching.locate_findings(files, selection))


def diff_located(diff: ViewDiff, locate: FindingLocator) -> FindingDiff:
    """Compare what a function finds on both sides; fixed is what only the first parent has."""
    head = locate(diff.head)
    found = FindingDiff(head, [], [])
    for number, base in enumerate(diff.bases):
        moved = matching.find_moved_symbols(base, diff.head, diff.renames)
        matched = matching.match_findings(locate(base), found.new, diff.renames, moved=moved)
        fixed = found.fixed if number else matched.fixed
        found = FindingDiff(matched.new, fixed, found.remaining + matched.remaining)
    return found
