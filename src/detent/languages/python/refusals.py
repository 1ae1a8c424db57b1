"""Syntax that the grammar reads and Python refuses.

To compile each file would take half as long as the whole analysis. So cheap tests look for code
that may be refused, and only such files are compiled, which runs nothing. Python's verdict counts
where it is about such code. Syntax newer than the running Python is therefore no error.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from importlib import import_module

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from detent.core.model import Param, Symbol
    from detent.languages.python.definitions import Draft
    from detent.languages.python.scopes import Scopes

#: The captures that are read here, as patterns of a query.
PATTERNS = """
    [(print_statement) (exec_statement)] @doubtful
    (nonlocal_statement) @nonlocal
    (augmented_assignment left: [(pattern_list) (tuple_pattern) (list_pattern)]) @doubtful
    (assignment left: [(pattern_list) (tuple_pattern) (list_pattern)] type: (_)) @doubtful
    (assignment right: (list_splat)) @doubtful
    (expression_statement (list_splat)) @doubtful
    (expression_statement (named_expression)) @bare-walrus
    (parenthesized_expression (list_splat)) @doubtful
    (list_comprehension body: (list_splat)) @doubtful
    (pattern_list (list_splat_pattern) (list_splat_pattern)) @doubtful
    (list_pattern (list_splat_pattern) (list_splat_pattern)) @doubtful
    (tuple_pattern (list_splat_pattern) (list_splat_pattern)) @doubtful
    (for_in_clause right: (_) right: (_)) @doubtful
    (as_pattern_target [(call) (binary_operator)]) @doubtful
    (argument_list (dictionary_splat) . [
        (list_splat) (identifier) (integer) (float) (string) (call) (attribute) (subscript)
        (list) (tuple) (dictionary) (true) (false) (none)
    ]) @doubtful
    [(parameters (tuple_pattern)) (lambda_parameters (tuple_pattern))] @doubtful
    [
        (parameters (keyword_separator) . (dictionary_splat_pattern)? .)
        (lambda_parameters (keyword_separator) . (dictionary_splat_pattern)? .)
        (parameters . (positional_separator))
        (lambda_parameters . (positional_separator))
        (parameters (positional_separator) (positional_separator))
        (lambda_parameters (positional_separator) (positional_separator))
        (parameters (keyword_separator) (positional_separator))
        (lambda_parameters (keyword_separator) (positional_separator))
        (lambda_parameters (list_splat_pattern) (positional_separator))
        (parameters (dictionary_splat_pattern) . (_))
        (parameters (list_splat_pattern) (list_splat_pattern))
        (parameters (list_splat_pattern) (positional_separator))
    ] @doubtful
    [(break_statement) (continue_statement)] @jump
    (global_statement) @global
    (delete_statement) @delete
    [
        (await) (for_statement "async") (with_statement "async") (for_in_clause "async")
    ] @await
    (named_expression) @walrus
    (raise_statement (expression_list)) @raise-list
    (except_clause value: (_) . value: (_)) @except-list
    (block) @body
