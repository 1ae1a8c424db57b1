"""The facts of a Python source: one parse, one query, and a pass over its captures."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from itertools import accumulate, islice, zip_longest
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.model import Call, FileFacts, Finding
from detent.languages.base import ParseStats
from detent.languages.python import (
    class_attributes,
    complexity,
    declarations,
    definitions,
    docstrings,
    ignore_comments,
    imports,
    raises,
    refusals,
)
from detent.languages.python.crowded_errors import find_crowded_error
from detent.languages.python.scopes import Scopes, build_scopes
from detent.languages.python.source_text import SourceText, make_source_text
from detent.languages.treesitter import Parser, Query, QueryCursor, load_grammar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tree_sitter import Node

    from detent.languages.python.definitions import Draft, Pieces

    _Captures = dict[str, list[Node]]

_LANGUAGE = load_grammar("tree-sitter-python")
_QUERY = Query(
    _LANGUAGE,
    complexity.PATTERNS
    + refusals.PATTERNS
    + """
    [(function_definition) (class_definition)] @definition
    (decorated_definition) @decorated
    (return_statement) @return
    (yield) @yield
    (raise_statement) @raise
    [(import_statement) (import_from_statement) (future_import_statement)] @import
    (call) @call
    (lambda) @lambda
    (format_specifier) @format
    (format_expression) @expression
    [(string_content) (type_conversion)] @mask
    (keyword_argument) @keyword
    (match_statement "match" @mask)
    (case_clause "case" @mask)
    (comment) @comment
    """,
)
# The grammar does not know the defaults of type parameters (PEP 696).
_ERRORS = '[(ERROR) (MISSING)] @error (type_parameter (ERROR "=") @default)'
_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_CHAIN = re.compile(rb"\**%b(?:[\s\\]*\.[\s\\]*%b)*" % (_NAME, _NAME))
_TAIL = re.compile(rb"\.[\s\\]*(%b)$" % _NAME)
_GAPS = b" \t\n\f\\"
# Only dotted names, numbers and the ends of strings are kept: all else becomes blank.
_WORD_BYTES = b"_.\"'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + bytes(
    range(128, 256)
)
_WORD_TABLE = bytes(byte if byte in _WORD_BYTES else 32 for byte in range(256))
_KEYWORDS = frozenset(
    b"False None True and as assert async await break class continue def del elif else except "
    b"finally for from global if import in is lambda nonlocal not or pass raise return try while "
    b"with yield self cls".split()
)
# Prefix and quotes of strings are left: the usual ones are removed in a set, which is quick.
_NO_USES = _KEYWORDS.union(
    prefix + quote * count
    for prefix in (b"b", b"f", b"r", b"u", b"rb")
    for quote in (b"'", b'"')
    for count in (1, 2, 3)
)
_LONGEST_CALLEE = 200
_MOST_ERRORS = 5
_SPAN = attrgetter("start_byte", "end_byte")
_POSITION = attrgetter("line", "column")


def extract_facts(data: bytes) -> tuple[FileFacts, ParseStats]:
    """Extract the facts of one source."""
    root, stats = _parse_source(data)
    error = find_crowded_error(root) if root.has_error else None
    if error is not None:
        return _describe_crowded_file(data, error), stats
    return _collect_facts(data, root, {}), stats


def _describe_crowded_file(data: bytes, error: Node) -> FileFacts:
    """Say that a file has an error, and nothing else of it."""
    empty, _ = extract_facts(b"")
    row, column = error.start_point
    finding = Finding(0, "DT902", row + 1, column + 1, "", "syntax error")
    return empty._replace(findings=(finding,), lines=_count_lines(data))


def _count_lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n") and bool(data))


def extract_valid_facts(
    data: bytes, hashes: Mapping[int, tuple[str, str]]
) -> tuple[FileFacts | None, ParseStats]:
    """Extract the facts of a source with stubs, whose hashes are known; None if it is not valid."""
    root, stats = _parse_source(data)
    facts = None if root.has_error else _collect_facts(data, root, hashes)
    return None if facts and facts.findings else facts, stats


def _parse_source(data: bytes) -> tuple[Node, ParseStats]:
    root = Parser(_LANGUAGE).parse(data).root_node
    return root, ParseStats(1, root.descendant_count, int(root.has_error))


def _collect_facts(data: bytes, root: Node, hashes: Mapping[int, tuple[str, str]]) -> FileFacts:
    # These come in the order of a hash table: what needs an order is sorted below.
    captures = QueryCursor(_QUERY).captures(root)
    source = make_source_text(data)
    nodes = sorted(captures.get("definition", ()), key=_SPAN)
    scopes, parents = build_scopes([(0, len(data)), *(node.byte_range for node in nodes)])
    pieces = scopes.list_pieces(len(data), len(nodes) + 1)
    exports = imports.read_exports(root, data)
    drafts = definitions.draft_symbols([root, *nodes], parents, data, exports=exports)
    definitions.attach_decorators(drafts, captures, data)
    _set_flags(drafts, captures, scopes, data=data)
    raises.collect_raises(drafts, captures, scopes, data=data)
    complexity.measure_complexity(drafts, captures, scopes, data=data)
    masked = _mask_text(data, captures)
    _collect_uses(drafts, pieces, masked)
    _collect_attributes(drafts, pieces, data=data, masked=masked)
    if declarations.MARK in data:
        declarations.flag_declarations(drafts, captures, data)
    if b"numpydoc ignore" in data:
        ignore_comments.attach_numpydoc_ignores(drafts, captures.get("comment", ()), data)
    if b"detent:" in data:
        ignore_comments.attach_detent_ignores(drafts, captures, source)
    symbols = definitions.finish_symbols(drafts, pieces, source, known=hashes)
    if declarations.MARK in data:
        declarations.unflag_real_definitions(symbols)
    code = refusals.PythonSource(data, masked, drafts, symbols, captures, scopes)
    return FileFacts(
        symbols=tuple(symbols),
        calls=tuple(sorted(_list_calls(captures, scopes, source), key=_POSITION)),
        bindings=tuple(
            binding
            for node in sorted(captures.get("import", ()), key=_SPAN)
            for binding in imports.list_bindings(node, data, scopes.find_owner(node.start_byte))
        ),
        exports=exports,
        findings=tuple(
            _list_errors(root, scopes, source) if root.has_error else _list_refusals(code, source)
        ),
        lines=_count_lines(data),
    )


def _set_flags(drafts: list[Draft], captures: _Captures, scopes: Scopes, *, data: bytes) -> None:
    """Note what the own body of each function returns and yields."""
    for node in captures.get("return", ()):
        begin, end = node.byte_range
        value = data[begin + 6 : end].strip(b" \t\n\\")
        flag = "returns-none" if value in (b"", b"None") else "returns"
        drafts[scopes.find_owner(begin)].flags.add(flag)
    for node in _drop_enclosed(captures.get("yield", []), captures.get("lambda", [])):
        begin, end = node.byte_range
        flags = drafts[scopes.find_owner(begin)].flags
        flags.add("yields")
        if data[begin + 5 : end].strip(b" \t\n\\"):
            flags.add("yields-value")


def _drop_enclosed(nodes: list[Node], around: list[Node]) -> Iterator[Node]:
    """Yield the nodes that are not inside of others."""
    spans = sorted([node.byte_range for node in around])
    ends = [0, *accumulate((end for _, end in spans), max)]
    for node in nodes:
        begin = node.start_byte
        if ends[bisect_right(spans, (begin, begin))] <= begin:
            yield node


def _mask_text(data: bytes, captures: _Captures) -> bytes:
    """Blank strings, comments and names of keyword arguments, but not expressions in f-strings."""
    masked = bytearray(data)
    for name in ("format", "expression", "mask", "comment"):
        for node in captures.get(name, ()):
            begin, end = node.byte_range
            masked[begin:end] = data[begin:end] if name == "expression" else bytes(end - begin)
    for node in captures.get("keyword", ()):
        begin = node.start_byte
        end = data.find(b"=", begin)
        masked[begin:end] = bytes(end - begin)
    return bytes(masked)


def _collect_uses(drafts: list[Draft], pieces: list[Pieces], masked: bytes) -> None:
    """Note the names that occur in each symbol's own code."""
    code = masked.translate(_WORD_TABLE)
    for draft, spans in zip(drafts, pieces, strict=True):
        words = set(b" ".join([code[begin:end] for begin, end in spans]).split()) - _NO_USES
        words.discard(draft.name.encode("utf-8", "replace"))
        names = sorted(words)
        # In this order: what begins with a quote, dots, numbers, names.
        first, last = bisect_left(names, b"0"), bisect_left(names, b":")
        dots = names[bisect_left(names, b".") : first]
        dotted = [word for word in dots if word.lstrip(b".")[:1] > b"9"]
        draft.numbers = b" ".join(names[first:last])
        uses = b" ".join(dotted + names[last:])
        if b"'" in uses or b'"' in uses:
            found = uses.split(b" ")
            uses = b" ".join([word for word in found if b"'" not in word and b'"' not in word])
        draft.uses = uses.decode("utf-8", "replace")


