"""The audit of one symbol that has a docstring."""

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
from detent.audit.symbol_tree import (
    SymbolTree,
    build_symbol_tree,
    find_constructor,
    list_expected_parameters,
)
from detent.audit.verdicts import is_numpydocs_only
from detent.core.model import Finding, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Name

# Rules that ask for more text, and the sections that it belongs to; empty for any section.
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


def audit_symbol(tree: SymbolTree, index: int, partner: Symbol | None) -> list[Finding]:
    """Check the docstring of a symbol by all rules."""
    docstring = tree.symbols[index].docstring
    assert docstring is not None
    locate = build_locator(docstring)
    return [
        make_finding(index, code, mark, place=locate(*mark.place), adds=adds)
        for code, mark, adds in run_rules(build_target(tree, index, partner))
    ]


def make_finding(
    index: int, code: str, mark: Mark, *, place: tuple[int, int], adds: bool
) -> Finding:
    """Make the finding of a mark."""
    strict = mark.numpydoc_only
    return Finding(index, code, *place, mark.subject, mark.message, adds, numpydoc_only=strict)


def requires_addition(code: str, docstring: str) -> bool:
    """Tell whether a finding asks for a part that the docstring does not even begin."""
    return code in _REQUIRED_SECTIONS and not has_interface_section(
        docstring, *_REQUIRED_SECTIONS[code]
    )


def build_target(tree: SymbolTree, index: int, partner: Symbol | None) -> Target:
    """Build the target of the rules."""
    symbol = tree.symbols[index]
    doc = parse_docstring(symbol.docstring.text) if symbol.docstring else _EMPTY_DOCSTRING
    names = _collect_names(doc)
    owner: Symbol | None = symbol
    if symbol.kind == "class":
        owner = partner or find_constructor(tree, index)
    return Target(
        symbol,
        doc,
        list_expected_parameters(owner) if owner else None,
        names,
        not names and partner is not None and _has_parameters_section(partner),
        owner,
        tree,
        index,
    )


def run_rules(target: Target) -> Iterator[tuple[str, Mark, bool]]:
    """Yield code and mark of each finding, and whether it asks for a part that is not begun."""
    text = target.symbol.docstring.text if target.symbol.docstring else ""
    for code, check in _select_checks(target.doc.filled_sections & _SECTIONS_READ):
        for mark in check(target):
            is_strict = mark.numpydoc_only or is_numpydocs_only(target, code, mark)
            yield code, mark._replace(numpydoc_only=is_strict), requires_addition(code, text)


@lru_cache(maxsize=256)
def _select_checks(filled: frozenset[str]) -> tuple[tuple[str, Check], ...]:
    """List the rules to run on a docstring with these sections."""
    return tuple(
        (code, check)
        for code, check in _CHECKS.items()
        if not (sections := RULES[code].sections) or not filled.isdisjoint(sections)
    )


def _collect_names(doc: ParsedDocstring) -> dict[str, Name]:
    """Collect the parameters that a docstring names, the first mention of each."""
    names: dict[str, Name] = {}
    for entry in doc.parameters:
        for name in entry.names:
            names.setdefault(name.text, name)
    return names


def _has_parameters_section(symbol: Symbol) -> bool:
    """Tell whether a symbol's docstring has a section for parameters."""
    return symbol.docstring is not None and has_interface_section(
        symbol.docstring.text, *PARAMETERS
    )


def audit_inherited(number: int, method: Symbol, base: Symbol) -> list[Finding]:
    """Check the docstring that a method inherits."""
    if base.docstring is None:
        return []
    doc = parse_docstring(base.docstring.text)
    bare = method._replace(docstring=None)
    tree = build_symbol_tree([bare])
    target = Target(
        bare, doc, list_expected_parameters(method), _collect_names(doc), False, base, tree, 0
    )
    return [
        Finding(number, code, method.line, method.column, mark.subject, mark.message)
        for code, check in _INHERITED_CHECKS.items()
        if code not in method.ignores
        for mark in check(target)
        if not is_numpydocs_only(target, code, mark)
    ]
