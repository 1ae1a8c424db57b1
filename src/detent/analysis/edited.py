"""The facts of an edited file from those it had before: most definitions are as they were.

Before the file is parsed, a stub of as many lines takes the place of each definition that has not
changed; its facts are those from before, moved. Wherever it is not plain that this comes to the
same as to look at the whole file, the whole file is looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate
from operator import attrgetter, itemgetter

from detent import TYPE_CHECKING
from detent.analysis import source
from detent.model import FileFacts
from detent.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
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
    unjudged : dict of int to int
        The symbols that are still to be judged, with those before that have the same name and the
        same docstring; -1 where that is not plain.
    """

    facts: FileFacts
    unjudged: dict[int, int]


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
        All facts of that, as a store has them: without the sources of docstrings.

    Returns
    -------
    Edited or None
        None where the whole file is to be looked at.
    """
    text, old = source.read(raw), source.read(before)
    if not _is_sound(text, old, past):
        return None
    kept = list(_unchanged(old.data, past.symbols, text.data))
    short, hashes = _abridged(text.data, kept, past.symbols)
    if kept and (_IGNORES.search(short) or _is_ignored_outside(old.data, kept, past.symbols)):
        return None
    from detent.analysis import python

    rough = python.extract_sound(short, hashes)
    if rough is None or rough.exports != past.exports:
        return None
    stubs = _stubs(rough.symbols, _by_line(text.data, kept), past.symbols)
    if len(stubs) < len(kept) or not _inherit_alike(rough.symbols, past.symbols, stubs):
        return None
    facts, new = _merged(rough, past, stubs)
    pasts = _pasts(new, facts.symbols, past.symbols, same=_Docstrings(old.data))
    return Edited(facts._replace(size=len(raw)), pasts)


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
    classes = _classes(symbols)
    number, at = 1, 0
    while number < len(symbols):
        symbol, last = symbols[number], _last(symbols, number)
        end = sizes[symbol.end_line] + symbol.end_line - 1
        whole = before[sizes[symbol.line - 1] + symbol.line - 1 : end]
        indent = whole[: symbol.column - 1]
        found = _find(data, whole, at) if _is_candidate(symbols, number, classes) else -1
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


def _is_candidate(symbols: tuple[Symbol, ...], number: int, classes: set[str]) -> bool:
    """Whether a definition says nothing of others, as an ``__init__`` does, nor they of it."""
    symbol = symbols[number]
    if symbol.kind == "method":
        return symbols[symbol.parent].parent == 0 and symbol.name != "__init__"
    return symbol.parent == 0 and symbol.column == 1 and not _is_local(symbol, classes)


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
) -> tuple[bytes, dict[int, tuple[str, str]]]:
    """Put stubs in the places of definitions; give also their hashes, by where the stubs begin."""
    pieces, hashes, size, at = [], {}, 0, 0
    for one in kept:
        old = symbols[one.first]
        head = next(head for head in _HEADS if data.startswith(head, one.begin))
        rows = b"\n" * data.count(b"\n", one.begin, one.end)
        pieces += [data[at : one.begin], b"%b%b(%b):0" % (head, old.name.encode(), rows)]
        hashes[size + len(pieces[-2])] = old.body, old.own
        size += len(pieces[-2]) + len(pieces[-1])
        at = one.end
    return b"".join([*pieces, data[at:]]), hashes


def _is_ignored_outside(data: bytes, kept: list[_Kept], symbols: tuple[Symbol, ...]) -> bool:
    """Whether comments that ignore something stood outside of what stays.

    They belong to the last definition before them, however deep, and may have gone.
    """
    lines = [data.count(b"\n", 0, match.start()) + 1 for match in _IGNORES.finditer(data)]
    spans = [(symbols[one.first].line, symbols[one.first].end_line) for one in kept]
    return not all(any(first <= line <= last for first, last in spans) for line in lines)


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


def _merged(
    rough: FileFacts, past: FileFacts, stubs: Mapping[int, _Kept]
) -> tuple[FileFacts, set[int]]:
    """Put what is new and what stays together; tell which symbols are new."""
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
        self._lines = data.decode("utf-8", "replace").split("\n")

    def __call__(self, old: Symbol, new: Symbol) -> bool:
        was, now = old.docstring, new.docstring
        if was is None or now is None:
            return was is now
        first = was.line - 1
        lines = self._lines[first : first + now.source.count("\n") + 1]
        return was.text == now.text and "\n".join(lines)[was.column - 1 :] == now.source


def _inherit_alike(
    rough: tuple[Symbol, ...], past: tuple[Symbol, ...], stubs: Mapping[int, _Kept]
) -> bool:
    """Whether what stays has the bases from before, and none of these is new in the file."""
    classes = _classes(rough)
    for number, one in stubs.items():
        old = past[one.first]
        if _is_local(old, classes) or rough[rough[number].parent].bases != past[old.parent].bases:
            return False
    return True


def _is_local(symbol: Symbol, classes: set[str]) -> bool:
    """Whether a class inherits from one of its file: what is said of it may hang on that one."""
    return any(base.partition("[")[0] in classes for base in symbol.bases)


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
