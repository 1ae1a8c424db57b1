"""What files have of docstrings, counted: the one definition of coverage."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import NOTES
from detent.budget.metrics import DocstringCounts
from detent.core.results import make_finding_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, FindingRow, Symbol


def check_docstrings(
    path: str, facts: FileFacts, selection: Selection
) -> Iterator[tuple[Symbol, bool]]:
    """Say of each symbol that needs a docstring whether it has one: what coverage means here."""
    without = {one.symbol for one in facts.findings if one.code == "GL08"}
    for number, symbol in enumerate(facts.symbols):
        if selection.needs_docstring(symbol, path):
            yield symbol, number not in without


def count_docstrings(path: str, facts: FileFacts, selection: Selection) -> DocstringCounts:
    """Count what one file has of docstrings."""
    needed = [has for _, has in check_docstrings(path, facts, selection)]
    counted = [one for one in facts.findings if one.code not in NOTES]
    issues = sum(selection.counts(one, facts.symbols[one.symbol], path) for one in counted)
    return DocstringCounts(len(needed), needed.count(False), issues)


def list_undocumented_symbols(
    files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> list[FindingRow]:
    """List the symbols that need a docstring and have none."""
    return [
        make_finding_row(path, one, facts.symbols[one.symbol])
        for path, facts in files
        for one in facts.findings
        if one.code == "GL08"
        and selection.needs_docstring(facts.symbols[one.symbol], path.decode("utf-8", "replace"))
    ]


def count_docstrings_by_file(
    files: Iterable[tuple[bytes, FileFacts]], selection: Selection
) -> dict[str, DocstringCounts]:
    """Count what each of some files has of docstrings."""
    shown = ((path.decode("utf-8", "replace"), facts) for path, facts in files)
    return {path: count_docstrings(path, facts, selection) for path, facts in shown}
