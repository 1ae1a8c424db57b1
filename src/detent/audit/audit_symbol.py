"""The audit of what has a docstring: the parts of the docstring to what is wrong with them."""

from __future__ import annotations

from functools import lru_cache

from detent import TYPE_CHECKING
from detent.audit.codes import INHERITED
from detent.audit.parse.docstring import (
    PARAMETERS,
    ParsedDocstring,
    has_interface_section,
    parse_docstring,
)
from detent.audit.parse.positions import build_locator
from detent.audit.rule import Check, Mark, Target
from detent.audit.rules import RULES
from detent.audit.symbol_tree import SymbolTree, build_symbol_tree, list_expected_parameters
from detent.core.model import Finding, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Name

# Rules that ask for more of the same, and the sections that begin it; none for any.
_REQUIRED_SECTIONS: dict[str, tuple[str, ...]] = {
    "PR01": PARAMETERS,
    "RT01": (),
    "YD01": (),
    "DT301": (),
}

_EMPTY_DOCSTRING = parse_docstring("")
_CHECKS = {code: rule.check for code, rule in RULES.items() if rule.check}
_INHERITED_CHECKS = {code: _CHECKS.pop(code) for code in INHERITED}
_SECTIONS_READ = frozenset(section for rule in RULES.values() for section in rule.sections)


def audit_symbol(whole: SymbolTree, index: int, partner: Symbol | None) -> list[Finding]:
    """Judge the docstring of a symbol by all rules."""
    docstring = whole.symbols[index].docstring
    assert docstring is not None
    at = build_locator(docstring)
    return [
        Finding(index, code, *at(*mark.place), mark.subject, mark.message, demand)
        for code, mark, demand in run_rules(build_target(whole, index, partner))
    ]


def requires_addition(code: str, docstring: str) -> bool:
    """Say whether a finding asks for what the docstring does not even begin."""
    return code in _REQUIRED_SECTIONS and not has_interface_section(
        docstring, *_REQUIRED_SECTIONS[code]
    )


def build_target(whole: SymbolTree, index: int, partner: Symbol | None) -> Target:
    """Put together what the rules judge."""
    symbol = whole.symbols[index]
    doc = parse_docstring(symbol.docstring.text) if symbol.docstring else _EMPTY_DOCSTRING
    named = _collect_names(doc)
    owner = partner if symbol.kind == "class" else symbol
    return Target(
        symbol,
        doc,
        list_expected_parameters(owner) if owner else None,
        named,
        not named and partner is not None and _has_parameters_section(partner),
        owner,
        whole,
        index,
    )


def run_rules(target: Target) -> Iterator[tuple[str, Mark, bool]]:
    """Judge a docstring by all rules."""
    text = target.symbol.docstring.text if target.symbol.docstring else ""
    for code, check in _select_checks(target.doc.filled_sections & _SECTIONS_READ):
        for mark in check(target):
            yield code, mark, requires_addition(code, text)


@lru_cache(maxsize=256)
def _select_checks(filled: frozenset[str]) -> tuple[tuple[str, Check], ...]:
    """List the rules to run on a docstring that has these sections: many have none."""
    return tuple(
        (code, check)
        for code, check in _CHECKS.items()
        if not (sections := RULES[code].sections) or not filled.isdisjoint(sections)
    )


def _collect_names(doc: ParsedDocstring) -> dict[str, Name]:
    """Collect the parameters that a docstring names, the first mention of each."""
    named: dict[str, Name] = {}
    for entry in doc.parameters:
        for name in entry.names:
            named.setdefault(name.text, name)
    return named


def _has_parameters_section(symbol: Symbol) -> bool:
    """Whether a symbol's docstring has a section for parameters."""
    return symbol.docstring is not None and has_interface_section(
        symbol.docstring.text, *PARAMETERS
    )


def audit_inherited(number: int, method: Symbol, base: Symbol) -> list[Finding]:
    """Judge the docstring that a method inherits."""
    if base.docstring is None:
        return []
    doc = parse_docstring(base.docstring.text)
    bare = method._replace(docstring=None)
    whole = build_symbol_tree([bare])
    target = Target(
        bare, doc, list_expected_parameters(method), _collect_names(doc), False, base, whole, 0
    )
    return [
        Finding(number, code, method.line, method.column, mark.subject, mark.message)
        for code, check in _INHERITED_CHECKS.items()
        if code not in method.ignores
        for mark in check(target)
    ]
