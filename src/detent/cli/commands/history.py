"""List the commits that changed a symbol, through renames and moves, the newest first.

Only its own lines count, with its decorators and its docstring. Merges are left out.

Examples
--------
detent history pkg.mod.Model.fit
detent history fit --since 2.years --limit 10 --format json
"""

from __future__ import annotations

import time

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering, describe_view
from detent.cli.symbol_output import describe_suggestion
from detent.core.escape import clean_path, clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.api import Repository
    from detent.api.symbol_history import CommitOfSymbol, SymbolHistory


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    parser.add_argument("--since", default="", metavar="DATE", help="only commits since then")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many (default: all)")
    parser.add_argument("name", help="such as fit, Model.fit or pkg.mod.Model.fit")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.trace_symbol(
        namespace.name, at=namespace.at, since=namespace.since, limit=namespace.limit
    )
    notes = describe_suggestion(namespace.name, found.suggestion)
    renderers = {"text": lambda: _render_text(found), "json": lambda: _render_json(found)}
    return Answer(0 if found.name else 1, renderers, notes)


def _render_text(found: SymbolHistory) -> Iterator[str]:
    paint = console.make_painter()
    for commit in found.commits:
        day = time.strftime("%Y-%m-%d", time.gmtime(commit.seconds))
        name = paint("bold", commit.commit[:10])
        yield f"{name} {day} {_describe_change(commit)}: {clean_text(commit.subject)}"
    yield from text.format_failures(found.failures)
    count = text.format_count(len(found.commits), "commit")
    shown = f"{count} · {describe_view(found.view, found.tree, found.different)}"
    yield paint("dim", shown)


def _describe_change(commit: CommitOfSymbol) -> str:
    """Say what a commit did, and where the symbol was before a move or a rename."""
    if commit.old_path not in (b"", commit.path):
        return f"{commit.change} from {clean_path(commit.old_path)}"
    is_renamed = commit.old_name not in ("", commit.name)
    return f"{commit.change} from {clean_text(commit.old_name)}" if is_renamed else commit.change


def _render_json(found: SymbolHistory) -> str:
    return data.render_json(
        "symbol-history/1",
        view=found.view,
        tree=found.tree,
        different=found.different,
        symbol=found.name,
        commits=[_encode_commit(commit) for commit in found.commits],
        failures=data.encode_failures(found.failures),
    )


def _encode_commit(commit: CommitOfSymbol) -> dict[str, object]:
    paths = {"path": commit.path, "old_path": commit.old_path}
    return {**commit._asdict(), **{key: data.encode_path(path) for key, path in paths.items()}}
