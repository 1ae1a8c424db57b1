"""The facts of an edited file from those of its previous version.

Before the file is parsed, a stub of as many lines replaces each definition that has not changed;
its facts are the previous ones, moved. Where the result might differ from that of a full analysis,
there is none, and the whole file is analyzed.
"""

from __future__ import annotations

from collections import Counter
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.model import FileFacts, Symbol
from detent.core.namedtuple import NamedTuple
from detent.languages.base import Analysis, ParseStats
from detent.languages.python import decoding, unchanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from detent.core.model import Binding, Call, Docstring, Finding
    from detent.languages.base import PreviousVersion
    from detent.languages.decoding import DecodedSource
    from detent.languages.python.unchanged import UnchangedDefinition

    _Item = TypeVar("_Item", Call, Binding, Finding)

_POSITION = attrgetter("line", "column")


class _Offset(NamedTuple):
    """How far the symbols of a definition have moved."""

    symbols: int  # in the list of symbols
    lines: int  # in the file


_NOT_MOVED = _Offset(0, 0)


def update_facts(raw: bytes, previous: PreviousVersion) -> tuple[Analysis | None, ParseStats]:
    """Analyze what an edit has changed; give None where that is not safe, and what it took."""
    text, old = decoding.decode_source(raw), decoding.decode_source(previous.raw)
    stubbed = _replace_unchanged(text, old, previous.facts)
    if stubbed is None:
        return None, ParseStats()
    # To load the parser takes longer than all of this.
    from detent.languages.python import extract

    code, hashes, unchanged_by_line = stubbed
    rough, stats = extract.extract_valid_facts(code, hashes)
    if rough is None or rough.exports != previous.facts.exports:
        return None, stats
    before = previous.facts.symbols
    stubs = _match_stubs(rough.symbols, unchanged_by_line, before)
    if len(stubs) < len(unchanged_by_line) or not _has_same_bases(rough.symbols, before, stubs):
        return None, stats
    facts, changed = _merge_facts(rough, previous.facts, stubs)
    origins = _match_previous(changed, facts.symbols, before, source=old.data)
    return Analysis(facts._replace(size=len(raw)), stats, origins), stats


def _replace_unchanged(
    text: DecodedSource, old: DecodedSource, before: FileFacts
) -> tuple[bytes, dict[int, tuple[str, str]], dict[int, UnchangedDefinition]] | None:
    """Replace unchanged definitions by stubs; give also their hashes by offset, and them by line.

    None where an old definition might mean something else in the new file.
    """
    starts = unchanged.find_line_starts(old.data)
    if not _is_valid_pair(text, old, before, starts=starts):
        return None
    kept = list(unchanged.find_unchanged(old.data, starts, before.symbols, data=text.data))
    code, hashes = unchanged.insert_stubs(text.data, kept, before.symbols)
    # Comments before an edit may be gone.
    if kept and (
        unchanged.has_ignore_comments(code)
        or unchanged.has_ignore_comments(old.data, kept, before.symbols)
    ):
        return None
    return code, hashes, {definition.line: definition for definition in kept}


def _is_valid_pair(
    text: DecodedSource, old: DecodedSource, before: FileFacts, *, starts: Sequence[int]
) -> bool:
    """Whether both can be read, and the old one has no syntax that the grammar does not know."""
    return not (
        text.problems
        or old.problems
        or any(finding.code == "DT902" for finding in before.findings)
        or unchanged.has_type_defaults(old.data, starts, before.symbols)
    )


def _match_stubs(
    rough: tuple[Symbol, ...],
    unchanged_by_line: Mapping[int, UnchangedDefinition],
    before: tuple[Symbol, ...],
) -> dict[int, UnchangedDefinition]:
    """Find the symbols that are stubs and agree with the definition that they replace."""
    found = {}
    for number, symbol in enumerate(rough):
        definition = unchanged_by_line.get(symbol.line)
        if definition and _get_frame(symbol) == _get_frame(before[definition.first]):
            found[number] = definition
    return found


def _get_frame(symbol: Symbol) -> tuple[object, ...]:
    """Get what a stub has in common with the definition that it replaces."""
    return (
        symbol.kind,
        symbol.qualname,
        symbol.visibility,
        symbol.column,
        symbol.end_line - symbol.line,
        symbol.decorators,
    )


