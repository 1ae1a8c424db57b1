"""Cython: its definitions, signatures and docstrings, read by the Python grammar.

There is no official grammar of Cython as a wheel. The source is rewritten to Python of the same
length first, so findings have their places. Functions of C (``cdef``) are private.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.languages.cython.rewrite import rewrite_source
from detent.languages.python import analyze_text, decoding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import FileFacts, Symbol
    from detent.languages.base import Analysis, PreviousVersion


def analyze(raw: bytes, _: PreviousVersion | None = None) -> Analysis:
    """Collect the facts of one file."""
    text = decoding.decode_source(raw)
    source = rewrite_source(text.data)
    analysis = analyze_text(text._replace(data=source.data), len(raw))
    return analysis._replace(facts=_mark_definitions(analysis.facts, source.definitions))


def _mark_definitions(facts: FileFacts, decorators: Mapping[int, str]) -> FileFacts:
    """Note which definitions are C's; drop syntax errors, which only Python's grammar has."""
    return facts._replace(
        symbols=tuple(_mark_symbol(symbol, decorators) for symbol in facts.symbols),
        findings=tuple(finding for finding in facts.findings if finding.code != "DT902"),
    )


def _mark_symbol(symbol: Symbol, decorators: Mapping[int, str]) -> Symbol:
    decorator = decorators.get(symbol.line) if symbol.name else None
    if decorator is None:
        return symbol
    is_private = decorator == "cython.cfunc" and symbol.visibility != "nested"
    return symbol._replace(
        decorators=(*symbol.decorators, decorator),
        visibility="private" if is_private else symbol.visibility,
    )
