"""Find symbols by name: a whole name, a dotted end of one, or a pattern of * and ?.

Examples
--------
detent sym fit                    # everything of that name
detent sym Model.fit              # that method of any Model
detent sym '*_fit' --at v1.0 --format json
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.cli.context import add_common_arguments, describe_view, open_index
from detent.core.escape import clean_path, clean_text
from detent.index import views
from detent.index.snapshot import take_snapshot
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.core.model import Symbol
    from detent.index.snapshot import Snapshot


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.WORKTREE)
    parser.add_argument("name", help="such as fit, Model.fit or *_fit")


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo, index = open_index(namespace)
    now = take_snapshot(repo, index, namespace.at)
    found = sorted(_find_symbols(now, namespace.name), key=lambda one: (one[0], one[1].line))
    console.write_line(render_symbols("sym/1", now, found, form=namespace.format))
    index.close()
    return 0 if found else 1


def render_symbols(
    kind: str, now: Snapshot, found: list[tuple[bytes, Symbol]], *, form: str
) -> str:
    """Write symbols, and how fresh the answer is."""
    if form == "json":
        return data.render_json(
            kind,
            view=now.view,
            tree=now.tree,
            different=now.different,
            symbols=[data.encode_symbol(path, symbol) for path, symbol in found],
            failures=data.encode_failures(now.failures),
        )
    paint = console.make_painter()
    lines = [
        f"{paint('bold', f'{clean_path(path)}:{symbol.line}:{symbol.column}:')} "
        f"{symbol.kind} {clean_text(symbol.qualname)}{clean_text(_render_signature(symbol))}"
        for path, symbol in found
    ]
    verb = "differs" if now.different == 1 else "differ"
    fresh = f", {text.format_count(now.different, 'file')} {verb} from it" if now.different else ""
    stamp = (
        f"{text.format_count(len(found), 'symbol')} · {describe_view(now.view, now.tree)}{fresh}"
    )
    return "\n".join([*lines, *text.format_failures(now.failures), paint("dim", stamp)])


def _find_symbols(now: Snapshot, name: str) -> Iterator[tuple[bytes, Symbol]]:
    last = name.rpartition(".")[2]
    return ((path, symbol) for path, symbol in now.find_symbols(last) if _is_match(symbol, name))


def _is_match(symbol: Symbol, name: str) -> bool:
    return bool(symbol.name) and fnmatchcase(f".{symbol.qualname}", f"*.{name}")


def _render_signature(symbol: Symbol) -> str:
    if symbol.kind in ("module", "class"):
        return f"({', '.join(symbol.bases)})" if symbol.bases else ""
    stars = {"args": "*", "kwargs": "**"}
    params = ", ".join(stars.get(param.kind, "") + param.name for param in symbol.params)
    return f"({params})" + (f" -> {' '.join(symbol.returns.split())}" if symbol.returns else "")
