"""The audit of what has a docstring: the parts of the docstring to what is wrong with them."""

from __future__ import annotations

from functools import lru_cache

from detent import TYPE_CHECKING
from detent.audit.codes import INHERITED
from detent.audit.parse.docstring import PARAMETERS, Doc, documents, parse
from detent.audit.parse.positions import locator
from detent.audit.rule import Check, Mark, Target
from detent.audit.rules import RULES
from detent.audit.symbol_tree import Family, family, signature
from detent.core.model import Finding, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Name

# Rules that ask for more of the same, and the sections that begin it; none for any.
_BEGUN: dict[str, tuple[str, ...]] = {"PR01": PARAMETERS, "RT01": (), "YD01": (), "DT301": ()}

_NOTHING = parse("")
_CHECKS = {code: rule.check for code, rule in RULES.items() if rule.check}
_OF_INHERITED = {code: _CHECKS.pop(code) for code in INHERITED}
_READ = frozenset(section for rule in RULES.values() for section in rule.sections)


def judged(whole: Family, index: int, partner: Symbol | None) -> list[Finding]:
    """Judge the docstring of a symbol by all rules.

    Parameters
    ----------
    whole : Family
        All symbols of the file.
    index : int
        Which of them is judged; it has a docstring.
    partner : Symbol or None
        Its other half, of `detent.audit.symbol_tree.partners`.

    Returns
    -------
    list of Finding
        By rule.
    """
    docstring = whole.symbols[index].docstring
    assert docstring is not None
    at = locator(docstring)
    return [
        Finding(index, code, *at(*mark.place), mark.subject, mark.message, demand)
        for code, mark, demand in marks(target_of(whole, index, partner))
    ]


def demands(code: str, docstring: str) -> bool:
    """Say whether a finding asks for what the docstring does not even begin.

    Parameters
    ----------
    code : str
        Its code.
    docstring : str
        The text.

    Returns
    -------
    bool
        As in `Finding.demand`.
    """
    return code in _BEGUN and not documents(docstring, *_BEGUN[code])


def target_of(whole: Family, index: int, partner: Symbol | None) -> Target:
    """Put together what the rules judge.

    Parameters
    ----------
    whole : Family
        All symbols of the file.
    index : int
        Which of them is judged.
    partner : Symbol or None
        Its other half, of `detent.audit.symbol_tree.partners`.

    Returns
    -------
    Target
        Its docstring in parts, and the parameters that it is to name.
    """
    symbol = whole.symbols[index]
    doc = parse(symbol.docstring.text) if symbol.docstring else _NOTHING
    named = _named(doc)
    owner = partner if symbol.kind == "class" else symbol
    return Target(
        symbol,
        doc,
        signature(owner) if owner else None,
        named,
        not named and partner is not None and _names_parameters(partner),
        owner,
        whole,
        index,
    )


def marks(target: Target) -> Iterator[tuple[str, Mark, bool]]:
    """Judge a docstring by all rules.

    Parameters
    ----------
    target : Target
        The docstring and what it documents.

    Yields
    ------
    (str, Mark, bool)
        Code, what was found, and whether it asks for what is not even begun.
    """
    text = target.symbol.docstring.text if target.symbol.docstring else ""
    for code, check in _checks(target.doc.filled & _READ):
        for mark in check(target):
            yield code, mark, demands(code, text)


@lru_cache(maxsize=256)
def _checks(filled: frozenset[str]) -> tuple[tuple[str, Check], ...]:
    """List the rules to run on a docstring that has these sections: many have none."""
    return tuple(
        (code, check)
        for code, check in _CHECKS.items()
        if not (sections := RULES[code].sections) or not filled.isdisjoint(sections)
    )


def _named(doc: Doc) -> dict[str, Name]:
    """Collect the parameters that a docstring names, the first mention of each."""
    named: dict[str, Name] = {}
    for entry in doc.parameters:
        for name in entry.names:
            named.setdefault(name.text, name)
    return named


def _names_parameters(symbol: Symbol) -> bool:
    """Whether a symbol's docstring has a section for parameters."""
    return symbol.docstring is not None and documents(symbol.docstring.text, *PARAMETERS)


def audit_inherited(number: int, method: Symbol, base: Symbol) -> list[Finding]:
    """Judge the docstring that a method inherits.

    Parameters
    ----------
    number : int
        Index of the method in its file.
    method : Symbol
        The method; it has no docstring.
    base : Symbol
        The method that it overrides, with the docstring.

    Returns
    -------
    list of Finding
        At the definition of the method, by code.
    """
    if base.docstring is None:
        return []
    doc = parse(base.docstring.text)
    bare = method._replace(docstring=None)
    whole = family([bare])
    target = Target(bare, doc, signature(method), _named(doc), False, base, whole, 0)
    return [
        Finding(number, code, method.line, method.column, mark.subject, mark.message)
        for code, check in _OF_INHERITED.items()
        if code not in method.ignores
        for mark in check(target)
    ]
