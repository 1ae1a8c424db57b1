"""The unchanged definitions of an edited file, and the file with stubs in their places."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from detent.core.model import Symbol

# Lines without code that follow a line.
_GAP = re.compile(rb"(?:\n[ \t\f]*(?:#[^\n]*)?(?=\n|\Z))*")
_GENERIC = re.compile(rb"(?:def|class)[ \t]+[\w\x80-\xff]+[ \t\\\n]*\[")
_ALIAS = re.compile(rb"type[ \t]+[\w\x80-\xff]+[ \t\\\n]*\[")
_KEYWORDS = (b"class ", b"async def ", b"def ")
_INDENT = re.compile(rb"[ \t\f]*")
#: Type parameters that go on for longer are taken to have defaults.
_MAX_TYPE_PARAMETERS = 1000
_IGNORE_WORDS = (b"numpydoc ignore", b"detent:")


class UnchangedDefinition(NamedTuple):
    """A definition that an edit has not changed."""

    first: int  # index of its first symbol before the edit
    last: int  # index behind its last symbol before the edit
    begin: int  # offset of its keyword now
    end: int  # offset of its end now
    line: int  # line of its keyword now


def find_line_starts(data: bytes) -> list[int]:
    """Find the offsets at which lines begin, and the end of the file as if it were a line."""
    starts = list(accumulate(map(len, data.splitlines(keepends=True)), initial=0))
    if data and not data.endswith(b"\n"):
        starts.pop()
    return [*starts, len(data) + 1]


def has_type_defaults(data: bytes, starts: Sequence[int], symbols: Sequence[Symbol]) -> bool:
    """Tell whether type parameters have defaults: the grammar does not know them."""
    return any(map(_has_default, _find_type_parameters(data, starts, symbols)))


def _find_type_parameters(
    data: bytes, starts: Sequence[int], symbols: Sequence[Symbol]
) -> Iterator[bytes]:
    """Yield the code from each bracket on that may begin type parameters."""
    found = [match.end() for match in _ALIAS.finditer(data)]
    for symbol in symbols[1:]:
        begin, end = starts[symbol.line - 1], starts[symbol.line]
        # Most lines have no bracket, and this test is quick.
        if data.find(b"[", begin, end) >= 0 or data.startswith(b"\\", end - 2):
            found += [
                match.end() for match in _GENERIC.finditer(data, begin, end + _MAX_TYPE_PARAMETERS)
            ]
    for at in found:
        yield data[at - 1 : at + _MAX_TYPE_PARAMETERS]


def _has_default(code: bytes) -> bool:
    depth = 0
    for at, byte in enumerate(code):
        depth += (byte in b"[({") - (byte in b"])}")
        if not depth:
            return b"=" in code[:at]
    return True


def find_unchanged(
    before: bytes, starts: Sequence[int], symbols: tuple[Symbol, ...], *, data: bytes
) -> Iterator[UnchangedDefinition]:
    """Find the unchanged definitions, in order: top-level ones, and methods of changed classes."""
    classes, kept = count_classes(symbols), set[str]()
    number, at, line, shift = 1, 0, 1, 0
    while number < len(symbols):
        symbol, last = symbols[number], _find_end(symbols, number)
        begin, end = starts[symbol.line - 1], starts[symbol.end_line] - 1
        found = -1
        if _is_candidate(symbols, number) and has_unchanged_bases(symbol, classes, kept):
            found = _find_definition(
                before, (begin, end), symbol.column - 1, now=(data, at, begin + shift)
            )
        if found >= 0:
            line += data.count(b"\n", at, found)
            at, shift = found + end - begin, found - begin
            yield UnchangedDefinition(number, last, found + symbol.column - 1, at, line)
            line += symbol.end_line - symbol.line
            kept.add(symbol.name if symbol.kind == "class" else "")
        elif symbol.kind == "class" and not symbol.parent:
            start = max(at, data.find(b"\nclass " + symbol.name.encode(), at))
            line += data.count(b"\n", at, start)
            at, last = start, number + 1
        number = last


def _find_end(symbols: tuple[Symbol, ...], number: int) -> int:
    """Find the index behind the last symbol that is nested in a symbol."""
    last, size = number + 1, len(symbols)
    while last < size and symbols[last].parent >= number:
        last += 1
    return last


def _is_candidate(symbols: tuple[Symbol, ...], number: int) -> bool:
    """Whether no facts of other symbols come from a definition, as they do from an ``__init__``.

    What a stub without a docstring is depends on the block around it and on its other definitions.
    """
    symbol = symbols[number]
    if symbol.docstring is None and "stub" in symbol.flags:
        return False
    if symbol.kind == "method":
        return symbols[symbol.parent].parent == 0 and symbol.name != "__init__"
    return symbol.parent == 0 and symbol.column == 1


def count_classes(symbols: Iterable[Symbol]) -> Counter[str]:
    """Count the classes of a file by their names."""
    return Counter(
        symbol.name for symbol in symbols if symbol.kind == "class" and symbol.parent == 0
    )


def has_unchanged_bases(symbol: Symbol, classes: Mapping[str, int], kept: Collection[str]) -> bool:
    """Tell whether the bases that a class has in its file are unchanged: findings depend on it."""
    for base in symbol.bases:
        name = base.partition("[")[0]
        if name in classes and (classes[name] > 1 or name not in kept):
            return False
    return True


def _find_definition(
    before: bytes, span: tuple[int, int], column: int, *, now: tuple[bytes, int, int]
) -> int:
    """Find the lines of a definition in the new file, at the guess first; -1 where they are not."""
    begin, end = span
    data, at, guess = now
    lines = before[begin:end]
    last = lines[lines.rfind(b"\n") + 1 :]
    if not _is_single_definition(lines, column, last):
        return -1
    if not (guess >= at and _is_line_start(data, guess) and data.startswith(lines, guess)):
        guess = data.find(b"\n" + lines, at) + 1
        if at == 0 and data.startswith(lines):
            guess = 0
        elif not guess:
            return -1
    stop = guess + end - begin
    if data[stop : stop + 1] not in (b"", b"\n"):
        return -1
    indent, is_comment = lines[:column], b"#" in last
    alike = _has_same_end((before, end), (data, stop), indent, is_comment=is_comment)
    return guess if alike else -1


def _is_single_definition(lines: bytes, column: int, last: bytes) -> bool:
    """Whether lines are one whole definition, and the last line does not continue."""
    return (
        not lines[:column].strip(b" \t")
        and lines.startswith(_KEYWORDS, column)
        and (b"#" not in last or last.lstrip(b" \t").startswith(b"#"))
        and last == last.rstrip(b" \t\f;\\")
    )


def _is_line_start(data: bytes, at: int) -> bool:
    return not at or data[at - 1 : at] == b"\n"


def _has_same_end(
    old: tuple[bytes, int], new: tuple[bytes, int], indent: bytes, *, is_comment: bool
) -> bool:
    """Whether a definition, which may end with comments, has its old length."""
    was = _read_gap(*old, indent)
    if was is None:
        return False
    # With the first character of the code that follows.
    (before, end), (data, stop) = old, new
    follows = before[end : end + len(was) + 1]
    if len(follows) > len(was) and data.startswith(follows, stop):
        return True
    now = _read_gap(data, stop, indent)
    return was == now or (now is not None and not (is_comment or b"#" in was + now))


def _read_gap(data: bytes, end: int, indent: bytes) -> bytes | None:
    """Read what is between a definition and the next code, with the indentation of that.

    None where the definition may continue.
    """
    match = _GAP.match(data, end)
    gap = match[0] if match else b""
    after = _INDENT.match(data, end + len(gap) + 1)
    blank = after[0] if after else b""
    if not indent.startswith(blank) or data.startswith(b"\\", end + len(gap) + 1 + len(blank)):
        return None
    return gap + b"\n" + blank


def insert_stubs(
    data: bytes, kept: Iterable[UnchangedDefinition], symbols: tuple[Symbol, ...]
) -> tuple[bytes, dict[int, tuple[str, str]]]:
    """Replace definitions by stubs; give also the hashes of each, by the offset of its stub."""
    pieces, hashes, size, at = [], {}, 0, 0
    for definition in kept:
        old = symbols[definition.first]
        head = next(head for head in _KEYWORDS if data.startswith(head, definition.begin))
        stub = b"%b%b(%b):0" % (head, old.name.encode(), b"\n" * (old.end_line - old.line))
        pieces += [data[at : definition.begin], stub]
        hashes[size + definition.begin - at] = old.body, old.own
        size += definition.begin - at + len(stub)
        at = definition.end
    return b"".join([*pieces, data[at:]]), hashes


def has_ignore_comments(
    data: bytes, kept: Iterable[UnchangedDefinition] = (), symbols: Sequence[Symbol] = ()
) -> bool:
    """Tell whether comments that ignore findings are outside of the unchanged definitions.

    They belong to the last definition before them, however deep.
    """
    lines = [
        data.count(b"\n", 0, match.start()) + 1
        for word in _IGNORE_WORDS
        if word in data
        for match in re.finditer(word, data)
    ]
    olds = [symbols[definition.first] for definition in kept]
    return not all(any(old.line <= line <= old.end_line for old in olds) for line in lines)