def _collect_attributes(
    drafts: list[Draft], pieces: list[Pieces], *, data: bytes, masked: bytes
) -> None:
    """Note the attributes that classes bind in their body and in their ``__init__``."""
    for draft, spans in zip(drafts, pieces, strict=True):
        if draft.kind == "class":
            owner, body = draft, draft.node.child_by_field_name("body")
            draft.attributes += class_attributes.list_body_attributes(body, data)
        elif draft.name == "__init__" and draft.kind == "method":
            owner = drafts[draft.parent]
            code = b"".join([masked[begin:end] for begin, end in spans])
            owner.attributes += class_attributes.list_init_attributes(code)
        else:
            continue
        start = docstrings.find_first_statement(draft.node)
        code = b"".join([data[max(begin, start) : end] for begin, end in spans])
        owner.described += class_attributes.list_described_attributes(code)


def _list_callees(captures: _Captures) -> Iterator[Node]:
    """List what is called; a pattern for it would take 2% of a hook to compile."""
    for call in captures.get("call", ()):
        callee = call.child_by_field_name("function")
        if callee is not None:
            yield callee


def _list_calls(captures: _Captures, scopes: Scopes, text: SourceText) -> Iterator[Call]:
    """List calls: the callee is a dotted name, or what follows the last dot of an expression."""
    data, starts, owners, uneven = text.data, scopes.starts, scopes.owners, bool(text.continuations)
    for node in _list_callees(captures):
        begin, end = node.start_byte, node.end_byte
        # Longer code is not a dotted name: only its end is read.
        short = end - begin < _LONGEST_CALLEE
        name = _name_callee(data[begin:end] if short else b")" + data[end - _LONGEST_CALLEE : end])
        if not name:
            continue
        row, column = node.start_point
        owner = owners[bisect_right(starts, begin) - 1]
        if name[0] == ".":
            # The place of `f(x).name` is that of `name`: several such calls may begin at `f`.
            size = len(name.encode("utf-8", "replace")) - 1
            row, column = node.end_point
            begin, column = end - size, column - size
        elif name[0] == "*":  # the grammar takes `*a.b()` for a call of `*a.b`
            plain = name.lstrip("*")
            column += len(name) - len(plain)
            name = plain
        yield Call(owner, name, row + 1, text.count_column(begin, column) if uneven else column + 1)