"""
_QUOTE = rb"[\"']"
_WORD = rb"[\w\x80-\xff]+"
_ODD_NUMBER = rb"(?<!\S)(?:0_?\d[\d_]*+|\d\w*+(?<=[lL_]))(?!\S)"
_LEADING_ZERO = rb"0(?<![\w.]0)(?<![eE][-+]0)_?\d[\d_]*+(?![\d.eEjJ])"
_SUFFIX = rb"[lL_](?<=\d.)(?!\w)"
_NUMBER_END = rb"(?:\A|[^\w.])\d\w*+\Z"
_ESCAPE = (
    rb"\\(?:\\|x(?![\da-fA-F]{2})|u(?![\da-fA-F]{4})|U(?!00(?:0[\da-fA-F]|10)[\da-fA-F]{4})"
    rb"|N(?!\{[\w -]++\}))"
)
_WIDE_BYTES = rb"\b[bB][rR]?[\"'][^\"'\n\x80-\xff]*+[\x80-\xff]"
_CONVERSION = rb"![A-Za-z](?<![sra])[:}]"
_TABS = rb"\n *\t"
_BRACKETS = rb"[()\[\]{}]"
_NEXT_ARGUMENT = re.compile(rb"[\s\0\\]*+,[\s\\]*+(?=[^\s\0)*])")
_TARGETS = rb"del[\s\\]*+[\s(\[]*+(?:[\w\x80-\xff.]++[\s,)\]]*+)*+"
_SUBSCRIPT = rb"\[[^\[\]]*+\]"
_BARE_EXCEPT = rb"\bexcept[ \t]*:"
_CATCH_ALL = rb"[\0\s]*+\w++\s*+"
_WALRUS_PLACE = rb"(?:[(\[,{]|\b(?:if|elif|while|and|or|not|return|in))[\s\\]*+\Z"
_EXCEPT_NAME = re.compile(r"[a-z_]\w*")
_FEATURES = frozenset(
    b"absolute_import annotations barry_as_FLUFL division generator_stop generators nested_scopes "
    b"print_function unicode_literals with_statement".split()
)
# A repeated keyword is looked for in so many bytes, and a name of so many `global` statements.
_LONGEST_CALL = 2000
_MOST_GLOBALS = 50
_LONGEST_NUMBER = 40
_MOST_ESCAPES = 50
_BY_POSITION = ("positional", "normal")
_LOOPS = (b"for", b"while", b"async")

# What Python says of code that its grammar does not know: it may be newer syntax.
_GENERIC = ("invalid syntax", "expected ':'", "expected '('", "multiple exception types")
# What may stand anywhere in the file, by the test that finds it.
_ESCAPES = ("(unicode error)", "(value error)")
_INDENTATION = (
    "inconsistent use of tabs",
    "unindent does not match",
    "expected an indented block",
    "unexpected indent",
)


class Refusal(NamedTuple):
    """Code that Python refuses."""

    offset: int
    message: str


class PythonSource(NamedTuple):
    """A source and what was found in it."""

    data: bytes
    masked: bytes  # without the content of strings and comments
    drafts: Sequence[Draft]
    symbols: Sequence[Symbol]
    captures: Mapping[str, list[Node]]
    scopes: Scopes

    def get_owner(self, offset: int) -> Draft:
        """Get the definition around a byte."""
        return self.drafts[self.scopes.find_owner(offset)]


def list_refusals(source: PythonSource) -> list[Refusal]:
    """List the code of a file without errors of the grammar that Python refuses."""
    if found := sorted(_list_old_syntax(source)):
        return found
    spans = [node.byte_range for node in source.captures.get("doubtful", ())]
    for find in _FINDERS:
        spans += find(source)
    words = (*_find_words(source), *_find_layout_words(source))
    return _compile(source.data, spans, words) if spans or words else []


def _list_old_syntax(source: PythonSource) -> Iterator[Refusal]:
    """Yield what no Python 3 reads, whatever the running Python says of it."""
    masked, captures = source.masked, source.captures
    if (at := masked.find(b"`")) >= 0:
        yield Refusal(at, "backticks are Python 2: write `repr(x)`")
    if (at := masked.find(b"<>")) >= 0 and b"barry_as_FLUFL" not in masked:
        yield Refusal(at, "`<>` is Python 2: write `!=`")
    for prefix in (b'ur"', b"ur'"):
        if (at := masked.find(prefix)) >= 0:
            yield Refusal(at, "the prefix `ur` is Python 2")
    for node in captures.get("raise-list", ()):
        yield Refusal(node.start_byte, "`raise E, x` is Python 2: write `raise E(x)`")
    for node in captures.get("bare-walrus", ()):
        yield Refusal(node.start_byte, "`:=` needs brackets here")
    for node in captures.get("except-list", ()):
        if _binds_exception(node, source):
            yield Refusal(node.start_byte, "`except E, e` is Python 2: write `except E as e`")


def _binds_exception(node: Node, source: PythonSource) -> bool:
    """Whether the second of two exceptions is a name to bind: Python 3.14 takes it for a class."""
    values = node.children_by_field_name("value")
    if len(values) != 2:
        return False
    begin, end = values[1].byte_range
    name = source.data[begin:end].decode("utf-8", "replace")
    known = rb"\b(?:import|class|as)\b[^\n]*\b%b\b" % re.escape(name.encode())
    return bool(_EXCEPT_NAME.fullmatch(name)) and not re.search(known, source.masked)


def _find_misplaced(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find ``return`` that stands in no function, or with a value in a wrong one."""
    for draft in source.drafts:
        outside = draft.kind in {"module", "class"} and draft.flags & {"returns", "returns-none"}
        mixed = "async" in draft.flags and {"returns", "yields"} <= draft.flags
        if outside or mixed:
            yield from [node.byte_range for node in source.captures.get("return", ())]
            break


