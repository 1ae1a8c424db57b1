"""Bring the index of a view up to date: only new or changed files are analysed.

Examples
--------
detent index                      # what is staged
detent index --at v1.0            # any commit, without a checkout
detent index --full               # from nothing
"""

from __future__ import annotations

import time

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering, describe_view
from detent.core.errors import UsageError
from detent.report import data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.core.results import RefreshResult

_INCOMPARABLE = (
    "no ordering was validated: nothing was built, or no earlier build had the same input; "
    "`detent index --full` builds the index again"
)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="staged")
    parser.add_argument("--full", action="store_true", help="delete the index and build it again")
    parser.add_argument(
        "--jobs",
        type=_parse_count,
        default=0,
        metavar="N",
        help="number of processes (default: by the amount of work)",
    )
    parser.add_argument(
        "--validate-ordering",
        action="store_true",
        help="fail if the build differs from an earlier one of the same input",
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    start = time.perf_counter()
    done = repository.refresh(namespace.at, full=namespace.full, jobs=namespace.jobs)
    seconds = time.perf_counter() - start
    renderers = {
        "text": lambda: _render_text(done, namespace.at, seconds),
        "json": lambda: _render_json(done, namespace.at, seconds),
    }
    notes = [_INCOMPARABLE] if namespace.validate_ordering and done.unequal is None else []
    return Answer(_choose_exit_status(done, validate=namespace.validate_ordering), renderers, notes)


def _parse_count(text: str) -> int:
    """Read a number of processes."""
    count = int(text)
    if count < 1:
        raise UsageError(f"--jobs takes a number from 1, not {text!r}", "for example: --jobs 2")
    return count


def _choose_exit_status(done: RefreshResult, *, validate: bool) -> int:
    if done.failures:
        return 3
    return 1 if validate and done.unequal else 0


def _render_text(done: RefreshResult, view: str, seconds: float) -> list[str]:
    files = text.format_count(done.files, "file")
    parts = [f"{files}: {done.analyzed:,} analysed, {done.reused:,} reused"]
    if done.changed or done.deleted:
        parts.append(f"{done.changed:,} changed, {done.deleted:,} deleted")
    if done.failures:
        parts.append(f"{len(done.failures):,} failed")
    summary = f"{describe_view(view, done.tree)}: {' · '.join(parts)} · {seconds:.2f} s"
    return [*text.format_failures(done.failures), summary]


def _render_json(done: RefreshResult, view: str, seconds: float) -> str:
    return data.render_json(
        "index/1",
        view=view,
        tree=done.tree,
        changed=done.changed,
        deleted=done.deleted,
        reused=done.reused,
        analysed=done.analyzed,
        failures=data.encode_failures(done.failures),
        unequal=done.unequal,
        seconds=round(seconds, 3),
    )
