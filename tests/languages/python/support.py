"""Source text to facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.languages import get_language

if TYPE_CHECKING:
    from detent.core.model import FileFacts, Symbol


def extract_facts(raw: bytes) -> FileFacts:
    """Give the facts of Python source, without the findings of rules."""
    return get_language("python").analyze(raw).facts


def facts(source: str | bytes) -> FileFacts:
    return extract_facts(
        source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    )


def symbols(source: str | bytes) -> dict[str, Symbol]:
    """Give the symbols by qualified name; the last of a name wins."""
    return {symbol.qualname: symbol for symbol in facts(source).symbols}


def first(source: str | bytes) -> Symbol:
    """Give the first definition."""
    return facts(source).symbols[1]
