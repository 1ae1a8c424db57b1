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
from detent.cli.context import add_common, open_index, say, shown_view
from detent.index.refresh import Refreshed, refresh
from detent.report import console, data, text
from detent.store import is_own

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_INCOMPARABLE = (
    "no ordering was validated: nothing was built, or no earlier build had the same input; "
    "`detent index --full` builds anew"
)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent index``.
    """
    add_common(parser, at="staged")
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
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: 3 where files could not be analysed, else 1 where the ordering is to be
        validated and differs, else 0.
    """
    start = time.perf_counter()
    repo, index = open_index(namespace)
    if namespace.full and (is_own(index.path) or index.exists):
        index.discard()
    done = index.healed(
        lambda: refresh(
            repo,
            index,
            namespace.at,
            jobs=max(0, namespace.jobs),
            progress=console.progress("indexing"),
        )
    )
    if namespace.validate_ordering and done.unequal is None:
        index.notes.append(_INCOMPARABLE)
    say(index.notes)
    seconds = time.perf_counter() - start
    if namespace.format == "json":
        console.write(_json(done, namespace.at, seconds))
    else:
        for line in text.failure_lines(done.failures):
            console.write(line)
        console.write(f"{shown_view(namespace.at, done.tree)}: {summary(done)} · {seconds:.2f} s")
    index.close()
    return _status(done, validate=namespace.validate_ordering)


def _status(done: Refreshed, *, validate: bool) -> int:
    if done.failures:
        return 3
    return 1 if validate and done.unequal else 0


def summary(done: Refreshed) -> str:
    """Say in one line what a refresh came to.

    Parameters
    ----------
    done : Refreshed
        What it came to.

    Returns
    -------
    str
        Counts of files; what is zero for most runs is left out where it is zero.
    """
    files = done.reused + done.analysed + len(done.failures)
    parts = [f"{text.plural(files, 'file')}: {done.analysed:,} analysed, {done.reused:,} reused"]
    if done.changed or done.deleted:
        parts.append(f"{done.changed:,} changed, {done.deleted:,} deleted")
    if done.failures:
        parts.append(f"{len(done.failures):,} failed")
    return " · ".join(parts)


def _json(done: Refreshed, view: str, seconds: float) -> str:
    return data.document(
        "index/1",
        view=view,
        tree=done.tree,
        changed=done.changed,
        deleted=done.deleted,
        reused=done.reused,
        analysed=done.analysed,
        failures=data.failures_value(done.failures),
        unequal=done.unequal,
        seconds=round(seconds, 3),
    )
