"""The hooks that judge: what is about to be committed or pushed."""

from __future__ import annotations

import sys
import time

from detent import TYPE_CHECKING, config, git
from detent.cli.context import open_index, say
from detent.cli.timeout import Overdue, within
from detent.core.errors import NotMeasured
from detent.core.escape import clean
from detent.git import push_range
from detent.git.push_range import Range
from detent.index import views
from detent.report import console

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from detent.api.check import Outcome
    from detent.config import Config, Limit
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.project import Subject

_COMMIT = Range(views.STAGED, "", "")
#: What passed will pass again with the same index, with another one that differs from HEAD in no
#: file that detent analyses, or with both: statuses for the raw hook, which then starts no Python.
SAME, IDLE, BOTH = 10, 11, 12


def commit(namespace: Namespace) -> int:
    """Judge what is about to be committed, or what a framework names.

    Parameters
    ----------
    namespace : Namespace
        The arguments of ``detent hook``; with `sure`, the raw hook has seen that there is something
        to judge, but for once after each change of the settings.

    Returns
    -------
    int
        The exit status: as for `detent check`, or how sure it is.
    """
    repo, index = open_index(namespace)
    if namespace.sure:
        git.expect_staged(repo, git.tree_of(repo, "HEAD"))
        # It takes about as long as git.
        from detent.index import project  # noqa: F401
    change = push_range.between(repo) or _COMMIT
    status, sure = _gate(repo, index, change, alone=namespace.alone)
    return status or (sure if namespace.sure and change is _COMMIT else 0)


def push(namespace: Namespace) -> int:
    """Judge what a remote is about to get.

    Parameters
    ----------
    namespace : Namespace
        The arguments of ``detent hook``.

    Returns
    -------
    int
        The exit status: as for `detent check`.
    """
    repo, index = open_index(namespace)
    if "PRE_COMMIT" in repo.env:
        ranges = push_range.of_framework(repo)
    else:
        lines = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
        ranges = push_range.pushed(repo, "".join(namespace.rest[:1]), lines.splitlines())
    found = [_gate(repo, index, one, alone=namespace.alone)[0] for one in ranges]
    return 1 if 1 in found else max(found, default=0)


def _gate(repo: Repo, index: Index, change: Range, *, alone: bool) -> tuple[int, int]:
    """Judge a change; give the status, and how far a clean verdict on a commit holds."""
    start = time.perf_counter()
    settings = config.load(repo.top)
    base = git.merge_base(repo, change.base, change.head) if change.base else "HEAD"
    idle = not views.differences(repo, change.head, git.tree_of(repo, base))
    if idle and settings.gate != "all":
        return 0, IDLE

    def work(reached: list[str]) -> Outcome:
        return _outcome(repo, settings, index, change=change, reached=reached)

    outcome = _in_time(settings.deadline, work, alone=alone)
    say(index.notes)
    status = 0
    if not outcome.silent:
        if change.source:
            console.write(clean(f"{change.head[:10]} compared with {base[:10]} ({change.source})"))
        status = _told(outcome, repo, change.head, since=start)
    index.close()
    return status, _sure(settings, silent=outcome.silent and not index.notes)


def _told(outcome: Outcome, repo: Repo, view: str, *, since: float) -> int:
    """Write a verdict that has something to say; give the status. To write takes importing more."""
    from detent.cli.commands import check

    for line in check.verdict_lines(outcome, repo, view):
        console.write(line)
    seconds, analysed = time.perf_counter() - since, outcome.sides.analysed
    console.write(check.summary(outcome, analysed=analysed, files=None, seconds=seconds))
    return check.status(outcome)


def _sure(settings: Config, *, silent: bool) -> int:
    """Tell how far a clean verdict holds.

    What is said is said each time. An exemption ends with a day, and which numpydoc is installed is
    not known to the hook.
    """
    other = settings.exemptions or settings.engine == config.NUMPYDOC
    same = silent and not other and all(map(_is_of_docstrings, settings.limits))
    if settings.gate == "all":
        return SAME if same else 0
    return BOTH if same else IDLE


def _is_of_docstrings(limit: Limit) -> bool:
    """Whether a limit is on a function of what is judged; times and the index's size are none."""
    names = (limit.metric, limit.relative_to or limit.metric)
    return all(name.startswith("docstring.") for name in names)


def _in_time(
    seconds: float | None, work: Callable[[list[str]], Outcome], *, alone: bool
) -> Outcome:
    """Judge before the deadline, if there is one."""
    reached = ["the change was being judged"]
    if seconds is None:
        return work(reached)
    try:
        with within(seconds, alone=alone):
            return work(reached)
    except Overdue:
        raise NotMeasured(
            f"the deadline of {seconds:g} s passed while {reached[-1]}: no verdict",
            "what was analysed is kept: `detent index` does the rest; or set a later `deadline`",
        ) from None


def _outcome(
    repo: Repo, settings: Config, index: Index, *, change: Range, reached: list[str]
) -> Outcome:
    """Judge a change, of which it is known that there is something to judge."""
    # git starts beside the imports, and in the process that will ask it: a deadline makes two.
    git.expect_blobs(repo)
    views.expect_foreign(repo, change.head)
    # Only now is it worth importing what can judge.
    from detent.index.project import subject_of

    subject = subject_of(repo, settings, index)
    return index.healed(lambda: _judged(subject, change, reached))


def _judged(subject: Subject, change: Range, reached: list[str]) -> Outcome:
    """Judge by what differs; bring the whole view up to date only where it is indexed already."""
    from detent.api import check
    from detent.index.refresh import refresh

    repo, index, mode = subject.repo, subject.door, subject.config.gate
    name = views.stored_name(repo, views.STAGED, "")
    indexed = index.reader().view(name) is not None
    analysed = 0
    if indexed or mode == "all":

        def note(done: int, of: int) -> None:
            reached[-1:] = [f"the files were being indexed ({done:,} of {of:,} analysed)"]

        analysed = refresh(repo, index, change.head, progress=note).analysed
        reached[-1:] = ["the change was being judged, all of it indexed"]
    whole = mode == "all" or (indexed and check.needs_whole(mode, subject.rules))
    found = check.judged(subject, change.head, change.base or None, mode=mode, whole=whole)
    return found._replace(sides=found.sides._replace(analysed=found.sides.analysed + analysed))
