"""What the git hooks call: quick, silent if all is well, and only about new problems.

Examples
--------
detent hook pre-commit
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from types import SimpleNamespace

from detent import TYPE_CHECKING
from detent.api.hook_names import CHECK_HOOKS, HOOKS, PUSH_HOOK
from detent.api.repository import open_repository
from detent.cli.run_deadline import enforce_deadline
from detent.config import RUN_SECONDS
from detent.core.errors import DetentError
from detent.core.escape import clean_text
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from detent.api import Repository
    from detent.api.incoming import CommitRange

#: Not git's: any hook that follows git's moves, for frameworks, whose environment names the hook;
#: and what these hooks leave to a process of its own.
_REFRESH, _BACKGROUND = "refresh", "background"
NAMES = (*HOOKS, _REFRESH, _BACKGROUND)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    from detent.cli.context import add_location_arguments

    parser.add_argument(
        "name",
        choices=NAMES,
        help="the hook that git runs; refresh: any hook after a commit, checkout, merge or rebase, "
        "for pre-commit and prek; background: what these hooks leave to a process of its own",
    )
    parser.add_argument("rest", nargs="*", metavar="ARGUMENT", help="the arguments from git")
    add_location_arguments(parser)


def parse_hook_arguments(words: Sequence[str]) -> SimpleNamespace | None:
    """Read the arguments as hooks and frameworks give them: to make a parser takes 3 ms."""
    name, *rest = words or ("",)
    if name not in NAMES or any(word.startswith("-") for word in rest):
        return None
    return SimpleNamespace(name=name, rest=rest, directory=None, color="auto", store=None, run=run)


def run(namespace: Namespace) -> int:
    """Run the command."""
    directory, store = namespace.directory, namespace.store
    if namespace.name in (*CHECK_HOOKS, PUSH_HOOK):
        progress = console.make_step_progress()
        with open_repository(
            directory, store=store, progress=progress, is_one_run=True
        ) as repository:
            status = _check(repository, namespace)
            console.print_notes(repository.notes)
            return status
    # A hook that only refreshes the index must not make git's command fail.
    with (
        suppress(DetentError),
        enforce_deadline(RUN_SECONDS, alone=False),
        open_repository(directory, store=store, is_one_run=True) as repository,
    ):
        if namespace.name == _BACKGROUND:
            repository.serve_refresh_requests()
        else:
            hook = None if namespace.name == _REFRESH else namespace.name
            repository.refresh_after_move(hook, namespace.rest)
    return 0


def _check(repository: Repository, namespace: Namespace) -> int:
    if namespace.name in CHECK_HOOKS:
        git_command = "git merge" if namespace.name == "pre-merge-commit" else "git commit"
        change = repository.find_commit_range()
        return _check_change(repository, change, git_command, alone=namespace.alone)
    lines = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
    ranges = repository.find_pushed_ranges("".join(namespace.rest[:1]), lines.splitlines())
    found = [
        _check_change(repository, change, "git push", alone=namespace.alone) for change in ranges
    ]
    return 1 if 1 in found else max(found, default=0)


def _check_change(
    repository: Repository, change: CommitRange, git_command: str, *, alone: bool
) -> int:
    """Check a change, and print the result unless all is well; give the exit status."""
    start = time.perf_counter()
    seconds = repository.load_settings().deadline
    with enforce_deadline(seconds or RUN_SECONDS, alone=alone and seconds is not None):
        result = repository.check_incoming(change)
    if result is None or result.is_silent:
        return 0
    # What prints is imported only where there is something to print.
    from detent.cli import check_output

    if change.source:
        compared = f"{change.head[:10]} compared with {change.base[:10]} ({change.source})"
        console.write_line(clean_text(compared))
    console.write_lines(check_output.render_result(result, repository))
    console.write_lines(check_output.suggest_remedies(result, git_command))
    console.write_line(check_output.summarize_result(result, time.perf_counter() - start))
    return check_output.choose_exit_status(result)
