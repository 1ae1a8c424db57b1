"""Write facts and findings as JSON Lines, sorted: the same bytes for the same content.

Examples
--------
detent export src/mine.py
detent export | sha256sum         # a checksum of everything that is staged
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.report import data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.api import Repository
    from detent.api.export import FactExport


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="staged", formats=("jsonl",))
    parser.add_argument("paths", nargs="*", metavar="PATH", help="default: all files")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    export = repository.export_facts(namespace.paths, at=namespace.at)
    return Answer(3 if export.failures else 0, {"jsonl": lambda: _render_lines(export)})


def _render_lines(export: FactExport) -> Iterator[str]:
    for path, oid, facts in export.files:
        yield from data.render_facts(path, oid, facts)
