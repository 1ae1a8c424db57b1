"""The audit: the symbols of one file to what is wrong with them.

It depends on nothing but the symbols: all findings are stored with the file's other facts, and
`detent.audit.select` decides later which of them count.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.audit.codes import INHERITED
from detent.audit.docstring import PARAMETERS, Doc, documents, parse
from detent.audit.family import Family, family
from detent.audit.locate import locator
from detent.audit.registry import Check, Mark, Target
from detent.audit.rules import RULES
from detent.audit.rules.ignores import judge_ignores
from detent.model import Finding, Symbol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from detent.audit.entries import Name

# Names of a first parameter that Python fills in.
_IMPLICIT = frozenset({"self", "cls", "mcs", "mcls", "metacls"})
_STARS = {"args": "*", "kwargs": "**"}

# Rules that ask for more of the same, and the sections that begin it; none for any.
_BEGUN: dict[str, tuple[str, ...]] = {"PR01": PARAMETERS, "RT01": (), "YD01": (), "DT301": ()}

_KEYWORD = r"\w+\s*="
_EMPTY = parse("")
_CHECKS = {code: rule.check for code, rule in RULES.items() if rule.check}
_NO_DOCSTRING = _CHECKS.pop("GL08")
_OF_INHERITED = {code: _CHECKS.pop(code) for code in INHERITED}
_READ = frozenset(section for rule in RULES.values() for section in rule.sections)
_by_place = itemgetter(2, 3, 1, 4)


def audit(symbols: Sequence[Symbol], chosen: Collection[int] | None = None) -> list[Finding]:
    """Judge the docstrings of one file by all rules.

    Parameters
    ----------
    symbols : sequence of Symbol
        All symbols of the file in document order; the first is the module.
    chosen : collection of int, optional
        Those to judge; all of them if not given.

    Returns
    -------
    list of Finding
        Sorted by line, column, code and subject.
    """
    findings: list[Finding] = []
    whole = family(symbols)
    pairs = partners(symbols)
    numbers = range(len(symbols)) if chosen is None else sorted(chosen)
    for index in numbers:
        symbol = symbols[index]
        outer = symbols[symbol.parent] if symbol.kind == "method" else None
        partner = symbols[pairs[index]] if index in pairs else None
        if symbol.docstring and symbol.docstring.text:
            at = locator(symbol.docstring)
            findings += [
                Finding(index, code, *at(*mark.place), mark.subject, mark.message, demand)
                for code, mark, demand in marks(target_of(whole, index, partner))
            ]
        else:
            findings += _undocumented(whole, index, partner, outer=outer)
    return sorted(_noticed(symbols, findings, numbers), key=_by_place)


def _noticed(
    symbols: Sequence[Symbol], findings: list[Finding], numbers: Sequence[int]
) -> Iterator[Finding]:
    """Leave out what comments ignore, and judge the comments."""
    for finding in findings:
        if finding.code not in symbols[finding.symbol].ignores:
            yield finding
    found = {(finding.symbol, finding.code) for finding in findings}
    for index in numbers:
        if symbols[index].directives:
            yield from judge_ignores(index, symbols[index], found)


def partners(symbols: Sequence[Symbol]) -> dict[int, int]:
    """Find the other half of what is documented in one place: a class and its ``__init__``.

    Parameters
    ----------
    symbols : sequence of Symbol
        All symbols of the file.

    Returns
    -------
    dict of int to int
        From index to index, for those that have another half.
    """
    found: dict[int, int] = {}
    for index, symbol in enumerate(symbols):
        if symbol.name == "__init__" and symbol.kind == "method":
            found[index] = symbol.parent
            found[symbol.parent] = index
    return found


def _open(symbol: Symbol, outer: Symbol | None) -> str:
    """Say whether a class may have base classes that document what a method of it overrides."""
    bases = outer.bases if outer else ()
    if all(base == "object" or re.match(_KEYWORD, base) for base in bases):
        return ""
    is_override = any(one.rpartition(".")[2] == "override" for one in symbol.decorators)
    return "override" if is_override else "base"


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


def _undocumented(
    whole: Family, index: int, partner: Symbol | None, *, outer: Symbol | None
) -> list[Finding]:
    """Judge a symbol that has no docstring."""
    symbol = whole.symbols[index]
    elsewhere = False
    if partner:
        elsewhere = bool(partner.docstring and partner.docstring.text)
        elsewhere = elsewhere or (symbol.kind == "method" and not _signature(symbol))
    place = (symbol.line, symbol.column)
    return [
        Finding(index, "GL08", *place, mark.subject, mark.message, open=_open(symbol, outer))
        for mark in _NO_DOCSTRING(Target(symbol, _EMPTY, None, {}, elsewhere, None, whole, index))
    ]


def target_of(whole: Family, index: int, partner: Symbol | None) -> Target:
    """Put together what the rules judge.

    Parameters
    ----------
    whole : Family
        All symbols of the file.
    index : int
        Which of them is judged.
    partner : Symbol or None
        Its other half, of `partners`.

    Returns
    -------
    Target
        Its docstring in parts, and the parameters that it is to name.
    """
    symbol = whole.symbols[index]
    doc = parse(symbol.docstring.text) if symbol.docstring else _EMPTY
    named = _named(doc)
    owner = partner if symbol.kind == "class" else symbol
    return Target(
        symbol,
        doc,
        _signature(owner) if owner else None,
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
    whole = family([bare])
    target = Target(bare, doc, _signature(method), _named(doc), False, base, whole, 0)
    return [
        Finding(number, code, method.line, method.column, mark.subject, mark.message)
        for code, check in _OF_INHERITED.items()
        if code not in method.ignores
        for mark in check(target)
    ]
