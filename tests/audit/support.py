"""Source text to symbols and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.audit.audit_file import audit_file
from detent.audit.codes import DEFAULT_SELECT
from languages.python.support import extract_facts

if TYPE_CHECKING:
    from detent.core.model import Finding, Symbol


def symbols(source: str) -> tuple[Symbol, ...]:
    return extract_facts(source.encode("utf-8", "surrogatepass")).symbols


def findings(source: str, *codes: str) -> list[Finding]:
    found = audit_file(symbols(source))
    return [finding for finding in found if not codes or finding.code in codes]


def own(source: str, *codes: str) -> list[str]:
    """List the codes that count with detent's default settings, or some codes in any preset."""
    found = findings(source, *(codes or DEFAULT_SELECT))
    return [finding.code for finding in found if not finding.numpydoc_only]


def both(source: str, *codes: str) -> tuple[list[str], list[str]]:
    """List the codes that count in detent's own presets, and with numpydoc's settings."""
    return own(source, *codes), [finding.code for finding in findings(source, *codes)]


def places(source: str, code: str) -> list[tuple[int, int, str]]:
    return [(f.line, f.column, f.subject) for f in findings(source, code)]


def codes(source: str) -> set[tuple[str, str]]:
    listed = symbols(source)
    return {(listed[f.symbol].qualname, f.code) for f in audit_file(listed)}


def function(docstring: str, signature: str = "", body: str = "") -> str:
    """Write a function with this docstring, indented by four where it has several lines."""
    text = docstring.replace("\n", "\n    ").replace("\n    \n", "\n\n")
    return f'def f({signature}):\n    """{text}"""\n    {body}\n'
