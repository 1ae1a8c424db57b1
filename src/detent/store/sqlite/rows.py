"""Facts as rows of the schema, and back."""

from __future__ import annotations

import json
from functools import lru_cache
from operator import itemgetter

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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from detent.core.model import FileFacts
    from detent.core.outline import Definition

    Row = tuple[Any, ...]

#: The tables whose rows belong to a blob and are numbered inside it.
NUMBERED_TABLES = ("symbol", "call", "binding", "finding")
#: The columns that a `Symbol` is made of, in the order that `decode_symbol` takes them.
SYMBOL_COLUMNS = (
    "parent, kind, name, qualname, visibility, line, column, end_line, decorators, header, flags, "
    "docstring, docstring_line, docstring_column, body, own, uses, "
    "symbol.lines, parameters, complexity, nesting"
)
#: The same without what only an export or a question about a signature needs.
OUTLINE_COLUMNS = SYMBOL_COLUMNS.replace("header", "'{}'").replace("uses", "''")
#: What a `FindingRow` is made of, in the order that `decode_finding_rows` takes it.
FINDING_ROW_COLUMNS = "qualname, role, code, line, column, subject, message, demand, open"
_EMPTY_HEADER = "{}"
#: What most parameters have beside their name.
_PLAIN_PARAM = Param("")[1:]
#: So many heads are cached: most are alike.
_MAX_HEADS = 4096
#: What is in the head of a definition: bases, params, returns, raises, attributes, ignores,
#: directives.
_get_head = itemgetter(9, 10, 11, 13, 14, 15, 16)
#: `_make_hooks_directory` without its look at the length: the columns are those of the schema.
_make_tuple = tuple.__new__
#: `json.dumps` with an option makes an encoder each time.
_encode_json = json.JSONEncoder(ensure_ascii=False).encode
#: `json.loads` looks for spaces around it first, and takes twice as long.
_decode_json = json.JSONDecoder().raw_decode


def encode_tables(blob: int, facts: FileFacts) -> Iterator[tuple[str, Iterator[Row]]]:
    """Make all rows of a file but the one in ``blob``."""
    yield "symbol", _encode_symbols(blob, facts)
    yield "call", _encode_numbered(blob, facts.calls)
    yield "binding", _encode_numbered(blob, facts.bindings)
    yield "finding", _encode_findings(blob, facts)


def _encode_symbols(blob: int, facts: FileFacts) -> Iterator[Row]:
    for number, symbol in enumerate(facts.symbols):
        doc = symbol.docstring
        yield (
            blob,
            number,
            *symbol[:8],
            "\n".join(symbol.decorators),
            _encode_head(_get_head(symbol)),
            _join_words(symbol.flags),
            *((None, None, None) if doc is None else (doc.text, doc.line, doc.column)),
            symbol.body,
            symbol.own,
            symbol.uses,
            *symbol.shape,
        )


@lru_cache
def _join_words(words: frozenset[str]) -> str:
    return " ".join(sorted(words))


def _encode_numbered(blob: int, items: Iterable[Row]) -> Iterator[Row]:
    for number, item in enumerate(items):
        yield (blob, number, *item)


def _encode_findings(blob: int, facts: FileFacts) -> Iterator[Row]:
    owners: dict[int, tuple[str, str]] = {}
    for number, finding in enumerate(facts.findings):
        owner = owners.get(finding.symbol)
        if owner is None:
            symbol = facts.symbols[finding.symbol]
            owner = owners[finding.symbol] = symbol.qualname, symbol.role
        yield (blob, number, finding.symbol, *owner, *finding[1:])


def decode_call(row: Row) -> Call:
    """Make a call of its columns."""
    return _make_tuple(Call, row[1:])


def decode_binding(row: Row) -> Binding:
    """Make a binding of its columns."""
    return _make_tuple(Binding, row[1:])


def decode_finding(row: Row) -> Finding:
    """Make a finding of its columns."""
    return _make_tuple(Finding, (*row[1:7], row[7] == 1, row[8]))


def decode_finding_rows(rows: Iterable[Row], *, more: bool) -> list[FindingRow]:
    """Make a list of findings of their columns: there may be very many."""
    make = FindingRow._make
    if more:
        return [
            make((b"", "error", *values, text, split_lines(decorators), "", 0))
            for _, *values, text, decorators in rows
        ]
    # To name them all takes half the time of one slice and one star.
    return [
        make((b"", "error", name, role, code, line, column, about, says, asks, by, None, (), "", 0))
        for _, name, role, code, line, column, about, says, asks, by in rows
    ]


def decode_symbol(row: Row) -> Symbol:
    """Make a symbol of its columns."""
    bases, params, returns, raises, attributes, ignores, directives = _decode_head(row[10])
    return _make_tuple(
        Symbol,
        (
            *row[1:9],
            split_lines(row[9]),
            bases,
            params,
            returns,
            _split_words(row[11]),
            raises,
            attributes,
            ignores,
            directives,
            None if row[12] is None else _make_tuple(Docstring, (row[12], "", row[13], row[14])),
            *row[15:18],
            _make_tuple(Shape, row[18:]),
        ),
    )


@lru_cache(_MAX_HEADS)
def _decode_head(text: str) -> Row:
    """Read what `_encode_head` has written."""
    header: dict[str, Any] = {} if text == _EMPTY_HEADER else _decode_json(text)[0]
    params = header.get("params", ())
    return (
        tuple(header.get("bases", ())),
        tuple(Param(param) if isinstance(param, str) else Param(*param) for param in params),
        header.get("returns"),
        tuple(header.get("raises", ())),
        tuple(header.get("attributes", ())),
        frozenset(header.get("ignores", ())),
        tuple(
            Directive(line, column, tuple(codes))
            for line, column, codes in header.get("directives", ())
        ),
    )


@lru_cache
def _split_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def decode_definition(row: Row) -> Definition:
    """Make a definition of its columns."""
    _, number, parent, kind, name, decorators, header = row
    bases = tuple(_decode_json(header)[0].get("bases", ())) if header else ()
    return number, parent, kind, name, split_lines(decorators), bases


def split_lines(text: str) -> tuple[str, ...]:
    """Split what is kept as a line each."""
    return tuple(text.split("\n")) if text else ()


def encode_exports(names: tuple[str, ...] | None) -> str | None:
    """Write ``__all__`` as JSON."""
    return None if names is None else _encode_json(names)


@lru_cache(_MAX_HEADS)
def _encode_head(head: Row) -> str:
    """Write what is in the head of a definition as JSON, without what is not there."""
    bases, params, returns, raises, attributes, ignores, directives = head
    members: dict[str, Any] = {
        "bases": bases,
        "params": [param.name if param[1:] == _PLAIN_PARAM else param for param in params],
        "raises": raises,
        "attributes": attributes,
        "ignores": sorted(ignores),
        "directives": directives,
    }
    header = {name: value for name, value in members.items() if value}
    if returns is not None:
        header["returns"] = returns
    return _encode_json(header) if header else _EMPTY_HEADER
