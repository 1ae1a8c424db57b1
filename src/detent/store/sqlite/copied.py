"""Rows of an edited file that are those of what it was before, moved: SQLite copies them itself."""

from __future__ import annotations

from itertools import groupby
from operator import eq, is_

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from detent.core.model import Call, Docstring, FileFacts, Finding, Symbol

#: To copy fewer rows takes as long as to write them.
_MIN_ROWS = 16
_SHIFTED_SYMBOL = "{0} + :symbols * ({0} >= :since)"
_COPY_STATEMENT = "INSERT INTO {0} SELECT :blob, number + :by, {1} FROM {0} "
_COPY_RANGE = "WHERE blob = :past AND number >= :first AND number < :last ORDER BY number"
_COLUMNS = {
    "symbol": f"""
        {_SHIFTED_SYMBOL.format("parent")}, kind, name, qualname, visibility, line + :lines, column,
        end_line + :lines, decorators, header, flags, docstring, docstring_line + :lines,
        docstring_column, body, own, uses, lines, parameters, complexity, nesting
    """,
    "call": f"{_SHIFTED_SYMBOL.format('symbol')}, name, line + :lines, column",
    "finding": f"""
        {_SHIFTED_SYMBOL.format("symbol")}, qualname, role, code, line + :lines, column, subject,
        message,
        demand, open
    """,
}
#: What copies rows, by table: takes a blob, its past and a `CopiedRows`.
STATEMENTS = {
    table: _COPY_STATEMENT.format(table, what) + _COPY_RANGE for table, what in _COLUMNS.items()
}


class CopiedRows(NamedTuple):
    """Rows of a table that come after one another before and after an edit."""

    first: int  # their numbers before: the first, and the one behind the last
    last: int
    by: int = 0  # how far their numbers have moved
    symbols: int = 0  # how far the numbers of symbols have moved, and from which symbol on
    since: int = 0
    lines: int = 0  # how far they have moved in the file

    def shift_symbol(self, symbol: int) -> int:
        """Give the number that a symbol has now."""
        return symbol + self.symbols * (symbol >= self.since)


def find_copied_rows(past: FileFacts, facts: FileFacts) -> dict[str, list[CopiedRows]]:
    """Find the rows that an edit leaves alone, but for their place."""
    # What is as it was is the same object, the module never is.
    still = list(map(is_, past.symbols, facts.symbols))
    found = {
        "symbol": _find_runs(still),
        "call": _find_runs(map(eq, past.calls, facts.calls)),
        "finding": _find_runs(
            one == other and still[one[0]]
            for one, other in zip(past.findings, facts.findings, strict=False)
        ),
    }
    shift = _measure_shift(past, facts)
    moved: dict[int, bool] = {}

    def symbols(one: Symbol, other: Symbol) -> bool:
        return _is_moved_symbol(one, other, shift)

    def calls(one: Call | Finding, other: Call | Finding) -> bool:
        return _is_moved_item(one, other, shift)

    def findings(one: Finding, other: Finding) -> bool:
        if not _is_moved_item(one, other, shift):
            return False
        owner = one.symbol
        if owner not in moved:
            moved[owner] = _is_moved_symbol(past.symbols[owner], facts.symbols[other.symbol], shift)
        return moved[owner]

    for table, same in (("symbol", symbols), ("call", calls), ("finding", findings)):
        items = getattr(past, f"{table}s"), getattr(facts, f"{table}s")
        found[table] += _find_moved_runs(found[table], items, shift, same=same)
    return found


def list_new_rows(size: int, copied: Iterable[CopiedRows]) -> Iterator[int]:
    """List the rows that are not copied."""
    at = 0
    for one in copied:
        yield from range(at, one.first + one.by)
        at = one.last + one.by
    yield from range(at, size)


def _find_runs(same: Iterable[bool]) -> list[CopiedRows]:
    """Find where it is true many times running."""
    found, at = [], 0
    for is_same, group in groupby(same):
        first, at = at, at + len(list(group))
        if is_same and at - first >= _MIN_ROWS:
            found.append(CopiedRows(first, at))
    return found


def _measure_shift(past: FileFacts, facts: FileFacts) -> CopiedRows:
    """Tell how far an edit has moved what comes behind it."""
    by, since = len(facts.symbols) - len(past.symbols), len(past.symbols)
    while by and since > 1 and since + by > 1:
        if past.symbols[since - 1][1:5] != facts.symbols[since + by - 1][1:5]:
            break
        since -= 1
    return CopiedRows(0, 0, symbols=by, since=since, lines=facts.lines - past.lines)


def _find_moved_runs(
    before: list[CopiedRows],
    items: tuple[Sequence[Any], Sequence[Any]],
    shift: CopiedRows,
    *,
    same: Callable[[Any, Any], bool],
) -> Iterator[CopiedRows]:
    """Find what has moved, behind what has not."""
    olds, news = items
    by, done = len(news) - len(olds), before[-1].last if before else 0
    first = max(done, done - by)
    if first >= len(olds) or not (by or shift.symbols or shift.lines):
        return
    for run in _find_runs(map(same, olds[first:], news[first + by :])):
        yield shift._replace(first=first + run.first, last=first + run.last, by=by)


def _is_moved_item(one: Call | Finding, other: Call | Finding, shift: CopiedRows) -> bool:
    """Whether a call or a finding has only moved."""
    return (
        shift.shift_symbol(one[0]) == other[0]
        and one[1] == other[1]
        and one[2] + shift.lines == other[2]
        and one[3:] == other[3:]
    )


def _is_moved_symbol(one: Symbol, other: Symbol, shift: CopiedRows) -> bool:
    """Whether a symbol has only moved."""
    parent, line, end = (
        shift.shift_symbol(one.parent),
        one.line + shift.lines,
        one.end_line + shift.lines,
    )
    return (
        (parent, *one[1:5], line, one.column, end) == other[:8]
        and one[8:16] == other[8:16]
        and not (one.directives or other.directives)
        and one[18:] == other[18:]
        and _is_moved_docstring(one.docstring, other.docstring, shift.lines)
    )


def _is_moved_docstring(one: Docstring | None, other: Docstring | None, lines: int) -> bool:
    """Whether a docstring has only moved; how it is written is not stored."""
    if one is None or other is None:
        return one is other
    return (one.text, one.line + lines, one.column) == (other.text, other.line, other.column)
