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
    Listed,
    Param,
    Shape,
    Symbol,
)
from detent.store.sqlite.copied import rest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from detent.core.model import FileFacts
    from detent.core.outline import Definition
    from detent.store.sqlite.copied import Copy

    Row = tuple[Any, ...]

#: The columns that a `Symbol` is made of, in the order that `symbol` takes them.
SYMBOL_COLUMNS = (
    "parent, kind, name, qualname, visibility, line, column, end_line, decorators, header, flags, "
    "docstring, docstring_line, docstring_column, body, own, uses, "
    "symbol.lines, parameters, complexity, nesting"
)
#: The same without what only an export or a question about a signature needs.
OUTLINE_COLUMNS = SYMBOL_COLUMNS.replace("header", "'{}'").replace("uses", "''")
#: What a `Listed` is made of, in the order that `listed` takes it.
LISTED_COLUMNS = "qualname, role, code, line, column, subject, message, demand, open"
_NOTHING = "{}"
#: What most parameters have beside their name.
_PLAIN = Param("")[1:]
#: So many heads are remembered: they are alike, and come back when an edited file is written.
_MOST_HEADS = 4096
_HEADERS: dict[Row, str] = {}
#: What is in the head of a definition: bases, params, returns, raises, attributes, ignores,
#: directives.
_head_of = itemgetter(9, 10, 11, 13, 14, 15, 16)
#: `_make` without its look at the length: the columns are those of the schema.
_new = tuple.__new__
#: `json.dumps` with an option makes an encoder each time.
_encode = json.JSONEncoder(ensure_ascii=False).encode
#: `json.loads` looks for spaces around it first, and takes twice as long.
_decode = json.JSONDecoder().raw_decode


def tables(
    blob: int, facts: FileFacts, copied: Mapping[str, Iterable[Copy]] | None = None
) -> Iterator[tuple[str, Iterator[Row]]]:
    """Make all rows of a file but the one in ``blob``.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    facts : FileFacts
        Its facts.
    copied : mapping of str to iterable of Copy, optional
        By table, rows to leave out.

    Yields
    ------
    (str, iterator of tuple)
        Table and rows, in the order of their numbers.
    """

    def numbers(table: str, items: Sequence[Row]) -> Iterable[int]:
        copies = (copied or {}).get(table)
        return rest(len(items), copies) if copies else range(len(items))

    yield "symbol", symbol_rows(blob, facts, numbers("symbol", facts.symbols))
    yield "call", numbered(blob, facts.calls, numbers("call", facts.calls))
    yield "binding", numbered(blob, facts.bindings, numbers("binding", facts.bindings))
    yield "finding", finding_rows(blob, facts, numbers("finding", facts.findings))


def symbol_rows(blob: int, facts: FileFacts, numbers: Iterable[int]) -> Iterator[Row]:
    """Make the rows of the table ``symbol``.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    facts : FileFacts
        Has the symbols.
    numbers : iterable of int
        Which of them.

    Yields
    ------
    tuple
        One row a symbol, its columns as the schema has them.
    """
    for number in numbers:
        symbol = facts.symbols[number]
        doc = symbol.docstring
        yield (
            blob,
            number,
            *symbol[:8],
            "\n".join(symbol.decorators),
            _header(_head_of(symbol)),
            _text(symbol.flags),
            *((None, None, None) if doc is None else (doc.text, doc.line, doc.column)),
            symbol.body,
            symbol.own,
            symbol.uses,
            *symbol.shape,
        )


@lru_cache
def _text(words: frozenset[str]) -> str:
    return " ".join(sorted(words))


def numbered(blob: int, items: Sequence[Row], numbers: Iterable[int]) -> Iterator[Row]:
    """Make the rows of the tables whose columns are those of the tuples.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    items : sequence of tuple
        Calls or bindings.
    numbers : iterable of int
        Which of them.

    Yields
    ------
    tuple
        The blob, the number, and the members of the item.
    """
    for number in numbers:
        yield (blob, number, *items[number])


def finding_rows(blob: int, facts: FileFacts, numbers: Iterable[int]) -> Iterator[Row]:
    """Make the rows of the table ``finding``.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    facts : FileFacts
        Has the findings, and the symbols that they are about.
    numbers : iterable of int
        Which of them.

    Yields
    ------
    tuple
        One row a finding, its columns as the schema has them.
    """
    owners: dict[int, tuple[str, str]] = {}
    for number in numbers:
        finding = facts.findings[number]
        owner = owners.get(finding[0])
        if owner is None:
            symbol = facts.symbols[finding.symbol]
            owner = owners[finding.symbol] = symbol.qualname, symbol.role
        yield (blob, number, finding[0], *owner, *finding[1:])


def call(row: Row) -> Call:
    """Make a call of its columns.

    Parameters
    ----------
    row : tuple
        The blob, symbol, name, line, column.

    Returns
    -------
    Call
        As it was before `numbered`.
    """
    return _new(Call, row[1:])


