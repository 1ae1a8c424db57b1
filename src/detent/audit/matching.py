"""Which findings a change adds, fixes and leaves, by the findings of its two sides.

Findings are matched by message and symbol, not by line number: first in the same file (followed
through renames), then, for symbols that left one place and arrived at another, by their code, which
may have moved or changed its name. Each finding of the base cancels one finding of the head. In a
docstring with several equal findings, those are new that are in the lines that the change adds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain, groupby
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.audit.codes import NOTES
from detent.core.namedtuple import NamedTuple
from detent.core.results import FindingDiff, get_sort_key, make_finding_row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping

    from detent.audit.selection.select import FileRules, Selection
    from detent.core.model import FileFacts, Finding, FindingRow


# The rule that reports several findings in a docstring with nothing that tells them apart.
_REPEATED = "GL03"

_get_place_key = attrgetter("path", "qualname", "code", "subject", "message")


def locate_findings(
    files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> list[FindingRow]:
    """List the findings that count, by path and place."""
    return _select_findings(files, selection, lambda finding: finding.code not in NOTES)


def locate_notes(
    files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> list[FindingRow]:
    """List the notes, by path and place: remarks that no verdict depends on."""
    return _select_findings(files, selection, lambda finding: finding.code in NOTES)


def _select_findings(
    files: Iterable[tuple[bytes, FileFacts]],
    selection: Selection,
    is_chosen: Callable[[Finding], bool],
) -> list[FindingRow]:
    found: list[FindingRow] = []
    for path, facts in files:
        if chosen := list(filter(is_chosen, facts.findings)):
            rules = selection.resolve_file(path.decode("utf-8", "replace"))
            found += _grade_findings(path, facts, chosen, rules=rules)
    return sorted(found, key=get_sort_key)


def _grade_findings(
    path: bytes, facts: FileFacts, findings: Iterable[Finding], *, rules: FileRules
) -> Iterator[FindingRow]:
    for number, group in groupby(findings, attrgetter("symbol")):
        symbol = facts.symbols[number]
        for finding, severity in rules.grade_findings(group, symbol):
            if severity:
                yield make_finding_row(path, finding, symbol, severity=severity)


class MovedSymbols(NamedTuple):
    """Symbols that a change moves: each a path and a qualified name."""

    gone: set[tuple[bytes, str]]  # where the head has fewer symbols of that name than the base
    arrived: set[tuple[bytes, str]]  # where the head has more of them


def find_moved_symbols(
    base: Iterable[tuple[bytes, FileFacts]],
    head: Iterable[tuple[bytes, FileFacts]],
    renames: Mapping[bytes, bytes],
) -> MovedSymbols:
    """Find the symbols that only one side has, or that it has more often."""
    new_paths = {old: new for new, old in renames.items()}
    before = Counter(
        (new_paths.get(path, path), symbol.qualname)
        for path, facts in base
        for symbol in facts.symbols
    )
    after = Counter((path, symbol.qualname) for path, facts in head for symbol in facts.symbols)
    return MovedSymbols(gone=set(before - after), arrived=set(after - before))


def match_findings(
    base: Iterable[FindingRow],
    head: Iterable[FindingRow],
    renames: Mapping[bytes, bytes],
    *,
    moved: MovedSymbols,
) -> FindingDiff:
    """Match the findings of two sides."""
    new_paths = {old: new for new, old in renames.items()}
    before = [
        finding._replace(path=new_paths[finding.path]) if finding.path in new_paths else finding
        for finding in base
    ]
    new, fixed, remaining = _match_by_place(list(head), before)
    arrived, new = _split_by_symbol(new, moved.arrived)
    gone, fixed = _split_by_symbol(fixed, moved.gone)
    for make_key in (_make_body_key, _make_docstring_key, _make_renamed_key):
        arrived, gone, matched = _match_by_key(arrived, gone, make_key)
        remaining += matched
    fixed = [
        finding._replace(path=renames.get(finding.path, finding.path))
        for finding in [*fixed, *gone]
    ]
    lists = ([*new, *arrived], fixed, remaining)
    return FindingDiff(*(sorted(findings, key=get_sort_key) for findings in lists))


def find_touched_symbols(
    base: Iterable[tuple[bytes, FileFacts]],
    head: Iterable[tuple[bytes, FileFacts]],
    renames: Mapping[bytes, bytes],
) -> set[tuple[bytes, int]]:
    """Find the symbols whose own code a change edits: path and line of each."""
    new_paths = {old: new for new, old in renames.items()}
    known: set[Hashable] = set()
    for path, facts in base:
        for symbol in facts.symbols:
            known.add((new_paths.get(path, path), symbol.qualname, symbol.own))
            if symbol.name:
                known.add((symbol.name, symbol.own))
    return {
        (path, symbol.line)
        for path, facts in head
        for symbol in facts.symbols
        if (path, symbol.qualname, symbol.own) not in known
        and (symbol.name, symbol.own) not in known
    }


def _match_by_place(
    head: list[FindingRow], base: list[FindingRow]
) -> tuple[list[FindingRow], list[FindingRow], list[FindingRow]]:
    """Match findings in the same symbol; of equal ones, those in the lines of both sides."""
    found = _match_by_key(head, base, _get_place_key)
    new, _, remaining = found
    counts = Counter(map(_get_place_key, remaining))
    doubtful = {key for key, count in counts.items() if count > 1 or key[2] == _REPEATED}
    doubtful.update(counts.keys() & set(map(_get_place_key, new)))
    if not doubtful:
        return found
    # Few changes have such findings.
    from detent.audit.matching_by_lines import match_by_lines

    return match_by_lines(found, base, doubtful)


def _match_by_key(
    head: list[FindingRow],
    base: list[FindingRow],
    make_key: Callable[[FindingRow], Hashable],
) -> tuple[list[FindingRow], list[FindingRow], list[FindingRow]]:
    """Return the rest of the head, the rest of the base, and the pairs; None equals no key."""
    if not base:
        return head, base, []
    waiting: dict[Hashable, list[FindingRow]] = defaultdict(list)
    rest: list[FindingRow] = []
    for finding in base:
        key = make_key(finding)
        (rest if key is None else waiting[key]).append(finding)
    new, matched = [], []
    for finding in head:
        if candidates := waiting.get(make_key(finding)):
            candidates.pop(0)
            matched.append(finding)
        else:
            new.append(finding)
    return new, [*rest, *chain.from_iterable(waiting.values())], matched


def _split_by_symbol(
    found: list[FindingRow], places: Collection[tuple[bytes, str]]
) -> tuple[list[FindingRow], list[FindingRow]]:
    """Separate the findings on these symbols from the others."""
    inside: list[FindingRow] = []
    outside: list[FindingRow] = []
    for finding in found:
        (inside if (finding.path, finding.qualname) in places else outside).append(finding)
    return inside, outside


def _make_message_key(finding: FindingRow) -> tuple[str, str, str]:
    return finding.code, finding.subject, finding.message


def _make_body_key(finding: FindingRow) -> Hashable:
    """Find the same definition somewhere else."""
    return (finding.name, finding.body, _make_message_key(finding)) if finding.name else None


def _make_docstring_key(finding: FindingRow) -> Hashable:
    """Find a definition of the same name by its docstring."""
    if not finding.name or finding.docstring_text is None:
        return None
    return finding.name, finding.docstring_text, _make_message_key(finding)


def _make_renamed_key(finding: FindingRow) -> Hashable:
    """Find the same definition under another name in the same file."""
    return (finding.path, finding.body, _make_message_key(finding)) if finding.name else None
