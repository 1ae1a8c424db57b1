"""The complexity of each definition: decisions and nested blocks."""

from __future__ import annotations

import re
from bisect import bisect_right

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from detent.languages.python.definitions import Draft
    from detent.languages.python.scopes import Scopes

#: The captures that `measure_complexity` reads, as patterns of a query.
PATTERNS = """
    [(if_statement) (for_statement) (while_statement)] @branch
    [(with_statement) (try_statement) (match_statement)] @block
    [
        (elif_clause) (except_clause) (conditional_expression) (boolean_operator)
        (assert_statement) (for_in_clause) (if_clause)
    ] @decision
    (case_clause) @case
"""
_CATCH_ALL = rb"case[\s\\(]*(?!(?:None|True|False)\b)[^\W\d][\w\x80-\xff]*+[\s\\)]*(?::|if\b)"


def measure_complexity(
    drafts: list[Draft], captures: Mapping[str, list[Node]], scopes: Scopes, *, data: bytes
) -> None:
    """Count the decisions of each definition's own code, and how deep its blocks nest."""
    branches = captures.get("branch", [])
    cases = [node.start_byte for node in captures.get("case", ())]
    decisions = [node.start_byte for node in captures.get("decision", ())]
    decisions += [node.start_byte for node in branches]
    if cases:
        catches_all = re.compile(_CATCH_ALL).match
        decisions += [begin for begin in cases if not catches_all(data, begin)]
    starts, owners = scopes
    for begin in decisions:
        drafts[owners[bisect_right(starts, begin) - 1]].complexity += 1
    _measure_nesting(drafts, [*branches, *captures.get("block", ())], scopes)


def _measure_nesting(drafts: list[Draft], nodes: Iterable[Node], scopes: Scopes) -> None:
    """Count blocks around blocks; a definition starts again at zero."""
    around: list[tuple[int, int, int]] = []
    for begin, end in sorted([node.byte_range for node in nodes]):
        while around and around[-1][0] <= begin:
            around.pop()
        symbol = scopes.find_owner(begin)
        depth = around[-1][2] + 1 if around and around[-1][1] == symbol else 1
        around.append((end, symbol, depth))
        drafts[symbol].nesting = max(drafts[symbol].nesting, depth)
