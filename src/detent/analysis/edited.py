"""The facts of an edited file from those it had before: most definitions are as they were.

Before the file is parsed, a stub of as many lines takes the place of each definition that has not
changed; its facts are those from before, moved. Wherever it is not plain that this comes to the
same as to look at the whole file, the whole file is looked at.
"""

from __future__ import annotations

import re
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from detent.analysis import source
from detent.model import FileFacts
from detent.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeVar

    from detent.analysis.source import Source
    from detent.model import Binding, Call, Finding, Symbol

    _Item = TypeVar("_Item", Call, Binding, Finding)

# Lines without code that follow a line.
_GAP = re.compile(rb"(?:\n[ \t\f]*(?:#[^\n]*)?(?=\n|\Z))*")
_GENERIC = [
    re.compile(rb"%b[ \t]+[\w\x80-\xff]+[ \t\\]*\[" % word) for word in (b"def", b"class", b"type")
]
_HEADS = (b"class ", b"async def ", b"def ")
_INDENT = re.compile(rb"[ \t\f]*")
#: From this share of a file on, what has not changed is worth leaving out: one in so many bytes.
_LEAST = 4
#: Type parameters that go on for longer are taken to have defaults.
_LONGEST = 1000
_IGNORES = re.compile(rb"numpydoc ignore|detent:")
_PLACE = itemgetter(2, 3)


class Edited(NamedTuple):
    """The facts of an edited file.

    Attributes
    ----------
    facts : FileFacts
        As `detent.analysis.analyse` has them; its findings are those from before that stand.
    unjudged : set of int
        The symbols that are still to be judged.
    """

    facts: FileFacts
    unjudged: set[int]


