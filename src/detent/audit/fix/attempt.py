"""One docstring: fixes tried out one code after the other, and kept where they hold."""

from __future__ import annotations

from collections import Counter

from detent import TYPE_CHECKING
from detent.audit.audit_symbol import marks, target_of
from detent.audit.fix.edits import edited, joined
from detent.audit.fix.fixer import Case
from detent.audit.fix.table import FIXES, STUBS
from detent.core.model import Finding
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from detent.audit.rule import Mark, Target
    from detent.audit.symbol_tree import Family
    from detent.core.model import Docstring, Listed, Param, Symbol

# What has more is not what the fixes are made for: findings of one code, attempts at them, and
# characters to be looked at in these attempts.
_MOST_FINDINGS = 500
_MOST_ATTEMPTS = 100
_MOST_READ = 10_000_000

Key = tuple[str, str, str]


class Scene(NamedTuple):
    """What a docstring stands in, which no fix changes.

    Attributes
    ----------
    whole : Family
        All symbols of the file, as they are before any attempt.
    number : int
        Which of them is in question.
    partner : Symbol or None
        Its other half, of `detent.audit.symbol_tree.partners`.
    names : frozenset of str
        Names that the file defines or imports, and that the symbol uses.
    margin : str
        White space before the line on which the docstring begins.
    counts : callable
        Says of a finding and its symbol whether it counts.
    spared : frozenset of (str, str, str)
        Code, subject and message of findings that are not to be fixed.
    stubs : bool
        Whether parameters that are not documented get an entry.
    """

    whole: Family
    number: int
    partner: Symbol | None
    names: frozenset[str]
    margin: str
    counts: Callable[[Finding, Symbol], bool]
    spared: frozenset[Key]
    stubs: bool


class State(NamedTuple):
    """A docstring with what is wrong with it.

    Attributes
    ----------
    docstring : Docstring
        As written.
    target : Target
        Its parts.
    found : list of (str, Mark)
        The findings that count, with their codes.
    """

    docstring: Docstring
    target: Target
    found: list[tuple[str, Mark]]

    @property
    def keys(self) -> Counter[Key]:
        """What the findings say, and how often."""
        return Counter(key_of(code, mark) for code, mark in self.found)


def mended(scene: Scene, docstring: Docstring) -> State:
    """Fix what can be fixed in one docstring.

    Parameters
    ----------
    scene : Scene
        What it stands in.
    docstring : Docstring
        As it is.

    Returns
    -------
    State
        As it is to be; the same docstring where there is nothing to fix.
    """
    state, before = _state(scene, docstring), None
    while before is not state:
        before = state
        for code in FIXES:
            if code not in STUBS or scene.stubs:
                state = _fixed(scene, state, code)
    return state


def key_of(code: str, one: Mark | Finding | Listed) -> Key:
    """Return what a finding says, wherever it stands.

    Parameters
    ----------
    code : str
        Its code.
    one : Mark, Finding or Listed
        The rest of it.

    Returns
    -------
    (str, str, str)
        Code, subject and message.
    """
    return code, one.subject, one.message


def reveals(code: str, key: Key) -> bool:
    """Say whether a fix may bring a finding to light that was there unseen.

    Parameters
    ----------
    code : str
        Of the rule whose finding is fixed.
    key : (str, str, str)
        Code, subject and message of the finding that appeared.

    Returns
    -------
    bool
        Whether it is no objection to the fix.
    """
    if code == "GL06":
        return key[0][:2] in {"PR", "RT", "SA", "DT"} or (key[0] == "GL07" and "before" in key[2])
    return key[0] in _REVEALED.get(code, ())


_REVEALED = {"PR10": {"PR06"}, "PR01": {"PR03", "PR04", "PR07"}}


def _state(scene: Scene, docstring: Docstring) -> State:
    symbols = [*scene.whole.symbols]
    symbol = symbols[scene.number] = symbols[scene.number]._replace(docstring=docstring)
    target = target_of(scene.whole._replace(symbols=symbols), scene.number, scene.partner)
    found = []
    for code, mark, demand in marks(target):
        finding = Finding(scene.number, code, 1, 1, mark.subject, mark.message, demand)
        if code not in symbol.ignores and scene.counts(finding, symbol):
            found.append((code, mark))
    return State(docstring, target, found)


def _fixed(scene: Scene, state: State, code: str) -> State:
    """Fix the findings of one code, together or as many of them as can be."""
    pending = [
        [
            mark
            for found, mark in state.found
            if found == code and key_of(code, mark) not in scene.spared
        ]
    ]
    if len(pending[0]) > _MOST_FINDINGS:
        return state
    start, attempts = state, 0
    most = min(_MOST_ATTEMPTS, 1 + _MOST_READ // max(1, len(state.docstring.text)))
    while pending:
        some = pending.pop()
        if not some:
            continue
        after = _attempt(scene, state, code, some=some)
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


def _attempt(scene: Scene, state: State, code: str, *, some: list[Mark]) -> State | None:
    """Fix some findings of a code; None where that does not hold."""
    edits, done = [], 0
    params = _params(state.target)
    together = tuple(mark.subject for mark in some)
    margin = _margin(scene, state)
    for mark in some:
        case = Case(state.target, mark, scene.names, params, margin, scene.margin, together)
        made = list(FIXES[code](case))
        edits += made
        done += bool(made)
    ordered = joined(edits)
    if not ordered:
        return None
    docstring = edited(state.docstring, ordered)
    if docstring is None or docstring == state.docstring:
        return None
    after = _state(scene, docstring)
    return after if _holds(state, after, code, done=done) else None


def _holds(before: State, after: State, code: str, *, done: int) -> bool:
    """Whether findings are gone, as many as were fixed, and none has come."""
    left = sum(found == code for found, _ in after.found)
    if left > sum(found == code for found, _ in before.found) - done:
        return False
    return all(reveals(code, key) for key in after.keys - before.keys)


def _params(target: Target) -> Mapping[str, Param]:
    owner = target.owner
    return {param.name: param for param in owner.params} if owner else {}


def _margin(scene: Scene, state: State) -> str:
    """White space that lines of the docstring begin with, or would."""
    text = state.target.doc.text
    lines = range(1, len(text.lines))
    first = next((line for line in lines if text.bare[line]), None)
    width = text.margin(1, len(text.lines)) if first else 0
    return text.lines[first][:width] if first else scene.margin
