"""The audit: the symbols of one file to what is wrong with them.

It depends on nothing but the symbols: all findings are stored with the file's other facts, and
`detent.audit.selection.select` decides later which of them count.
"""

from __future__ import annotations

import re
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.audit.symbol_tree import build_symbol_tree, find_partners, list_expected_parameters
from detent.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from detent.core.model import Symbol

_KEYWORD = r"\w+\s*="
_by_place = itemgetter(2, 3, 1, 4)


def audit_file(symbols: Sequence[Symbol], chosen: Collection[int] | None = None) -> list[Finding]:
    """Judge the docstrings of one file by all rules."""
    findings: list[Finding] = []
    pairs = find_partners(symbols)
    numbers = range(len(symbols)) if chosen is None else sorted(chosen)
    documented = []
    for index in numbers:
        if _has_docstring(symbols[index]):
            documented.append(index)
        else:
            findings += _audit_undocumented(symbols, index, pairs.get(index))
    if documented:
        from detent.audit.audit_symbol import audit_symbol

        whole = build_symbol_tree(symbols)
        for index in documented:
            findings += audit_symbol(
                whole, index, symbols[pairs[index]] if index in pairs else None
            )
    return sorted(_apply_suppressions(symbols, findings, numbers), key=_by_place)


def _apply_suppressions(
    symbols: Sequence[Symbol], findings: list[Finding], numbers: Sequence[int]
) -> Iterator[Finding]:
    """Leave out what comments ignore, and judge the comments."""
    for finding in findings:
        if finding.code not in symbols[finding.symbol].ignores:
            yield finding
    found = {(finding.symbol, finding.code) for finding in findings}
    directed = [index for index in numbers if symbols[index].directives]
    if directed:
        from detent.audit.rules.ignores import check_suppressions

        for index in directed:
            yield from check_suppressions(index, symbols[index], found)


def _has_docstring(symbol: Symbol) -> bool:
    return symbol.docstring is not None and bool(symbol.docstring.text)


def _audit_undocumented(
    symbols: Sequence[Symbol], index: int, other: int | None
) -> Iterator[Finding]:
    """Judge a symbol without a docstring; of a class and its ``__init__``, one has it for both."""
    symbol = symbols[index]
    if "empty" in symbol.flags:
        return
    if other is not None and _has_docstring(symbols[other]):
        return
    if other is not None and symbol.kind == "method" and not list_expected_parameters(symbol):
        return
    outer = symbols[symbol.parent] if symbol.kind == "method" else None
    place = (symbol.line, symbol.column)
    yield Finding(
        index, "GL08", *place, "", "No docstring", pending_on=_derive_pending_on(symbol, outer)
    )


def _derive_pending_on(symbol: Symbol, outer: Symbol | None) -> str:
    """Say whether a class may have base classes that document what a method of it overrides."""
    bases = outer.bases if outer else ()
    if all(base == "object" or re.match(_KEYWORD, base) for base in bases):
        return ""
    is_override = any(one.rpartition(".")[2] == "override" for one in symbol.decorators)
    return "override" if is_override else "base"
