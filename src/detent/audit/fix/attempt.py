"""One docstring: fixes tried out one code after the other, and kept where they hold."""

from __future__ import annotations

from collections import Counter

from detent import TYPE_CHECKING
from detent.audit.audit_symbol import build_target, run_rules
from detent.audit.fix import FIXES, STUBS
from detent.audit.fix.edits import edit_docstring, order_edits
from detent.audit.fix.fixer import FixCase
from detent.core.model import Finding
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from detent.audit.rule import Mark, Target
    from detent.audit.symbol_tree import SymbolTree
    from detent.core.model import Docstring, FindingRow, Param, Symbol

# What has more is not what the fixes are made for: findings of one code, attempts at them, and
# characters to be looked at in these attempts.
_MAX_FINDINGS = 500
_MAX_ATTEMPTS = 100
_MAX_CHARACTERS = 10_000_000

FindingKey = tuple[str, str, str]


class FixContext(NamedTuple):
    """What a docstring stands in, which no fix changes."""

    tree: SymbolTree
    number: int  # which of them is in question
    partner: Symbol | None  # its other half, of `detent.audit.symbol_tree.find_partners`
    names: frozenset[str]  # names that the file defines or imports, and that the symbol uses
    margin: str  # white space before the line on which the docstring begins
    counts: Callable[[Finding, Symbol], bool]  # says of a finding and its symbol whether it counts
    skipped: frozenset[FindingKey]
    stubs: bool  # whether parameters that are not documented get an entry


class DocstringState(NamedTuple):
    """A docstring with what is wrong with it."""

    docstring: Docstring  # as written
    target: Target  # its parts
    findings: list[tuple[str, Mark]]

    @property
    def keys(self) -> Counter[FindingKey]:
        """What the findings say, and how often."""
        return Counter(make_finding_key(code, mark) for code, mark in self.findings)


def fix_docstring(scene: FixContext, docstring: Docstring) -> DocstringState:
    """Fix what can be fixed in one docstring."""
    state, before = _check_docstring(scene, docstring), None
    while before is not state:
        before = state
        for code in FIXES:
            if code not in STUBS or scene.stubs:
                state = _fix_code(scene, state, code)
    return state


def make_finding_key(code: str, one: Mark | Finding | FindingRow) -> FindingKey:
    """Return what a finding says, wherever it stands."""
    return code, one.subject, one.message


def is_revealed_by_fix(code: str, key: FindingKey) -> bool:
    """Say whether a fix may bring a finding to light that was there unseen."""
    if code == "GL06":
        return key[0][:2] in {"PR", "RT", "SA", "DT"} or (key[0] == "GL07" and "before" in key[2])
    return key[0] in _REVEALED_CODES.get(code, ())


_REVEALED_CODES = {"PR10": {"PR06"}, "PR01": {"PR03", "PR04", "PR07"}}


def _check_docstring(scene: FixContext, docstring: Docstring) -> DocstringState:
    symbols = [*scene.tree.symbols]
    symbol = symbols[scene.number] = symbols[scene.number]._replace(docstring=docstring)
    target = build_target(scene.tree._replace(symbols=symbols), scene.number, scene.partner)
    found = []
    for code, mark, demand in run_rules(target):
        finding = Finding(scene.number, code, 1, 1, mark.subject, mark.message, demand)
        if code not in symbol.ignores and scene.counts(finding, symbol):
            found.append((code, mark))
    return DocstringState(docstring, target, found)


def _fix_code(scene: FixContext, state: DocstringState, code: str) -> DocstringState:
    """Fix the findings of one code, together or as many of them as can be."""
    pending = [
        [
            mark
            for found, mark in state.findings
            if found == code and make_finding_key(code, mark) not in scene.skipped
        ]
    ]
    if len(pending[0]) > _MAX_FINDINGS:
        return state
    start, attempts = state, 0
    most = min(_MAX_ATTEMPTS, 1 + _MAX_CHARACTERS // max(1, len(state.docstring.text)))
    while pending:
        some = pending.pop()
        if not some:
            continue
        after = _try_fixes(scene, state, code, some=some)
        attempts += 1
        if after is not None:
            state = after
        elif attempts > most:
            return start
        elif len(some) > 1:
            # The later half first: what is changed there leaves the places of the earlier alone.
            middle = len(some) // 2
            pending += [some[:middle], some[middle:]]
    return state


def _try_fixes(
    scene: FixContext, state: DocstringState, code: str, *, some: list[Mark]
) -> DocstringState | None:
    """Fix some findings of a code; None where that does not hold."""
    edits, done = [], 0
    params = _map_params(state.target)
    together = tuple(mark.subject for mark in some)
    margin = _find_margin(scene, state)
    for mark in some:
        case = FixCase(state.target, mark, scene.names, params, margin, scene.margin, together)
        made = list(FIXES[code](case))
        edits += made
        done += bool(made)
    ordered = order_edits(edits)
    if not ordered:
        return None
    docstring = edit_docstring(state.docstring, ordered)
    if docstring is None or docstring == state.docstring:
        return None
    after = _check_docstring(scene, docstring)
    return after if _is_improved(state, after, code, done=done) else None


def _is_improved(before: DocstringState, after: DocstringState, code: str, *, done: int) -> bool:
    """Whether findings are gone, as many as were fixed, and none has come."""
    left = sum(found == code for found, _ in after.findings)
    if left > sum(found == code for found, _ in before.findings) - done:
        return False
    return all(is_revealed_by_fix(code, key) for key in after.keys - before.keys)


def _map_params(target: Target) -> Mapping[str, Param]:
    owner = target.owner
    return {param.name: param for param in owner.params} if owner else {}


def _find_margin(scene: FixContext, state: DocstringState) -> str:
    """White space that lines of the docstring begin with, or would."""
    text = state.target.doc.text
    lines = range(1, len(text.lines))
    first = next((line for line in lines if text.bare[line]), None)
    width = text.measure_margin(1, len(text.lines)) if first else 0
    return text.lines[first][:width] if first else scene.margin
