"""What the git hooks call: quick, silent where all is well, and only about what is committed.

Examples
--------
detent hook pre-commit
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from detent import config, git, views
from detent.commands.context import open_index, say
from detent.deadline import Overdue, within
from detent.errors import DetentError, NotMeasured
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from detent.config import Config
    from detent.git import Repo
    from detent.index import Index
    from detent.judge import Outcome
    from detent.subject import Subject

GATES = ("pre-commit", "pre-merge-commit")
REFRESHES = ("post-commit", "post-merge", "post-checkout", "post-rewrite")
HOOKS = (*GATES, *REFRESHES)
#: Not git's: what the hooks leave to a process of its own.
_BACKGROUND = "refresh"
#: What passed will pass again with the same index, with another one that differs from HEAD in no
#: file that detent analyses, or with both: statuses for the raw hook, which then starts no Python.
SAME, IDLE, BOTH = 10, 11, 12
#: More blobs than these are analysed when the hook has returned: git and the person wait for it.
_AT_ONCE = 20


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent hook``.
    """
    parser.add_argument(
        "name",
        choices=(*HOOKS, _BACKGROUND),
        help="the hook that git runs; refresh: what hooks leave to the background",
    )
    parser.add_argument("rest", nargs="*", metavar="ARGUMENT", help="what git gives the hook")
    parser.add_argument("-C", dest="directory", metavar="DIR", help="work in this directory")
    parser.add_argument("--store", metavar="PATH", help="the index file (default: in .git)")
    parser.add_argument(
        "--sure",
        action="store_true",
        help="for the raw hook: end with 10, 11 or 12 where the same will pass again",
    )


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: as for `detent check` where the hook judges, else 0; where it was asked
        how sure a clean verdict is, `SAME`, `IDLE` or `BOTH` in the place of 0.
    """
    repo, index = open_index(namespace)
    if namespace.name in GATES:
        status, sure = _gate(repo, index, alone=namespace.alone)
        return status or (sure if namespace.sure else 0)
    if namespace.name == _BACKGROUND:
        from detent import background

        background.serve(repo, lambda: _bring_up(repo, index, at_once=None))
    elif not _is_idle(repo, namespace.name, namespace.rest):
        _bring_up(repo, index, at_once=_AT_ONCE)
    index.close()
    return 0


def _gate(repo: Repo, index: Index, *, alone: bool) -> tuple[int, int]:
    """Judge what is about to be committed; give the status, and how far a clean verdict holds."""
    start = time.perf_counter()
    settings = config.load(repo.top)
    idle = not views.differences(repo, views.STAGED, git.tree_of(repo, "HEAD"))
    if idle and settings.gate != "all":
        return 0, IDLE
    # Only now, with something to judge, is it worth importing what can.
    from detent.commands import check
    from detent.subject import subject_of

    subject = subject_of(repo, settings, index)
    outcome = _in_time(subject, alone=alone)
    say(index.notes)
    for line in (lines := check.verdict_lines(outcome, repo, views.STAGED)):
        console.write(line)
    if lines:
        seconds = time.perf_counter() - start
        analysed = outcome.sides.analysed
        console.write(check.summary(outcome, analysed=analysed, files=None, seconds=seconds))
    index.close()
    silent = not lines and not index.notes
    return check.status(outcome), _sure(settings) if silent else 0


def _sure(settings: Config) -> int:
    """Tell how far a clean verdict holds that left out nothing and had nothing to say.

    The size of the index is no function of what is judged, and which numpydoc is installed is not
    known to the hook.
    """
    sized = any(limit.metric == "index.bytes" for limit in settings.limits)
    if sized or settings.engine == config.NUMPYDOC:
        return 0
    return SAME if settings.gate == "all" else BOTH


def _in_time(subject: Subject, *, alone: bool) -> Outcome:
    """Judge before the deadline, if there is one."""
    reached = ["the change was being judged"]

    def work() -> Outcome:
        return subject.door.healed(lambda: _judged(subject, reached))

    if (seconds := subject.config.deadline) is None:
        return work()
    try:
        with within(seconds, alone=alone):
            return work()
    except Overdue:
        raise NotMeasured(
            f"the deadline of {seconds:g} s passed while {reached[-1]}: no verdict",
            "what was analysed is kept: `detent index` does the rest; or set a later `deadline`",
        ) from None


def _is_idle(repo: Repo, name: str, rest: Sequence[str]) -> bool:
    """Whether a hook has nothing to bring up to date, or will be followed by one that has."""
    if name == "post-checkout" and rest[2:] == ["1"] and rest[0] == rest[1]:
        return True
    # A rebase checks out and commits many times, and ends with post-rewrite.
    states = ("rebase-merge", "rebase-apply")
    return name != "post-rewrite" and any(Path(repo.git_dir, one).is_dir() for one in states)


def _bring_up(repo: Repo, index: Index, *, at_once: int | None) -> None:
    """Bring up to date what is indexed of the work tree; what fails is left to the next run."""
    if not index.exists:
        return
    from detent import refresh

    with suppress(DetentError):
        for view in views.OF_WORKTREES:
            name = views.stored_name(repo, view, "")
            if index.reader().view(name) is None:
                continue
            if at_once is None or len(refresh.plan(repo, index.reader(), view).unknown) <= at_once:
                refresh.refresh(repo, index, view, jobs=1)
                continue
            _leave_to_background(repo, index)
            return


def _leave_to_background(repo: Repo, index: Index) -> None:
    from detent import background

    with suppress(OSError):
        background.ask(repo, index.path)


def _judged(subject: Subject, reached: list[str]) -> Outcome:
    """Judge by what differs; bring the whole view up to date only where it is indexed already."""
    from detent import judge
    from detent.refresh import refresh

    repo, index, mode = subject.repo, subject.door, subject.config.gate
    name = views.stored_name(repo, views.STAGED, "")
    indexed = index.reader().view(name) is not None
    if indexed or mode == "all":

        def note(done: int, of: int) -> None:
            reached[-1:] = [f"what is staged was being indexed ({done:,} of {of:,} files analysed)"]

        refresh(repo, index, views.STAGED, progress=note)
        reached[-1:] = ["the change was being judged, all of it indexed"]
    whole = mode == "all" or (indexed and judge.needs_whole(mode, subject.config.limits))
    return judge.judged(subject, views.STAGED, None, mode=mode, whole=whole)
