"""Write facts and findings as JSON Lines, sorted, the same bytes for the same content.

Examples
--------
detent export src/mine.py
detent export | sha256sum         # a name for all that is known of what is staged
"""

from __future__ import annotations

from math import inf

from detent import TYPE_CHECKING
from detent.cli.context import add_common, open_index, say
from detent.cli.paths import path_filter
from detent.index import views
from detent.index.refresh import refresh
from detent.index.snapshot import snapshot
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.index.snapshot import Snapshot

_CHUNK = 100


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent export``.
    """
    add_common(parser, at=views.STAGED, formats=("jsonl",))
    parser.add_argument("paths", nargs="*", metavar="PATH", help="default: all files")


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: 3 where files could not be analysed, else 0.
    """
    repo, index = open_index(namespace)
    label = console.progress("indexing")
    index.healed(lambda: refresh(repo, index, namespace.at, progress=label))
    say(index.notes)
    # A `detent gc` that runs beside may take away what was just indexed.
    now = snapshot(repo, index, namespace.at, most=inf).only(path_filter(repo, namespace))
    for lines in export(now):
        console.write("\n".join(lines))
    index.close()
    return 3 if now.failures else 0


def export(now: Snapshot) -> Iterator[list[str]]:
    """Export a view.

    Parameters
    ----------
    now : Snapshot
        The view.

    Yields
    ------
    list of str
        The lines of one file, in the order of the paths.
    """
    paths = list(now.entries)
    for start in range(0, len(paths), _CHUNK):
        some = {path: now.entries[path] for path in paths[start : start + _CHUNK]}
        facts = dict(now._replace(entries=some).files(full=True))
        for path, oid in some.items():
            if path in facts:
                yield list(data.export_lines(path, oid, facts[path]))
