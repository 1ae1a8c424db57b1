"""Bytes of one file to its facts with the findings of all rules."""

from __future__ import annotations

from operator import attrgetter

from detent import TYPE_CHECKING
from detent.audit.audit_file import audit_file
from detent.audit.reuse import count_shifted_lines, is_reusable
from detent.audit.symbol_tree import build_symbol_tree
from detent.languages import get_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import FileFacts, Finding
    from detent.languages.base import Analysis, PreviousVersion

#: The languages that have docstrings for the rules to judge.
_AUDITED = frozenset({"python"})
_POSITION = attrgetter(
    "line", "column", "code", "subject", "message", "requires_addition", "pending_on", "symbol"
)


def analyze_file(raw: bytes, language: str = "python") -> FileFacts:
    """Collect the facts and all findings of one file."""
    return analyze_content(raw, language).facts


def analyze_content(raw: bytes, language: str, previous: PreviousVersion | None = None) -> Analysis:
    """Collect the facts and all findings of one file: after an edit, only what may have changed."""
    analysis = get_language(language).analyze(raw, previous)
    facts = analysis.facts
    findings = list(facts.findings)
    if language in _AUDITED:
        if previous is None or analysis.changed is None:
            findings += audit_file(facts.symbols)
        else:
            findings += _audit_changes(facts, analysis.changed, previous.facts)
    findings.sort(key=_POSITION)
    return analysis._replace(facts=facts._replace(findings=tuple(findings)))


def _audit_changes(
    facts: FileFacts, changed: Mapping[int, int], before: FileFacts
) -> list[Finding]:
    """Audit changed symbols, except those for which all rules give the previous findings."""
    olds, news = build_symbol_tree(before.symbols), build_symbol_tree(facts.symbols)
    reused = {
        old: new
        for new, old in changed.items()
        if old >= 0 and is_reusable(olds, news, old=old, new=new)
    }
    findings = []
    for finding in before.findings:
        if (new := reused.get(finding.symbol)) is not None:
            lines = count_shifted_lines(before.symbols[finding.symbol], facts.symbols[new])
            findings.append(finding._replace(symbol=new, line=finding.line + lines))
    # To load the rules takes longer than to compare symbols.
    if numbers := changed.keys() - reused.values():
        findings += audit_file(facts.symbols, numbers)
    return findings
