"""The audit: the symbols of one file to their findings.

Findings depend only on the symbols. All of them are stored with the file's other facts, and
`detent.audit.selection.select` decides later which of them count.
"""

from __future__ import annotations

import re
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.audit.symbol_tree import (
    build_symbol_tree,
    find_partners,
    list_expected_parameters,
    needs_documentation,
)
from detent.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from detent.core.model import Symbol

_KEYWORD = r"\w+\s*="
# No real class has more; each is looked at for each method.
_MOST_BASES = 100
_get_place = attrgetter("line", "column", "code", "subject")


def audit_file(symbols: Sequence[Symbol], chosen: Collection[int] | None = None) -> list[Finding]:
    """Check the docstrings of a file, or of the chosen symbols, by all rules."""
    findings: list[Finding] = []
    pairs = find_partners(symbols)
    numbers = range(len(symbols)) if chosen is None else sorted(chosen)
    documented = []
    names: frozenset[str] = frozenset()
    for index in numbers:
        if _has_docstring(symbols[index]):
            documented.append(index)
        else:
            if "stub" in symbols[index].flags:
                names = names or _list_documented_names(symbols)
            findings += _audit_undocumented(symbols, index, pairs.get(index), documented=names)
    if documented:
        from detent.audit.audit_symbol import audit_symbol

        tree = build_symbol_tree(symbols)
        for index in documented:
            partner = symbols[pairs[index]] if index in pairs else None
            findings += audit_symbol(tree, index, partner)
    return sorted(_apply_suppressions(symbols, findings, numbers), key=_get_place)


def _apply_suppressions(
    symbols: Sequence[Symbol], findings: list[Finding], numbers: Sequence[int]
) -> Iterator[Finding]:
    """Leave out the findings that comments ignore, and check the comments."""
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
    symbols: Sequence[Symbol], index: int, other: int | None, *, documented: Collection[str]
) -> Iterator[Finding]:
    """Report a missing docstring, unless the other half, class or ``__init__``, has one."""
    symbol = symbols[index]
    if "empty" in symbol.flags:
        return
    if other is not None and (_has_docstring(symbols[other]) or _is_plain_init(symbol)):
        return
    outer = symbols[symbol.parent] if symbol.kind == "method" else None
    message = "No docstring"
    if "computed-docstring" in symbol.flags:
        message = "No docstring: to Python, an f-string, bytes or an expression is none"
    yield Finding(
        index,
        "GL08",
        symbol.line,
        symbol.column,
        "",
        message,
        pending_on=_derive_pending_on(symbol, outer),
        # A stub only declares what another definition of the same name documents.
        numpydoc_only="stub" in symbol.flags and symbol.qualname in documented,
    )


def _is_plain_init(symbol: Symbol) -> bool:
    """Tell whether an ``__init__`` has no parameters to document."""
    return symbol.kind == "method" and not any(
        needs_documentation(symbol, name) for name in list_expected_parameters(symbol)
    )


def _list_documented_names(symbols: Sequence[Symbol]) -> frozenset[str]:
    """List the qualified names that have a docstring; the module's is always in it."""
    return frozenset(["", *(symbol.qualname for symbol in symbols if _has_docstring(symbol))])


def _derive_pending_on(symbol: Symbol, outer: Symbol | None) -> str:
    """Tell whether a base class may document a method: see `Finding.pending_on`."""
    bases = outer.bases[:_MOST_BASES] if outer else ()
    if all(base == "object" or re.match(_KEYWORD, base) for base in bases):
        return ""
    is_override = any(name.rpartition(".")[2] == "override" for name in symbol.decorators)
    return "override" if is_override else "base"
