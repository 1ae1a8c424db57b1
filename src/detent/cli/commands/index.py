"""Bring the index of a view up to date: only blobs that were never seen are analysed.

Examples
--------
detent index                      # what is staged
detent index --at v1.0            # any commit, without a checkout
detent index --full               # from nothing
"""

from __future__ import annotations

import time

from detent import TYPE_CHECKING
from detent.cli.context import add_common_arguments, describe_view, open_index, print_notes
from detent.index.refresh import RefreshResult, refresh_view
from detent.report import console, data, text
from detent.store import is_managed_index

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_INCOMPARABLE = (
    "no ordering was validated: nothing was built, or no earlier build had the same input; "
    "`detent index --full` builds anew"
)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="staged")
    parser.add_argument("--full", action="store_true", help="build the index anew")
    parser.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="processes (default: by the amount of work)",
    )
    parser.add_argument(
        "--validate-ordering",
        action="store_true",
        help="fail where the build differs from an earlier one of the same input",
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    start = time.perf_counter()
    repo, index = open_index(namespace)
    if namespace.full and (is_managed_index(index.path) or index.exists):
        index.delete_files()
    done = index.with_recovery(
        lambda: refresh_view(
            repo,
            index,
            namespace.at,
            jobs=max(0, namespace.jobs),
            progress=console.make_progress("indexing"),
        )
    )
    if namespace.validate_ordering and done.unequal is None:
        index.notes.append(_INCOMPARABLE)
    print_notes(index.notes)
    seconds = time.perf_counter() - start
    if namespace.format == "json":
        console.write_line(_render_json(done, namespace.at, seconds))
    else:
        for line in text.format_failures(done.failures):
            console.write_line(line)
        console.write_line(
            f"{describe_view(namespace.at, done.tree)}: {summarize_refresh(done)} · {seconds:.2f} s"
        )
    index.close()
    return _choose_exit_status(done, validate=namespace.validate_ordering)


def _choose_exit_status(done: RefreshResult, *, validate: bool) -> int:
    if done.failures:
        return 3
    return 1 if validate and done.unequal else 0


def summarize_refresh(done: RefreshResult) -> str:
    """Say in one line what a refresh came to."""
    files = done.reused + done.analyzed + len(done.failures)
    parts = [
        f"{text.format_count(files, 'file')}: {done.analyzed:,} analysed, {done.reused:,} reused"
    ]
    if done.changed or done.deleted:
        parts.append(f"{done.changed:,} changed, {done.deleted:,} deleted")
    if done.failures:
        parts.append(f"{len(done.failures):,} failed")
    return " · ".join(parts)


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