@lru_cache(maxsize=8192)
def _name_callee(code: bytes) -> str:
    if _CHAIN.fullmatch(code):
        return code.translate(None, _GAPS).decode("utf-8", "replace")
    match = _TAIL.search(code)
    return "." + match[1].decode("utf-8", "replace") if match else ""


@cache
def _compile_error_query() -> Query:
    """Compile the query for errors, which most files do not have."""
    query: Query = Query(_LANGUAGE, _ERRORS)
    return query


def _list_errors(root: Node, scopes: Scopes, text: SourceText) -> Iterator[Finding]:
    captures = QueryCursor(_compile_error_query()).captures(root)
    nodes = set(captures.get("error", ())).difference(captures.get("default", ()))
    for node in islice(_find_innermost(nodes), _MOST_ERRORS):
        point = node.start_point
        missing = f"syntax error: {node.type!r} is missing" if node.is_missing else "syntax error"
        yield Finding(
            scopes.find_owner(min(node.start_byte, len(text.data) - 1)),
            "DT902",
            point[0] + 1,
            text.count_column(node.start_byte, point[1]),
            "",
            missing,
        )


def _list_refusals(code: refusals.PythonSource, text: SourceText) -> Iterator[Finding]:
    for offset, message in refusals.list_refusals(code)[:_MOST_ERRORS]:
        line = text.data.count(b"\n", 0, offset) + 1
        column = offset - text.data.rfind(b"\n", 0, offset) - 1
        yield Finding(
            code.scopes.find_owner(min(offset, len(text.data) - 1)),
            "DT902",
            line,
            text.count_column(offset, column),
            "",
            f"syntax error: {message}",
        )


def _find_innermost(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes that contain no other, in document order."""
    ordered = sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte))
    for node, after in zip_longest(ordered, ordered[1:]):
        if after is None or after.start_byte >= node.end_byte:
            yield node
