"""The facts of an edited file from those it had before: most definitions are as they were.

Before the file is parsed, a stub of as many lines takes the place of each definition that has not
changed; its facts are those from before, moved. Wherever it is not plain that this comes to the
same as to look at the whole file, the whole file is looked at.
"""

from __future__ import annotations

from collections import Counter
from operator import attrgetter, itemgetter

from detent import TYPE_CHECKING
from detent.core.model import FileFacts, Symbol
from detent.core.namedtuple import NamedTuple
from detent.languages.python import decoding, unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from detent.core.model import Binding, Call, Finding
    from detent.languages.python.decoding import Source
    from detent.languages.python.unchanged import Kept

    _Item = TypeVar("_Item", Call, Binding, Finding)

_PLACE = itemgetter(2, 3)


class Edited(NamedTuple):
    """The facts of an edited file.

    Attributes
    ----------
    facts : FileFacts
        As `detent.languages.analyse` has them; its findings are those from before that stand.
    unjudged : dict of int to int
        The symbols that are still to be judged, with those before that have the same name and the
        same docstring; -1 where that is not plain.
    """

    facts: FileFacts
    unjudged: dict[int, int]


class _Move(NamedTuple):
    """How far the symbols of a definition have moved in the list, and in the file."""

    by: int
    lines: int


def edited(raw: bytes, before: bytes, past: FileFacts) -> Edited | None:
    """Collect what the bytes of an edited file say.

    Parameters
    ----------
    raw : bytes
        The file as git has it.
    before : bytes
        What it was before the edit.
    past : FileFacts
        All facts of that, as a store has them: without the sources of docstrings.

    Returns
    -------
    Edited or None
        None where the whole file is to be looked at.
    """
    text, old = decoding.read(raw), decoding.read(before)
    starts = unchanged.starts_of(old.data)
    if not _is_sound(text, old, past, starts=starts):
        return None
    kept = list(unchanged.unchanged(old.data, starts, past.symbols, data=text.data))
    short, hashes = unchanged.abridged(text.data, kept, past.symbols)
    # Those before an edit may have gone.
    if kept and (
        unchanged.is_ignoring(short) or unchanged.is_ignoring(old.data, kept, past.symbols)
    ):
        return None
    from detent.languages.python import extract

    rough = extract.extract_sound(short, hashes)
    if rough is None or rough.exports != past.exports:
        return None
    stubs = _stubs(rough.symbols, {one.line: one for one in kept}, past.symbols)
    if len(stubs) < len(kept) or not _inherit_alike(rough.symbols, past.symbols, stubs):
        return None
    facts, new = _merged(rough, past, stubs)
    pasts = _pasts(new, facts.symbols, past.symbols, same=_Docstrings(old.data))
    return Edited(facts._replace(size=len(raw)), pasts)


def _is_sound(text: Source, old: Source, past: FileFacts, *, starts: Sequence[int]) -> bool:
    """Whether both can be read, and the old one holds nothing that the grammar does not know."""
    return not (
        text.problems
        or old.problems
        or any(one.code == "DT902" for one in past.findings)
        or unchanged.has_defaults(old.data, starts, past.symbols)
    )


def _stubs(
    rough: tuple[Symbol, ...], kept: Mapping[int, Kept], before: tuple[Symbol, ...]
) -> dict[int, Kept]:
    """Find the symbols that are stubs, where they say what they stand for."""
    found = {}
    for number, symbol in enumerate(rough):
        one = kept.get(symbol.line)
        if one is None:
            continue
        old = before[one.first]
        same = symbol[1:5] == old[1:5] and symbol.column == old.column
        rows = symbol.end_line - symbol.line, old.end_line - old.line
        if same and symbol.decorators == old.decorators and rows[0] == rows[1]:
            found[number] = one
    return found


