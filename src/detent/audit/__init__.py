"""The audit of docstrings: the symbols of one file to what is wrong with them.

It depends on nothing but the symbols: all findings are stored with the file's other facts, and
`detent.audit.select` decides later which of them count.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from detent.audit.docstring import PARAMETERS, Doc, documents, parse
from detent.audit.locate import locator
from detent.audit.registry import Rule, Target
from detent.audit.rules import RULES
from detent.model import Docstring, Finding, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detent.audit.entries import Name

__all__ = ["RULES", "Rule", "audit"]

# Names of a first parameter that Python fills in.
_IMPLICIT = frozenset({"self", "cls", "mcs", "mcls", "metacls"})
_STARS = {"args": "*", "kwargs": "**"}

# Rules that ask for more of the same, and the sections that begin it; none for any.
_BEGUN: dict[str, tuple[str, ...]] = {"PR01": PARAMETERS, "RT01": (), "YD01": ()}

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
        # The other half of a class that is documented in one place.
        partner = None
        if symbol.kind == "class":
            partner = inits.get(index)
        elif symbol.name == "__init__" and symbol.kind == "method":
            partner = symbols[symbol.parent]
        if symbol.docstring and symbol.docstring.text:
            findings += _judge(symbols, index, symbol.docstring, partner=partner)
        else:
            findings += _undocumented(index, symbol, partner)
    findings.sort(key=_by_place)
    return findings


def _undocumented(index: int, symbol: Symbol, partner: Symbol | None) -> list[Finding]:
    """Judge a symbol that has no docstring."""
    elsewhere = False
    if partner:
        elsewhere = bool(partner.docstring and partner.docstring.text)
        elsewhere = elsewhere or (symbol.kind == "method" and not _signature(symbol))
    if "GL08" in symbol.ignores:
        return []
    return [
        Finding(index, "GL08", symbol.line, symbol.column, mark.subject, mark.message)
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
