"""Findings and verdicts as JSON values; `docs/json.md` says what they mean."""

from __future__ import annotations

import json

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from detent.audit.matching import Located
    from detent.budget.limits import Judgement
    from detent.core.model import FileFacts, Listed, Symbol


def document(kind: str, **members: object) -> str:
    """Write one answer as JSON.

    Parameters
    ----------
    kind : str
        The command, with the version of its schema.
    **members : object
        What it says.

    Returns
    -------
    str
        Indented; ASCII only, so that no terminal and no pipe can trip over it.
    """
    return json.dumps({"schema": f"detent.{kind}", **members}, indent=1)


def path_value(path: bytes) -> str:
    """Give a path as text.

    Parameters
    ----------
    path : bytes
        As git has it.

    Returns
    -------
    str
        Bytes that are not UTF-8 become lone surrogates, as Python has them.
    """
    return path.decode("utf-8", "surrogateescape")


def finding_value(one: Located | Listed) -> dict[str, Any]:
    """Give a finding with its place.

    Parameters
    ----------
    one : Located or Listed
        The finding, its symbol and its file.

    Returns
    -------
    dict of str
        The members of a finding in ``docs/json.md``.
    """
    return {
        "path": path_value(one.path),
        "line": one.finding.line,
        "column": one.finding.column,
        "code": one.finding.code,
        "severity": one.severity,
        "message": one.finding.message,
        "symbol": one.symbol.qualname,
        "subject": one.finding.subject,
    }


def judgement_value(one: Judgement) -> dict[str, Any]:
    """Give what became of one limit.

    Parameters
    ----------
    one : Judgement
        The limit and its outcome.

    Returns
    -------
    dict of str
        The members of a budget entry in ``docs/json.md``.
    """
    return {
        "metric": one.limit.metric,
        "paths": list(one.limit.paths),
        "group": one.group,
        "status": one.status,
        "value": one.value,
        "reason": one.reason,
    }


def failures_value(failures: Mapping[bytes, str]) -> list[dict[str, str]]:
    """Give the files that could not be analysed.

    Parameters
    ----------
    failures : mapping of bytes to str
        Paths, and why.

    Returns
    -------
    list of dict
        One object for each, sorted by path.
    """
    return [{"path": path_value(path), "reason": why} for path, why in sorted(failures.items())]


def symbol_value(path: bytes, symbol: Symbol) -> dict[str, Any]:
    """Give where and what a symbol is.

    Parameters
    ----------
    path : bytes
        The file that it is in.
    symbol : Symbol
        The outline is enough: signature and uses are not looked at.

    Returns
    -------
    dict of str
        The members of a symbol in ``docs/json.md``.
    """
    return {
        "path": path_value(path),
        "line": symbol.line,
        "column": symbol.column,
        "end_line": symbol.end_line,
        "kind": symbol.kind,
        "name": symbol.qualname,
        "visibility": symbol.visibility,
        "documented": symbol.docstring is not None,
    }


def export_lines(path: bytes, oid: str, facts: FileFacts) -> Iterable[str]:
    """Write all facts of one file as JSON Lines, always in the same order.

    Parameters
    ----------
    path : bytes
        The file.
    oid : str
        Its blob.
    facts : FileFacts
        Everything that is known of it.

    Yields
    ------
    str
        One object a line, the file first.
    """
    shown = path_value(path)
    head = {"type": "file", "path": shown, "oid": oid, "size": facts.size, "lines": facts.lines}
    yield _line({**head, "exports": facts.exports})
    for number, symbol in enumerate(facts.symbols):
        yield _line({"type": "symbol", "path": shown, "number": number, **_symbol(symbol)})
    for kind, items in (
        ("call", sorted(facts.calls)),
        ("binding", sorted(facts.bindings)),
        ("finding", facts.findings),
    ):
        for item in items:
            yield _line({"type": kind, "path": shown, **item._asdict()})


def _symbol(symbol: Symbol) -> dict[str, Any]:
    value = symbol._asdict()
    doc = symbol.docstring
    value["docstring"] = doc and {"text": doc.text, "line": doc.line, "column": doc.column}
    value["directives"] = [one._asdict() for one in symbol.directives]
    value["params"] = [param._asdict() for param in symbol.params]
    for name in ("flags", "ignores"):
        value[name] = sorted(value[name])
    value["uses"] = symbol.uses.split()
    value["shape"] = symbol.shape._asdict()
    return value


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
