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
    from detent.index.ingest import Progress

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
    repo: Repo,
    index: Index,
    change: CommitRange,
    *,
    settings: Config,
    progress: Progress | None = None,
) -> CheckResult | None:
    """Check a change; None if it touches nothing that the gate or a limit is about."""
    view, base = View(repo, change.head), git.resolve_tree(repo, change.base or "HEAD")
    needs_verdict = settings.gate == "all" or (settings.limits and _is_manual_run(repo, change))
    if not needs_verdict and not _has_changes(view, base):
        return None
    # Most commits have nothing to check, and need none of what checks.
    from detent.api.check import check_change, load_rules, measures_index, needs_all_files
    from detent.index.project import Project
    from detent.index.refresh import refresh_view

    project, gate = Project(repo, settings, index), settings.gate
    rules = load_rules(project)
    needs_all = needs_all_files(gate, rules)
    needs_index = needs_all or measures_index(rules) or _has_index(repo, index)
    analyzed = refresh_view(index, view, progress=progress).analyzed if needs_index else 0
    result = check_change(project, view, change.base or None, gate=gate, is_indexed=needs_all)
    return result._replace(analyzed=result.analyzed + analyzed)


def _has_changes(view: View, base: str) -> bool:
    """Tell whether a view differs from a tree in what is checked, or in how it is checked."""
    return bool(view.list_differences(base)) or view.changes_settings(base)


def _is_manual_run(repo: Repo, change: CommitRange) -> bool:
    """Tell whether a person or CI runs pre-commit or prek: git names its index to hooks."""
    is_framework = "PRE_COMMIT" in repo.env and "GIT_INDEX_FILE" not in repo.env
    return is_framework and change == _COMMIT


def _has_index(repo: Repo, index: Index) -> bool:
    return index.open_reader().load_view(View(repo, STAGED).stored_name) is not None
