"""A language of a few lines: what another language needs, and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.core.model import FileFacts, Symbol
from detent.languages.base import Analysis, ParseStats
from detent.languages.decoding import decode_text
from detent.languages.treesitter import Parser, Query, QueryCursor, load_grammar

if TYPE_CHECKING:
    from detent.languages.base import PreviousVersion

_GRAMMAR = load_grammar("tree-sitter-python")
_QUERY = Query(_GRAMMAR, "(function_definition name: (identifier) @name)")


def analyze(raw: bytes, previous: PreviousVersion | None = None) -> Analysis:
    """Take every function for a symbol of the file."""
    text = decode_text(raw)
    root = Parser(_GRAMMAR).parse(text.data).root_node
    names = sorted(QueryCursor(_QUERY).captures(root).get("name", []), key=lambda x: x.start_byte)
    lines = text.data.count(b"\n")
    symbols = [_make_symbol("module", "", -1, line=1, end_line=max(1, lines))]
    for node in names:
        name = text.data[node.start_byte : node.end_byte].decode("utf-8", "replace")
        line, end_line = node.start_point[0] + 1, node.end_point[0] + 1
        symbols.append(_make_symbol("function", f"trial_{name}", 0, line=line, end_line=end_line))
    facts = FileFacts(tuple(symbols), findings=text.problems, size=len(raw), lines=lines)
    return Analysis(facts, ParseStats(1, root.descendant_count, int(root.has_error)))


def _make_symbol(kind: str, name: str, parent: int, *, line: int, end_line: int) -> Symbol:
    return Symbol(parent, kind, name, name, "public", line, 1, end_line)
