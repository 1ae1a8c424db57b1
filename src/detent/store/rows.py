"""Facts as rows of the schema, and back.

A field of a record is the column of the same name, in a form that the type of the field chooses.
Two fields of a `Symbol` are records themselves, and have a column for each of their fields.
"""

from __future__ import annotations

import json
from functools import lru_cache
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.model import (
    Binding,
    Call,
    Directive,
    Docstring,
    Finding,
    FindingRow,
    Param,
    Shape,
    Symbol,
)
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from detent.core.model import FileFacts
    from detent.core.outline import Definition

    Row = tuple[Any, ...]

#: `json.dumps` with an option makes an encoder each time.
_encode_json = json.JSONEncoder(ensure_ascii=False).encode
_decode_first = json.JSONDecoder().raw_decode
#: What `_make` does, but for its look at the length: this halves the time of many small records.
_make_tuple = tuple.__new__


@lru_cache(4096)
def decode_list(text: str) -> tuple[str, ...]:
    """Read a JSON list of texts."""
    values = _decode_json_list(text)
    _require(_TEXT.issuperset(map(type, values)))
    return tuple(values)


def _decode_json_list(text: str) -> list[Any]:
    """Read a JSON list as it is written here: with nothing around it, for which `loads` looks."""
    values: list[Any]
    values, end = _decode_first(text)
    _require(type(values) is list and end == len(text))
    return values


def _require(condition: bool) -> None:
    if not condition:
        raise ValueError("detent does not write such a value")


@lru_cache
def _join_words(words: frozenset[str]) -> str:
    return " ".join(sorted(words))


@lru_cache
def _split_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def encode_list(values: Iterable[object]) -> str:
    """Write a JSON list of texts mostly, each of which takes less than the encoder of lists."""
    return f"[{', '.join(map(_encode_json, values))}]"


def _encode_params(params: Iterable[Param]) -> str:
    """Write most parameters as their name alone."""
    return encode_list(param.name if param[1:] == _PLAIN else param for param in params)


@lru_cache(4096)
def _decode_params(text: str) -> tuple[Param, ...]:
    return tuple(map(_decode_param, _decode_json_list(text)))


def _decode_param(value: str | Sequence[Any]) -> Param:
    if isinstance(value, str):
        return _make_tuple(Param, (value, *_PLAIN))
    param = Param(*value)
    _require(type(param.name) is type(param.kind) is str)
    _require(_OPTIONAL_TEXT.issuperset((type(param.annotation), type(param.default))))
    return param


@lru_cache
def _decode_directives(text: str) -> tuple[Directive, ...]:
    found = tuple(
        Directive(line, column, tuple(codes)) for line, column, codes in _decode_json_list(text)
    )
    for line, column, codes in found:
        _require(type(line) is type(column) is int and 0 <= min(line, column) <= MOST_LINES)
        _require(max(line, column) <= MOST_LINES and _TEXT.issuperset(map(type, codes)))
    return found


#: More than a file that is analysed can have of anything.
MOST_LINES = 100_000_000
#: What a parameter has besides its name, where it is plain.
_PLAIN = Param("")[1:]
_TEXT, _OPTIONAL_TEXT = frozenset([str]), frozenset([str, type(None)])
_INTEGER, _OPTIONAL_INTEGER = frozenset([int]), frozenset([int, type(None)])
_HEX = "0123456789abcdef"
#: Of SHA-1 and of SHA-256.
_OID_LENGTHS = frozenset((40, 64))
#: The types of the values of a column, by its name, which has the same meaning in all tables.
_TYPES = {
    **dict.fromkeys(("kind", "name", "qualname", "visibility", "body", "own", "uses"), _TEXT),
    **dict.fromkeys(
        ("calls", "bindings", "module", "target", "role", "code", "subject", "message"), _TEXT
    ),
    **dict.fromkeys(("pending_on", "tree", "languages", "versions", "missing"), _TEXT),
    **dict.fromkeys(("decorators", "bases", "params", "returns", "flags"), _OPTIONAL_TEXT),
    **dict.fromkeys(("raises", "attributes", "ignores", "directives"), _OPTIONAL_TEXT),
    **dict.fromkeys(("docstring", "exports", "oid", "language"), _OPTIONAL_TEXT),
    **dict.fromkeys(("blob", "number", "parent", "symbol", "line", "column"), _INTEGER),
    **dict.fromkeys(("end_line", "lines", "parameters", "complexity", "nesting"), _INTEGER),
    **dict.fromkeys(("id", "size", "generation", "requires_addition", "numpydoc_only"), _INTEGER),
    **dict.fromkeys(("docstring_line", "docstring_column"), _OPTIONAL_INTEGER),
    "path": frozenset([str, bytes]),
}
#: Counts of bytes and rows.
_UNLIMITED = frozenset(("id", "blob", "size", "generation"))


