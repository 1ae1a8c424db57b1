"""Run a command on two commits in turn, and check the limits on what it takes.

COMMAND runs in a checkout of each commit. Its CPU time is compared pair by pair, and more pairs run
only while the result is undecided. What detent counts itself (SQL steps, statements, writes,
commits) is compared exactly, from one run of each.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api import STAGED, WORKTREE
from detent.cli.commands.budgets.check import choose_exit_status
from detent.cli.context import Answer, answering
from detent.report import console, data, measures
from detent.report.text import align_columns

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.api.measure import CommandMeasurement, Estimate


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action."""
    parser.set_defaults(is_endless=True)  # what it runs takes as long as it takes
    parser.add_argument(
        "--name",
        metavar="NAME",
        default="",
        help="what metrics call it, as in command.NAME.sqlite.cpu_s (default: its program)",
    )
    parser.add_argument(
        "--prepare",
        metavar="COMMAND",
        default="",
        help="a command to run first in each checkout, such as one that builds an index",
    )
    parser.add_argument(
        "argv", nargs="+", metavar="COMMAND", help="a program and its arguments, after --"
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the action."""
    found = repository.measure_command(
        namespace.argv,
        name=namespace.name,
        prepare=namespace.prepare,
        at="HEAD" if namespace.at in (STAGED, WORKTREE) else namespace.at,
        base=namespace.base,
    )
    renderers = {"text": lambda: _render_text(found), "json": lambda: _render_json(found)}
    return Answer(choose_exit_status(found.limit_results), renderers)


def _render_text(found: CommandMeasurement) -> list[str]:
    rows = [
        ["", f"base {found.base[:10]}", f"head {found.head[:10]}", "change", ""],
        *(_format_time(metric, estimate) for metric, estimate in found.times.items()),
        *(_format_counts(metric, pair) for metric, pair in found.counts.items()),
    ]
    lines = align_columns(rows, right=(1, 2, 3))
    if not found.counts:
        lines.append("the command counts nothing itself: only times are compared")
    if not found.limit_results:
        return [*lines, f"no limits are set on command.{found.name}.* or query.{found.name}.*"]
    limits = measures.format_limit_results(found.limit_results, console.make_painter())
    return [*lines, *(limits or ["all limits pass"])]


def _format_time(metric: str, estimate: Estimate) -> list[str]:
    bounds = f"{estimate.low - 1:+.1%} to {estimate.high - 1:+.1%}"
    return [
        metric,
        f"{estimate.base:.3f}",
        f"{estimate.head:.3f}",
        f"{estimate.ratio - 1:+.1%}",
        f"{estimate.pairs} pairs, 95% confidence bounds {bounds}",
    ]


def _format_counts(metric: str, pair: tuple[int | None, int | None]) -> list[str]:
    base, head = pair
    change = f"{(head - base) / base:+.1%}" if base and head is not None else ""
    return [metric, *("-" if count is None else f"{count:,}" for count in pair), change, ""]


def _render_json(found: CommandMeasurement) -> str:
    return data.render_json(
        "measure/1",
        name=found.name,
        base=found.base,
        head=found.head,
        times={metric: estimate._asdict() for metric, estimate in found.times.items()},
        counts={
            metric: {"base": base, "head": head} for metric, (base, head) in found.counts.items()
        },
        budget=[data.encode_limit_result(result) for result in found.limit_results],
    )
