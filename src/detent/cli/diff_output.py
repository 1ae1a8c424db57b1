"""Differences of symbols as text or JSON."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import describe_view
from detent.core.escape import clean_path, clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from detent.api.differences import SymbolDiff
    from detent.cli.context import Renderer
    from detent.core.changes import BrokenCall, ParameterChange, SymbolChange, SymbolPlace

_SENTENCES = {
    "removed": "parameter {name} removed",
    "required": "parameter {name} is required",
    "added": "parameter {name} added",
    "optional": "parameter {name} has a default: {new}",
    "default": "default of {name}: {old} -> {new}",
    "kind": "parameter {name}: {old} -> {new}",
    "moved": "parameter {name} moved: {old} -> {new}",
    "annotation": "annotation of {name}: {old} -> {new}",
}
_KINDS = {
    "positional": "positional only",
    "normal": "by position or name",
    "args": "*args",
    "keyword": "by name only",
    "kwargs": "**kwargs",
}
#: Parts that the sentences about parameters describe.
_DESCRIBED = ("signature", "defaults", "annotations")


def render_diff(found: SymbolDiff, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {
        "text": lambda: _render_text(found, limit),
        "json": lambda: data.render_json(
            "diff/1",
            base={"view": found.base, "tree": found.base_tree},
            view=found.view,
            tree=found.tree,
            different=found.different,
            changes=[_encode_change(change) for change in found.changes[:limit]],
            broken=[
                {**call._asdict(), "path": data.encode_path(call.path)} for call in found.broken
            ],
            failures=data.encode_failures(found.failures),
        ),
    }


def _render_text(found: SymbolDiff, limit: int | None) -> Iterator[str]:
    paint = console.make_painter()
    shown = found.changes[:limit]
    for change in shown:
        place = change.new or change.old
        where = f"{clean_path(place.path)}:{place.line}:" if place and place.path else ""
        yield f"{paint('bold', where)} {_describe_change(change)}".strip()
    if left := len(found.changes) - len(shown):
        yield f"{left} more: raise --limit, or name a --prefix"
    yield from (_format_broken(call, paint) for call in found.broken)
    yield from text.format_failures(found.failures)
    count = text.format_count(len(found.changes), "symbol")
    verb = "differs" if len(found.changes) == 1 else "differ"
    views = f"{describe_view(found.base, found.base_tree)} -> "
    views += describe_view(found.view, found.tree, found.different)
    yield paint("dim", f"{count} {verb} · {views}")


def _format_broken(call: BrokenCall, paint: text.Paint) -> str:
    place = paint("bold", f"{clean_path(call.path)}:{call.line}:{call.column}:")
    caller = clean_text(call.caller) or "(module)"
    return (
        f"{place} broken call in {caller} -> {clean_text(call.callee)}: {clean_text(call.reason)}"
    )


def _describe_change(change: SymbolChange) -> str:
    """Describe a change in one line."""
    line = f"{change.change} {change.kind} {_format_names(change)}".rstrip()
    details = [describe_parameter(parameter) for parameter in change.parameters]
    details += [part for part in change.parts if part not in _DESCRIBED]
    mark = " (breaks)" if change.breaks and change.change == "changed" else ""
    return f"{line}: {'; '.join(details)}{mark}" if details else line


def _format_names(change: SymbolChange) -> str:
    new, old = _format_name(change.new), _format_name(change.old)
    if change.change not in ("moved", "renamed") or change.old is None:
        return new or old
    return f"{clean_path(change.old.path)}:{old} -> {new}" if old == new else f"{old} -> {new}"


def _format_name(place: SymbolPlace | None) -> str:
    return clean_text(place.name) if place else ""


def describe_parameter(parameter: ParameterChange) -> str:
    """Describe how a parameter differs."""
    values = {"old": parameter.old, "new": parameter.new}
    if parameter.change == "kind":
        values = {side: _KINDS[kind] for side, kind in values.items()}
    shown = {side: " ".join(value.split()) or "none" for side, value in values.items()}
    return clean_text(_SENTENCES[parameter.change].format(name=parameter.name, **shown))


def _encode_change(change: SymbolChange) -> dict[str, Any]:
    return {
        "change": change.change,
        "kind": change.kind,
        "old": _encode_place(change.old),
        "new": _encode_place(change.new),
        "parts": list(change.parts),
        "parameters": [parameter._asdict() for parameter in change.parameters],
        "breaks": change.breaks,
    }


def _encode_place(place: SymbolPlace | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"path": data.encode_path(place.path), "name": place.name, "line": place.line}
