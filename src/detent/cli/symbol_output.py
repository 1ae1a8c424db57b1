"""Symbols as text or JSON, with the view that they are from."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import describe_view
from detent.core.escape import clean_path, clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.api.symbols import SymbolList
    from detent.cli.context import Renderer
    from detent.core.model import Symbol


def render_symbols(
    kind: str, found: SymbolList, *, is_tree: bool = False
) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    list_lines = _list_tree if is_tree else _list_places
    return {
        "text": lambda: _render_text(found, list_lines(found)),
        "json": lambda: _render_json(kind, found),
    }


def describe_suggestion(name: str, suggestion: str) -> list[str]:
    """Say that there is no such symbol, and what may be meant."""
    return [f"no symbol {name!r}: did you mean {suggestion!r}?"] if suggestion else []


def format_symbol(path: bytes, symbol: Symbol, paint: text.Paint) -> str:
    """Write where a symbol is, and what."""
    place = paint("bold", f"{clean_path(path)}:{symbol.line}:{symbol.column}:")
    return f"{place} {symbol.kind} {clean_text(symbol.qualname)}".rstrip()


def _list_places(found: SymbolList) -> list[str]:
    paint = console.make_painter()
    return [
        format_symbol(path, symbol, paint)
        + clean_text(_render_signature(symbol))
        + _format_counts(found, path, symbol)
        for path, symbol in found.symbols
    ]


def _list_tree(found: SymbolList) -> list[str]:
    """List each file with its symbols, those in others further to the right."""
    paint = console.make_painter()
    lines: list[str] = []
    latest = None
    for path, symbol in found.symbols:
        if path != latest:
            lines.append(paint("bold", clean_path(path)))
            latest = path
        indent = "  " * (1 + symbol.qualname.count("."))
        head = f"{indent}{symbol.line}: {symbol.kind} {symbol.name}{_render_signature(symbol)}"
        lines.append(clean_text(head) + _format_counts(found, path, symbol))
    return lines


def _format_counts(found: SymbolList, path: bytes, symbol: Symbol) -> str:
    counts = (found.counts or {}).get((path, symbol.qualname))
    return f" [{counts[0]} in, {counts[1]} out]" if counts else ""


def _render_text(found: SymbolList, lines: list[str]) -> list[str]:
    paint = console.make_painter()
    count = text.format_count(len(found.symbols), "symbol")
    stamp = f"{count} · {describe_view(found.view, found.tree, found.different)}"
    return [*lines, *text.format_failures(found.failures), paint("dim", stamp)]


def _render_json(kind: str, found: SymbolList) -> str:
    return data.render_json(
        kind,
        view=found.view,
        tree=found.tree,
        different=found.different,
        symbols=[
            {**data.encode_symbol(path, symbol), **_encode_counts(found, path, symbol)}
            for path, symbol in found.symbols
        ],
        failures=data.encode_failures(found.failures),
    )


def _encode_counts(found: SymbolList, path: bytes, symbol: Symbol) -> dict[str, int]:
    counts = (found.counts or {}).get((path, symbol.qualname))
    return {"incoming": counts[0], "outgoing": counts[1]} if counts else {}


def _render_signature(symbol: Symbol) -> str:
    if symbol.kind in ("module", "class"):
        return f"({', '.join(symbol.bases)})" if symbol.bases else ""
    stars = {"args": "*", "kwargs": "**"}
    params = ", ".join(stars.get(param.kind, "") + param.name for param in symbol.params)
    return f"({params})" + (f" -> {' '.join(symbol.returns.split())}" if symbol.returns else "")