class _Kept(NamedTuple):
    """A definition that is as it was: its symbols from before, and where it is now."""

    first: int
    last: int
    begin: int
    end: int


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
        All facts of that.

    Returns
    -------
    Edited or None
        None where the whole file is to be looked at.
    """
    text, old = source.read(raw), source.read(before)
    if not _is_sound(text, old, past):
        return None
    kept = list(_unchanged(old.data, past.symbols, text.data))
    if sum(one.end - one.begin for one in kept) * _LEAST < len(text.data):
        return None
    short, offsets = _abridged(text.data, kept, past.symbols)
    # A comment of this kind belongs to the last definition before it, however deep.
    if _IGNORES.search(short):
        return None
    from detent.analysis import python

    stands = [past.symbols[one.first] for one in kept]
    hashes = {at: (one.body, one.own) for at, one in zip(offsets, stands, strict=True)}
    rough = python.extract_sound(short, hashes)
    if rough is None or rough.exports != past.exports:
        return None
    stubs = _stubs(rough.symbols, _by_line(text.data, kept), past.symbols)
    return _merged(rough, past, stubs, size=len(raw)) if len(stubs) == len(kept) else None


def _is_sound(text: Source, old: Source, past: FileFacts) -> bool:
    """Whether both can be read, and the old one holds nothing that the grammar does not know."""
    return not (
        text.problems
        or old.problems
        or any(one.code == "DT902" for one in past.findings)
        or any(map(_has_defaults, _generics(old.data)))
    )


def _generics(data: bytes) -> Iterator[bytes]:
    """Yield what may be type parameters, from their bracket on."""
    for pattern in _GENERIC:
        for match in pattern.finditer(data):
            yield data[match.end() - 1 : match.end() + _LONGEST]


def _has_defaults(code: bytes) -> bool:
    """Whether type parameters have defaults, errors to the grammar that a stub would hide."""
    depth = 0
    for at, byte in enumerate(code):
        depth += (byte in b"[({") - (byte in b"])}")
        if not depth:
            return b"=" in code[:at]
    return True


def _unchanged(before: bytes, symbols: tuple[Symbol, ...], data: bytes) -> Iterator[_Kept]:
    """Find the definitions that are as they were, in their order.

    Those of the file itself are looked for, and, in a class that has changed, its methods.
    """
    # Before each line, without the breaks: add one for each of these.
    sizes = list(accumulate(map(len, before.split(b"\n")), initial=0))
    number, at = 1, 0
    while number < len(symbols):
        symbol, last = symbols[number], _last(symbols, number)
        end = sizes[symbol.end_line] + symbol.end_line - 1
        whole = before[sizes[symbol.line - 1] + symbol.line - 1 : end]
        indent = whole[: symbol.column - 1]
        found = _find(data, whole, at) if _is_candidate(symbols, number) else -1
        stop = found + len(whole)
        if found >= 0 and _goes_on_alike(whole, indent, before=(before, end), now=(data, stop)):
            at = stop
            yield _Kept(number, last, found + symbol.column - 1, at)
        elif symbol.kind == "class" and not symbol.parent:
            at = max(at, data.find(b"\nclass " + symbol.name.encode(), at))
            last = number + 1
        number = last


def _last(symbols: tuple[Symbol, ...], number: int) -> int:
    """Find the end of the symbols that are nested in one."""
    last = number + 1
    while last < len(symbols) and symbols[last].parent >= number:
        last += 1
    return last


def _is_candidate(symbols: tuple[Symbol, ...], number: int) -> bool:
    """Whether a definition says nothing of those around it, as an ``__init__`` does."""
    symbol = symbols[number]
    if symbol.kind == "method":
        return symbols[symbol.parent].parent == 0 and symbol.name != "__init__"
    return symbol.parent == 0 and symbol.column == 1


def _find(data: bytes, lines: bytes, at: int) -> int:
    """Find the lines of a definition; -1 where they are not, or are not those of its node alone."""
    last = _last_line(lines)
    plain = (
        lines.lstrip(b" \t").startswith(_HEADS)
        and (b"#" not in last or last.lstrip(b" \t").startswith(b"#"))
        and last == last.rstrip(b" \t\f;\\")
    )
    if not plain:
        return -1
    found = 0 if not at and data.startswith(lines) else data.find(b"\n" + lines, at) + 1
    if not found and not data.startswith(lines):
        return -1
    stop = found + len(lines)
    return found if data[stop : stop + 1] in (b"", b"\n") else -1


def _last_line(lines: bytes) -> bytes:
    return lines[lines.rfind(b"\n") + 1 :]


def _goes_on_alike(
    lines: bytes, indent: bytes, *, before: tuple[bytes, int], now: tuple[bytes, int]
) -> bool:
    """Whether a definition, which may end with comments, is as long as it was."""
    old, new = _after(*before, indent), _after(*now, indent)
    if old is None or new is None:
        return False
    return old == new or b"#" not in old + new + _last_line(lines)


def _after(data: bytes, end: int, indent: bytes) -> bytes | None:
    """Give what stands between a definition and the next code, with the indentation of that.

    None where the definition may go on.
    """
    match = _GAP.match(data, end)
    gap = match[0] if match else b""
    after = _INDENT.match(data, end + len(gap) + 1)
    blank = after[0] if after else b""
    if not indent.startswith(blank) or data.startswith(b"\\", end + len(gap) + 1 + len(blank)):
        return None
    return gap + b"\n" + blank


def _abridged(
    data: bytes, kept: list[_Kept], symbols: tuple[Symbol, ...]
) -> tuple[bytes, list[int]]:
    """Put stubs in the places of definitions; give also where they begin."""
    pieces, offsets, size, at = [], [], 0, 0
    for one in kept:
        head = next(head for head in _HEADS if data.startswith(head, one.begin))
        name = symbols[one.first].name.encode()
        rows = b"\n" * data.count(b"\n", one.begin, one.end)
        pieces += [data[at : one.begin], b"%b%b(%b):0" % (head, name, rows)]
        offsets.append(size + len(pieces[-2]))
        size = offsets[-1] + len(pieces[-1])
        at = one.end
    return b"".join([*pieces, data[at:]]), offsets


def _by_line(data: bytes, kept: list[_Kept]) -> dict[int, _Kept]:
    found, line, at = {}, 1, 0
    for one in kept:
        line += data.count(b"\n", at, one.begin)
        found[line], at = one, one.begin
    return found


def _stubs(
    rough: tuple[Symbol, ...], kept: Mapping[int, _Kept], before: tuple[Symbol, ...]
) -> dict[int, _Kept]:
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


def _merged(rough: FileFacts, past: FileFacts, stubs: Mapping[int, _Kept], *, size: int) -> Edited:
    """Put what is new and what stays together."""
    symbols: list[Symbol] = []
    places: list[int] = []
    moves: dict[int, _Move] = {}
    for number, symbol in enumerate(rough.symbols):
        places.append(len(symbols))
        one = stubs.get(number)
        if one is None:
            parent = symbol.parent
            symbols.append(symbol._replace(parent=places[parent]) if parent > 0 else symbol)
            continue
        old = past.symbols[one.first]
        move = _Move(len(symbols) - one.first, symbol.line - old.line)
        moves.update(dict.fromkeys(range(one.first, one.last), move))
        first, *inner = past.symbols[one.first : one.last]
        symbols.append(_moved(first, move.lines, places[symbol.parent]))
        symbols += [_moved(one, move.lines, one.parent + move.by) for one in inner]
    new = {number: _Move(place - number, 0) for number, place in enumerate(places)}
    unjudged = {places[number] for number in _unjudged(rough.symbols, past.symbols, stubs)}
    found = _shifted(past.findings, moves)
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
        findings=tuple(one for one in found if one.symbol not in unjudged),
        size=size,
        lines=rough.lines,
    )
    return Edited(facts, unjudged)


def _unjudged(
    rough: tuple[Symbol, ...], past: tuple[Symbol, ...], stubs: Mapping[int, _Kept]
) -> Iterator[int]:
    """Yield what is new, and what is as it was but hangs on what is new."""
    classes = _classes(rough) | _classes(past)
    for number, symbol in enumerate(rough):
        old = past[stubs[number].first] if number in stubs else None
        if (
            old is None
            # What a class inherits, and what its methods override.
            or any(base.partition("[")[0] in classes for base in old.bases)
            or rough[symbol.parent].bases != past[old.parent].bases
        ):
            yield number


def _classes(symbols: tuple[Symbol, ...]) -> set[str]:
    return {one.name for one in symbols if one.kind == "class" and one.parent == 0}


def _moved(symbol: Symbol, lines: int, parent: int) -> Symbol:
    if not lines:
        return symbol if symbol.parent == parent else symbol._replace(parent=parent)
    doc = symbol.docstring
    return symbol._replace(
        parent=parent,
        line=symbol.line + lines,
        end_line=symbol.end_line + lines,
        directives=tuple(one._replace(line=one.line + lines) for one in symbol.directives),
        docstring=doc._replace(line=doc.line + lines) if doc else None,
    )


def _shifted(items: Iterable[_Item], moves: Mapping[int, _Move]) -> Iterator[_Item]:
    """Move what belongs to symbols that stay, and leave out the rest."""
    for one in items:
        move = moves.get(one.symbol)
        if move is None:
            continue
        by, lines = move
        moved = by or lines
        yield one._replace(symbol=one.symbol + by, line=one.line + lines) if moved else one
