"""The docstring of a module, class or function, from its syntax node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.analysis.strings import evaluate
from detent.analysis.text import text_of
from detent.model import Docstring

if TYPE_CHECKING:
    from tree_sitter import Node


def find(body: Node | None, data: bytes) -> tuple[Node | None, str | None]:
    """Find the docstring of a body.

    Parameters
    ----------
    body : Node or None
        The block of a definition, or the module.
    data : bytes
        The source that the node belongs to.

    Returns
    -------
    Node or None
        The literal, or the concatenation of literals.
    str or None
        Its value.
    """
    statement = first_statement(body)
    if statement is None or statement.type != "expression_statement":
        return None, None
    node = statement.named_child(0)
    if statement.named_child_count != 1:
        return None, None
    while node is not None and node.type == "parenthesized_expression":
        node = node.named_child(0)
    if node is None or node.type not in ("string", "concatenated_string"):
        return None, None
    parts = [node] if node.type == "string" else node.named_children
    values = [evaluate(text_of(part, data) or "") for part in parts if part.type == "string"]
    if None in values:
        return None, None
    return node, "".join(value for value in values if value is not None)


def first_statement(body: Node | None) -> Node | None:
    """Give the first statement of a body, past its comments."""
    if body is None:
        return None
    for index in range(body.named_child_count):
        child = body.named_child(index)
        if child is not None and child.type != "comment":
            return child
    return None


def docstring(node: Node, value: str, data: bytes, column: int) -> Docstring:
    """Make the docstring of a literal that `find` found."""
    return Docstring(value, text_of(node, data) or "", node.start_point[0] + 1, column)
