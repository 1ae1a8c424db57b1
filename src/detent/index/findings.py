"""The findings of a whole view, without the facts of its files."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.results import get_sort_key, make_finding_row
from detent.index.inherited import InheritedDocstrings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.audit.selection.select import FileRules, Selection
    from detent.core.model import FindingRow
    from detent.index.inherited import UndocumentedMethod
    from detent.query.relations.outlines import ViewOutlines

# What the severity of a finding depends on besides its code; a symbol's findings come together.
_get_owner = attrgetter("qualname", "role", "decorators", "docstring_text")


def select_findings(
    findings: Iterable[tuple[bytes, list[FindingRow]]], selection: Selection, outlines: ViewOutlines
) -> list[FindingRow]:
    """Select the findings that count, by path and place; inherited docstrings need none."""
    counted: dict[bytes, list[FindingRow]] = {}
    pending: list[UndocumentedMethod] = []
    for path, rows in findings:
        rules = selection.resolve_file(path.decode("utf-8", "replace"))
        pending += [
            (path, row.qualname, row.pending_on)
            for row in rows
            if row.pending_on and rules.needs_docstring(row)
        ]
        counted[path] = _grade_rows(rows, rules)
    _settle_inherited(counted, pending, selection, inherited=InheritedDocstrings(outlines))
    return [row for path in sorted(counted) for row in counted[path]]


def _grade_rows(rows: list[FindingRow], rules: FileRules) -> list[FindingRow]:
    graded: list[FindingRow] = []
    for _, group in groupby(rows, _get_owner):
        owned = list(group)
        graded += [
            row if severity == "error" else row._replace(severity=severity)
            for row, severity in rules.grade_findings(owned, owned[0])
            if severity
        ]
    return graded


def _settle_inherited(
    counted: dict[bytes, list[FindingRow]],
    pending: list[UndocumentedMethod],
    selection: Selection,
    *,
    inherited: InheritedDocstrings,
) -> None:
    """Drop missing docstrings that are inherited, and add findings on what is inherited."""
    excused = inherited.find_inheriting_methods(pending, selection)
    for path in {path for path, _ in excused}:
        counted[path] = [
            row
            for row in counted[path]
            if not row.pending_on or (path, row.qualname) not in excused
        ]
    for path, symbol, finding in inherited.audit_methods(excused, selection):
        rules = selection.resolve_file(path.decode("utf-8", "replace"))
        severity = rules.settings.get_severity(finding.code)
        counted[path].append(make_finding_row(path, finding, symbol, severity=severity))
        counted[path].sort(key=get_sort_key)