def _merged(
    rough: FileFacts, past: FileFacts, stubs: Mapping[int, Kept]
) -> tuple[FileFacts, set[int]]:
    """Put what is new and what stays together; tell which symbols are new."""
    symbols: list[Symbol] = []
    places: list[int] = []
    moves: list[_Move | None] = [None] * len(past.symbols)
    for number, symbol in enumerate(rough.symbols):
        place = len(symbols)
        places.append(place)
        parent = places[symbol.parent] if symbol.parent > 0 else symbol.parent
        if one := stubs.get(number):
            olds = past.symbols[one.first : one.last]
            move = _Move(place - one.first, symbol.line - olds[0].line)
            moves[one.first : one.last] = [move] * len(olds)
            symbols += _all_moved(olds, move, parent)
        else:
            symbols.append(symbol if parent == symbol.parent else symbol._replace(parent=parent))
    new = [_Move(place - number, 0) for number, place in enumerate(places)]
    facts = FileFacts(
        symbols=tuple(symbols),
        calls=tuple(
            sorted([*_shifted(rough.calls, new), *_shifted(past.calls, moves)], key=_PLACE)
        ),
        bindings=tuple(
            sorted(
                [*_shifted(rough.bindings, new), *_shifted(past.bindings, moves)],
                key=attrgetter("line"),
            )
        ),
        exports=rough.exports,
        findings=tuple(_shifted(past.findings, moves)),
        lines=rough.lines,
    )
    return facts, {place for number, place in enumerate(places) if number not in stubs}


def _pasts(
    numbers: set[int],
    now: tuple[Symbol, ...],
    before: tuple[Symbol, ...],
    *,
    same: Callable[[Symbol, Symbol], bool],
) -> dict[int, int]:
    """Find what symbols were before an edit, by their names; -1 where that is not plain."""
    names = Counter(symbol.qualname for symbol in now)
    olds: dict[str, int] = {}
    for number, symbol in enumerate(before):
        olds[symbol.qualname] = -1 if symbol.qualname in olds else number
    found = {}
    for number in sorted(numbers):
        symbol = now[number]
        old = olds.get(symbol.qualname, -1) if names[symbol.qualname] == 1 else -1
        found[number] = old if old >= 0 and same(before[old], symbol) else -1
    return found


class _Docstrings:
    """Compares docstrings, of which those before have no source, with how they were written."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __call__(self, old: Symbol, new: Symbol) -> bool:
        was, now = old.docstring, new.docstring
        if was is None or now is None:
            return was is now
        last = was.line + now.source.count("\n")
        lines = b"\n".join(self._data.split(b"\n", last)[was.line - 1 : last])
        written = lines.decode("utf-8", "replace")[was.column - 1 :]
        return was.text == now.text and written == now.source


def _inherit_alike(
    rough: tuple[Symbol, ...], past: tuple[Symbol, ...], stubs: Mapping[int, Kept]
) -> bool:
    """Whether what stays has the bases from before, and none of these is new in the file."""
    classes = unchanged.classes_of(rough)
    stay = {rough[number].name for number in stubs if rough[number].kind == "class"}
    for number, one in stubs.items():
        old = past[one.first]
        if not unchanged.inherits_from(old, classes, stay):
            return False
        if rough[rough[number].parent].bases != past[old.parent].bases:
            return False
    return True


def _all_moved(olds: Sequence[Symbol], move: _Move, parent: int) -> Iterable[Symbol]:
    """Move a definition, with what is nested in it, to where its parent has this number."""
    first, *inner = olds
    if move == (0, 0) and parent == first.parent:
        return olds
    moved = [_moved(one, move.lines, one.parent + move.by) for one in inner]
    return [_moved(first, move.lines, parent), *moved]


def _moved(symbol: Symbol, lines: int, parent: int) -> Symbol:
    doc, directives = symbol.docstring, symbol.directives
    if lines:
        doc = doc._replace(line=doc.line + lines) if doc else None
        directives = tuple(one._replace(line=one.line + lines) for one in directives)
    place = (symbol.line + lines, symbol.column, symbol.end_line + lines)
    # To name what is replaced takes three times as long.
    return Symbol._make(
        (parent, *symbol[1:5], *place, *symbol[8:16], directives, doc, *symbol[18:])
    )


def _shifted(items: Iterable[_Item], moves: Sequence[_Move | None]) -> Iterator[_Item]:
    """Move what belongs to symbols that stay, and leave out the rest."""
    for one in items:
        move = moves[one[0]]
        if move is None:
            continue
        by, lines = move
        moved = by or lines
        yield one._replace(symbol=one.symbol + by, line=one.line + lines) if moved else one
