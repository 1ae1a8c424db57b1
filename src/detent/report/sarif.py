"""SARIF 2.1.0, for code scanning services and editors."""

from __future__ import annotations

import json
from urllib.parse import quote

from detent import TYPE_CHECKING
from detent.audit.codes import get_default_severity
from detent.report.items import BUDGET, SETTINGS, UNREAD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from detent.audit.rule import Rule
    from detent.report.items import ReportItem

#: GitHub refuses a run with more results.
_MOST = 25_000
#: What describes the codes that numpydoc has too.
_NUMPYDOC_PAGE = "https://numpydoc.readthedocs.io/en/latest/validation.html"


def render_log(
    items: Sequence[ReportItem],
    rules: Mapping[str, Rule],
    sources: Mapping[bytes, Sequence[str]],
    *,
    version: str,
) -> str:
    """Render a log with one run; a result reaches to the end of its line in the sources."""
    results = [item for item in items if item.code != UNREAD]
    unread = [item for item in items if item.code == UNREAD]
    used = sorted({item.code for item in results})
    numbers = {code: number for number, code in enumerate(used)}
    driver = {
        "name": "detent",
        "semanticVersion": version,
        "rules": [_encode_rule(code, rules.get(code)) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not unread,
                "toolExecutionNotifications": [
                    *map(_encode_notification, unread),
                    *([_encode_omission(len(results) - _MOST)] if len(results) > _MOST else []),
                ],
            }
        ],
        "results": [_encode_result(item, numbers[item.code], sources) for item in results[:_MOST]],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1)


def _encode_rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {
            "id": code,
            "shortDescription": {"text": _OTHER_TITLES.get(code, _UNREADABLE_TITLE)},
        }
    return {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.doc.strip().partition("\n\n")[0]},
        "help": {"text": rule.doc.strip()},
        **({} if code.startswith("DT") else {"helpUri": _NUMPYDOC_PAGE}),
        "defaultConfiguration": {"level": get_default_severity(code)},
    }


_OTHER_TITLES = {
    BUDGET: "A limit of the budget is exceeded",
    SETTINGS: "A setting is looser than in the base, or excuses a file",
}
_UNREADABLE_TITLE = "The file cannot be read as Python"


def _encode_result(
    item: ReportItem, number: int, sources: Mapping[bytes, Sequence[str]]
) -> dict[str, Any]:
    return {
        "ruleId": item.code,
        "ruleIndex": number,
        "level": item.level,
        "message": {"text": item.message},
        "locations": [_encode_location(item, sources)],
        "partialFingerprints": {"detent/v1": item.fingerprint},
        "baselineState": item.state,
        "suppressions": [] if item.reason is None else [_encode_suppression(item.reason)],
    }


def _encode_suppression(reason: str) -> dict[str, Any]:
    return {"kind": "inSource", **({"justification": reason} if reason else {})}


def _encode_location(item: ReportItem, sources: Mapping[bytes, Sequence[str]]) -> dict[str, Any]:
    region = {"startLine": item.line, "startColumn": item.column}
    lines = sources.get(item.path, ())
    if item.line <= len(lines):
        region["endLine"] = item.line
        region["endColumn"] = max(len(lines[item.line - 1].rstrip()), item.column) + 1
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(item.path), "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }
    if item.symbol:
        place["logicalLocations"] = [{"fullyQualifiedName": item.symbol}]
    return place


def _encode_notification(item: ReportItem) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": item.message},
        "locations": [_encode_location(item, {})],
    }


def _encode_omission(number: int) -> dict[str, Any]:
    return {"level": "warning", "message": {"text": f"{number:,} more results are not listed"}}
