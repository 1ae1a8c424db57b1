"""Which of equal findings in one docstring a change adds: those in the lines that it adds.

Equal findings have the same code, subject and message, such as two blank lines in a row at two
places. They are matched through the lines that both versions of the docstring have.
"""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from difflib import SequenceMatcher

    from detent.core.model import FindingRow

    #: The rest of the head, the rest of the base, and the findings of the head that have a pair.
    Match = tuple[list[FindingRow], list[FindingRow], list[FindingRow]]
    #: By line of a docstring, what stands for it in both versions.
    Anchors = Mapping[int, int]

# To compare longer docstrings takes too long.
_MAX_LINES = 400
_get_definition = attrgetter("path", "qualname", "code", "subject", "message")


def match_by_lines(
    found: Match, base: Iterable[FindingRow], doubtful: set[tuple[object, ...]]
) -> Match:
    """Match the findings with a doubtful key again, by their lines."""
    new, fixed, remaining = found
    heads, bases = defaultdict(list), defaultdict(list)
    for finding in sorted(_select_doubtful([*new, *remaining], doubtful), key=attrgetter("line")):
        heads[_get_definition(finding)].append(finding)
    for finding in _select_doubtful(base, doubtful):
        bases[_get_definition(finding)].append(finding)
    again = {key for key in doubtful if _is_comparable(heads[key], bases[key])}
    new, fixed, remaining = (
        [finding for finding in findings if _get_definition(finding) not in again]
        for findings in (new, fixed, remaining)
    )
    for key in again:
        added, gone, matched = _match_group(heads[key], bases[key])
        new, fixed, remaining = [*new, *added], [*fixed, *gone], [*remaining, *matched]
    return new, fixed, remaining


def _select_doubtful(
    findings: Iterable[FindingRow], doubtful: set[tuple[object, ...]]
) -> list[FindingRow]:
    return [finding for finding in findings if _get_definition(finding) in doubtful]


def _is_comparable(head: list[FindingRow], base: list[FindingRow]) -> bool:
    """Tell whether the findings are those of one docstring, which differs on the two sides."""
    if len({(finding.symbol_line, finding.docstring_text) for finding in head}) != 1:
        return False
    if len({(finding.symbol_line, finding.docstring_text) for finding in base}) != 1:
        return False
    old, new = base[0].docstring_text, head[0].docstring_text
    return bool(old and new) and old != new and max(map(_count_lines, (old, new))) <= _MAX_LINES


def _count_lines(text: str | None) -> int:
    return (text or "").count("\n")


def _match_group(head: list[FindingRow], base: list[FindingRow]) -> Match:
    from difflib import SequenceMatcher

    old, new = (_list_lines(findings) for findings in (base, head))
    before, after = _anchor_lines(SequenceMatcher(None, old, new, autojunk=False))
    matched: list[FindingRow] = []
    # The text above is looked at first, then that below, then both where it has moved.
    for step in (-1, 1, 0):
        waiting: dict[object, list[FindingRow]] = defaultdict(list)
        for finding in base:
            waiting[_find_anchor(finding, old, before, step=step)].append(finding)
        waiting.pop(None, None)
        for finding in list(head):
            if candidates := waiting.get(_find_anchor(finding, new, after, step=step)):
                gone = candidates.pop(0)
                base = [other for other in base if other is not gone]
                head = [other for other in head if other is not finding]
                matched.append(finding)
    return head, base, matched


def _list_lines(findings: list[FindingRow]) -> list[str]:
    return [line.strip() for line in (findings[0].docstring_text or "").split("\n")]


def _anchor_lines(matcher: SequenceMatcher[str]) -> tuple[Anchors, Anchors]:
    """Give lines that both have, or that replace each other, the same anchor on both sides."""
    old: dict[int, int] = {}
    new: dict[int, int] = {}
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            old.update((line, line) for line in range(first, last))
            new.update((begin + line - first, line) for line in range(first, last))
        elif tag == "replace":
            old.update(dict.fromkeys(range(first, last), first))
            new.update(dict.fromkeys(range(begin, end), first))
    return old, new


def _find_anchor(finding: FindingRow, lines: list[str], anchors: Anchors, *, step: int) -> object:
    """Find the anchor of the nearest line with text above or below, or the text of both."""
    line = finding.line - finding.docstring_line
    above, below = (_find_text(line, lines, step) for step in (-1, 1))
    if step:
        return anchors.get(above if step < 0 else below)
    both = [lines[place] for place in (above, below) if 0 <= place < len(lines)]
    return tuple(both) or None


def _find_text(line: int, lines: list[str], step: int) -> int:
    """Find the nearest line with text."""
    while 0 <= line < len(lines) and not lines[line]:
        line += step
    return line
