"""Ask a question in SQL about the symbols, calls, imports, findings and files of a view.

The query is one SELECT on the views that docs/budgets.md lists. It reads nothing else, and it ends
after a minute.

Examples
--------
detent sql "select package, count(*) from public_symbol group by package"
detent sql --format csv "select path, name, complexity from symbol where complexity > 20"
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.sql_output import render_query

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree", formats=("text", "json", "jsonl", "csv"))
    parser.add_argument("query", metavar="SELECT", help="the query")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="default: all files")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.query(namespace.query, at=namespace.at, paths=namespace.paths)
    return Answer(0, render_query(found))
