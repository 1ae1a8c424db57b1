"""The hooks that check what is about to be committed or pushed."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack

from detent import TYPE_CHECKING, config, git
from detent.api import Repository
from detent.cli.context import open_index, print_notes
from detent.cli.timeout import enforce_deadline
from detent.core.escape import clean_text
from detent.git import push_range
from detent.git.push_range import CommitRange
from detent.index import views
from detent.report import console

if TYPE_CHECKING:
    from argparse import Namespace

    from detent.core.results import CheckResult
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.project import Project

_COMMIT = CommitRange(views.STAGED, "", "")


def check_commit(namespace: Namespace) -> int:
    """Check what is about to be committed, or the range that a framework names."""
    repo, index = open_index(namespace)
    change = push_range.read_framework_range(repo) or _COMMIT
    return _check_range(repo, index, change, alone=namespace.alone)


def check_push(namespace: Namespace) -> int:
    """Check what is about to be pushed."""
    repo, index = open_index(namespace)
    if "PRE_COMMIT" in repo.env:
        ranges = push_range.find_framework_push(repo)
    else:
        lines = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
        ranges = push_range.find_pushed_ranges(
            repo, "".join(namespace.rest[:1]), lines.splitlines()
        )
    found = [_check_range(repo, index, change, alone=namespace.alone) for change in ranges]
    return 1 if 1 in found else max(found, default=0)


def _check_range(repo: Repo, index: Index, change: CommitRange, *, alone: bool) -> int:
    """Check a change, and print the result unless all is well; give the exit status."""
    start = time.perf_counter()
    settings = config.load_config(repo.top)
    base = git.find_merge_base(repo, change.base, change.head) if change.base else "HEAD"
    differs = views.list_differences(repo, change.head, git.resolve_tree(repo, base))
    if not differs and settings.gate != "all":
        return 0
    # Most commits have nothing to check, and need none of what checks.
    from detent.index.project import Project

    project = Project(repo, settings, index)
    with enforce_deadline(settings.deadline, alone=alone):
        result = index.with_recovery(lambda: _refresh_and_check(project, change))
    print_notes(index.notes)
    status = 0
    if not result.is_silent:
        if change.source:
            console.write_line(
                clean_text(f"{change.head[:10]} compared with {base[:10]} ({change.source})")
            )
        status = _print_result(result, Repository(repo, index, ExitStack()), since=start)
    index.close()
    return status


def _print_result(result: CheckResult, repository: Repository, *, since: float) -> int:
    """Print a result; give the exit status."""
    # What prints is imported only where there is something to print.
    from detent.cli import check_output

    lines = check_output.render_result(result, repository)
    seconds = time.perf_counter() - since
    console.write_lines([*lines, check_output.summarize_result(result, seconds)])
    return check_output.choose_exit_status(result)


def _refresh_and_check(project: Project, change: CommitRange) -> CheckResult:
    """Check what differs; bring the whole view up to date only where it is indexed already."""
    from detent.api import check
    from detent.index.refresh import refresh_view

    repo, index, mode = project.repo, project.index, project.config.gate
    name = views.make_stored_name(repo, views.STAGED, "")
    indexed = index.open_reader().load_view(name) is not None
    analysed = 0
    if indexed or mode == "all":
        analysed = refresh_view(repo, index, change.head).analyzed
    whole = mode == "all" or (indexed and check.needs_all_files(mode, check.load_rules(project)))
    base = change.base or None
    found = check.check_change(project, change.head, base, gate=mode, is_indexed=whole)
    return found._replace(analyzed=found.analyzed + analysed)
