"""Check what a commit or a push brings in: quickly, and only where there is something to check."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.git import push_range
from detent.git.push_range import CommitRange
from detent.index.views import STAGED, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.config import Config
    from detent.core.results import CheckResult
    from detent.git import Repo
    from detent.index.handle import Index

__all__ = ["CommitRange", "check_incoming", "find_commit_range", "find_pushed_ranges"]

_COMMIT = CommitRange(STAGED, "", "")


def find_commit_range(repo: Repo) -> CommitRange:
    """Find what is about to be committed, or the range that a framework names."""
    found = push_range.read_framework_range(repo)
    if found is None:
        return _COMMIT
    return found._replace(base=git.find_merge_base(repo, found.base, found.head))


def find_pushed_ranges(repo: Repo, remote: str, lines: Iterable[str]) -> list[CommitRange]:
    """Find what is about to be pushed; a framework has read the lines that git gives the hook."""
    if "PRE_COMMIT" in repo.env:
        found = push_range.find_framework_push(repo)
    else:
        found = push_range.find_pushed_ranges(repo, remote, lines)
    return [
        change._replace(base=git.find_merge_base(repo, change.base, change.head))
        for change in found
    ]


def check_incoming(
    repo: Repo, index: Index, change: CommitRange, *, settings: Config
) -> CheckResult | None:
    """Check a change; None if it touches nothing that the gate is about."""
    view, base = View(repo, change.head), git.resolve_tree(repo, change.base or "HEAD")
    if settings.gate != "all" and not (view.list_differences(base) or view.changes_settings(base)):
        return None
    # Most commits have nothing to check, and need none of what checks.
    from detent.api.check import check_change, load_rules, needs_all_files
    from detent.index.project import Project
    from detent.index.refresh import refresh_view

    project, gate = Project(repo, settings, index), settings.gate
    staged = View(repo, STAGED).stored_name
    is_indexed = index.open_reader().load_view(staged) is not None
    analyzed = 0
    if is_indexed or gate == "all":
        analyzed = refresh_view(index, view).analyzed
    needs_all = gate == "all" or (is_indexed and needs_all_files(gate, load_rules(project)))
    result = check_change(project, view, change.base or None, gate=gate, is_indexed=needs_all)
    return result._replace(analyzed=result.analyzed + analyzed)