def check_values(names: Iterable[str], rows: Iterable[Row]) -> None:
    """Raise `ValueError` where a column has a value that detent does not write there.

    By columns, which is many times faster than by rows.
    """
    _check_columns(names, list(zip(*rows, strict=True)))


def _check_columns(names: Iterable[str], columns: Sequence[Sequence[Any]]) -> None:
    for name, column in zip(names, columns, strict=bool(columns)):
        if (types := _TYPES.get(name)) is None:
            continue
        found = set(map(type, column))
        _require(found <= types)
        if int in found:
            numbers = [value for value in column if value is not None]
            _require(min(numbers) >= -1)
            _require(name in _UNLIMITED or max(numbers) <= MOST_LINES)
        elif name in ("oid", "tree"):
            given = list(filter(None, column))
            _require(not "".join(given).strip(_HEX))
            _require(name == "tree" or _OID_LENGTHS.issuperset(map(len, given)))


class _Form(NamedTuple):
    """How values of a type are kept in a column; an empty one is NULL."""

    encode: Callable[[Any], str]
    decode: Callable[[str], Any]
    empty: tuple[()] | frozenset[str] = ()


#: By the type as the record declares it; values of all other types are kept as they are.
_FORMS = {
    "tuple[str, ...]": _Form(encode_list, decode_list),
    "frozenset[str]": _Form(_join_words, _split_words, frozenset()),
    "tuple[Param, ...]": _Form(_encode_params, _decode_params),
    "tuple[Directive, ...]": _Form(encode_list, _decode_directives),
}
_SYMBOL_FIELDS = [field for field in Symbol._fields if field not in ("docstring", "shape")]
_DOCSTRING, _SHAPE = map(Symbol._fields.index, ("docstring", "shape"))
_DOCSTRING_COLUMNS = ("docstring", "docstring_line", "docstring_column")
_get_fields = attrgetter(*_SYMBOL_FIELDS)
#: Position among `_SYMBOL_FIELDS`, and form, of those whose values are converted.
_SYMBOL_FORMS = [
    (position, *_FORMS[Symbol.__annotations__[field]])
    for position, field in enumerate(_SYMBOL_FIELDS)
    if Symbol.__annotations__[field] in _FORMS
]

#: The columns of each table whose rows belong to a blob and are numbered inside it, after these
#: two, in the order in which the functions below make and take them.
COLUMNS = {
    "symbol": (*_DOCSTRING_COLUMNS, *Shape._fields, *_SYMBOL_FIELDS),
    "finding": ("qualname", "role", *Finding._fields),
}
#: What only an export or a question about a signature needs, and what stands for it elsewhere.
_FULL_ONLY = {
    **dict.fromkeys(("bases", "params", "returns", "raises", "caught"), "NULL"),
    **dict.fromkeys(("attributes", "described", "ignores"), "NULL"),
    "directives": "NULL",
    "uses": "''",
}


def list_symbol_columns(*, full: bool) -> str:
    """List what `decode_symbol` takes, in SQL."""
    return ", ".join(
        f"symbol.{column}" if full else _FULL_ONLY.get(column, f"symbol.{column}")
        for column in COLUMNS["symbol"]
    )


def encode_tables(blob: int, facts: FileFacts) -> Iterator[tuple[str, Iterator[Row]]]:
    """Make all rows of a file but the one in ``blob``, which has its calls and bindings."""
    yield "symbol", _encode_symbols(blob, facts.symbols)
    yield "finding", _encode_findings(blob, facts)


