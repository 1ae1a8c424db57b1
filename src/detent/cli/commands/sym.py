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
from detent.cli.context import add_common, open_index, shown_view
from detent.core.escape import clean, clean_path
from detent.index import views
from detent.index.snapshot import snapshot
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.core.model import Symbol
    from detent.index.snapshot import Snapshot


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent sym``.
    """
    add_common(parser, at=views.WORKTREE)
    parser.add_argument("name", help="such as fit, Model.fit or *_fit")


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: 0 where something was found, else 1.
    """
    repo, index = open_index(namespace)
    now = snapshot(repo, index, namespace.at)
    found = sorted(_found(now, namespace.name), key=lambda one: (one[0], one[1].line))
    console.write(answer("sym/1", now, found, form=namespace.format))
    index.close()
    return 0 if found else 1


def answer(kind: str, now: Snapshot, found: list[tuple[bytes, Symbol]], *, form: str) -> str:
    """Write symbols, and how fresh the answer is.

    Parameters
    ----------
    kind : str
        The command, with the version of its schema.
    now : Snapshot
        What was asked.
    found : list of (bytes, Symbol)
        Paths and symbols in the order to be shown.
    form : str
        ``text`` or ``json``.

    Returns
    -------
    str
        All of it.
    """
    if form == "json":
        return data.document(
            kind,
            view=now.view,
            tree=now.tree,
            different=now.different,
            symbols=[data.symbol_value(path, symbol) for path, symbol in found],
            failures=data.failures_value(now.failures),
        )
    paint = console.painter()
    lines = [
        f"{paint('bold', f'{clean_path(path)}:{symbol.line}:{symbol.column}:')} "
        f"{symbol.kind} {clean(symbol.qualname)}{clean(_signature(symbol))}"
        for path, symbol in found
    ]
    verb = "differs" if now.different == 1 else "differ"
    fresh = f", {text.plural(now.different, 'file')} {verb} from it" if now.different else ""
    stamp = f"{text.plural(len(found), 'symbol')} · {shown_view(now.view, now.tree)}{fresh}"
    return "\n".join([*lines, *text.failure_lines(now.failures), paint("dim", stamp)])


def _found(now: Snapshot, name: str) -> Iterator[tuple[bytes, Symbol]]:
    last = name.rpartition(".")[2]
    return ((path, symbol) for path, symbol in now.named(last) if _fits(symbol, name))


def _fits(symbol: Symbol, name: str) -> bool:
    return bool(symbol.name) and fnmatchcase(f".{symbol.qualname}", f"*.{name}")


def _signature(symbol: Symbol) -> str:
    if symbol.kind in ("module", "class"):
        return f"({', '.join(symbol.bases)})" if symbol.bases else ""
    stars = {"args": "*", "kwargs": "**"}
    params = ", ".join(stars.get(param.kind, "") + param.name for param in symbol.params)
    return f"({params})" + (f" -> {' '.join(symbol.returns.split())}" if symbol.returns else "")
