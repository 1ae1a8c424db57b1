"""Find the symbols that fit a question best, and what is near them, within a number of tokens.

The words are looked for in names, signatures and first sentences of docstrings. What those symbols
call, and what calls them, comes after them. A token is counted as four characters.

Examples
--------
detent ctx 'fit a straight line'
detent ctx 'read a text file' --budget 500 --prefix src --explain
detent ctx 'sparse matrix' --prompt > prompt.md
"""

from __future__ import annotations

from itertools import groupby

from detent import TYPE_CHECKING
from detent.api.context import format_entry
from detent.cli.context import Answer, add_common_arguments, answering, describe_view
from detent.core.escape import clean_path, clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.api import Repository
    from detent.api.context import CodeContext, ContextSymbol

_SHOWN = 5


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    parser.add_argument(
        "--budget", type=int, default=2000, metavar="N", help="tokens at most (default: 2000)"
    )
    parser.add_argument("--prompt", action="store_true", help="as Markdown, by file")
    parser.add_argument("--explain", action="store_true", help="say why each symbol is there")
    parser.add_argument(
        "--prefix",
        action="append",
        default=[],
        metavar="PATH",
        help="only what is in this file or directory; may be repeated",
    )
    parser.add_argument("query", nargs="+", help="words, such as a sentence")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.find_context(
        " ".join(namespace.query), at=namespace.at, budget=namespace.budget, paths=namespace.prefix
    )
    render = _render_prompt if namespace.prompt else _render_text
    renderers = {
        "text": lambda: render(found, explain=namespace.explain),
        "json": lambda: _render_json(found),
    }
    return Answer(0 if found.symbols else 1, renderers)


def _render_text(found: CodeContext, *, explain: bool) -> Iterator[str]:
    paint = console.make_painter()
    for place, item in enumerate(found.symbols):
        why = f"{item.score:.3f} {item.reason}  " if explain else ""
        yield why + clean_text(format_entry(item, place))
    yield from _describe_rest(found)
    yield from text.format_failures(found.failures)
    count = text.format_count(len(found.symbols), "symbol")
    tokens = text.format_count(found.tokens, "token")
    view = describe_view(found.view, found.tree, found.different)
    shown = f"{count} in {tokens} · {view}"
    yield paint("dim", shown)


def _render_prompt(found: CodeContext, *, explain: bool) -> Iterator[str]:
    """Write Markdown: the symbols of each file together, in their order in the file."""
    items = sorted(found.symbols, key=lambda item: (item.path, item.symbol.line))
    for path, group in groupby(items, key=lambda item: item.path):
        yield f"## {clean_path(path)}"
        for item in group:
            params = ", ".join(param.name for param in item.symbol.params)
            head = f"- {item.symbol.line}: `{item.symbol.qualname}({params})` {item.summary}"
            yield clean_text(head + (f" ({item.reason})" if explain else "")).rstrip()
    yield from _describe_rest(found)


def _describe_rest(found: CodeContext) -> Iterator[str]:
    """Name what found no place."""
    if found.left_out:
        names = [item.symbol.qualname for item in found.left_out[:_SHOWN]]
        yield clean_text(f"left out: {', '.join(names)} … (--budget takes more)")


def _render_json(found: CodeContext) -> str:
    return data.render_json(
        "ctx/1",
        view=found.view,
        tree=found.tree,
        different=found.different,
        tokens=found.tokens,
        symbols=[_encode_item(item) for item in found.symbols],
        left_out=[_encode_item(item) for item in found.left_out],
        failures=data.encode_failures(found.failures),
    )


def _encode_item(item: ContextSymbol) -> dict[str, object]:
    return {
        **data.encode_symbol(item.path, item.symbol),
        "summary": item.summary,
        "score": round(item.score, 6),
        "reason": item.reason,
    }
