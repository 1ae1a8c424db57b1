"""References in few bytes: their columns as JSON, compressed."""

from __future__ import annotations

import json
import zlib
from itertools import accumulate, pairwise

from detent import TYPE_CHECKING
from detent.core.references import UNKNOWN, Expression, FileReferences, Flow, LocalScope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Stands for the place of an expression that has none.
_NOWHERE = -(1 << 20)
#: More than the largest file that is analysed can have.
_MOST_BYTES = 1 << 28
#: The least number of parts of an expression of a kind: those that the rules read by position.
_FEWEST_PARTS = {
    "parameter": 2,
    "decorated": 2,
    **dict.fromkeys(("attribute", "call", "item", "element", "enter", "instance", "yielded"), 1),
}
_NO_COLUMNS: tuple[list[int], ...] = ([], [], [])


def pack_references(references: FileReferences) -> bytes:
    """Write references."""
    words: dict[str, int] = {}
    table = [
        [words.setdefault(text, len(words)) for text in column]
        for column in zip(*((e.kind, e.name, e.role) for e in references.expressions), strict=True)
    ]
    expressions = references.expressions
    columns = [
        # Parts are near: what is kept is how far back they are.
        [[n - part if part >= 0 else 0 for part in e.parts] for n, e in enumerate(expressions)],
        _take_differences(expression.scope for expression in expressions),
        list(_pack_places(expressions)),
        [_take_differences(column) for column in zip(*references.flows, strict=True)],
    ]
    document = [list(words), table, columns, references.scopes, references.exports]
    text = json.dumps(document, separators=(",", ":"))
    return zlib.compress(text.encode(), 6)


def unpack_references(packed: bytes) -> FileReferences:
    """Read references; what was not written here raises one of the errors of wrong values."""
    words, table, columns, scopes, exports = json.loads(_decompress(packed))
    kinds, names, roles = (map(words.__getitem__, column) for column in table or _NO_COLUMNS)
    parts, owners, places, flows = columns
    rows = zip(
        kinds,
        names,
        _unpack_parts(parts),
        accumulate(owners),
        roles,
        *_unpack_places(places),
        strict=True,
    )
    references = FileReferences(
        scopes=tuple(_make_scope(*scope) for scope in scopes),
        expressions=tuple([tuple.__new__(Expression, row) for row in rows]),
        flows=tuple(map(Flow, *map(accumulate, flows))) if flows else (),
        exports=None if exports is None else tuple(exports),
    )
    "".join([*words, *(references.exports or ())])  # raises an error where there is other than text
    _check_scopes(references)
    _check_expressions(references)
    return references


def _decompress(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, _MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    _require(unpacker.eof)
    return text


def _check_scopes(references: FileReferences) -> None:
    """Refuse scopes that the walk over a file does not make."""
    count = len(references.expressions)
    for position, scope in enumerate(references.scopes):
        _require(scope.parent == UNKNOWN if position == 0 else 0 <= scope.parent < position)
        _require(len(scope.parameters) == len(scope.stars))
        for number in scope.parameters:
            _require(references.expressions[number].kind == "parameter")
        for number in (*scope.parameters, *scope.bases, *scope.returns):
            _require(UNKNOWN <= number < count)
        _require(scope.line + scope.end_line > 0)
        "".join([scope.kind, scope.name, scope.qualname, scope.stars, scope.flags])


def _check_expressions(references: FileReferences) -> None:
    """Refuse expressions and flows that lead nowhere."""
    scopes, count = len(references.scopes), len(references.expressions)
    for number, expression in enumerate(references.expressions):
        _require(all(UNKNOWN <= part < number for part in expression.parts))
        _require(0 <= expression.scope < scopes)
        _require(len(expression.parts) >= _FEWEST_PARTS.get(expression.kind, 0))
        _require(expression.kind != "define" or 0 < int(expression.name) < scopes)
    for flow in references.flows:
        _require(0 <= flow.target < count and UNKNOWN <= flow.value < count)
        _require(0 <= flow.scope < scopes)


def _require(is_right: bool) -> None:
    if not is_right:
        raise ValueError("not written by detent")


def _unpack_parts(rows: list[list[int]]) -> list[tuple[int, ...]]:
    return [tuple([n - part if part else UNKNOWN for part in row]) for n, row in enumerate(rows)]


def _make_scope(*fields: object) -> LocalScope:
    return LocalScope(*(tuple(f) if isinstance(f, list) else f for f in fields))  # type: ignore[arg-type]


def _take_differences(values: Iterable[int]) -> list[int]:
    """Give the first value, then how much each one is more than the one before."""
    return [after - before for before, after in pairwise([0, *values])]


def _pack_places(expressions: Iterable[Expression]) -> Iterator[int]:
    """Give for each place how many lines and columns it is behind the one before it."""
    last_line = last_column = 0
    for expression in expressions:
        line, column = expression.line, expression.column
        if not line:
            yield _NOWHERE
            continue
        yield line - last_line
        yield column - last_column if line == last_line else column
        last_line, last_column = line, column


def _unpack_places(numbers: Iterable[int]) -> tuple[list[int], list[int]]:
    line = column = 0
    lines, columns = [], []
    rest = iter(numbers)
    for step in rest:
        if step == _NOWHERE:
            lines.append(0)
            columns.append(0)
            continue
        column = next(rest, -1) + (0 if step else column)
        _require(column > 0)
        line += step
        lines.append(line)
        columns.append(column)
    return lines, columns
