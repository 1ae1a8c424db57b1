"""What each file adds to each metric."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import NOTES
from detent.budget.coverage import check_docstrings
from detent.budget.metrics import ISSUES, MetricItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from detent.audit.selection.select import FileRules, Selection
    from detent.core.model import FileFacts, Symbol

    #: Takes the path, the facts and the settings of one file.
    ItemLister = Callable[[str, FileFacts, FileRules], Iterator[MetricItem]]


def list_metric_items(
    name: str, files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> Iterator[MetricItem]:
    """List the items of a metric in some files."""
    code = name.removeprefix(f"{ISSUES}.") if name.startswith(f"{ISSUES}.") else ""
    list_items = ITEM_LISTERS[ISSUES if code else name]
    for path, facts in files:
        shown = path.decode("utf-8", "replace")
        if selection.is_audited(shown):
            items = list_items(shown, facts, selection.resolve_file(shown))
            yield from (item for item in items if not code or item.code == code)


def _list_issues(path: str, facts: FileFacts, rules: FileRules) -> Iterator[MetricItem]:
    for finding in facts.findings:
        symbol = facts.symbols[finding.symbol]
        if finding.code not in NOTES and rules.counts(finding, symbol):
            yield _make_docstring_item(path, symbol, rules, code=finding.code)


def _list_undocumented(path: str, facts: FileFacts, rules: FileRules) -> Iterator[MetricItem]:
    for symbol, has_docstring in check_docstrings(facts, rules):
        if not has_docstring:
            yield _make_docstring_item(path, symbol, rules, code="GL08")


def _list_coverage(path: str, facts: FileFacts, rules: FileRules) -> Iterator[MetricItem]:
    for symbol, has_docstring in check_docstrings(facts, rules):
        item = _make_docstring_item(path, symbol, rules)
        yield item._replace(value=float(has_docstring))


def _make_docstring_item(
    path: str, symbol: Symbol, rules: FileRules, *, code: str = ""
) -> MetricItem:
    role = rules.resolve_role(symbol)
    return MetricItem(path, symbol.qualname, symbol.line, role, code)


def _list_file(path: str, _facts: FileFacts, _rules: FileRules) -> Iterator[MetricItem]:
    yield MetricItem(path)


def _list_lines(path: str, facts: FileFacts, _rules: FileRules) -> Iterator[MetricItem]:
    yield MetricItem(path, value=facts.lines)


def _make_symbol_lister(
    measure: Callable[[Symbol], float], is_counted: Callable[[Symbol], bool] = lambda _: True
) -> ItemLister:
    """Measure something of each class, function and method."""

    def list_items(path: str, facts: FileFacts, _rules: FileRules) -> Iterator[MetricItem]:
        for symbol in facts.symbols[1:]:  # the first one is the module
            if is_counted(symbol):
                value = measure(symbol)
                yield MetricItem(path, symbol.qualname, symbol.line, symbol.kind, value=value)

    return list_items


def _make_function_lister(measure: Callable[[Symbol], float]) -> ItemLister:
    return _make_symbol_lister(measure, lambda symbol: symbol.kind in ("function", "method"))


_FUNCTION_LINES = _make_function_lister(lambda symbol: symbol.shape.lines)
_PARAMETERS = _make_function_lister(lambda symbol: symbol.shape.parameters)
_COMPLEXITY = _make_function_lister(lambda symbol: symbol.shape.complexity)

#: By the name of the metric.
ITEM_LISTERS: dict[str, ItemLister] = {
    ISSUES: _list_issues,
    "docstring.undocumented": _list_undocumented,
    "docstring.coverage": _list_coverage,
    "code.files": _list_file,
    "code.lines": _list_lines,
    "code.symbols": _make_symbol_lister(lambda _: 1.0),
    "code.symbols.public": _make_symbol_lister(
        lambda _: 1.0, lambda symbol: symbol.visibility == "public"
    ),
    "code.function.lines.max": _FUNCTION_LINES,
    "code.function.lines.mean": _FUNCTION_LINES,
    "code.parameters.max": _PARAMETERS,
    "code.parameters.mean": _PARAMETERS,
    "code.nesting.max": _make_function_lister(lambda symbol: symbol.shape.nesting),
    "code.complexity": _COMPLEXITY,
    "code.complexity.max": _COMPLEXITY,
    "code.complexity.mean": _COMPLEXITY,
}