def _encode_symbols(blob: int, symbols: Iterable[Symbol]) -> Iterator[Row]:
    for number, symbol in enumerate(symbols):
        doc = symbol.docstring
        place = (None, None, None) if doc is None else (doc.text, doc.line, doc.column)
        values = list(_get_fields(symbol))
        for position, encode, _, _ in _SYMBOL_FORMS:
            value = values[position]
            values[position] = encode(value) if value else None
        yield (blob, number, *place, *symbol.shape, *values)


def _encode_findings(blob: int, facts: FileFacts) -> Iterator[Row]:
    owners = [(symbol.qualname, symbol.role) for symbol in facts.symbols]
    for number, finding in enumerate(facts.findings):
        yield (blob, number, *owners[finding.symbol], *finding)


def decode_symbols(rows: Iterable[Row]) -> Iterator[Symbol]:
    """Make symbols of their columns, behind a column for their blob."""
    for row in rows:
        _, text, line, column, lines, parameters, complexity, nesting, *values = row
        for position, _, decode, empty in _SYMBOL_FORMS:
            value = values[position]
            values[position] = decode(value) if value else empty
        place = None if text is None else _make_tuple(Docstring, (text, "", line, column))
        values.insert(_DOCSTRING, place)
        values.insert(_SHAPE, _make_tuple(Shape, (lines, parameters, complexity, nesting)))
        yield _make_tuple(Symbol, values)


def check_references(facts: FileFacts) -> None:
    """Raise `ValueError` where facts belong to a symbol that is not there."""
    count = len(facts.symbols)
    _require(count > 0)
    _require(all(symbol.parent < number for number, symbol in enumerate(facts.symbols)))
    for items in (facts.calls, facts.bindings, facts.findings):
        _require(all(item.symbol < count for item in items))


def encode_columns(records: Iterable[Row]) -> str:
    """Write records as a JSON list of their columns, each of numbers or of texts."""
    columns = zip(*records, strict=True)
    return f"[{', '.join(map(_encode_column, columns))}]"


def _encode_column(values: Sequence[Any]) -> str:
    # Python writes a list of whole numbers as JSON does, and much faster than its encoder.
    return repr(list(values)) if type(values[0]) is int else encode_list(values)


def decode_calls(text: str) -> tuple[Call, ...]:
    """Make calls of the columns of a file."""
    return tuple([_make_tuple(Call, row) for row in _decode_columns(text, Call._fields)])


def decode_bindings(text: str) -> tuple[Binding, ...]:
    """Make bindings of the columns of a file."""
    return tuple([_make_tuple(Binding, row) for row in _decode_columns(text, Binding._fields)])


def _decode_columns(text: str, names: tuple[str, ...]) -> Iterable[Row]:
    columns = _decode_json_list(text)
    _require({list}.issuperset(map(type, columns)))
    _check_columns(names, columns)
    return zip(*columns, strict=True)


def decode_findings(rows: Iterable[Row]) -> Iterator[Finding]:
    """Make findings of their columns, behind a column for their blob."""
    for _, symbol, code, line, column, subject, message, adds, pending, strict in rows:
        columns = (symbol, code, line, column, subject, message, adds == 1, pending, strict == 1)
        yield _make_tuple(Finding, columns)


def decode_finding_rows(rows: Iterable[Row], path: bytes) -> list[FindingRow]:
    """Make a list of findings of their columns, behind a column for their blob."""
    make = FindingRow._make
    # There may be very many: to name each column takes half the time of a star.
    return [
        make(
            (path, "error", name, role, code, line, column, about, message, adds == 1, pending,
             strict == 1, text, decode_list(decorators) if decorators else (), "", 0, 0)
        )
        for _, name, role, code, line, column, about, message, adds, pending, strict, text,
        decorators in rows
    ]  # fmt: skip


def decode_definitions(rows: Iterable[Row]) -> Iterator[Definition]:
    """Make definitions of their columns, behind a column for their blob."""
    for _, number, parent, kind, name, decorators, bases in rows:
        yield (
            number,
            parent,
            kind,
            name,
            decode_list(decorators) if decorators else (),
            decode_list(bases) if bases else (),
        )