def _merge_facts(
    rough: FileFacts, before: FileFacts, stubs: Mapping[int, UnchangedDefinition]
) -> tuple[FileFacts, set[int]]:
    """Merge new facts and those of unchanged definitions; give also the indices of the new ones."""
    symbols: list[Symbol] = []
    places: list[int] = []
    moves: list[_Offset | None] = [None] * len(before.symbols)
    for number, symbol in enumerate(rough.symbols):
        place = len(symbols)
        places.append(place)
        parent = places[symbol.parent] if symbol.parent > 0 else symbol.parent
        if definition := stubs.get(number):
            olds = before.symbols[definition.first : definition.last]
            move = _Offset(place - definition.first, symbol.line - olds[0].line)
            moves[definition.first : definition.last] = [move] * len(olds)
            symbols += _move_definition(olds, move, parent)
        else:
            symbols.append(symbol if parent == symbol.parent else symbol._replace(parent=parent))
    shifts = [_Offset(place - number, 0) for number, place in enumerate(places)]
    calls = [*_shift_items(rough.calls, shifts), *_shift_items(before.calls, moves)]
    bindings = [*_shift_items(rough.bindings, shifts), *_shift_items(before.bindings, moves)]
    facts = FileFacts(
        symbols=tuple(symbols),
        calls=tuple(sorted(calls, key=_POSITION)),
        bindings=tuple(sorted(bindings, key=attrgetter("line"))),
        exports=rough.exports,
        findings=tuple(_shift_items(before.findings, moves)),
        lines=rough.lines,
    )
    return facts, {place for number, place in enumerate(places) if number not in stubs}


def _match_previous(
    changed: set[int], now: tuple[Symbol, ...], before: tuple[Symbol, ...], *, source: bytes
) -> dict[int, int]:
    """Match changed symbols to old ones by name; -1 where there is not one with its docstring."""
    names = Counter(symbol.qualname for symbol in now)
    olds: dict[str, int] = {}
    for number, symbol in enumerate(before):
        olds[symbol.qualname] = -1 if symbol.qualname in olds else number
    found = {}
    for number in sorted(changed):
        symbol = now[number]
        old = olds.get(symbol.qualname, -1) if names[symbol.qualname] == 1 else -1
        same = old >= 0 and _has_same_docstring(before[old].docstring, symbol.docstring, source)
        found[number] = old if same else -1
    return found


def _has_same_docstring(old: Docstring | None, new: Docstring | None, source: bytes) -> bool:
    """Whether docstrings are written alike; that of the old one is read from the old file."""
    if old is None or new is None:
        return old is new
    last = old.line + new.source.count("\n")
    lines = b"\n".join(source.split(b"\n", last)[old.line - 1 : last])
    written = lines.decode("utf-8", "replace")[old.column - 1 :]
    if old.text != new.text or not written.startswith(new.source):
        return False
    rest = written[len(new.source) :].lstrip()
    return not rest or rest.startswith("#")


def _has_same_bases(
    rough: tuple[Symbol, ...],
    before: tuple[Symbol, ...],
    stubs: Mapping[int, UnchangedDefinition],
) -> bool:
    """Whether unchanged classes have their old bases, and none of these is new in the file."""
    classes = unchanged.count_classes(rough)
    kept = {rough[number].name for number in stubs if rough[number].kind == "class"}
    for number, definition in stubs.items():
        old = before[definition.first]
        if not unchanged.has_unchanged_bases(old, classes, kept):
            return False
        if rough[rough[number].parent].bases != before[old.parent].bases:
            return False
    return True


def _move_definition(olds: Sequence[Symbol], move: _Offset, parent: int) -> Iterable[Symbol]:
    """Move a definition, with what is nested in it, to where its parent has this index."""
    first, *inner = olds
    if move == _NOT_MOVED and parent == first.parent:
        return olds
    moved = [_move_symbol(symbol, move.lines, symbol.parent + move.symbols) for symbol in inner]
    return [_move_symbol(first, move.lines, parent), *moved]


def _move_symbol(symbol: Symbol, lines: int, parent: int) -> Symbol:
    doc = symbol.docstring
    if not lines:
        return symbol._replace(parent=parent)
    return symbol._replace(
        parent=parent,
        line=symbol.line + lines,
        end_line=symbol.end_line + lines,
        directives=tuple(
            directive._replace(line=directive.line + lines) for directive in symbol.directives
        ),
        docstring=doc._replace(line=doc.line + lines) if doc else None,
    )


def _shift_items(items: Iterable[_Item], moves: Sequence[_Offset | None]) -> Iterator[_Item]:
    """Move the items of symbols that have a new place, and leave out those of the others."""
    for item in items:
        move = moves[item.symbol]
        if move is None:
            continue
        if move == _NOT_MOVED:
            yield item
        else:
            yield item._replace(symbol=item.symbol + move.symbols, line=item.line + move.lines)
