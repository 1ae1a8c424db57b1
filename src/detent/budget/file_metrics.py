"""What each file adds to each metric."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.matching import NOTES
from detent.budget.coverage import documented
from detent.budget.metrics import ISSUES, Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, Symbol

    #: Path, facts and settings to items.
    Count = Callable[[str, FileFacts, Selection], Iterator[Item]]

_FUNCTIONS = frozenset({"function", "method"})


def items_of(
    name: str, files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> Iterator[Item]:
    """Take from files what they add to a metric.

    Parameters
    ----------
    name : str
        A metric whose scope is ``file``.
    files : iterable of (bytes, FileFacts)
        Paths with their facts; those that the settings leave out add nothing.
    selection : Selection
        The settings.

    Yields
    ------
    Item
        In the order of the files.
    """
    prefix = f"{ISSUES}."
    code = name[len(prefix) :] if name.startswith(prefix) else ""
    count = COUNTS[ISSUES if code else name]
    shown = ((path.decode("utf-8", "replace"), facts) for path, facts in files)
    for path, facts in shown:
        if selection.audits(path):
            found = count(path, facts, selection)
            yield from (one for one in found if not code or one.code == code)


def issue(path: str, symbol: Symbol, code: str, *, selection: Selection) -> Item:
    """Make the item of a finding, or of a symbol that lacks its docstring.

    Parameters
    ----------
    path : str
        The file.
    symbol : Symbol
        What it is about.
    code : str
        Its code.
    selection : Selection
        Says what kind of symbol it is.

    Returns
    -------
    Item
        Worth 1.
    """
    return Item(path, symbol.qualname, symbol.line, selection.role(symbol, path), code)


def _issues(path: str, facts: FileFacts, selection: Selection) -> Iterator[Item]:
    for one in facts.findings:
        symbol = facts.symbols[one.symbol]
        if one.code not in NOTES and selection.keeps(one, symbol, path):
            yield issue(path, symbol, one.code, selection=selection)


def _undocumented(path: str, facts: FileFacts, selection: Selection) -> Iterator[Item]:
    for symbol, has in documented(path, facts, selection):
        if not has:
            yield issue(path, symbol, "GL08", selection=selection)


def _coverage(path: str, facts: FileFacts, selection: Selection) -> Iterator[Item]:
    for symbol, has in documented(path, facts, selection):
        kind = selection.role(symbol, path)
        yield Item(path, symbol.qualname, symbol.line, kind, value=float(has))


def _files(path: str, facts: FileFacts, selection: Selection) -> Iterator[Item]:  # noqa: ARG001
    yield Item(path)


def _lines(path: str, facts: FileFacts, selection: Selection) -> Iterator[Item]:  # noqa: ARG001
    yield Item(path, value=facts.lines)


def _of_symbols(
    value: Callable[[Symbol], float], chosen: Callable[[Symbol], bool] = lambda _: True
) -> Count:
    """Count something of each definition."""

    def count(path: str, facts: FileFacts, selection: Selection) -> Iterator[Item]:  # noqa: ARG001
        for one in facts.symbols[1:]:
            if chosen(one):
                yield Item(path, one.qualname, one.line, one.kind, value=value(one))

    return count


def _of_functions(value: Callable[[Symbol], float]) -> Count:
    return _of_symbols(value, lambda one: one.kind in _FUNCTIONS)


_FUNCTION_LINES = _of_functions(lambda one: one.shape.lines)
_PARAMETERS = _of_functions(lambda one: one.shape.parameters)
_COMPLEXITY = _of_functions(lambda one: one.shape.complexity)

#: By the name of the metric.
COUNTS: dict[str, Count] = {
    ISSUES: _issues,
    "docstring.undocumented": _undocumented,
    "docstring.coverage": _coverage,
    "code.files": _files,
    "code.lines": _lines,
    "code.symbols": _of_symbols(lambda _: 1.0),
    "code.symbols.public": _of_symbols(lambda _: 1.0, lambda one: one.visibility == "public"),
    "code.function.lines.max": _FUNCTION_LINES,
    "code.function.lines.mean": _FUNCTION_LINES,
    "code.parameters.max": _PARAMETERS,
    "code.parameters.mean": _PARAMETERS,
    "code.nesting.max": _of_functions(lambda one: one.shape.nesting),
    "code.complexity": _COMPLEXITY,
    "code.complexity.max": _COMPLEXITY,
    "code.complexity.mean": _COMPLEXITY,
}
