"""Code in which the grammar finds so little that a query over its tree would take hours."""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

#: For each of these marks in one error, a query of tree-sitter looks at all that follow it.
MOST_MARKS = 5_000


def find_crowded_error(root: Node) -> Node | None:
    """Find an error with very many brackets, operators or keywords side by side; None without."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.type == "ERROR" and node.child_count - node.named_child_count > MOST_MARKS:
            return node
        pending += [child for child in node.children if child.has_error]
    return None
