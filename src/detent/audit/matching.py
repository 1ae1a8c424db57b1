"""Two sides of a change to a verdict: what is new, what is fixed, what was there before.

A finding is known again by what it says and about what, never by its line: first in its own file
(followed through renames), then by the code that it stands in, which may have moved or changed its
name: that is, left one place and come to another. Each finding of the base excuses one of the head
and no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from detent import TYPE_CHECKING
from detent.core.model import Listed
from detent.core.namedtuple import NamedTuple
from detent.index.inherited import Inherited

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
    from typing import TypeVar

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, Finding, Symbol
    from detent.index.inherited import Bare
    from detent.query.relations.outlines import Outlines

    Found = TypeVar("Found", "Located", Listed)


#: What says of a file why it was left out: told, but held against nobody.
NOTES = frozenset({"DT906"})


class Located(NamedTuple):
    """A finding with where it stands.

    Attributes
    ----------
    path : bytes
        The file.
    symbol : Symbol
        What it is about.
    finding : Finding
        What is wrong.
    severity : str
        ``error`` or ``warning``.
    """

    path: bytes
    symbol: Symbol
    finding: Finding
    severity: str = "error"


class Verdict(NamedTuple):
    """What a change does to the findings.

    Attributes
    ----------
    new : list of Located
        What the change brings in, by path and place.
    fixed : list of Located
        What it mends, with the places of the base.
    remaining : list of Located
        What was there before and still is, with the places of the head.
    """

    new: list[Located]
    fixed: list[Located]
    remaining: list[Located]


def located(
    files: Iterable[tuple[bytes, FileFacts]], selection: Selection, *, notes: bool = False
) -> list[Located]:
    """List the findings that count, by path and place.

    Parameters
    ----------
    files : iterable of (bytes, FileFacts)
        Paths with their facts.
    selection : Selection
        Says which findings count.
    notes : bool, default False
        Whether to list those of `NOTES`, and no others.

    Returns
    -------
    list of Located
        Sorted; without `NOTES` unless these are asked for.
    """
    if notes:
        return sorted(_chosen(files, selection, only=NOTES), key=_by_place)
    return with_notes(files, selection)[0]


def with_notes(
    files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> tuple[list[Located], list[Located]]:
    """List the findings that count, and what a person should know beside them.

    Parameters
    ----------
    files : iterable of (bytes, FileFacts)
        Paths with their facts.
    selection : Selection
        Says which codes are wanted.

    Returns
    -------
    list of Located
        The findings, sorted.
    list of Located
        Those of `NOTES`, sorted.
    """
    return parted(sorted(_chosen(files, selection), key=_by_place))


def _chosen(
    files: Iterable[tuple[bytes, FileFacts]],
    selection: Selection,
    *,
    only: Collection[str] = (),
) -> Iterator[Located]:
    never, of_file = selection.unwanted.codes, _severities(selection)
    for path, facts in files:
        severity_of = of_file(path.decode("utf-8", "replace"))
        for finding in facts.findings:
            if finding.code in never or (only and finding.code not in only):
                continue
            symbol = facts.symbols[finding.symbol]
            if severity := severity_of(finding, symbol):
                yield Located(path, symbol, finding, severity)


def _severities(selection: Selection) -> Callable[[str], Callable[..., str]]:
    """Make what tells, by file, how bad a finding is; what is alike is looked at once."""
    known: dict[tuple[object, ...], str] = {}

    def of_file(shown: str) -> Callable[..., str]:
        kind = selection.kind(shown)

        def severity_of(finding: Finding | Listed, symbol: Symbol | Listed) -> str:
            name = symbol.qualname if "test" in symbol.qualname else ""
            alike = (kind, finding.code, symbol.role, finding.demand, name)
            if kind is None or alike not in known:
                keeps = selection.keeps(finding, symbol, shown)
                known[alike] = selection.severity(finding.code) if keeps else ""
            return known[alike]

        return severity_of

    return of_file


def parted(found: list[Found]) -> tuple[list[Found], list[Found]]:
    """Part what counts from what is only told.

    Parameters
    ----------
    found : list of Located or Listed
        In whatever order.

    Returns
    -------
    list of Located or Listed
        Those that are no `NOTES`, in the same order.
    list of Located or Listed
        Those that are.
    """
    notes = [one for one in found if one.finding.code in NOTES]
    # There are hardly ever any, and often very many of the others.
    return [one for one in found if one.finding.code not in NOTES] if notes else found, notes


def listed(
    findings: Iterable[tuple[bytes, list[Listed]]], selection: Selection, outlines: Outlines
) -> list[Listed]:
    """Choose the findings that count in a whole view, by path and place.

    Parameters
    ----------
    findings : iterable of (bytes, list of Listed)
        The files, each with its findings in the order of the places.
    selection : Selection
        Says which findings count.
    outlines : Outlines
        The whole view, which may settle some.

    Returns
    -------
    list of Listed
        What `with_notes` would give, without what only comparing needs.
    """
    kept: dict[bytes, list[Listed]] = {}
    undecided: list[Bare] = []
    of_file = _severities(selection)
    for path, found in findings:
        shown = path.decode("utf-8", "replace")
        bare = [one for one in found if one.open and selection.needs_docstring(one, shown)]
        undecided += [(path, one.qualname, one.open) for one in bare]
        kept[path] = _kept(found, of_file(shown))
    _settle(kept, undecided, selection, inherited=Inherited(outlines))
    return [one for path in sorted(kept) for one in kept[path]]


def _kept(found: list[Listed], severity_of: Callable[..., str]) -> list[Listed]:
    each = [(one, severity_of(one, one)) for one in found]
    return [one if bad == "error" else one._replace(severity=bad) for one, bad in each if bad]


def _settle(
    kept: dict[bytes, list[Listed]],
    undecided: list[Bare],
    selection: Selection,
    *,
    inherited: Inherited,
) -> None:
    """Put what inherited docstrings are judged by in the place of what they excuse."""
    excused = inherited.excused(undecided, selection)
    for path in {path for path, _ in excused}:
        kept[path] = [x for x in kept[path] if not x.open or (path, x.qualname) not in excused]
    for path, symbol, one in inherited.judged(excused, selection):
        severity = selection.severity(one.code)
        kept[path].append(Listed(path, severity, symbol.qualname, symbol.role, *one[1:]))
        kept[path].sort(key=_by_place)


class Moves(NamedTuple):
    """What a change takes from one place and brings to another: each a path and a qualified name.

    Attributes
    ----------
    gone, come : set of (bytes, str)
        Where the head has fewer symbols of that name than the base, and where it has more; the
        paths are those of the head.
    """

    gone: set[tuple[bytes, str]]
    come: set[tuple[bytes, str]]


def moves(
    base: Iterable[tuple[bytes, FileFacts]],
    head: Iterable[tuple[bytes, FileFacts]],
    renames: Mapping[bytes, bytes],
) -> Moves:
    """Find the symbols that are no longer, or not yet, where they are on the other side.

    Parameters
    ----------
    base, head : iterable of (bytes, FileFacts)
        The two sides of all paths that differ.
    renames : mapping of bytes to bytes
        New path to old path.

    Returns
    -------
    Moves
        The places.
    """
    now = {old: new for new, old in renames.items()}
    before = Counter(
        (now.get(path, path), one.qualname) for path, facts in base for one in facts.symbols
    )
    after = Counter((path, one.qualname) for path, facts in head for one in facts.symbols)
    return Moves(gone=set(before - after), come=set(after - before))


def compare(
    base: Iterable[Located],
    head: Iterable[Located],
    renames: Mapping[bytes, bytes],
    *,
    moved: Moves,
) -> Verdict:
    """Match the findings of two sides.

    Parameters
    ----------
    base, head : iterable of Located
        The findings on the two sides, of all paths that differ.
    renames : mapping of bytes to bytes
        New path to old path.
    moved : Moves
        A finding is looked for in another place only where its symbol has left its own.

    Returns
    -------
    Verdict
        Each finding in one place.
    """
    now = {old: new for new, old in renames.items()}
    before = [one._replace(path=now.get(one.path, one.path)) for one in base]
    new, fixed, remaining = _match(list(head), before, _same_place)
    come, new = _split(new, moved.come)
    gone, fixed = _split(fixed, moved.gone)
    for key in (_moved, _moved_and_edited, _renamed):
        come, gone, matched = _match(come, gone, key)
        remaining += matched
    before = [one._replace(path=renames.get(one.path, one.path)) for one in [*fixed, *gone]]
    return Verdict(*(sorted(found, key=_by_place) for found in ([*new, *come], before, remaining)))


def touched(
    base: Iterable[tuple[bytes, FileFacts]],
    head: Iterable[tuple[bytes, FileFacts]],
    renames: Mapping[bytes, bytes],
) -> set[tuple[bytes, int]]:
    """Find the symbols whose own code a change edits.

    Parameters
    ----------
    base, head : iterable of (bytes, FileFacts)
        The two sides of all paths that differ.
    renames : mapping of bytes to bytes
        New path to old path.

    Returns
    -------
    set of (bytes, int)
        Path and line of symbols in the head that are new or edited; what only moved is neither.
    """
    now = {old: new for new, old in renames.items()}
    known: set[Hashable] = set()
    for path, facts in base:
        for symbol in facts.symbols:
            known.add((now.get(path, path), symbol.qualname, symbol.own))
            if symbol.name:
                known.add((symbol.name, symbol.own))
    return {
        (path, symbol.line)
        for path, facts in head
        for symbol in facts.symbols
        if (path, symbol.qualname, symbol.own) not in known
        and (symbol.name, symbol.own) not in known
    }


def _match(
    head: list[Located], base: list[Located], key: Callable[[Located], Hashable]
) -> tuple[list[Located], list[Located], list[Located]]:
    """Take out the pairs with equal keys; None is equal to nothing."""
    if not base:
        return head, base, []
    waiting: dict[Hashable, list[Located]] = defaultdict(list)
    rest = []
    for one in base:
        if (name := key(one)) is None:
            rest.append(one)
        else:
            waiting[name].append(one)
    new, matched = [], []
    for one in head:
        candidates = waiting.get(key(one))
        if candidates:
            candidates.pop(0)
            matched.append(one)
        else:
            new.append(one)
    return new, [*rest, *(one for left in waiting.values() for one in left)], matched


def _split(
    found: list[Located], places: Collection[tuple[bytes, str]]
) -> tuple[list[Located], list[Located]]:
    """Part the findings in these places from the others."""
    parts: tuple[list[Located], list[Located]] = ([], [])
    for one in found:
        parts[(one.path, one.symbol.qualname) not in places].append(one)
    return parts


def _by_place(one: Located | Listed) -> tuple[bytes, int, int, str]:
    return one.path, one.finding.line, one.finding.column, one.finding.code


def _says(one: Located) -> tuple[str, str, str]:
    return one.finding.code, one.finding.subject, one.finding.message


def _same_place(one: Located) -> Hashable:
    return one.path, one.symbol.qualname, _says(one)


def _moved(one: Located) -> Hashable:
    """Know the same definition somewhere else."""
    return (one.symbol.name, one.symbol.body, _says(one)) if one.symbol.name else None


def _moved_and_edited(one: Located) -> Hashable:
    """Know a definition of the same name by its docstring."""
    if not one.symbol.name or one.symbol.docstring is None:
        return None
    return one.symbol.name, one.symbol.docstring.text, _says(one)


def _renamed(one: Located) -> Hashable:
    """Know the same definition under another name in the same file."""
    return (one.path, one.symbol.body, _says(one)) if one.symbol.name else None
