"""A verdict as a list of items, each with a place: what every format of a CI service is made of."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from detent import TYPE_CHECKING
from detent.core.escape import clean_text
from detent.core.namedtuple import NamedTuple
from detent.core.results import EXCEEDED
from detent.report.measures import format_limit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.core.model import FindingRow
    from detent.core.results import CheckResult, Suppression

NEW, UNCHANGED, ABSENT = "new", "unchanged", "absent"
ERROR, WARNING = "error", "warning"

#: What stands in place of a rule's code.
BUDGET, UNREAD = "budget", "not-analysed"


class ReportItem(NamedTuple):
    """One thing that a service can show beside a line."""

    path: bytes  # the file
    line: int  # counted from 1
    column: int
    code: str  # a rule, `BUDGET` or `UNREAD`
    message: str  # one line, safe to print
    symbol: str  # dotted name; empty for a whole file
    level: str  # `ERROR` where it stands against the change, else `WARNING`
    state: str  # `NEW`, `UNCHANGED` or `ABSENT`, seen from the base
    fingerprint: str  # names it in every run, wherever its line has gone
    reason: str | None = None  # why a comment in the code ignores it, as it says there


def list_report_items(
    outcome: CheckResult,
    settings: str,
    *,
    everything: bool = False,
    ignored: Iterable[Suppression] = (),
) -> list[ReportItem]:
    """List what a verdict says."""
    blocking, new = set(outcome.blocking), set(outcome.finding_diff.new)
    listed = [
        _make_finding_item(
            finding,
            finding.severity if finding in blocking else WARNING,
            NEW if finding in new else UNCHANGED,
        )
        for finding in _collect_findings(outcome, everything=everything)
    ]
    if everything:
        listed += [_make_finding_item(one, WARNING, ABSENT) for one in outcome.finding_diff.fixed]
    listed += [
        _make_finding_item(one, WARNING, NEW if is_new else UNCHANGED)._replace(
            reason=clean_text(reason)
        )
        for one, reason, is_new in ignored
    ]
    listed += [*_list_limit_items(outcome, settings), *_list_unread_items(outcome)]
    listed.sort(key=lambda one: (one.level != ERROR, one.path, one.line, one.column, one.code))
    return list(_number_items(listed))


def _collect_findings(outcome: CheckResult, *, everything: bool) -> Iterable[FindingRow]:
    """List the findings of the head, each once."""
    shown = [*outcome.blocking, *outcome.finding_diff.new]
    if everything:
        summary = outcome.summary
        shown += summary.findings if summary else outcome.finding_diff.remaining
    return dict.fromkeys(shown)


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


def _list_limit_items(outcome: CheckResult, settings: str) -> Iterator[ReportItem]:
    for one in outcome.limit_results:
        if one.status == EXCEEDED:
            text = f"{format_limit_name(one)}: {clean_text(one.reason)}"
            names = json.dumps((one.metric, one.paths, one.group))
            yield ReportItem(settings.encode(), 1, 1, BUDGET, text, "", ERROR, NEW, names)
    for line in outcome.loosened_limits:
        text = f"loosened: {clean_text(line)}"
        yield ReportItem(settings.encode(), 1, 1, BUDGET, text, "", WARNING, NEW, json.dumps(line))


def _list_unread_items(outcome: CheckResult) -> Iterator[ReportItem]:
    for path, why in sorted(outcome.failures.items()):
        yield ReportItem(path, 1, 1, UNREAD, f"not analysed: {clean_text(why)}", "", ERROR, NEW, "")


def _number_items(listed: Iterable[ReportItem]) -> Iterator[ReportItem]:
    """Tell apart what says the same of the same, in the order of the places."""
    seen: Counter[tuple[bytes, str, str]] = Counter()
    for one in listed:
        key = (one.path, one.code, one.fingerprint)
        text = json.dumps([one.path.decode("latin-1"), one.code, one.fingerprint, seen[key]])
        seen[key] += 1
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        yield one._replace(fingerprint=digest)
