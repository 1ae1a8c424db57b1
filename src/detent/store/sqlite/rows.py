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
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from detent.core.model import FileFacts
    from detent.core.outline import Definition

    Row = tuple[Any, ...]

#: `json.dumps` with an option makes an encoder each time.
encode_list = json.JSONEncoder(ensure_ascii=False).encode
#: What `_make` does, but for its look at the length: this halves the time of many small records.
_make_tuple = tuple.__new__


@lru_cache(4096)
def decode_list(text: str) -> tuple[Any, ...]:
    """Read a JSON list."""
    return tuple(json.loads(text))


@lru_cache
def _join_words(words: frozenset[str]) -> str:
    return " ".join(sorted(words))


@lru_cache
def _split_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _encode_params(params: Iterable[Param]) -> str:
    """Write most parameters as their name alone."""
    return encode_list([param.name if param == Param(param.name) else param for param in params])


@lru_cache(4096)
def _decode_params(text: str) -> tuple[Param, ...]:
    values = json.loads(text)
    return tuple(Param(value) if isinstance(value, str) else Param(*value) for value in values)


@lru_cache
def _decode_directives(text: str) -> tuple[Directive, ...]:
    return tuple(Directive(line, column, tuple(codes)) for line, column, codes in json.loads(text))


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
    **dict.fromkeys(("bases", "params", "returns", "raises", "attributes", "ignores"), "NULL"),
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


def decode_calls(text: str) -> tuple[Call, ...]:
    """Make calls of the JSON list of a file."""
    return tuple(_make_tuple(Call, values) for values in json.loads(text))


def decode_bindings(text: str) -> tuple[Binding, ...]:
    """Make bindings of the JSON list of a file."""
    return tuple(_make_tuple(Binding, values) for values in json.loads(text))


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
             strict == 1, text, decode_list(decorators) if decorators else (), "", 0)
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
