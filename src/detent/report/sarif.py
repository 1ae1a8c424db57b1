"""SARIF 2.1.0: what code scanning services and editors read."""

from __future__ import annotations

import json
from urllib.parse import quote

from detent import TYPE_CHECKING
from detent.audit.codes import severity
from detent.report.items import UNREAD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from detent.audit.rule import Rule
    from detent.report.items import Item

#: GitHub refuses a run with more results.
_MOST = 25_000
_PAGES = "docs/rules.md"


def log(found: Sequence[Item], rules: Mapping[str, Rule], version: str) -> str:
    """Write a log with one run.

    Parameters
    ----------
    found : sequence of Item
        Everything: what is new, what was there before, what is mended.
    rules : mapping of str to Rule
        The rules by code.
    version : str
        The one of detent.

    Returns
    -------
    str
        A JSON document.
    """
    results = [one for one in found if one.code != UNREAD]
    unread = [one for one in found if one.code == UNREAD]
    used = sorted({one.code for one in results})
    numbers = {code: number for number, code in enumerate(used)}
    driver = {
        "name": "detent",
        "semanticVersion": version,
        "rules": [_rule(code, rules.get(code)) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not unread,
                "toolExecutionNotifications": [
                    *map(_notification, unread),
                    *([_cut(len(results) - _MOST)] if len(results) > _MOST else []),
                ],
            }
        ],
        "results": [_result(one, numbers[one.code]) for one in results[:_MOST]],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code, "shortDescription": {"text": _OTHERS.get(code, _FILE)}}
    return {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.doc.strip().partition("\n\n")[0]},
        "help": {"text": rule.doc.strip()},
        "defaultConfiguration": {"level": severity(code)},
    }


_OTHERS = {"budget": "A limit of the budget is exceeded"}
_FILE = "The file cannot be read as Python"


def _result(one: Item, number: int) -> dict[str, Any]:
    return {
        "ruleId": one.code,
        "ruleIndex": number,
        "level": one.level,
        "message": {"text": one.message},
        "locations": [_location(one)],
        "partialFingerprints": {"detent/v1": one.fingerprint},
        "baselineState": one.state,
        "suppressions": [] if one.reason is None else [_suppression(one.reason)],
    }


def _suppression(reason: str) -> dict[str, Any]:
    return {"kind": "inSource", **({"justification": reason} if reason else {})}


def _location(one: Item) -> dict[str, Any]:
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(one.path), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": one.line, "startColumn": one.column},
        }
    }
    if one.symbol:
        place["logicalLocations"] = [{"fullyQualifiedName": one.symbol}]
    return place


def _notification(one: Item) -> dict[str, Any]:
    return {"level": "error", "message": {"text": one.message}, "locations": [_location(one)]}


def _cut(number: int) -> dict[str, Any]:
    return {"level": "warning", "message": {"text": f"{number:,} more results are left out"}}
