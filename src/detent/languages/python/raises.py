"""The exceptions that functions raise, and those of them that they catch themselves."""

from __future__ import annotations

import builtins
import re
from bisect import bisect_left

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.languages.python.source_text import read_node_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from detent.languages.python.definitions import Draft
    from detent.languages.python.scopes import Scopes

#: What stands for the exception of a ``raise`` that cannot be read.
UNREADABLE = "..."

# At most so many blocks around a ``raise`` are read, and so many clauses of each.
_MAX_CLAUSES = 20
_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
# An exception or a call of one, not the `errors` of `errors[0]`.
_RAISED = rb"raise\b[\s\\]*+(?:\(\s*+)?(%b(?:\.%b)*)(?![\w\x80-\xff])[\s\\]*(?:\Z|[()]|from\b)" % (
    _NAME,
    _NAME,
)
_NAMES = rb"%b(?:\.%b)*" % (_NAME, _NAME)
# An ``except`` of these, or of nothing, catches everything.
_EVERYTHING = frozenset({"Exception", "BaseException"})


class _Block(NamedTuple):
    """A block whose exceptions are caught, or the ``except`` clause that catches some."""

    begin: int
    end: int
    owner: int  # the symbol that it belongs to
    clauses: tuple[int, ...]  # offsets of the clauses that catch; empty for a clause
    names: tuple[str, ...] = ()  # what a clause catches; empty for everything


def collect_raises(
    drafts: Sequence[Draft], captures: Mapping[str, list[Node]], scopes: Scopes, *, data: bytes
) -> None:
    """Note what the own body of each function raises, and which of it does not leave it."""
    _note_asserts(drafts, captures, scopes)
    nodes = sorted(captures.get("raise", ()), key=_get_start)
    starts = [node.start_byte for node in nodes]
    blocks = sorted(_list_blocks(captures, starts, scopes, data=data))
    around = dict(zip(starts, _list_surrounding(starts, blocks, scopes), strict=True))
    passing = _find_passing_clauses(nodes, around)
    catching = {block.begin: block for block in blocks if not block.clauses}
    for node in nodes:
        draft = drafts[scopes.find_owner(node.start_byte)]
        stack = around[node.start_byte]
        offsets = _list_clauses(stack) - passing
        for name in _read_raised(node, stack, data):
            is_caught = any(_catches(catching[begin], name) for begin in offsets)
            (draft.caught if is_caught else draft.raises).add(name)


def _list_clauses(stack: list[_Block]) -> set[int]:
    """List the clauses that may catch what is raised inside of some blocks."""
    near = [block.clauses[:_MAX_CLAUSES] for block in stack[-_MAX_CLAUSES:]]
    return {begin for clauses in near for begin in clauses}


def _note_asserts(
    drafts: Sequence[Draft], captures: Mapping[str, list[Node]], scopes: Scopes
) -> None:
    for node in captures.get("decision", ()):
        if node.type == "assert_statement":
            drafts[scopes.find_owner(node.start_byte)].caught.add("AssertionError")


def _find_passing_clauses(nodes: list[Node], around: Mapping[int, list[_Block]]) -> set[int]:
    """Find the clauses that raise again what they catch."""
    bare = [node.start_byte for node in nodes if not node.named_child_count]
    stacks = [_only_clauses(around[start]) for start in bare]
    return {stack[-1].begin for stack in stacks if stack}


def _get_start(node: Node) -> int:
    return node.start_byte


def _list_blocks(
    captures: Mapping[str, list[Node]], starts: list[int], scopes: Scopes, *, data: bytes
) -> Iterator[_Block]:
    """Yield the blocks of ``try``, and their clauses, where something is raised inside of them."""
    for node in captures.get("block", ()) if starts else ():
        at = bisect_left(starts, node.start_byte)
        if node.type == "try_statement" and at < len(starts) and starts[at] < node.end_byte:
            yield from _read_try(node, scopes.find_owner(node.start_byte), data)


def _read_try(node: Node, owner: int, data: bytes) -> Iterator[_Block]:
    offsets = []
    for child in node.named_children:
        if child.type in {"except_clause", "except_group_clause"}:
            offsets.append(child.start_byte)
            names = _read_names(child, data)
            yield _Block(child.start_byte, child.end_byte, owner, (), names)
    body = node.child_by_field_name("body")
    if body is not None and offsets:
        yield _Block(body.start_byte, body.end_byte, owner, tuple(offsets))


def _read_names(clause: Node, data: bytes) -> tuple[str, ...]:
    """Read what an ``except`` clause catches; nothing where it catches everything."""
    value = next((child for child in clause.named_children if child.type != "comment"), None)
    if value is not None and value.type == "as_pattern":
        value = value.named_child(0)
    code = b"" if value is None or value.type == "block" else data[slice(*value.byte_range)]
    names = [name.decode("utf-8", "replace") for name in re.findall(_NAMES, code)]
    found = tuple(name.rpartition(".")[2] for name in names)
    return () if _EVERYTHING.intersection(found) else found


def _list_surrounding(
    starts: list[int], blocks: list[_Block], scopes: Scopes
) -> Iterator[list[_Block]]:
    """Yield, for each ``raise``, the blocks around it in the same function, outermost first."""
    stack: list[_Block] = []
    pending = iter([*blocks, None])
    block = next(pending)
    for start in starts:
        while block is not None and block.begin <= start:
            stack = [outer for outer in stack if outer.end > block.begin]
            stack.append(block)
            block = next(pending)
        owner = scopes.find_owner(start)
        yield [outer for outer in stack if outer.end > start and outer.owner == owner]


def _only_clauses(stack: list[_Block]) -> list[_Block]:
    return [block for block in stack if not block.clauses]


def _read_raised(node: Node, stack: list[_Block], data: bytes) -> list[str]:
    """Read what a ``raise`` names: without a name, what its ``except`` catches."""
    if match := re.match(_RAISED, data[slice(*node.byte_range)]):
        return [match[1].decode("utf-8", "replace")]
    if node.named_child_count:
        return list(_read_expression(node.named_children[0], data))
    clauses = _only_clauses(stack)
    return list(clauses[-1].names if clauses else ()) or [UNREADABLE]


def _read_expression(node: Node | None, data: bytes) -> Iterator[str]:
    """Read the names of exceptions in an expression, such as both sides of a condition."""
    pending = [node]
    while pending:
        inner = pending.pop()
        if inner is None:
            yield UNREADABLE
        elif inner.type == "conditional_expression":
            pending += [inner.named_child(0), inner.named_child(2)]
        elif inner.type == "parenthesized_expression":
            pending.append(inner.named_child(0))
        elif inner.type == "call":
            pending.append(inner.child_by_field_name("function"))
        elif inner.type in {"identifier", "attribute"}:
            text = read_node_text(inner, data) or ""
            yield text if re.fullmatch(_NAMES, text.encode("utf-8", "replace")) else UNREADABLE
        else:
            yield UNREADABLE


def _catches(clause: _Block, name: str) -> bool:
    """Tell whether a clause catches an exception: by its name or by that of a base class."""
    bare = name.rpartition(".")[2]
    return not clause.names or any(bare == base or _is_derived(bare, base) for base in clause.names)


def _is_derived(name: str, base: str) -> bool:
    """Tell whether an exception of Python is derived from another."""
    kind, other = getattr(builtins, name, None), getattr(builtins, base, None)
    return isinstance(kind, type) and isinstance(other, type) and issubclass(kind, other)