def _find_misplaced_waits(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find ``yield`` and ``await`` that stand in no function, or in a wrong one."""
    for node in source.captures.get("yield", ()):
        begin, end = node.byte_range
        in_brackets = source.masked.endswith(b"(", 0, begin)
        owner = source.get_owner(begin)
        if owner.kind in {"module", "class"} or in_brackets or "async" in owner.flags:
            yield begin, end
    for node in source.captures.get("await", ()):
        owner = source.get_owner(node.start_byte)
        if "async" not in owner.flags:
            yield owner.node.byte_range


def _find_jumps(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find ``break`` and ``continue`` that stand in no loop of their function."""
    jumps = source.captures.get("jump")
    if not jumps:
        return
    loops: dict[int, list[tuple[int, int]]] = {}
    for node in source.captures.get("branch", ()):
        body = node.child_by_field_name("body")
        if body and source.data.startswith(_LOOPS, node.start_byte):
            owner = source.scopes.find_owner(node.start_byte)
            loops.setdefault(owner, []).append(body.byte_range)
    outer = {owner: _merge_spans(spans) for owner, spans in loops.items()}
    for node in jumps:
        begin, end = node.byte_range
        spans = outer.get(source.scopes.find_owner(begin), [])
        at = bisect_right(spans, (begin, len(source.data))) - 1
        if at < 0 or spans[at][1] < end:
            yield begin, end


def _merge_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep the spans that are not inside of others."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if not merged or begin >= merged[-1][1]:
            merged.append((begin, end))
    return merged


def _find_names(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find ``global`` below the use of its names, and ``nonlocal`` for names that are not."""
    for number, node in enumerate(source.captures.get("global", ())):
        begin, end = node.byte_range
        names = re.findall(_WORD, source.data[begin:end])[1:]
        before = source.masked[source.get_owner(begin).node.start_byte : begin]
        if number >= _MOST_GLOBALS or any(
            re.search(rb"\b%b\b" % re.escape(name), before) for name in names
        ):
            yield begin, end
    for node in source.captures.get("nonlocal", ()):
        if not _is_bound_outside(node, source):
            yield node.byte_range


def _find_imports_and_lambdas(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find imports of all names in a function, and parameters of ``lambda`` that cannot be."""
    for node in source.captures.get("import", ()):
        begin, end = node.byte_range
        last = source.data[end - 1 : end]
        if last == b"," or (last == b"*" and source.scopes.find_owner(begin)):
            yield begin, end
    for node in source.captures.get("lambda", ()):
        begin, end = node.byte_range
        head = source.masked[begin:end].partition(b":")[0]
        if b"," in head and not _may_be_parameters(head[6:].split(b",")):
            yield begin, end


def _is_bound_outside(node: Node, source: PythonSource) -> bool:
    """Whether names occur in the function around, and in this one only below their declaration."""
    begin, end = node.byte_range
    draft = source.get_owner(begin)
    outer = source.drafts[draft.parent].node if draft.parent > 0 else None
    if outer is None or draft.kind != "function":
        return False
    around = source.masked[outer.start_byte : draft.node.start_byte][:_LONGEST_CALL]
    before = source.masked[draft.node.start_byte : begin][:_LONGEST_CALL]
    names = re.findall(_WORD, source.data[begin:end])[1:]
    words = {*re.findall(rb"[\w\x80-\xff]+", around)}
    return words.issuperset(names) and not {*re.findall(rb"[\w\x80-\xff]+", before)}.intersection(
        names
    )


def _find_signatures(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find functions whose parameters have one name, or stand in a wrong order."""
    for draft, symbol in zip(source.drafts, source.symbols, strict=True):
        params = symbol.params
        if len(params) < 2 or symbol.kind == "class":
            continue
        if len({param.name for param in params}) < len(params) or not _is_ordered(params):
            yield draft.node.byte_range


def _is_ordered(params: Sequence[Param]) -> bool:
    """Whether no parameter without a default stands behind one with a default."""
    plain = [param.default is not None for param in params if param.kind in _BY_POSITION]
    return plain == sorted(plain)


def _may_be_parameters(parts: list[bytes]) -> bool:
    """Whether parameters differ in their names, and those with a default are the last."""
    names = [part.partition(b"=")[0].strip(b" \n\\*") for part in parts]
    plain = [b"=" in part for part in parts]
    has_star = any(part.lstrip().startswith(b"*") for part in parts)
    return len(set(names)) == len(names) and (has_star or plain == sorted(plain))


def _find_targets(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find ``del`` and ``:=`` with something that is no target, or in a wrong place."""
    for node in source.captures.get("delete", ()):
        begin, end = node.byte_range
        text = source.masked[begin:end]
        while (shorter := re.sub(_SUBSCRIPT, b"", text)) != text and len(text) < _LONGEST_CALL:
            text = shorter
        if not re.fullmatch(_TARGETS, text) or re.search(rb"\b\d", text):
            yield begin, end
    for node in source.captures.get("walrus", ()):
        begin, end = node.byte_range
        line = source.masked.rfind(b"\n", 0, begin) + 1
        before = source.masked[max(line, begin - _LONGEST_CALL) : begin]
        around = before + source.masked[begin : end + 100]
        if b" for " in around or b"lambda" in around or not re.search(_WALRUS_PLACE, before):
            yield begin, end


def _find_calls(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find arguments behind a keyword, and repeated keywords."""
    data, masked = source.data, source.masked
    last: dict[bytes, int] = {}
    for begin, end in sorted([node.byte_range for node in source.captures.get("keyword", ())]):
        if match := _NEXT_ARGUMENT.match(masked, end):
            yield end, match.end()
        name = data[begin : data.find(b"=", begin)].rstrip()
        before = last.get(name, -_LONGEST_CALL)
        last[name] = begin
        if begin - before < _LONGEST_CALL:
            closing = masked.find(b")", before, begin)
            # Most often, the first call ends before another begins.
            may_be_same = closing < 0 or 0 <= masked.find(b"(", before, begin) < closing
            if may_be_same and _is_same_call(masked[before:begin]):
                yield begin, end


def _is_same_call(between: bytes) -> bool:
    """Whether no bracket is closed between two keywords that was open at the first."""
    depth = 0
    for match in re.finditer(_BRACKETS, between):
        depth += 1 if match[0] in b"([{" else -1
        if depth < 0:
            return False
    return not depth


def _find_clauses(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find ``try`` without ``except``, with a bare one before others, and ``except*``."""
    for node in source.captures.get("block", ()):
        begin, end = node.byte_range
        if not source.data.startswith(b"try", begin):
            continue
        text = source.masked[begin:end]
        match = re.search(_BARE_EXCEPT, text)
        if (
            node.named_child_count < 2
            or (match and b"except" in text[match.end() :])
            or b"except*" in text
        ):
            yield begin, end


def _find_patterns(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find patterns of ``case`` that bind a name twice, or hide those below them."""
    for node in source.captures.get("case", ()):
        begin, end = node.byte_range
        head = source.masked[begin:end].partition(b":")[0]
        catches_all = re.fullmatch(_CATCH_ALL, head) and node.next_named_sibling
        if catches_all or _may_bind_twice(head):
            yield begin, end


def _find_futures(source: PythonSource) -> Iterator[tuple[int, int]]:
    """Find imports from ``__future__`` that are not first, or of what it does not have."""
    imports = [
        node.byte_range
        for node in source.captures.get("import", ())
        if node.type == "future_import_statement"
    ]
    if imports:
        head = _find_end_of_head(source.drafts[0].node)
        for begin, end in imports:
            features = re.findall(_WORD, source.data[begin:end].partition(b"import")[2])
            if begin > head or not _FEATURES.issuperset(features):
                yield begin, end


def _may_bind_twice(pattern: bytes) -> bool:
    """Whether a pattern may bind a name twice, or in one of its alternatives only."""
    words = re.findall(_WORD, pattern)
    return len(set(words)) < len(words) or (b"|" in pattern and bool(words))


def _find_end_of_head(root: Node) -> int:
    """Find where something else than strings, comments and ``__future__`` imports begins."""
    for number in range(root.named_child_count):
        child = root.named_child(number)
        if child and child.type not in {"comment", "future_import_statement"}:
            first = child.named_child(0)
            if child.type != "expression_statement" or first is None or first.type != "string":
                return child.start_byte
    return root.end_byte


def _find_words(source: PythonSource) -> Iterator[str]:
    """Find numbers, escapes and strings that may be wrong; give how errors begin."""
    data = source.data
    if _has_odd_number(source):
        yield from ("leading zeros", "invalid ")
    if b"\\" in data and _has_odd_escape(source):
        yield from _ESCAPES
    if not data.isascii() and re.search(_WIDE_BYTES, data):
        yield "bytes can only contain ASCII"
    if b"{" in data and re.search(_CONVERSION, data):
        yield "f-string: invalid conversion"


def _find_layout_words(source: PythonSource) -> Iterator[str]:
    """Find what may be wrong in the layout of lines; give how errors begin."""
    data = source.data
    if b"__debug__" in source.masked:
        yield from ("cannot assign to __debug__", "cannot delete __debug__")
    if data.rstrip(b" \n").endswith(b"\\"):
        yield "unexpected EOF"
    has_empty = any(node.start_byte == node.end_byte for node in source.captures.get("body", ()))
    if has_empty or (b"\t" in data and b"\n " in data and re.search(_TABS, source.masked)):
        yield from _INDENTATION


def _has_odd_escape(source: PythonSource) -> bool:
    """Whether a string that is not raw has an escape that Python does not know."""
    root, data = source.drafts[0].node, source.data
    odd = (match for match in re.finditer(_ESCAPE, data) if match[0] != rb"\\")
    for number, match in enumerate(odd):
        node = root.descendant_for_byte_range(match.start(), match.end())
        while node and node.type != "string":
            node = node.parent
        prefix = data[node.start_byte : node.start_byte + 3].partition(b"\\")[0] if node else b"r"
        if number == _MOST_ESCAPES or b"r" not in re.split(_QUOTE, prefix)[0].lower():
            return True
    return False


def _has_odd_number(source: PythonSource) -> bool:
    """Whether there are numbers such as ``0777``, ``10L`` and ``1_``."""
    if not any(re.search(_ODD_NUMBER, draft.numbers) for draft in source.drafts if draft.numbers):
        return False
    ends = (match.end() for match in re.finditer(_SUFFIX, source.masked))
    return bool(re.search(_LEADING_ZERO, source.masked)) or any(
        re.search(_NUMBER_END, source.masked[max(0, end - _LONGEST_NUMBER) : end]) for end in ends
    )


_FINDERS = (
    _find_misplaced,
    _find_misplaced_waits,
    _find_jumps,
    _find_names,
    _find_imports_and_lambdas,
    _find_signatures,
    _find_targets,
    _find_calls,
    _find_clauses,
    _find_patterns,
    _find_futures,
)


def _compile(
    data: bytes, spans: Sequence[tuple[int, int]], words: tuple[str, ...]
) -> list[Refusal]:
    """Let Python compile a file, which runs nothing; give its error.

    It counts if it is in one of the spans, or begins with one of the words.
    """
    # Most runs compile nothing.
    warnings = import_module("warnings")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data.decode("utf-8", "replace"), "<file>", "exec", dont_inherit=True)
    except SyntaxError as error:
        begin = _find_line(data, error.lineno or 1)
        line = data[begin:].partition(b"\n")[0]
        end = begin + len(line)
        is_near = any(first <= end and last >= begin for first, last in spans)
        if error.msg.startswith(words) or (is_near and not error.msg.startswith(_GENERIC)):
            indent = len(line) - len(line.lstrip())
            return [Refusal(begin + indent, error.msg.partition(". ")[0])]
    except (ValueError, RecursionError, MemoryError, OverflowError):
        # Too deep for this Python, or too long a number: a limit, and no question of syntax.
        pass
    return []


def _find_line(data: bytes, line: int) -> int:
    """Find where a line begins."""
    at = 0
    for _ in range(line - 1):
        at = data.find(b"\n", at) + 1
    return at
