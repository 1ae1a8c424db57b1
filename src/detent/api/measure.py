"""The time that a command takes on two commits, what it counts, and the limits on both."""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from datetime import UTC, datetime

from detent import TYPE_CHECKING, git
from detent.budget import policy, timing
from detent.budget.benchmark import (
    AlternatingRuns,
    CommitCheckout,
    collect_counters,
    make_environment,
)
from detent.budget.benchmark import run_command as run_once
from detent.budget.bootstrap import Estimate, measure_pairs
from detent.config.budget import TimingMethod
from detent.core.errors import MeasurementError, UsageError
from detent.core.namedtuple import NamedTuple
from detent.git.commits import check_out_commit
from detent.git.revisions import require_commit
from detent.index import views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detent.budget.timing import CountPair
    from detent.config import Config, Limit
    from detent.core.results import LimitResult
    from detent.git import Repo

    Checkouts = tuple[CommitCheckout, CommitCheckout]

__all__ = ["CommandMeasurement", "CommandRequest", "Estimate", "measure_command"]

_NAME = re.compile(r"[\w-]+")


class CommandRequest(NamedTuple):
    """A command to measure.

    Attributes
    ----------
    argv : sequence of str
        A program and its arguments.
    name : str
        What metrics call it, as in ``command.NAME.sqlite.cpu_s``; empty for its program.
    prepare : str
        A command to run first in each checkout; empty for none.
    """

    argv: Sequence[str]
    name: str = ""
    prepare: str = ""


class CommandMeasurement(NamedTuple):
    """What a command takes on two commits.

    Attributes
    ----------
    name : str
        What metrics call the command.
    base, head : str
        Object ids of the commits.
    times : dict of str to Estimate
        CPU seconds by the name of the metric.
    counts : dict of str to (int or None, int or None)
        What base and head count, by the name of the metric; None if one does not count it.
    limit_results : list of LimitResult
        The results of the limits on these metrics.
    """

    name: str
    base: str
    head: str
    times: dict[str, Estimate]
    counts: dict[str, CountPair]
    limit_results: list[LimitResult]


def measure_command(
    repo: Repo, config: Config, request: CommandRequest, *, at: str, base: str | None
) -> CommandMeasurement:
    """Run a command on two commits in turn, and check the limits on what it takes."""
    name = _choose_name(request)
    commits = _choose_commits(repo, at, base)
    with _make_checkouts(repo, commits) as checkouts:
        env = make_environment(repo.env)
        for checkout in checkouts if request.prepare else ():
            run_once(checkout, shlex.split(request.prepare), env)
        # These runs also fill the caches, on disk and in memory, for the runs that are timed.
        counts = _collect_counts(checkouts, request, name, env=env)
        metric = f"command.{name}.sqlite.cpu_s"
        runs = AlternatingRuns(*checkouts, command=request.argv, env=env)
        times = {metric: _measure_time(runs, timing.select_limits(config.limits, metric))}
    # `detent budget check` reports exemptions without effect, because it checks all limits.
    results, _ = policy.apply_exemptions(
        timing.check_measurements(config.limits, times, counts),
        config.exemptions,
        datetime.now(UTC).date(),
    )
    return CommandMeasurement(name, *commits, times, counts, results)


def _choose_name(request: CommandRequest) -> str:
    name = request.name or re.split(r"[\\/]", request.argv[0])[-1].partition(".")[0]
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be part of the name of a metric",
            "use --name with letters, digits, _ and -",
        )
    return name


def _choose_commits(repo: Repo, at: str, base: str | None) -> tuple[str, str]:
    """Choose base and head; what is not committed cannot be measured."""
    revision = "HEAD" if at in views.WORKTREE_VIEWS else at
    head = require_commit(repo, revision)
    if base is not None:
        return git.find_merge_base(repo, base, head), head
    if parent := git.resolve_first_parent(repo, head):
        return parent, head
    raise MeasurementError(
        f"{revision} has no parent in this clone to compare with",
        "name another commit with --base; in a shallow clone, `git fetch --unshallow` first",
    )


@contextmanager
def _make_checkouts(repo: Repo, commits: tuple[str, str]) -> Iterator[Checkouts]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="detent-measure-", ignore_cleanup_errors=True) as directory:
        base, head = (CommitCheckout(name, f"{directory}/{name}") for name in ("base", "head"))
        for checkout, commit in zip((base, head), commits, strict=True):
            check_out_commit(repo, commit, checkout.directory)
        yield base, head


def _collect_counts(
    checkouts: Checkouts, request: CommandRequest, name: str, *, env: dict[str, str]
) -> dict[str, CountPair]:
    base, head = (collect_counters(checkout, request.argv, env) for checkout in checkouts)
    return {
        _name_counter(name, counter): (base.get(counter), head.get(counter))
        for counter in sorted({*base, *head})
    }


def _name_counter(name: str, counter: str) -> str:
    """Name the metric of a counter; those of stages have a full name."""
    return counter if counter.startswith("stage.") else f"query.{name}.{counter}"


def _measure_time(runs: AlternatingRuns, limits: Sequence[Limit]) -> Estimate:
    """Run pairs until the limits are decided."""
    methods = [limit.method or TimingMethod() for limit in limits] or [TimingMethod()]
    return measure_pairs(
        runs.run_pair,
        lambda estimate: timing.needs_more_pairs(limits, estimate),
        pairs=max(method.pairs for method in methods),
        most=max(method.most for method in methods),
    )
