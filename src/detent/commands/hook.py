"""What the git hooks call: quick, silent where all is well, and only about what comes in.

Examples
--------
detent hook pre-commit
"""

from __future__ import annotations

import os.path
import sys
import time
from contextlib import suppress
from types import SimpleNamespace

from detent import TYPE_CHECKING, config, git, pushed, views
from detent.commands.context import add_place, expect_repo, open_index, say
from detent.deadline import Overdue, within
from detent.errors import DetentError, NotMeasured
from detent.pushed import Range
from detent.report import console
from detent.report.clean import clean

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence

    from detent.config import Config, Limit
    from detent.git import Repo
    from detent.index import Index
    from detent.judge import Outcome
    from detent.subject import Subject

GATES = ("pre-commit", "pre-merge-commit")
REFRESHES = ("post-commit", "post-merge", "post-checkout", "post-rewrite")
PUSH = "pre-push"
HOOKS = (*GATES, *REFRESHES, PUSH)
#: Not git's: any of `REFRESHES`, for frameworks, which say in the environment which one it is; and
#: what these hooks leave to a process of its own.
_REFRESH, _BACKGROUND = "refresh", "background"
NAMES = (*HOOKS, _REFRESH, _BACKGROUND)
_COMMIT = Range(views.STAGED, "", "")
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
        choices=NAMES,
        help="the hook that git runs; refresh: after any of its moves, for pre-commit and prek; "
        "background: what hooks leave to a process of its own",
    )
    parser.add_argument("rest", nargs="*", metavar="ARGUMENT", help="what git gives the hook")
    add_place(parser)
    parser.add_argument(
        "--sure",
        action="store_true",
        help="for the raw hook: end with 10, 11 or 12 where the same will pass again",
    )


def plain(words: Sequence[str]) -> SimpleNamespace | None:
    """Read the arguments as hooks and frameworks give them: to make a parser takes 4 ms.

    Parameters
    ----------
    words : sequence of str
        What follows ``detent hook``.

    Returns
    -------
    SimpleNamespace or None
        What a parser with `add_arguments` makes of them; None where that has to be seen.
    """
    name, *rest = words or ("",)
    sure = rest[:1] == ["--sure"]
    rest = rest[sure:]
    if name not in NAMES or any(word.startswith("-") for word in rest):
        return None
    return SimpleNamespace(name=name, rest=rest, sure=sure, directory=None, store=None, run=run)


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
    if namespace.name in GATES:
        return _commit(namespace)
    if namespace.name == PUSH:
        return _push(namespace)
    # The status of a hook that runs after git has moved could become git's.
    with suppress(DetentError):
        _refresh(namespace)
    return 0


@git.standing()
def _commit(namespace: Namespace) -> int:
    """Judge what is about to be committed, or what a framework names."""
    repo, index = _opened(namespace) if namespace.sure else open_index(namespace)
    change = pushed.between(repo) or _COMMIT
    status, sure = _gate(repo, index, change, alone=namespace.alone)
    return status or (sure if namespace.sure and change is _COMMIT else 0)


def _opened(namespace: Namespace) -> tuple[Repo, Index]:
    """Find the repository and its index; while git works, load what takes about as long.

    It is for judging: the raw hook has seen that there is something to judge, but for once after
    each change of the settings.
    """
    expect_repo(namespace.directory)
    from detent import subject  # noqa: F401

    repo, index = open_index(namespace)
    git.expect_staged(repo, git.tree_of(repo, "HEAD"))
    from detent import refresh  # noqa: F401

    return repo, index


@git.standing()
def _push(namespace: Namespace) -> int:
    """Judge what a remote is about to get."""
    repo, index = open_index(namespace)
    if "PRE_COMMIT" in repo.env:
        ranges = pushed.of_framework(repo)
    else:
        lines = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
        ranges = pushed.pushed(repo, "".join(namespace.rest[:1]), lines.splitlines())
    found = [_gate(repo, index, one, alone=namespace.alone)[0] for one in ranges]
    return 1 if 1 in found else max(found, default=0)


def _refresh(namespace: Namespace) -> None:
    """Bring up to date what is indexed of the work tree."""
    repo, index = open_index(namespace)
    if namespace.name == _BACKGROUND:
        from detent import background

        background.serve(repo, lambda: _bring_up(repo, index, at_once=None))
    elif not _is_idle(repo, *_event(repo, namespace)):
        _bring_up(repo, index, at_once=_AT_ONCE)
    index.close()


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
    from detent.commands import check

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
    # Only now is it worth importing what can judge.
    from detent.subject import subject_of

    subject = subject_of(repo, settings, index)
    return index.healed(lambda: _judged(subject, change, reached))


def _event(repo: Repo, namespace: Namespace) -> tuple[str, list[str]]:
    """Tell which hook it is, and what git gives it; frameworks say both in the environment."""
    if namespace.name != _REFRESH:
        return namespace.name, namespace.rest
    said = repo.env.get
    if kind := said("PRE_COMMIT_CHECKOUT_TYPE"):
        return "post-checkout", [
            said("PRE_COMMIT_FROM_REF", ""),
            said("PRE_COMMIT_TO_REF", ""),
            kind,
        ]
    return "post-rewrite" if said("PRE_COMMIT_REWRITE_COMMAND") else "post-commit", []


def _is_idle(repo: Repo, name: str, rest: Sequence[str]) -> bool:
    """Whether a hook has nothing to bring up to date, or will be followed by one that has."""
    if name == "post-checkout" and rest[2:] == ["1"] and rest[0] == rest[1]:
        return True
    # A rebase checks out and commits many times, and ends with post-rewrite.
    states = ("rebase-merge", "rebase-apply")
    return name != "post-rewrite" and any(
        os.path.isdir(os.path.join(repo.git_dir, one)) for one in states
    )


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


def _judged(subject: Subject, change: Range, reached: list[str]) -> Outcome:
    """Judge by what differs; bring the whole view up to date only where it is indexed already."""
    from detent import judge
    from detent.refresh import refresh

    repo, index, mode = subject.repo, subject.door, subject.config.gate
    name = views.stored_name(repo, views.STAGED, "")
    indexed = index.reader().view(name) is not None
    analysed = 0
    if indexed or mode == "all":

        def note(done: int, of: int) -> None:
            reached[-1:] = [f"the files were being indexed ({done:,} of {of:,} analysed)"]

        analysed = refresh(repo, index, change.head, progress=note).analysed
        reached[-1:] = ["the change was being judged, all of it indexed"]
    whole = mode == "all" or (indexed and judge.needs_whole(mode, subject.rules))
    found = judge.judged(subject, change.head, change.base or None, mode=mode, whole=whole)
    return found._replace(sides=found.sides._replace(analysed=found.sides.analysed + analysed))
