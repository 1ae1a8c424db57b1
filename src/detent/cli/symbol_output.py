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


def render_symbols(kind: str, found: SymbolList) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {"text": lambda: _render_text(found), "json": lambda: _render_json(kind, found)}


def describe_suggestion(name: str, suggestion: str) -> list[str]:
    """Say that there is no such symbol, and what may be meant."""
    return [f"no symbol {name!r}: did you mean {suggestion!r}?"] if suggestion else []


def format_symbol(path: bytes, symbol: Symbol, paint: text.Paint) -> str:
    """Write where a symbol is, and what."""
    place = paint("bold", f"{clean_path(path)}:{symbol.line}:{symbol.column}:")
    return f"{place} {symbol.kind} {clean_text(symbol.qualname)}".rstrip()


def _render_text(found: SymbolList) -> list[str]:
    paint = console.make_painter()
    lines = [
        format_symbol(path, symbol, paint) + clean_text(_render_signature(symbol))
        for path, symbol in found.symbols
    ]
    count = text.format_count(len(found.symbols), "symbol")
    stamp = f"{count} · {describe_view(found.view, found.tree, found.different)}"
    return [*lines, *text.format_failures(found.failures), paint("dim", stamp)]


def _render_json(kind: str, found: SymbolList) -> str:
    return data.render_json(
        kind,
        view=found.view,
        tree=found.tree,
        different=found.different,
        symbols=[data.encode_symbol(path, symbol) for path, symbol in found.symbols],
        failures=data.encode_failures(found.failures),
    )


def _render_signature(symbol: Symbol) -> str:
    if symbol.kind in ("module", "class"):
        return f"({', '.join(symbol.bases)})" if symbol.bases else ""
    stars = {"args": "*", "kwargs": "**"}
    params = ", ".join(stars.get(param.kind, "") + param.name for param in symbol.params)
    return f"({params})" + (f" -> {' '.join(symbol.returns.split())}" if symbol.returns else "")
