"""The hooks that judge: what is about to be committed or pushed."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack

from detent import TYPE_CHECKING, config, git
from detent.api import Repository
from detent.cli.context import open_index, print_notes
from detent.cli.timeout import DeadlineExceeded, enforce_deadline
from detent.core.errors import MeasurementError
from detent.core.escape import clean_text
from detent.git import push_range
from detent.git.push_range import CommitRange
from detent.index import views
from detent.report import console

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from detent.config import Config, Limit
    from detent.core.results import CheckResult
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.project import Project

_COMMIT = CommitRange(views.STAGED, "", "")
#: What passed will pass again with the same index, with another one that differs from HEAD in no
#: file that detent analyses, or with both: statuses for the raw hook, which then starts no Python.
SAME, IDLE, BOTH = 10, 11, 12


def check_commit(namespace: Namespace) -> int:
    """Judge what is about to be committed, or what a framework names."""
    repo, index = open_index(namespace)
    change = push_range.read_framework_range(repo) or _COMMIT
    status, sure = _check_range(repo, index, change, alone=namespace.alone)
    return status or (sure if namespace.sure and change is _COMMIT else 0)


def check_push(namespace: Namespace) -> int:
    """Judge what a remote is about to get."""
    repo, index = open_index(namespace)
    if "PRE_COMMIT" in repo.env:
        ranges = push_range.find_framework_push(repo)
    else:
        lines = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
        ranges = push_range.find_pushed_ranges(
            repo, "".join(namespace.rest[:1]), lines.splitlines()
        )
    found = [_check_range(repo, index, one, alone=namespace.alone)[0] for one in ranges]
    return 1 if 1 in found else max(found, default=0)


def _check_range(repo: Repo, index: Index, change: CommitRange, *, alone: bool) -> tuple[int, int]:
    """Judge a change; give the status, and how far a clean verdict on a commit holds."""
    start = time.perf_counter()
    settings = config.load_config(repo.top)
    base = git.find_merge_base(repo, change.base, change.head) if change.base else "HEAD"
    idle = not views.list_differences(repo, change.head, git.resolve_tree(repo, base))
    if idle and settings.gate != "all":
        return 0, IDLE

    def work(reached: list[str]) -> CheckResult:
        return _check_with_recovery(repo, settings, index, change=change, reached=reached)

    outcome = _run_with_deadline(settings.deadline, work, alone=alone)
    print_notes(index.notes)
    status = 0
    if not outcome.is_silent:
        if change.source:
            console.write_line(
                clean_text(f"{change.head[:10]} compared with {base[:10]} ({change.source})")
            )
        status = _print_result(outcome, repo, index, since=start)
    index.close()
    return status, _choose_cacheable_status(settings, silent=outcome.is_silent and not index.notes)


def _print_result(outcome: CheckResult, repo: Repo, index: Index, *, since: float) -> int:
    """Write a verdict that has something to say; give the status. To write takes importing more."""
    from detent.cli import check_output

    lines = check_output.render_result(outcome, Repository(repo, index, ExitStack()))
    seconds = time.perf_counter() - since
    console.write_lines([*lines, check_output.summarize_result(outcome, seconds)])
    return check_output.choose_exit_status(outcome)


def _choose_cacheable_status(settings: Config, *, silent: bool) -> int:
    """Tell how far a clean verdict holds.

    What is said is said each time. An exemption ends with a day, and which numpydoc is installed is
    not known to the hook.
    """
    other = settings.exemptions or settings.engine == config.NUMPYDOC
    same = silent and not other and all(map(_is_docstring_limit, settings.limits))
    if settings.gate == "all":
        return SAME if same else 0
    return BOTH if same else IDLE


def _is_docstring_limit(limit: Limit) -> bool:
    """Whether a limit is on a function of what is judged; times and the index's size are none."""
    names = (limit.metric, limit.relative_to or limit.metric)
    return all(name.startswith("docstring.") for name in names)


def _run_with_deadline(
    seconds: float | None, work: Callable[[list[str]], CheckResult], *, alone: bool
) -> CheckResult:
    """Judge before the deadline, if there is one."""
    reached = ["the change was being judged"]
    if seconds is None:
        return work(reached)
    try:
        with enforce_deadline(seconds, alone=alone):
            return work(reached)
    except DeadlineExceeded:
        raise MeasurementError(
            f"the deadline of {seconds:g} s passed while {reached[-1]}: no verdict",
            "what was analysed is kept: `detent index` does the rest; or set a later `deadline`",
        ) from None


def _check_with_recovery(
    repo: Repo, settings: Config, index: Index, *, change: CommitRange, reached: list[str]
) -> CheckResult:
    """Judge a change, of which it is known that there is something to judge."""
    # Only now is it worth importing what can judge.
    from detent.index.project import Project

    project = Project(repo, settings, index)
    return index.with_recovery(lambda: _refresh_and_check(project, change, reached))


def _refresh_and_check(project: Project, change: CommitRange, reached: list[str]) -> CheckResult:
    """Judge by what differs; bring the whole view up to date only where it is indexed already."""
    from detent.api import check
    from detent.index.refresh import refresh_view

    repo, index, mode = project.repo, project.index, project.config.gate
    name = views.make_stored_name(repo, views.STAGED, "")
    indexed = index.open_reader().load_view(name) is not None
    analysed = 0
    if indexed or mode == "all":

        def note(done: int, of: int) -> None:
            reached[-1:] = [f"the files were being indexed ({done:,} of {of:,} analysed)"]

        analysed = refresh_view(repo, index, change.head, progress=note).analyzed
        reached[-1:] = ["the change was being judged, all of it indexed"]
    rules = check.load_rules(project)
    whole = mode == "all" or (indexed and check.needs_all_files(mode, rules))
    base = change.base or None
    found = check.check_change(project, change.head, base, gate=mode, is_indexed=whole)
    return found._replace(analyzed=found.analyzed + analysed)
