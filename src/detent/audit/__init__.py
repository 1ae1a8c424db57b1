"""The audit of docstrings: the symbols of one file to what is wrong with them.

It depends on nothing but the symbols: all findings are stored with the file's other facts, and
`detent.audit.select` decides later which of them count.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING

from detent.audit.docstring import PARAMETERS, Doc, documents, parse
from detent.audit.locate import locator
from detent.audit.registry import Rule, Target
from detent.audit.rules import INHERITED, RULES
from detent.model import Docstring, Finding, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detent.audit.entries import Name

__all__ = ["INHERITED", "RULES", "Rule", "audit", "audit_inherited"]

# Names of a first parameter that Python fills in.
_IMPLICIT = frozenset({"self", "cls", "mcs", "mcls", "metacls"})
_STARS = {"args": "*", "kwargs": "**"}

# Rules that ask for more of the same, and the sections that begin it; none for any.
_BEGUN: dict[str, tuple[str, ...]] = {"PR01": PARAMETERS, "RT01": (), "YD01": ()}

_KEYWORD = re.compile(r"\w+\s*=")
_EMPTY = parse("")
_NO_DOCSTRING = RULES["GL08"].check
_CHECKS = [(rule.code, rule.check) for rule in RULES.values() if rule.code != "GL08"]
_by_place = itemgetter(2, 3, 1, 4)


def audit(symbols: Sequence[Symbol]) -> list[Finding]:
    """Judge the docstrings of one file by all rules.

    Parameters
    ----------
    symbols : sequence of Symbol
        All symbols of the file in document order; the first is the module.

    Returns
    -------
    list of Finding
        Sorted by line, column, code and subject.
    """
    inits = {
        symbol.parent: symbol
        for symbol in symbols
        if symbol.name == "__init__" and symbol.kind == "method"
    }
    findings: list[Finding] = []
    for index, symbol in enumerate(symbols):
        outer = symbols[symbol.parent] if symbol.kind == "method" else None
        # The other half of a class that is documented in one place.
        partner = inits.get(index) if symbol.kind == "class" else None
        if symbol.name == "__init__":
            partner = outer
        if symbol.docstring and symbol.docstring.text:
            findings += _judge(symbols, index, symbol.docstring, partner=partner)
        else:
            findings += _undocumented(index, symbol, partner, outer=outer)
    findings.sort(key=_by_place)
    return findings


def _open(symbol: Symbol, outer: Symbol | None) -> str:
    """Say whether a class may have base classes that document what a method of it overrides."""
    bases = outer.bases if outer else ()
    if all(base == "object" or _KEYWORD.match(base) for base in bases):
        return ""
    is_override = any(one.rpartition(".")[2] == "override" for one in symbol.decorators)
    return "override" if is_override else "base"


def _undocumented(
    index: int, symbol: Symbol, partner: Symbol | None, *, outer: Symbol | None
) -> list[Finding]:
    """Judge a symbol that has no docstring."""
    elsewhere = False
    if partner:
        elsewhere = bool(partner.docstring and partner.docstring.text)
        elsewhere = elsewhere or (symbol.kind == "method" and not _signature(symbol))
    if "GL08" in symbol.ignores:
        return []
    place = (symbol.line, symbol.column)
    return [
        Finding(index, "GL08", *place, mark.subject, mark.message, open=_open(symbol, outer))
        for mark in _NO_DOCSTRING(Target(symbol, _EMPTY, None, {}, elsewhere))
    ]


def _judge(
    symbols: Sequence[Symbol], index: int, docstring: Docstring, *, partner: Symbol | None
) -> Iterator[Finding]:
    """Judge a docstring by all rules, and find where in the file the findings stand."""
    symbol = symbols[index]
    doc = parse(docstring.text)
    named = _named(doc)
    owner = partner if symbol.kind == "class" else symbol
    target = Target(
        symbol,
        doc,
        _signature(owner) if owner else None,
        named,
        not named and partner is not None and _names_parameters(partner),
        owner,
        symbols,
        index,
    )
    at = locator(docstring)
    for code, check in _CHECKS:
        for mark in check(target):
            if code not in symbol.ignores:
                demand = code in _BEGUN and not documents(docstring.text, *_BEGUN[code])
                yield Finding(index, code, *at(*mark.place), mark.subject, mark.message, demand)


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


def _signature(symbol: Symbol) -> tuple[str, ...]:
    """List the parameters that a docstring is to name, without those that Python fills in."""
    params = symbol.params
    if not params:
        return ()
    names = [_STARS.get(param.kind, "") + param.name for param in params]
    if symbol.kind == "method" and _is_implicit(names[0], symbol):
        del names[0]
    return tuple(names)


def _is_implicit(name: str, symbol: Symbol) -> bool:
    """Whether Python fills in the first parameter of a method."""
    if name in _IMPLICIT:
        return True
    return symbol.name == "__new__" or "classmethod" in symbol.decorators


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
    target = Target(bare, doc, _signature(method), _named(doc), False, base)
    return [
        Finding(number, code, method.line, method.column, mark.subject, mark.message)
        for code in INHERITED
        if code not in method.ignores
        for mark in RULES[code].check(target)
    ]
