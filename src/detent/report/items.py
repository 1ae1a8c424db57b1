"""The result of a check as items with a place: what the formats of CI services are made of."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from detent import TYPE_CHECKING
from detent.core.escape import clean_text
from detent.core.namedtuple import NamedTuple
from detent.core.results import EXCEEDED, NOT_MEASURED
from detent.report.measures import format_limit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from detent.core.model import FindingRow
    from detent.core.results import CheckResult, Suppression

NEW, UNCHANGED, ABSENT = "new", "unchanged", "absent"
ERROR, WARNING = "error", "warning"

#: In place of the code of a rule: an exceeded limit, a looser setting, and a file or a limit that
#: could not be analysed or measured.
BUDGET, SETTINGS, UNREAD = "budget", "settings", "not-analysed"


class ReportItem(NamedTuple):
    """Something to show at a line of a file."""

    path: bytes
    line: int  # from 1
    column: int
    code: str  # of a rule, or `BUDGET`, `SETTINGS` or `UNREAD`
    message: str  # one line, safe to print
    symbol: str  # dotted name, safe to print; empty for a file
    level: str  # `ERROR` if it fails the check, else `WARNING`
    state: str  # compared with the base: `NEW`, `UNCHANGED` or `ABSENT`
    fingerprint: str  # the same in every run, also if the line moves
    reason: str | None = None  # of the comment that suppresses it; None if it is not suppressed


def list_report_items(
    result: CheckResult,
    settings: str,
    *,
    everything: bool = False,
    suppressions: Iterable[Suppression] = (),
) -> list[ReportItem]:
    """List what to show of a check, errors first; with ``everything`` also what is not new."""
    items = [
        *_list_findings(result, everything=everything),
        *map(_make_suppressed_item, suppressions),
        *_list_limits(result, settings),
        *_list_failures(result.failures),
    ]
    items.sort(key=lambda item: (item.level != ERROR, item.path, item.line, item.column, item.code))
    # Services show only the first few warnings, and these must not be among the others.
    errors = sum(item.level == ERROR for item in items)
    items[errors:errors] = _list_loosened(result)
    return list(_add_fingerprints(items))


def list_finding_items(
    findings: Iterable[FindingRow], failures: Mapping[bytes, str]
) -> list[ReportItem]:
    """List findings and files that could not be analysed, where nothing is compared."""
    items = [_make_finding_item(finding, finding.severity, NEW) for finding in findings]
    return list(_add_fingerprints([*items, *_list_failures(failures)]))


def _list_findings(result: CheckResult, *, everything: bool) -> Iterator[ReportItem]:
    blocking, new = set(result.blocking), set(result.finding_diff.new)
    findings = [*result.blocking, *result.finding_diff.new]
    if everything:
        findings += result.summary.findings if result.summary else result.finding_diff.remaining
    for finding in dict.fromkeys(findings):
        level = finding.severity if finding in blocking else WARNING
        yield _make_finding_item(finding, level, NEW if finding in new else UNCHANGED)
    for finding in result.finding_diff.fixed if everything else ():
        yield _make_finding_item(finding, WARNING, ABSENT)


def _make_finding_item(finding: FindingRow, level: str, state: str) -> ReportItem:
    names = (finding.code, finding.qualname, finding.subject, finding.message)
    return ReportItem(
        finding.path,
        finding.line,
        finding.column,
        finding.code,
        clean_text(finding.message),
        clean_text(finding.qualname),
        level,
        state,
        json.dumps(names),
    )


def _make_suppressed_item(suppression: Suppression) -> ReportItem:
    state = NEW if suppression.is_new else UNCHANGED
    item = _make_finding_item(suppression.finding, WARNING, state)
    return item._replace(reason=clean_text(suppression.reason))


def _list_limits(result: CheckResult, settings: str) -> Iterator[ReportItem]:
    """List exceeded limits and those that were not measured, at the settings file."""
    path = settings.encode()
    codes = {EXCEEDED: BUDGET, NOT_MEASURED: UNREAD}
    for limit in result.limit_results:
        if code := codes.get(limit.status):
            text = f"{format_limit_name(limit)}: {clean_text(limit.reason)}"
            text = f"{limit.status}: {text}" if code == UNREAD else text
            names = json.dumps((limit.metric, limit.paths, limit.group))
            yield ReportItem(path, 1, 1, code, text, "", ERROR, NEW, names)


def _list_loosened(result: CheckResult) -> Iterator[ReportItem]:
    for path, line, kind, message in result.loosened:
        text = f"{kind}: {clean_text(message)}"
        yield ReportItem(path, line, 1, SETTINGS, text, "", WARNING, NEW, json.dumps(text))


def _list_failures(failures: Mapping[bytes, str]) -> Iterator[ReportItem]:
    for path, reason in sorted(failures.items()):
        text = f"not analysed: {clean_text(reason)}"
        yield ReportItem(path, 1, 1, UNREAD, text, "", ERROR, NEW, "")


def _add_fingerprints(items: Iterable[ReportItem]) -> Iterator[ReportItem]:
    """Replace names by fingerprints, with a number for items of the same name."""
    seen: Counter[tuple[bytes, str, str]] = Counter()
    for item in items:
        key = (item.path, item.code, item.fingerprint)
        text = json.dumps([item.path.decode("latin-1"), item.code, item.fingerprint, seen[key]])
        seen[key] += 1
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        yield item._replace(fingerprint=digest)
