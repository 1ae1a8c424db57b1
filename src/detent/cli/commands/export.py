"""Write facts and findings as JSON Lines, sorted, the same bytes for the same content.

Examples
--------
detent export src/mine.py
detent export | sha256sum         # a name for all that is known of what is staged
"""

from __future__ import annotations

from math import inf

from detent import TYPE_CHECKING
from detent.api.paths import find_named_paths, make_path_filter
from detent.cli.context import add_common_arguments, open_index, print_notes
from detent.index import views
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_snapshot
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.index.snapshot import Snapshot

_CHUNK = 100


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.STAGED, formats=("jsonl",))
    parser.add_argument("paths", nargs="*", metavar="PATH", help="default: all files")


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo, index = open_index(namespace)
    label = console.make_progress("indexing")
    index.with_recovery(lambda: refresh_view(repo, index, namespace.at, progress=label))
    print_notes(index.notes)
    # A `detent gc` that runs beside may take away what was just indexed.
    now = take_snapshot(repo, index, namespace.at, most=inf).restrict_to(
        make_path_filter(
            repo,
            find_named_paths(
                repo, namespace.at, namespace.paths, directory=namespace.directory or "."
            ),
        )
    )
    for lines in export_snapshot(now):
        console.write_line("\n".join(lines))
    index.close()
    return 3 if now.failures else 0


def export_snapshot(now: Snapshot) -> Iterator[list[str]]:
    """Export a view."""
    paths = list(now.entries)
    for start in range(0, len(paths), _CHUNK):
        some = {path: now.entries[path] for path in paths[start : start + _CHUNK]}
        facts = dict(now._replace(entries=some).load_files(full=True))
        for path, oid in some.items():
            if path in facts:
                yield list(data.render_facts(path, oid, facts[path]))
