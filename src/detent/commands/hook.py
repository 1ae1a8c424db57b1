"""What the git hooks call: quick, silent where all is well, and only about what is committed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from detent import config, git, views
from detent.commands.context import open_index, say
from detent.deadline import Overdue, within
from detent.errors import NotMeasured
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.judge import Outcome
    from detent.subject import Subject

HOOKS = ("pre-commit", "pre-merge-commit")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent hook``.
    """
    parser.add_argument("name", choices=HOOKS, help="the hook that git runs")
    parser.add_argument("-C", dest="directory", metavar="DIR", help="work in this directory")
    parser.add_argument("--store", metavar="PATH", help="the index file (default: in .git)")


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: as for `detent check`; 0 where there is nothing to judge.
    """
    start = time.perf_counter()
    repo, index = open_index(namespace)
    settings = config.load(repo.top)
    idle = not views.differences(repo, views.STAGED, git.tree_of(repo, "HEAD"))
    if idle and settings.gate != "all":
        return 0
    # Only now, with something to judge, is it worth importing what can.
    from detent.commands import check
    from detent.subject import subject_of

    subject = subject_of(repo, settings, index)
    outcome = _in_time(subject, alone=namespace.alone)
    say(index.notes)
    for line in (lines := check.verdict_lines(outcome)):
        console.write(line)
    if lines:
        seconds = time.perf_counter() - start
        analysed = outcome.sides.analysed
        console.write(check.summary(outcome, analysed=analysed, files=None, seconds=seconds))
    index.close()
    return check.status(outcome)


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
