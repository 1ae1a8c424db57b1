"""What each file adds to each metric."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import NOTES
from detent.budget.coverage import check_docstrings
from detent.budget.metrics import ISSUES, MetricItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, Symbol

    #: Path, facts and settings to items.
    ItemCounter = Callable[[str, FileFacts, Selection], Iterator[MetricItem]]

_FUNCTIONS = frozenset({"function", "method"})


def list_metric_items(
    name: str, files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> Iterator[MetricItem]:
    """Take from files what they add to a metric."""
    prefix = f"{ISSUES}."
    code = name[len(prefix) :] if name.startswith(prefix) else ""
    count = ITEM_COUNTERS[ISSUES if code else name]
    shown = ((path.decode("utf-8", "replace"), facts) for path, facts in files)
    for path, facts in shown:
        if selection.is_audited(path):
            found = count(path, facts, selection)
            yield from (one for one in found if not code or one.code == code)


def _make_issue_item(path: str, symbol: Symbol, code: str, *, selection: Selection) -> MetricItem:
    """Make the item of a finding, or of a symbol that lacks its docstring."""
    return MetricItem(
        path, symbol.qualname, symbol.line, selection.resolve_file(path).resolve_role(symbol), code
    )


def _list_issue_items(path: str, facts: FileFacts, selection: Selection) -> Iterator[MetricItem]:
    rules = selection.resolve_file(path)
    for one in facts.findings:
        symbol = facts.symbols[one.symbol]
        if one.code not in NOTES and rules.counts(one, symbol):
            yield _make_issue_item(path, symbol, one.code, selection=selection)


def _list_undocumented_items(
    path: str, facts: FileFacts, selection: Selection
) -> Iterator[MetricItem]:
    for symbol, has in check_docstrings(path, facts, selection):
        if not has:
            yield _make_issue_item(path, symbol, "GL08", selection=selection)


def _list_coverage_items(path: str, facts: FileFacts, selection: Selection) -> Iterator[MetricItem]:
    for symbol, has in check_docstrings(path, facts, selection):
        kind = selection.resolve_file(path).resolve_role(symbol)
        yield MetricItem(path, symbol.qualname, symbol.line, kind, value=float(has))


def _list_file_items(path: str, facts: FileFacts, selection: Selection) -> Iterator[MetricItem]:  # noqa: ARG001
    yield MetricItem(path)


def _list_line_items(path: str, facts: FileFacts, selection: Selection) -> Iterator[MetricItem]:  # noqa: ARG001
    yield MetricItem(path, value=facts.lines)


def _make_symbol_counter(
    value: Callable[[Symbol], float], chosen: Callable[[Symbol], bool] = lambda _: True
) -> ItemCounter:
    """Count something of each definition."""

    def count(path: str, facts: FileFacts, selection: Selection) -> Iterator[MetricItem]:  # noqa: ARG001
        for one in facts.symbols[1:]:
            if chosen(one):
                yield MetricItem(path, one.qualname, one.line, one.kind, value=value(one))

    return count


def _make_function_counter(value: Callable[[Symbol], float]) -> ItemCounter:
    return _make_symbol_counter(value, lambda one: one.kind in _FUNCTIONS)


_FUNCTION_LINES = _make_function_counter(lambda one: one.shape.lines)
_PARAMETERS = _make_function_counter(lambda one: one.shape.parameters)
_COMPLEXITY = _make_function_counter(lambda one: one.shape.complexity)

#: By the name of the metric.
ITEM_COUNTERS: dict[str, ItemCounter] = {
    ISSUES: _list_issue_items,
    "docstring.undocumented": _list_undocumented_items,
    "docstring.coverage": _list_coverage_items,
    "code.files": _list_file_items,
    "code.lines": _list_line_items,
    "code.symbols": _make_symbol_counter(lambda _: 1.0),
    "code.symbols.public": _make_symbol_counter(
        lambda _: 1.0, lambda one: one.visibility == "public"
    ),
    "code.function.lines.max": _FUNCTION_LINES,
    "code.function.lines.mean": _FUNCTION_LINES,
    "code.parameters.max": _PARAMETERS,
    "code.parameters.mean": _PARAMETERS,
    "code.nesting.max": _make_function_counter(lambda one: one.shape.nesting),
    "code.complexity": _COMPLEXITY,
    "code.complexity.max": _COMPLEXITY,
    "code.complexity.mean": _COMPLEXITY,
}
