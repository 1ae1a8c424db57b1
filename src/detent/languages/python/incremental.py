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
    from detent.languages.python.decoding import DecodedSource
    from detent.languages.python.unchanged import UnchangedDefinition

    _Item = TypeVar("_Item", Call, Binding, Finding)

_POSITION = itemgetter(2, 3)


class IncrementalFacts(NamedTuple):
    """The facts of an edited file."""

    facts: FileFacts  # as `detent.languages.extract_facts` has them
    unaudited: dict[int, int]


class _Offset(NamedTuple):
    """How far the symbols of a definition have moved in the list, and in the file."""

    index_shift: int
    lines: int


def update_facts(raw: bytes, before: bytes, past: FileFacts) -> IncrementalFacts | None:
    """Collect what the bytes of an edited file say."""
    text, old = decoding.decode_source(raw), decoding.decode_source(before)
    starts = unchanged.find_line_starts(old.data)
    if not _is_valid_pair(text, old, past, starts=starts):
        return None
    kept = list(unchanged.find_unchanged(old.data, starts, past.symbols, data=text.data))
    short, hashes = unchanged.insert_stubs(text.data, kept, past.symbols)
    # Those before an edit may have gone.
    if kept and (
        unchanged.has_ignore_comments(short)
        or unchanged.has_ignore_comments(old.data, kept, past.symbols)
    ):
        return None
    from detent.languages.python import extract

    rough = extract.extract_valid_python(short, hashes)
    if rough is None or rough.exports != past.exports:
        return None
    stubs = _match_stubs(rough.symbols, {one.line: one for one in kept}, past.symbols)
    if len(stubs) < len(kept) or not _has_same_bases(rough.symbols, past.symbols, stubs):
        return None
    facts, new = _merge_facts(rough, past, stubs)
    pasts = _match_previous(new, facts.symbols, past.symbols, same=_DocstringComparison(old.data))
    return IncrementalFacts(facts._replace(size=len(raw)), pasts)


def _is_valid_pair(
    text: DecodedSource, old: DecodedSource, past: FileFacts, *, starts: Sequence[int]
) -> bool:
    """Whether both can be read, and the old one holds nothing that the grammar does not know."""
    return not (
        text.problems
        or old.problems
        or any(one.code == "DT902" for one in past.findings)
        or unchanged.has_type_defaults(old.data, starts, past.symbols)
    )


def _match_stubs(
    rough: tuple[Symbol, ...], kept: Mapping[int, UnchangedDefinition], before: tuple[Symbol, ...]
) -> dict[int, UnchangedDefinition]:
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


def _merge_facts(
    rough: FileFacts, past: FileFacts, stubs: Mapping[int, UnchangedDefinition]
) -> tuple[FileFacts, set[int]]:
    """Put what is new and what stays together; tell which symbols are new."""
    symbols: list[Symbol] = []
    places: list[int] = []
    moves: list[_Offset | None] = [None] * len(past.symbols)
    for number, symbol in enumerate(rough.symbols):
        place = len(symbols)
        places.append(place)
        parent = places[symbol.parent] if symbol.parent > 0 else symbol.parent
        if one := stubs.get(number):
            olds = past.symbols[one.first : one.last]
            move = _Offset(place - one.first, symbol.line - olds[0].line)
            moves[one.first : one.last] = [move] * len(olds)
            symbols += _move_definition(olds, move, parent)
        else:
            symbols.append(symbol if parent == symbol.parent else symbol._replace(parent=parent))
    new = [_Offset(place - number, 0) for number, place in enumerate(places)]
    facts = FileFacts(
        symbols=tuple(symbols),
        calls=tuple(
            sorted(
                [*_shift_items(rough.calls, new), *_shift_items(past.calls, moves)], key=_POSITION
            )
        ),
        bindings=tuple(
            sorted(
                [*_shift_items(rough.bindings, new), *_shift_items(past.bindings, moves)],
                key=attrgetter("line"),
            )
        ),
        exports=rough.exports,
        findings=tuple(_shift_items(past.findings, moves)),
        lines=rough.lines,
    )
    return facts, {place for number, place in enumerate(places) if number not in stubs}


def _match_previous(
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


class _DocstringComparison:
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


def _has_same_bases(
    rough: tuple[Symbol, ...], past: tuple[Symbol, ...], stubs: Mapping[int, UnchangedDefinition]
) -> bool:
    """Whether what stays has the bases from before, and none of these is new in the file."""
    classes = unchanged.count_classes(rough)
    stay = {rough[number].name for number in stubs if rough[number].kind == "class"}
    for number, one in stubs.items():
        old = past[one.first]
        if not unchanged.has_unchanged_bases(old, classes, stay):
            return False
        if rough[rough[number].parent].bases != past[old.parent].bases:
            return False
    return True


def _move_definition(olds: Sequence[Symbol], move: _Offset, parent: int) -> Iterable[Symbol]:
    """Move a definition, with what is nested in it, to where its parent has this number."""
    first, *inner = olds
    if move == (0, 0) and parent == first.parent:
        return olds
    moved = [_move_symbol(one, move.lines, one.parent + move.index_shift) for one in inner]
    return [_move_symbol(first, move.lines, parent), *moved]


def _move_symbol(symbol: Symbol, lines: int, parent: int) -> Symbol:
    doc, directives = symbol.docstring, symbol.directives
    if lines:
        doc = doc._replace(line=doc.line + lines) if doc else None
        directives = tuple(one._replace(line=one.line + lines) for one in directives)
    place = (symbol.line + lines, symbol.column, symbol.end_line + lines)
    # To name what is replaced takes three times as long.
    return Symbol._make(
        (parent, *symbol[1:5], *place, *symbol[8:16], directives, doc, *symbol[18:])
    )


def _shift_items(items: Iterable[_Item], moves: Sequence[_Offset | None]) -> Iterator[_Item]:
    """Move what belongs to symbols that stay, and leave out the rest."""
    for one in items:
        move = moves[one[0]]
        if move is None:
            continue
        by, lines = move
        moved = by or lines
        yield one._replace(symbol=one.symbol + by, line=one.line + lines) if moved else one
