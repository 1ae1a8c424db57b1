"""Definitions in blocks for type checkers (``if TYPE_CHECKING:``) that only declare something."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from detent.core.model import Symbol
    from detent.languages.python.definitions import Draft

#: What a source without such blocks does not have.
MARK = b"TYPE_CHECKING"
#: The flag of such definitions, in `Symbol.flags`.
DECLARED = "declared"

_CONDITION = rb"[(\s]*+(?:(not\b)[(\s]*+)?(?:\w{1,80}\.)?TYPE_CHECKING[)\s]*(?:and\b|\Z)"
_HEADER = 200


def flag_declarations(
    drafts: Sequence[Draft], captures: Mapping[str, list[Node]], data: bytes
) -> None:
    """Give the flag to all definitions in blocks for type checkers."""
    nodes = [*captures.get("branch", ()), *captures.get("decision", ())]
    spans = sorted([block.byte_range for node in nodes for block in _find_blocks(node, data)])
    starts = [begin for begin, _ in spans]
    ends = [0, *accumulate((end for _, end in spans), max)]
    for draft in drafts[1:] if spans else ():
        begin = draft.node.start_byte
        if ends[bisect_right(starts, begin)] > begin:
            draft.flags.add(DECLARED)


def unflag_real_definitions(symbols: list[Symbol]) -> None:
    """Take the flag from what has a docstring, a body, or something in it that has."""
    real: set[int] = set()
    for number in range(len(symbols) - 1, 0, -1):
        symbol = symbols[number]
        is_declared = DECLARED in symbol.flags and symbol.docstring is None and number not in real
        if symbol.kind != "class":
            is_declared = is_declared and "stub" in symbol.flags
        if not is_declared:
            real.add(symbol.parent)
            symbols[number] = symbol._replace(flags=symbol.flags - {DECLARED})


def _find_blocks(node: Node, data: bytes) -> Iterator[Node]:
    """Find the block of an ``if`` or ``elif`` that only type checkers read."""
    begin = node.start_byte
    if MARK not in data[begin : begin + _HEADER]:
        return
    condition = node.child_by_field_name("condition")
    if condition is None:
        return
    match = re.match(_CONDITION, data[slice(*condition.byte_range)])
    if match and match[1]:
        yield from (
            child
            for child in node.children_by_field_name("alternative")
            if child.type == "else_clause"
        )
    elif match and (block := node.child_by_field_name("consequence")):
        yield block