def binding(row: Row) -> Binding:
    """Make a binding of its columns.

    Parameters
    ----------
    row : tuple
        The blob, symbol, name, module, target, line.

    Returns
    -------
    Binding
        As it was before `numbered`.
    """
    return _new(Binding, row[1:])


def finding(row: Row) -> Finding:
    """Make a finding of its columns.

    Parameters
    ----------
    row : tuple
        The blob, symbol, code, line, column, subject, message, demand, open.

    Returns
    -------
    Finding
        As it was before `finding_rows`.
    """
    return _new(Finding, (*row[1:7], row[7] == 1, row[8]))


def listed(path: bytes, rows: Iterable[Row], *, more: bool) -> list[Listed]:
    """Make a list of findings of their columns: there may be very many.

    Parameters
    ----------
    path : bytes
        The file.
    rows : iterable of tuple
        Each the blob, then the columns of `LISTED_COLUMNS`.
    more : bool
        Whether the docstring and the decorators come after them.

    Returns
    -------
    list of Listed
        All errors.
    """
    make = Listed._make
    if more:
        return [make((path, "error", *row[1:])) for row in rows]
    # To name them all takes half the time of one slice and one star.
    return [
        make((path, "error", name, role, code, line, column, about, says, asks, by, None, ""))
        for _, name, role, code, line, column, about, says, asks, by in rows
    ]


def symbol(row: Row) -> Symbol:
    """Make a symbol of its columns.

    Parameters
    ----------
    row : tuple
        The blob, then the columns of `SYMBOL_COLUMNS` or `OUTLINE_COLUMNS`.

    Returns
    -------
    Symbol
        As it was before `symbol_rows`, but for the source of its docstring, which is not kept.
    """
    bases, params, returns, raises, attributes, ignores, directives = _head(row[10])
    return _new(
        Symbol,
        (
            *row[1:9],
            lines(row[9]),
            bases,
            params,
            returns,
            _words(row[11]),
            raises,
            attributes,
            ignores,
            directives,
            None if row[12] is None else _new(Docstring, (row[12], "", row[13], row[14])),
            *row[15:18],
            _new(Shape, row[18:]),
        ),
    )


@lru_cache(_MOST_HEADS)
def _head(text: str) -> Row:
    """Read what `_header` has written, and remember it as that."""
    header: dict[str, Any] = {} if text == _NOTHING else _decode(text)[0]
    params = header.get("params", ())
    head = (
        tuple(header.get("bases", ())),
        tuple(Param(one) if isinstance(one, str) else Param(*one) for one in params),
        header.get("returns"),
        tuple(header.get("raises", ())),
        tuple(header.get("attributes", ())),
        frozenset(header.get("ignores", ())),
        tuple(Directive(one[0], one[1], tuple(one[2])) for one in header.get("directives", ())),
    )
    _remember(head, text)
    return head


@lru_cache
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def definition(row: Row) -> Definition:
    """Make a definition of its columns.

    Parameters
    ----------
    row : tuple
        The blob, number, parent, kind, name, decorators, header (None without base classes).

    Returns
    -------
    Definition
        As `detent.core.outline.outline` takes it.
    """
    _, number, parent, kind, name, decorators, header = row
    bases = tuple(_decode(header)[0].get("bases", ())) if header else ()
    return number, parent, kind, name, lines(decorators), bases


def lines(text: str) -> tuple[str, ...]:
    """Split what is kept as a line each.

    Parameters
    ----------
    text : str
        The column.

    Returns
    -------
    tuple of str
        The lines; none of an empty text.
    """
    return tuple(text.split("\n")) if text else ()


def exports(names: tuple[str, ...] | None) -> str | None:
    """Write ``__all__`` as JSON.

    Parameters
    ----------
    names : tuple of str or None
        As in `FileFacts`.

    Returns
    -------
    str or None
        An array; None where there is no ``__all__`` to read.
    """
    return None if names is None else _encode(names)


def _header(head: Row) -> str:
    """Write what is in the head of a definition as JSON, without what is not there."""
    known = _HEADERS.get(head)
    if known is not None:
        return known
    bases, params, returns, raises, attributes, ignores, directives = head
    members: dict[str, Any] = {
        "bases": bases,
        "params": [param.name if param[1:] == _PLAIN else param for param in params],
        "raises": raises,
        "attributes": attributes,
        "ignores": sorted(ignores),
        "directives": directives,
    }
    header = {name: value for name, value in members.items() if value}
    if returns is not None:
        header["returns"] = returns
    text = _encode(header) if header else _NOTHING
    _remember(head, text)
    return text


def _remember(head: Row, text: str) -> None:
    if len(_HEADERS) < _MOST_HEADS:
        _HEADERS[head] = text
