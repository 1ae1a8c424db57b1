"""Run a command on two commits in turn, and hold the limits on what it takes.

COMMAND runs in a checkout of each commit. Its CPU time is compared pair by pair, and more pairs are
run only while the limits are undecided. What detent counts of itself (SQL steps, statements,
writes, commits) is compared exactly, from one run of each.
"""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from datetime import UTC, datetime

from detent import TYPE_CHECKING, config, git
from detent.budget import policy, timing
from detent.budget.benchmark import (
    AlternatingRuns,
    CommitCheckout,
    collect_counters,
    make_environment,
)
from detent.budget.benchmark import run_command as run_once
from detent.budget.bootstrap import Estimate, measure_pairs
from detent.cli.context import open_repo
from detent.config.budget import TimingMethod
from detent.core.errors import MeasurementError, UsageError
from detent.core.namedtuple import NamedTuple
from detent.core.results import EXCEEDED, NOT_MEASURED
from detent.git.commits import check_out_commit
from detent.git.revisions import require_commit
from detent.index import views
from detent.report import console, data, measures
from detent.report.text import align_columns

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from detent.config import Limit
    from detent.core.results import LimitResult
    from detent.git import Repo

Times = dict[str, Estimate]
Counts = dict[str, "tuple[int | None, int | None]"]

_NAME = re.compile(r"[\w-]+")


class CommandMeasurement(NamedTuple):
    """What a command takes on two commits."""

    name: str  # what metrics call it, and the two commits
    base: str
    head: str
    times: Times  # seconds, by the names of metrics
    counts: Counts  # what base and head count, by the names of metrics


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action."""
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
    """Run the action."""
    repo = open_repo(namespace.directory)
    settings = config.load_config(repo.top)
    name = _choose_name(namespace)
    base, head = _choose_commits(repo, namespace)
    with _make_checkouts(repo, base, head) as sides:
        times, counts = _measure_command(repo, sides, namespace, name=name, limits=settings.limits)
    found = CommandMeasurement(name, base, head, times, counts)
    # Which exemptions have no effect is said where all limits are judged: `detent budget check`.
    judgements, _ = policy.apply_exemptions(
        timing.check_measurements(settings.limits, times, counts),
        settings.exemptions,
        datetime.now(UTC).date(),
    )
    if namespace.format == "json":
        console.write_line(_render_json(found, judgements))
    else:
        for line in _render_text(found, judgements):
            console.write_line(line)
    statuses = {one.status for one in judgements}
    if EXCEEDED in statuses:
        return 1
    return 3 if NOT_MEASURED in statuses else 0


def _choose_name(namespace: Namespace) -> str:
    name = str(namespace.name or re.split(r"[\\/]", namespace.argv[0])[-1].partition(".")[0])
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be part of the name of a metric", "--name takes letters, digits, _, -"
        )
    return name


def _choose_commits(repo: Repo, namespace: Namespace) -> tuple[str, str]:
    """Choose the commits: those of the view, of HEAD for what is not committed, and before it."""
    at = "HEAD" if namespace.at in views.WORKTREE_VIEWS else namespace.at
    head = require_commit(repo, at)
    if namespace.base:
        return git.find_merge_base(repo, namespace.base, head), head
    if base := git.resolve_first_parent(repo, head):
        return base, head
    raise MeasurementError(
        f"{at} has no parent here to be compared with",
        "name another commit with --base; in a shallow clone, `git fetch --unshallow` first",
    )


@contextmanager
def _make_checkouts(
    repo: Repo, base: str, head: str
) -> Iterator[tuple[CommitCheckout, CommitCheckout]]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="detent-measure-", ignore_cleanup_errors=True) as place:
        sides = CommitCheckout("base", f"{place}/base"), CommitCheckout("head", f"{place}/head")
        for side, commit in zip(sides, (base, head), strict=True):
            check_out_commit(repo, commit, side.directory)
        yield sides


def _measure_command(
    repo: Repo,
    sides: tuple[CommitCheckout, CommitCheckout],
    namespace: Namespace,
    *,
    name: str,
    limits: Sequence[Limit],
) -> tuple[Times, Counts]:
    env = make_environment(repo.env)
    for side in sides if namespace.prepare else ():
        run_once(side, shlex.split(namespace.prepare), env)
    # These also leave the caches, on disk and in memory, as all later runs find them.
    base, head = (collect_counters(side, namespace.argv, env) for side in sides)
    metric = f"command.{name}.sqlite.cpu_s"
    on_time = timing.select_limits(limits, metric)
    methods = [limit.method or TimingMethod() for limit in on_time] or [TimingMethod()]
    turns = AlternatingRuns(*sides, command=namespace.argv, env=env)
    found = measure_pairs(
        turns.run_pair,
        lambda estimate: timing.needs_more_pairs(on_time, estimate),
        pairs=max(one.pairs for one in methods),
        most=max(one.most for one in methods),
    )
    counts = {
        _name_counter(name, counter): (base.get(counter), head.get(counter))
        for counter in sorted({*base, *head})
    }
    return {metric: found}, counts


def _name_counter(name: str, counter: str) -> str:
    """Name a count: what stages count of themselves has its whole name."""
    return counter if counter.startswith("stage.") else f"query.{name}.{counter}"


def _render_json(found: CommandMeasurement, judgements: list[LimitResult]) -> str:
    return data.render_json(
        "measure/1",
        name=found.name,
        base=found.base,
        head=found.head,
        times={metric: estimate._asdict() for metric, estimate in found.times.items()},
        counts={
            metric: {"base": base, "head": head} for metric, (base, head) in found.counts.items()
        },
        budget=[data.encode_limit_result(one) for one in judgements],
    )


def _render_text(found: CommandMeasurement, judgements: list[LimitResult]) -> list[str]:
    rows = [["", f"base {found.base[:10]}", f"head {found.head[:10]}", "change", ""]]
    for metric, one in found.times.items():
        sure = f"95% sure: {one.low - 1:+.1%} or more, {one.high - 1:+.1%} or less"
        change_ = f"{one.ratio - 1:+.1%}"
        shown = f"{one.pairs} pairs, {sure}"
        rows.append([metric, f"{one.base:.3f}", f"{one.head:.3f}", change_, shown])
    for metric, (base, head) in found.counts.items():
        shown = f"{(head - base) / base:+.1%}" if base and head is not None else ""
        rows.append([metric, _format_count(base), _format_count(head), shown, ""])
    lines = align_columns(rows, right=(1, 2, 3))
    if not found.counts:
        lines.append("the command counts nothing by itself: only times are compared")
    verdicts = measures.format_limit_results(judgements, console.make_painter())
    if not judgements:
        verdicts = [f"no limits are set on command.{found.name}.* or query.{found.name}.*"]
    return [*lines, *verdicts, *([] if verdicts else ["all limits hold"])]


def _format_count(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
