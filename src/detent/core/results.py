"""Plain results that several layers share: what `detent.report` renders."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import FindingRow
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.core.model import Finding, Symbol


class FindingDiff(NamedTuple):
    """What a change does to the findings; each list is sorted by path and place."""

    new: list[FindingRow]  # only in the head
    fixed: list[FindingRow]  # only in the base, with the places of the base
    remaining: list[FindingRow]  # in both, with the places of the head


def make_finding_row(
    path: bytes, finding: Finding, symbol: Symbol, *, severity: str = "error"
) -> FindingRow:
    """Join a finding and its symbol to a record that has all that matching needs."""
    return FindingRow(
        path,
        severity,
        symbol.qualname,
        symbol.role,
        finding.code,
        finding.line,
        finding.column,
        finding.subject,
        finding.message,
        finding.demand,
        finding.open,
        symbol.docstring_text,
        symbol.decorators,
        symbol.body,
        symbol.line,
    )
