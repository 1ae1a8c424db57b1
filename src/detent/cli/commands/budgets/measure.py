"""Run a command on two commits in turn, and hold the limits on what it takes.

COMMAND runs in a checkout of each commit. Its CPU time is compared pair by pair, and more pairs are
run only while the limits are undecided. What detent counts of itself (SQL steps, statements,
writes, commits) is compared exactly, from one run of each.
"""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from datetime import datetime, timezone

from detent import TYPE_CHECKING, config, git
from detent.budget import EXCEEDED, NOT_MEASURED, policy, timing
from detent.budget.benchmark import Side, Turns, counted, environment
from detent.budget.benchmark import run as run_once
from detent.budget.bootstrap import Estimate, measured
from detent.cli.context import open_repo
from detent.config.budget import Method
from detent.core.errors import NotMeasured, UsageError
from detent.core.namedtuple import NamedTuple
from detent.git.checkouts import check_out, commit_of
from detent.index import views
from detent.report import console, data, measures
from detent.report.columns import columns

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from detent.budget.limits import Judgement
    from detent.config import Limit
    from detent.git import Repo

Times = dict[str, Estimate]
Counts = dict[str, "tuple[int | None, int | None]"]

_NAME = re.compile(r"[\w-]+")


class Measured(NamedTuple):
    """What a command takes on two commits.

    Attributes
    ----------
    name, base, head : str
        What metrics call it, and the two commits.
    times : dict of str to Estimate
        Seconds, by the names of metrics.
    counts : dict of str to tuple
        What base and head count, by the names of metrics.
    """

    name: str
    base: str
    head: str
    times: Times
    counts: Counts


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent budget measure``.
    """
    parser.add_argument(
        "--name",
        metavar="NAME",
        help="what metrics call it, as in command.NAME.sqlite.cpu_s (default: its program)",
    )
    parser.add_argument(
        "--prepare",
        metavar="COMMAND",
        help="a command that is run once in each checkout before, such as one that builds an index",
    )
    parser.add_argument(
        "argv", nargs="+", metavar="COMMAND", help="a program and its arguments, after --"
    )


def run(namespace: Namespace) -> int:
    """Run the action.

    Parameters
    ----------
    namespace : Namespace
        What the parser made of the arguments.

    Returns
    -------
    int
        The exit status: 1 where a limit is exceeded, else 3 where one cannot be measured, else 0.
    """
    repo = open_repo(namespace.directory)
    settings = config.load(repo.top)
    name = _name(namespace)
    base, head = _commits(repo, namespace)
    with _checkouts(repo, base, head) as sides:
        times, counts = _measured(repo, sides, namespace, name=name, limits=settings.limits)
    found = Measured(name, base, head, times, counts)
    # Which exemptions have no effect is said where all limits are judged: `detent budget check`.
    judgements, _ = policy.exempted(
        timing.judged(settings.limits, times, counts),
        settings.exemptions,
        datetime.now(timezone.utc).date(),
    )
    if namespace.format == "json":
        console.write(_json(found, judgements))
    else:
        for line in _lines(found, judgements):
            console.write(line)
    statuses = {one.status for one in judgements}
    if EXCEEDED in statuses:
        return 1
    return 3 if NOT_MEASURED in statuses else 0


def _name(namespace: Namespace) -> str:
    name = str(namespace.name or re.split(r"[\\/]", namespace.argv[0])[-1].partition(".")[0])
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be part of the name of a metric", "--name takes letters, digits, _, -"
        )
    return name


def _commits(repo: Repo, namespace: Namespace) -> tuple[str, str]:
    """Choose the commits: those of the view, of HEAD for what is not committed, and before it."""
    at = "HEAD" if namespace.at in views.OF_WORKTREES else namespace.at
    head = commit_of(repo, at)
    if namespace.base:
        return git.merge_base(repo, namespace.base, head), head
    if base := git.first_parent(repo, head):
        return base, head
    raise NotMeasured(
        f"{at} has no parent here to be compared with",
        "name another commit with --base; in a shallow clone, `git fetch --unshallow` first",
    )


@contextmanager
def _checkouts(repo: Repo, base: str, head: str) -> Iterator[tuple[Side, Side]]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="detent-measure-", ignore_cleanup_errors=True) as place:
        sides = Side("base", f"{place}/base"), Side("head", f"{place}/head")
        for side, commit in zip(sides, (base, head), strict=True):
            check_out(repo, commit, side.place)
        yield sides


def _measured(
    repo: Repo,
    sides: tuple[Side, Side],
    namespace: Namespace,
    *,
    name: str,
    limits: Sequence[Limit],
) -> tuple[Times, Counts]:
    env = environment(repo.env)
    for side in sides if namespace.prepare else ():
        run_once(side, shlex.split(namespace.prepare), env)
    # These also leave the caches, on disk and in memory, as all later runs find them.
    base, head = (counted(side, namespace.argv, env) for side in sides)
    metric = f"command.{name}.sqlite.cpu_s"
    on_time = timing.on(limits, metric)
    methods = [limit.method or Method() for limit in on_time] or [Method()]
    turns = Turns(*sides, command=namespace.argv, env=env)
    found = measured(
        turns.take,
        lambda estimate: timing.is_open(on_time, estimate),
        pairs=max(one.pairs for one in methods),
        most=max(one.most for one in methods),
    )
    counts = {
        _metric(name, counter): (base.get(counter), head.get(counter))
        for counter in sorted({*base, *head})
    }
    return {metric: found}, counts


def _metric(name: str, counter: str) -> str:
    """Name a count: what stages count of themselves has its whole name."""
    return counter if counter.startswith("stage.") else f"query.{name}.{counter}"


def _json(found: Measured, judgements: list[Judgement]) -> str:
    return data.document(
        "measure/1",
        name=found.name,
        base=found.base,
        head=found.head,
        times={metric: estimate._asdict() for metric, estimate in found.times.items()},
        counts={
            metric: {"base": base, "head": head} for metric, (base, head) in found.counts.items()
        },
        budget=[data.judgement_value(one) for one in judgements],
    )


def _lines(found: Measured, judgements: list[Judgement]) -> list[str]:
    rows = [["", f"base {found.base[:10]}", f"head {found.head[:10]}", "change", ""]]
    for metric, one in found.times.items():
        sure = f"95% sure: {one.low - 1:+.1%} or more, {one.high - 1:+.1%} or less"
        change_ = f"{one.ratio - 1:+.1%}"
        shown = f"{one.pairs} pairs, {sure}"
        rows.append([metric, f"{one.base:.3f}", f"{one.head:.3f}", change_, shown])
    for metric, (base, head) in found.counts.items():
        shown = f"{(head - base) / base:+.1%}" if base and head is not None else ""
        rows.append([metric, _count(base), _count(head), shown, ""])
    lines = columns(rows, right=(1, 2, 3))
    if not found.counts:
        lines.append("the command counts nothing by itself: only times are compared")
    verdicts = measures.budget_lines(judgements, console.painter())
    if not judgements:
        verdicts = [f"no limits are set on command.{found.name}.* or query.{found.name}.*"]
    return [*lines, *verdicts, *([] if verdicts else ["all limits hold"])]


def _count(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
