"""Fixes of one docstring: tried one code after the other, and kept if they improve it."""

from __future__ import annotations

from collections import Counter

from detent import TYPE_CHECKING
from detent.audit.audit_symbol import build_target, make_finding, run_rules
from detent.audit.fix import FIXES, STUBS
from detent.audit.fix.edits import edit_docstring, order_edits
from detent.audit.fix.fixer import FixCase
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from detent.audit.rule import Mark, Target
    from detent.audit.symbol_tree import SymbolTree
    from detent.core.model import Docstring, Finding, FindingRow, Param, Symbol

# Limits for one code in one docstring: findings, attempts, and characters read in all attempts.
_MAX_FINDINGS = 500
_MAX_ATTEMPTS = 100
_MAX_CHARACTERS = 10_000_000

FindingKey = tuple[str, str, str]


class FixContext(NamedTuple):
    """The surroundings of a docstring, which no fix changes."""

    tree: SymbolTree
    number: int  # the symbol with the docstring
    partner: Symbol | None  # its other half: see `detent.audit.symbol_tree.find_partners`
    names: frozenset[str]  # names that the file defines or imports, and that the symbol uses
    margin: str  # white space before the line on which the docstring begins
    counts: Callable[[Finding, Symbol], bool]  # whether a finding on a symbol counts
    skipped: frozenset[FindingKey]  # findings that are not to be fixed
    stubs: bool  # whether undocumented parameters get an entry


class DocstringState(NamedTuple):
    """A docstring with its findings."""

    docstring: Docstring
    target: Target
    findings: list[tuple[str, Mark]]

    @property
    def keys(self) -> Counter[FindingKey]:
        """The findings, wherever they are, and how often each occurs."""
        return Counter(make_finding_key(code, mark) for code, mark in self.findings)


def fix_docstring(context: FixContext, docstring: Docstring) -> DocstringState:
    """Fix what can be fixed in one docstring."""
    state, before = _check_docstring(context, docstring), None
    while before is not state:
        before = state
        for code in FIXES:
            if code not in STUBS or context.stubs:
                state = _fix_code(context, state, code)
    return state


def make_finding_key(code: str, finding: Mark | Finding | FindingRow) -> FindingKey:
    """Make a key that does not depend on the place of a finding."""
    return code, finding.subject, finding.message


def is_revealed_by_fix(code: str, key: FindingKey) -> bool:
    """Tell whether a fix of a code can reveal a finding that it had hidden."""
    if code == "GL06":
        return key[0][:2] in {"PR", "RT", "SA", "DT"} or (key[0] == "GL07" and "before" in key[2])
    return key[0] in _REVEALED_CODES.get(code, ())


_REVEALED_CODES = {"PR10": {"PR06"}, "PR01": {"PR03", "PR04", "PR07"}}


def _check_docstring(context: FixContext, docstring: Docstring) -> DocstringState:
    symbols = [*context.tree.symbols]
    symbol = symbols[context.number] = symbols[context.number]._replace(docstring=docstring)
    target = build_target(context.tree._replace(symbols=symbols), context.number, context.partner)
    found = []
    for code, mark, adds in run_rules(target):
        finding = make_finding(context.number, code, mark, place=(1, 1), adds=adds)
        if code not in symbol.ignores and context.counts(finding, symbol):
            found.append((code, mark))
    return DocstringState(docstring, target, found)


def _fix_code(context: FixContext, state: DocstringState, code: str) -> DocstringState:
    """Fix the findings of one code: all at once, or as many as possible."""
    pending = [_list_fixable(context, state, code)]
    if len(pending[0]) > _MAX_FINDINGS:
        return state
    start, attempts = state, 0
    most = min(_MAX_ATTEMPTS, 1 + _MAX_CHARACTERS // max(1, len(state.docstring.text)))
    while pending:
        some = pending.pop()
        if not some:
            continue
        after = _try_fixes(context, state, code, marks=some)
        attempts += 1
        if after is not None:
            state = after
        elif attempts > most:
            return start
        elif len(some) > 1:
            # The later half first: changes there do not move the places of the earlier half.
            middle = len(some) // 2
            pending += [some[:middle], some[middle:]]
    return state


def _list_fixable(context: FixContext, state: DocstringState, code: str) -> list[Mark]:
    """List the marks of one code that are to be fixed: none that only numpydoc makes."""
    return [
        mark
        for found, mark in state.findings
        if found == code
        and not mark.numpydoc_only
        and make_finding_key(code, mark) not in context.skipped
    ]


def _try_fixes(
    context: FixContext, state: DocstringState, code: str, *, marks: list[Mark]
) -> DocstringState | None:
    """Fix some findings of a code; None if that does not improve the docstring."""
    edits, fixed = [], 0
    params = _map_params(state.target)
    subjects = tuple(mark.subject for mark in marks)
    margin = _find_margin(context, state)
    for mark in marks:
        case = FixCase(state.target, mark, context.names, params, margin, context.margin, subjects)
        made = list(FIXES[code](case))
        edits += made
        fixed += bool(made)
    ordered = order_edits(edits)
    if not ordered:
        return None
    docstring = edit_docstring(state.docstring, ordered)
    if docstring is None or docstring == state.docstring:
        return None
    after = _check_docstring(context, docstring)
    return after if _is_improved(state, after, code, fixed=fixed) else None


def _is_improved(before: DocstringState, after: DocstringState, code: str, *, fixed: int) -> bool:
    """Tell whether as many findings are gone as were fixed, none is new, and code is unchanged."""
    if _list_literals(before) != _list_literals(after):
        return False
    if _list_examples(before) != _list_examples(after):
        return False
    left = sum(found == code for found, _ in after.findings)
    if left > sum(found == code for found, _ in before.findings) - fixed:
        return False
    return all(is_revealed_by_fix(code, key) for key in after.keys - before.keys)


def _list_literals(state: DocstringState) -> list[str]:
    """List the lines of doctests, literal blocks, directives and comments."""
    text = state.target.doc.text
    return sorted(text.lines[line] for line in text.literal)


def _list_examples(state: DocstringState) -> list[str]:
    """List the lines of doctests in their order: each may need what an earlier one has made."""
    found, is_example = [], False
    for line in state.target.doc.text.bare:
        is_example = line.startswith(">>>") or (is_example and bool(line))
        if is_example:
            found.append(line)
    return found


def _map_params(target: Target) -> Mapping[str, Param]:
    owner = target.owner
    return {param.name: param for param in owner.params} if owner else {}


def _find_margin(context: FixContext, state: DocstringState) -> str:
    """Find the white space at the beginning of the docstring's lines."""
    text = state.target.doc.text
    lines = range(1, len(text.lines))
    first = next((line for line in lines if text.bare[line]), None)
    width = text.measure_margin(1, len(text.lines)) if first else 0
    return text.lines[first][:width] if first else context.margin
