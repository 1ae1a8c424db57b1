"""Facts as rows of the schema, and back."""

from __future__ import annotations

import json

from detent import TYPE_CHECKING
from detent.model import Directive, Docstring, Finding, Listed, Param, Shape, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from detent.model import FileFacts
    from detent.outline import Definition

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
#: `json.dumps` with an option makes an encoder each time.
_encode = json.JSONEncoder(ensure_ascii=False).encode
#: `json.loads` looks for spaces around it first, and takes twice as long.
_decode = json.JSONDecoder().raw_decode


def tables(blob: int, facts: FileFacts) -> Iterator[tuple[str, Iterator[Row]]]:
    """Make all rows of a file but the one in ``blob``.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    facts : FileFacts
        Its facts.

    Yields
    ------
    (str, iterator of tuple)
        Table and rows, in the order of their numbers.
    """
    yield "symbol", symbol_rows(blob, facts)
    yield "call", numbered(blob, facts.calls)
    yield "binding", numbered(blob, facts.bindings)
    yield "finding", finding_rows(blob, facts)


def symbol_rows(blob: int, facts: FileFacts) -> Iterator[Row]:
    """Make the rows of the table ``symbol``.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    facts : FileFacts
        Has the symbols.

    Yields
    ------
    tuple
        One row a symbol, numbered from 0, its columns as the schema has them.
    """
    for number, symbol in enumerate(facts.symbols):
        doc = symbol.docstring
        yield (
            blob,
            number,
            *symbol[:8],
            "\n".join(symbol.decorators),
            _header(symbol),
            " ".join(sorted(symbol.flags)),
            *((None, None, None) if doc is None else (doc.text, doc.line, doc.column)),
            symbol.body,
            symbol.own,
            symbol.uses,
            *symbol.shape,
        )


def numbered(blob: int, items: tuple[Row, ...]) -> Iterator[Row]:
    """Make the rows of the tables whose columns are those of the tuples.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    items : tuple of tuple
        Calls or bindings.

    Yields
    ------
    tuple
        The blob, a number from 0, and the members of the item.
    """
    for number, item in enumerate(items):
        yield (blob, number, *item)


def finding_rows(blob: int, facts: FileFacts) -> Iterator[Row]:
    """Make the rows of the table ``finding``.

    Parameters
    ----------
    blob : int
        Row of the file in the table ``blob``.
    facts : FileFacts
        Has the findings, and the symbols that they are about.

    Yields
    ------
    tuple
        One row a finding, its columns as the schema has them.
    """
    owners = [(symbol.qualname, symbol.role) for symbol in facts.symbols]
    for number, finding in enumerate(facts.findings):
        yield (blob, number, finding.symbol, *owners[finding.symbol], *finding[1:])


def finding(row: Sequence[Any]) -> Finding:
    """Make a finding of its columns.

    Parameters
    ----------
    row : sequence
        Symbol, code, line, column, subject, message, demand, open.

    Returns
    -------
    Finding
        As it was before `finding_rows`.
    """
    return Finding._make((*row[:6], row[6] == 1, row[7]))


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
        In the order of `SYMBOL_COLUMNS` or `OUTLINE_COLUMNS`.

    Returns
    -------
    Symbol
        As it was before `symbol_rows`, but for the source of its docstring, which is not kept.
    """
    header: dict[str, Any] = {} if row[9] == _NOTHING else _decode(row[9])[0]
    doc = None if row[11] is None else Docstring(row[11], "", row[12], row[13])
    params = header.get("params", ())
    return Symbol._make(
        (
            *row[:8],
            lines(row[8]),
            tuple(header.get("bases", ())),
            tuple(Param(one) if isinstance(one, str) else Param(*one) for one in params),
            header.get("returns"),
            frozenset(row[10].split()),
            tuple(header.get("raises", ())),
            tuple(header.get("attributes", ())),
            frozenset(header.get("ignores", ())),
            tuple(Directive(one[0], one[1], tuple(one[2])) for one in header.get("directives", ())),
            doc,
            *row[14:17],
            Shape._make(row[17:]),
        )
    )


def definition(row: Sequence[Any]) -> Definition:
    """Make a definition of its columns.

    Parameters
    ----------
    row : sequence
        Number, parent, kind, name, decorators, header (None without base classes).

    Returns
    -------
    Definition
        As `detent.outline.outline` takes it.
    """
    number, parent, kind, name, decorators, header = row
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


def _header(symbol: Symbol) -> str:
    """Write what is in the head of a definition as JSON, without what is not there."""
    members: dict[str, Any] = {
        "bases": symbol.bases,
        "params": [param.name if param == Param(param.name) else param for param in symbol.params],
        "raises": symbol.raises,
        "attributes": symbol.attributes,
        "ignores": sorted(symbol.ignores),
        "directives": symbol.directives,
    }
    header = {name: value for name, value in members.items() if value}
    if symbol.returns is not None:
        header["returns"] = symbol.returns
    return _encode(header) if header else _NOTHING
