"""Calls and references as text, JSON or DOT, with the view that they are from."""

from __future__ import annotations

import json
from itertools import islice

from detent import TYPE_CHECKING
from detent.cli.context import describe_view
from detent.core.escape import clean_path, clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from detent.api.relations import CallEdge, CodeName, EdgeList, LocatedReference, ReferenceList
    from detent.cli.context import Renderer


def add_relation_arguments(parser: ArgumentParser, least: Sequence[str]) -> None:
    """Add the arguments that choose among relations."""
    parser.add_argument(
        "--min", choices=least, default="inferred", help="how sure at least (default: inferred)"
    )
    add_choice_arguments(parser)


def add_choice_arguments(parser: ArgumentParser) -> None:
    """Add the arguments that choose which part of an answer is shown."""
    parser.add_argument(
        "--prefix",
        action="append",
        default=[],
        metavar="PATH",
        help="only what is in this file or directory; may be repeated",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many (default: all)")


def render_calls(found: EdgeList, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {
        "text": lambda: _render_lines(found, [_format_edge(x) for x in found.edges], limit),
        "json": lambda: _render_json(
            "calls/1", found, edges=[encode_edge(x) for x in found.edges[:limit]]
        ),
        "dot": lambda: render_dot(found.edges[:limit]),
    }


def render_references(found: ReferenceList, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    references = found.references
    return {
        "text": lambda: _render_lines(found, [_format_reference(x) for x in references], limit),
        "json": lambda: _render_json(
            "refs/1", found, references=[_encode_reference(x) for x in references[:limit]]
        ),
    }


def render_edges(found: EdgeList, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {
        "jsonl": lambda: (json.dumps(encode_edge(x)) for x in found.edges[:limit]),
        "dot": lambda: render_dot(found.edges[:limit]),
    }


def render_dot(edges: Iterable[CallEdge]) -> Iterator[str]:
    """Write a graph for Graphviz."""
    yield "digraph calls {"
    yield from sorted({f"  {_quote(x.caller)} -> {_quote(x.callee)};" for x in edges})
    yield "}"


def _quote(name: CodeName) -> str:
    """Quote a name for DOT; backslashes would be escapes there."""
    shown = format_name(name).replace("\\", "/").replace('"', "'")
    return f'"{shown}"'


def format_name(name: CodeName) -> str:
    """Write a name with its file."""
    if not name.path:
        return clean_text(name.name)
    return f"{clean_path(name.path)}:{clean_text(name.name)}".rstrip(":")


def _format_edge(edge: CallEdge) -> tuple[str, str]:
    place = f"{clean_path(edge.caller.path)}:{edge.line}:{edge.column}:"
    caller = clean_text(edge.caller.name) or "(module)"
    return place, f"{caller} -> {format_name(edge.callee)} ({edge.confidence})"


def _format_reference(reference: LocatedReference) -> tuple[str, str]:
    place = f"{clean_path(reference.owner.path)}:{reference.line}:{reference.column}:"
    owner = clean_text(reference.owner.name) or "(module)"
    target = format_name(reference.target)
    return place, f"{reference.kind} in {owner} -> {target} ({reference.confidence})"


def _render_lines(
    found: EdgeList | ReferenceList, rows: list[tuple[str, str]], limit: int | None
) -> Iterator[str]:
    paint = console.make_painter()
    for place, rest in islice(rows, limit):
        yield f"{paint('bold', place)} {rest}"
    left = len(rows) - (len(rows) if limit is None else min(limit, len(rows)))
    if left:
        yield f"{left} more: raise --limit, or name a --prefix"
    yield from text.format_failures(found.failures)
    view = describe_view(found.view, found.tree, found.different)
    shown = f"{len(rows):,} found · {view}"
    yield paint("dim", shown)


def _render_json(kind: str, found: EdgeList | ReferenceList, **members: object) -> str:
    return data.render_json(
        kind,
        view=found.view,
        tree=found.tree,
        different=found.different,
        symbols=[encode_name(name) for name in found.roots],
        **members,
        failures=data.encode_failures(found.failures),
    )


def encode_name(name: CodeName) -> dict[str, str]:
    """Encode a name with its file."""
    return {"path": data.encode_path(name.path), "name": name.name}


def encode_edge(edge: CallEdge) -> dict[str, Any]:
    """Encode a call."""
    return {
        "caller": encode_name(edge.caller),
        "callee": encode_name(edge.callee),
        "kind": edge.kind,
        "confidence": edge.confidence,
        "line": edge.line,
        "column": edge.column,
    }


def _encode_reference(reference: LocatedReference) -> dict[str, Any]:
    return {
        "target": encode_name(reference.target),
        "owner": encode_name(reference.owner),
        "kind": reference.kind,
        "confidence": reference.confidence,
        "line": reference.line,
        "column": reference.column,
    }
