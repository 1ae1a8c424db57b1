"""The symbols of a Python file, from its definition nodes."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import chain

from detent import TYPE_CHECKING
from detent.core.model import Directive, Docstring, Param, Shape, Symbol
from detent.languages.python import class_fields, docstrings, signatures
from detent.languages.python.fingerprints import hash_definitions
from detent.languages.python.source_text import SourceText, read_node_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

_STUB_BODY = re.compile(rb"(?:\.\.\.|pass|raise\s+NotImplementedError\b.*)", re.DOTALL)

_BOUND_PARAMETERS = frozenset({"self", "cls", "mcs"})

Pieces = list[tuple[int, int]]


class Draft:
    """A symbol that is being filled."""

    # No dataclass: that would import `inspect`, which takes as long as to parse 2,000 lines.
    def __init__(self, node: Node, *, parent: int, kind: str, name: str = "") -> None:
        self.node = node
        self.parent = parent
        self.kind = kind
        self.name = name
        self.name_span = (0, 0)
        self.qualname = ""
        self.visibility = "public"
        self.decorators: tuple[str, ...] = ()
        self.flags: set[str] = set()
        self.raises: set[str] = set()
        self.caught: set[str] = set()
        self.described: list[str] = []
        self.attributes: list[str] = []
        self.ignores: set[str] = set()
        self.directives: list[Directive] = []
        self.uses = ""
        self.numbers = b""
        self.complexity = 1
        self.nesting = 0


def draft_symbols(
    nodes: list[Node], parents: list[int], data: bytes, *, exports: tuple[str, ...] | None
) -> list[Draft]:
    """Begin a symbol for the module and for each definition."""
    drafts = [Draft(nodes[0], parent=-1, kind="module")]
    exported = None if exports is None else frozenset(exports)
    if not docstrings.list_first_statements(nodes[0]):
        drafts[0].flags.add("empty")
    for node, parent in zip(nodes[1:], parents[1:], strict=True):
        begin, end = (node.child_by_field_name("name") or node.children[0]).byte_range
        name = data[begin:end].decode("utf-8", "replace")
        outer = drafts[parent]
        kind = "class" if node.type == "class_definition" else "function"
        if kind == "function" and outer.kind == "class":
            kind = "method"
        draft = Draft(node, parent=parent, kind=kind, name=name)
        draft.name_span = begin, end
        draft.qualname = f"{outer.qualname}.{name}" if outer.qualname else name
        draft.visibility = _classify_visibility(name, outer, exported)
        if data.startswith(b"async", node.start_byte):
            draft.flags.add("async")
        drafts.append(draft)
    return drafts


def _classify_visibility(name: str, outer: Draft, exports: frozenset[str] | None) -> str:
    if outer.kind in {"function", "method"}:
        return "nested"
    if outer.visibility in {"nested", "private"}:
        return outer.visibility
    if outer.kind != "module" or exports is None:
        return _classify_underscores(name) or outer.visibility
    return "public" if name in exports else _classify_underscores(name) or "unlisted"


def _classify_underscores(name: str) -> str:
    """Classify a name by its underscores; empty where there are none."""
    if not name.startswith("_"):
        return ""
    dunder = len(name) > 4 and name.startswith("__") and name.endswith("__")
    return "dunder" if dunder else "private"


def attach_decorators(drafts: list[Draft], captures: Mapping[str, list[Node]], data: bytes) -> None:
    """Give the drafts their decorators."""
    decorated = captures.get("decorated", ())
    comments = sorted(
        [node.byte_range for node in captures.get("comment", ())] if decorated else ()
    )
    by_start = {draft.node.start_byte: draft for draft in drafts[1:]}
    for node in decorated:
        *decorators, definition = node.named_children
        if draft := by_start.get(definition.start_byte):
            draft.decorators = tuple(
                _read_decorator(child.named_child(0), data, comments)
                for child in decorators
                if child.type == "decorator"
            )


def _read_decorator(node: Node | None, data: bytes, comments: list[tuple[int, int]]) -> str:
    """Read a decorator as one line, without the comments in it."""
    code = read_node_text(node, data) or ""
    if node is None or "\n" not in code:
        return code
    begin, end = node.byte_range
    inside = comments[bisect_left(comments, (begin, 0)) : bisect_left(comments, (end, 0))]
    bounds = [begin, *chain.from_iterable(inside), end]
    parts = [data[start:stop] for start, stop in zip(bounds[::2], bounds[1::2], strict=True)]
    bare = b"".join(parts).decode("utf-8", "replace")
    return " ".join(bare.replace("\\\n", " ").split())


def finish_symbols(
    drafts: list[Draft],
    pieces: list[Pieces],
    text: SourceText,
    *,
    known: Mapping[int, tuple[str, str]],
) -> list[Symbol]:
    """Finish the symbols: docstrings, signatures, hashes. Those of stubs are known, by offset."""
    own = [
        _join_own_code(draft, spans, text.data) for draft, spans in zip(drafts, pieces, strict=True)
    ]
    stubs = {
        number: known[draft.node.start_byte]
        for number, draft in enumerate(drafts)
        if number and draft.node.start_byte in known
    }
    names, parents = [draft.name for draft in drafts], [draft.parent for draft in drafts]
    hashes = hash_definitions(own, names, parents, known=stubs)
    return [
        _make_stub(draft, text)
        if number in stubs
        else _make_symbol(draft, text, body=hashes[number][0], own=hashes[number][1])
        for number, draft in enumerate(drafts)
    ]


def _make_stub(draft: Draft, text: SourceText) -> Symbol:
    """Make the symbol of a stub, whose other facts are known."""
    node = draft.node
    row, column = node.start_point
    return Symbol(
        parent=draft.parent,
        kind=draft.kind,
        name=draft.name,
        qualname=draft.qualname,
        visibility=draft.visibility,
        line=row + 1,
        column=text.count_column(node.start_byte, column),
        end_line=node.end_point[0] + 1,
        decorators=draft.decorators,
    )


def _make_symbol(draft: Draft, text: SourceText, *, body: str, own: str) -> Symbol:
    node, data = draft.node, text.data
    is_module = draft.kind == "module"
    block = node if is_module else node.child_by_field_name("body")
    statements = docstrings.list_first_statements(block)
    literal, value = docstrings.find_docstring(statements[0] if statements else None, data)
    if not is_module and _is_stub(statements[literal is not None :], data):
        draft.flags.add("stub")
    doc = None
    if literal is None or value is None:
        draft.flags |= docstrings.list_flags(statements[:1])
    else:
        column = text.count_column(literal.start_byte, literal.start_point[1])
        doc = docstrings.make_docstring(literal, value, data, column=column)
    bases, params, returns = _read_header(draft, data)
    (first, column), (last, end) = node.start_point, node.end_point
    return Symbol(
        parent=draft.parent,
        kind=draft.kind,
        name=draft.name,
        qualname=draft.qualname,
        visibility=draft.visibility,
        line=1 if is_module else first + 1,
        column=1 if is_module else text.count_column(node.start_byte, column),
        end_line=max(1, last + (end > 0)),
        decorators=draft.decorators,
        bases=bases,
        params=params,
        returns=returns,
        flags=frozenset(draft.flags),
        raises=tuple(sorted(draft.raises)),
        caught=tuple(sorted(draft.caught)),
        attributes=tuple(dict.fromkeys(draft.attributes)),
        described=tuple(dict.fromkeys(draft.described)),
        ignores=frozenset(draft.ignores),
        directives=tuple(draft.directives),
        docstring=doc,
        body=body,
        own=own,
        uses=draft.uses,
        shape=_measure_symbol(
            draft, params, doc, lines=last + (end > 0) - (0 if is_module else first)
        ),
    )


def _measure_symbol(
    draft: Draft, params: tuple[Param, ...], doc: Docstring | None, *, lines: int
) -> Shape:
    """Measure a symbol of so many lines, without those of its docstring."""
    if doc is not None:
        # A docstring beside the keyword takes no line of its own.
        alone = draft.kind == "module" or doc.line > draft.node.start_point[0] + 1
        lines -= doc.source.count("\n") + alone
    count = 0 if draft.kind == "class" else len(params)
    if params and draft.kind == "method" and params[0].name in _BOUND_PARAMETERS:
        count -= 1
    return Shape(max(0, lines), count, draft.complexity, draft.nesting)


def _read_header(
    draft: Draft, data: bytes
) -> tuple[tuple[str, ...], tuple[Param, ...], str | None]:
    """Read bases and fields of a class; parameters and return annotation of a function."""
    node = draft.node
    if draft.kind == "module":
        return (), (), None
    if draft.kind == "class":
        bases = node.child_by_field_name("superclasses")
        children = [] if bases is None else bases.named_children
        return (
            tuple(read_node_text(x, data) or "" for x in children if x.type != "comment"),
            tuple(class_fields.list_fields(node, draft.decorators, data)),
            None,
        )
    params = signatures.list_parameters(node.child_by_field_name("parameters"), data)
    return (), params, read_node_text(node.child_by_field_name("return_type"), data)


def _is_stub(statements: list[Node], data: bytes) -> bool:
    if len(statements) != 1:
        return not statements
    begin, end = statements[0].byte_range
    return _STUB_BODY.fullmatch(data, begin, end) is not None


def _join_own_code(draft: Draft, pieces: Pieces, data: bytes) -> bytes:
    """Join the own code of a symbol, without its name and its indentation."""
    if draft.kind == "module" or not pieces:
        return b"".join([data[begin:end] for begin, end in pieces])
    node = draft.node
    begin, end = draft.name_span
    code = [data[pieces[0][0] : begin], data[end : pieces[0][1]]]
    code += [data[begin:end] for begin, end in pieces[1:]]
    own = b"".join(code)
    indent = node.start_point[1]
    if indent:
        line = data[node.start_byte - indent : node.start_byte]
        own = own.replace(b"\n" + line, b"\n")
    if draft.decorators:
        return "\n".join(draft.decorators).encode("utf-8", "replace") + own
    return own
