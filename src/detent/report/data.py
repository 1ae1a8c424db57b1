"""Results as JSON; `docs/json.md` describes the members."""

from __future__ import annotations

import json

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from detent.core.model import FileFacts, Finding, FindingRow, Symbol
    from detent.core.results import LimitResult, LoosenedSetting


def render_json(kind: str, **members: object) -> str:
    """Render a document with its schema and members."""
    return json.dumps({"schema": f"detent.{kind}", **members}, indent=1)


def encode_path(path: bytes) -> str:
    """Decode a path, so that its bytes can be restored."""
    return path.decode("utf-8", "surrogateescape")


def encode_finding(finding: FindingRow) -> dict[str, Any]:
    """Encode a finding."""
    return {
        "path": encode_path(finding.path),
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "symbol": finding.qualname,
        "subject": finding.subject,
    }


def encode_limit_result(result: LimitResult) -> dict[str, Any]:
    """Encode the result of a limit."""
    return {
        "metric": result.metric,
        "paths": list(result.paths),
        "group": result.group,
        "status": result.status,
        "value": result.value,
        "reason": result.reason,
    }


def encode_loosened(loosened: Iterable[LoosenedSetting]) -> list[str]:
    """Encode settings that are looser than in the base as lines."""
    return [
        f"{encode_path(path)}:{line}: {kind}: {message}" for path, line, kind, message in loosened
    ]


def encode_failures(failures: Mapping[bytes, str]) -> list[dict[str, str]]:
    """Encode the files that could not be analysed."""
    return [
        {"path": encode_path(path), "reason": reason} for path, reason in sorted(failures.items())
    ]


def encode_symbol(path: bytes, symbol: Symbol) -> dict[str, Any]:
    """Encode what a list of symbols shows."""
    return {
        "path": encode_path(path),
        "line": symbol.line,
        "column": symbol.column,
        "end_line": symbol.end_line,
        "kind": symbol.kind,
        "name": symbol.qualname,
        "visibility": symbol.visibility,
        "documented": symbol.docstring is not None,
    }


def render_facts(path: bytes, oid: str, facts: FileFacts) -> Iterable[str]:
    """Render all facts of one file as JSON Lines, always in the same order."""
    shown = encode_path(path)
    head = {"type": "file", "path": shown, "oid": oid, "size": facts.size, "lines": facts.lines}
    yield _dump_line({**head, "exports": facts.exports})
    for number, symbol in enumerate(facts.symbols):
        yield _dump_line(
            {"type": "symbol", "path": shown, "number": number, **_encode_symbol_facts(symbol)}
        )
    for kind, items in (
        ("call", sorted(facts.calls)),
        ("binding", sorted(facts.bindings)),
    ):
        for item in items:
            yield _dump_line({"type": kind, "path": shown, **item._asdict()})
    for finding in facts.findings:
        yield _dump_line({"type": "finding", "path": shown, **_encode_raw_finding(finding)})


def _encode_raw_finding(finding: Finding) -> dict[str, Any]:
    value = finding._asdict()
    # Exports keep the names that their members have had.
    value["demand"] = value.pop("requires_addition")
    value["open"] = value.pop("pending_on")
    return value


def _encode_symbol_facts(symbol: Symbol) -> dict[str, Any]:
    value = symbol._asdict()
    doc = symbol.docstring
    value["docstring"] = doc and {"text": doc.text, "line": doc.line, "column": doc.column}
    value["directives"] = [directive._asdict() for directive in symbol.directives]
    value["params"] = [param._asdict() for param in symbol.params]
    for name in ("flags", "ignores"):
        value[name] = sorted(value[name])
    value["uses"] = symbol.uses.split()
    value["shape"] = symbol.shape._asdict()
    return value


def _dump_line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
