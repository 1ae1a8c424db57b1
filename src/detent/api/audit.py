"""The findings of a view, or those that are new since a revision."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.exclusions import explain_unchecked_paths
from detent.api.paths import make_path_filter
from detent.audit import matching
from detent.audit.codes import NOTES
from detent.config import NUMPYDOC
from detent.core.namedtuple import NamedTuple
from detent.index.findings import select_findings
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_fresh_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from detent.core.model import FindingRow
    from detent.index.ingest import Progress
    from detent.index.project import Project
    from detent.index.views import View


class AuditResult(NamedTuple):
    """The findings of an audit.

    Attributes
    ----------
    findings : list of FindingRow
        All that count, by path and place.
    notes : list of FindingRow
        Files whose content is not in git (pointers of Git LFS); they fail nothing.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    unchecked : dict of bytes to str
        Files and directories that were asked for and are not audited, and why.
    """

    findings: list[FindingRow]
    notes: list[FindingRow]
    failures: dict[bytes, str]
    unchecked: dict[bytes, str]


def audit_view(
    project: Project,
    view: View,
    named: Collection[bytes] = (),
    *,
    since: str | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """List the findings below some paths of a view, or all; if asked, only those new since then."""
    is_chosen = make_path_filter(project.repo, named)
    if since is not None:
        result = _audit_change(project, view, since, is_chosen=is_chosen)
    elif project.config.engine == NUMPYDOC:
        result = _audit_by_numpydoc(project, view, is_chosen, progress=progress)
    else:
        result = _audit_by_rules(project, view, is_chosen, progress=progress)
    with_findings = {finding.path for finding in result.findings}
    silent = [
        name
        for name in named
        if name not in with_findings
        and not any(path.startswith(name + b"/") for path in with_findings)
    ]
    return result._replace(unchecked=explain_unchecked_paths(project, view, silent))


def _audit_change(
    project: Project, view: View, since: str, *, is_chosen: Callable[[bytes], bool]
) -> AuditResult:
    from detent.api.diff import diff_findings, load_audited_diff

    diff = load_audited_diff(project, view, since)
    new = diff_findings(diff, project.selection).new
    chosen = diff.restrict_to(is_chosen)
    notes = matching.locate_notes(chosen.head, project.selection)
    found = [finding for finding in new if is_chosen(finding.path)]
    return AuditResult(found, notes, chosen.failures, {})


def _audit_by_numpydoc(
    project: Project, view: View, is_chosen: Callable[[bytes], bool], *, progress: Progress | None
) -> AuditResult:
    from detent.api.view import load_audited_files

    refresh_view(project.index, view, progress=progress)
    files, failures = load_audited_files(project, view, is_chosen)
    findings = matching.locate_findings(files, project.selection)
    return AuditResult(findings, matching.locate_notes(files, project.selection), failures, {})


def _audit_by_rules(
    project: Project, view: View, is_chosen: Callable[[bytes], bool], *, progress: Progress | None
) -> AuditResult:
    """List the findings that the index has, without the facts of the files."""
    selection = project.selection
    snapshot = take_fresh_snapshot(project.index, view, progress=progress)
    audited = snapshot.restrict_to_audited(selection, is_chosen)
    found = list(audited.load_findings(selection.finding_filter))
    paths = {path for path, _ in found}.union(audited.failures)
    generated = view.generated_or_vendored(paths)
    written = [(path, rows) for path, rows in found if path not in generated]
    counted = select_findings(written, selection, snapshot.open_outlines())
    findings = [finding for finding in counted if finding.code not in NOTES]
    notes = [finding for finding in counted if finding.code in NOTES]
    failures = {path: reason for path, reason in audited.failures.items() if path not in generated}
    return AuditResult(findings, notes, failures, {})
