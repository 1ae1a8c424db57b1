"""The docstring of a module, class or function, from its syntax node."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import Docstring
from detent.languages.python.source_text import text_of
from detent.languages.python.string_literals import evaluate

if TYPE_CHECKING:
    from tree_sitter import Node


def find(statement: Node | None, data: bytes) -> tuple[Node | None, str | None]:
    """Find the docstring of a body.

    Parameters
    ----------
    statement : Node or None
        The first statement of the body.
    data : bytes
        The source that the node belongs to.

    Returns
    -------
    Node or None
        The literal, or the concatenation of literals.
    str or None
        Its value.
    """
    node = _literal(statement)
    if node is None:
        return None, None
    parts = [node] if node.type == "string" else node.named_children
    values = [evaluate(text_of(part, data) or "") for part in parts if part.type == "string"]
    known = [value for value in values if value is not None]
    return (node, "".join(known)) if len(known) == len(values) else (None, None)


def _literal(statement: Node | None) -> Node | None:
    """Give the string that is all of a statement, parentheses aside."""
    # A comma behind the literal makes a tuple of it.
    if statement is None or statement.type != "expression_statement" or statement.child_count != 1:
        return None
    node: Node | None = statement.named_child(0)
    while node is not None and node.type == "parenthesized_expression":
        node = next((child for child in node.named_children if child.type != "comment"), None)
    return node if node is not None and node.type in {"string", "concatenated_string"} else None


def first_statements(body: Node | None) -> list[Node]:
    """Give the first three statements of a body, without comments: as many as tell a stub.

    Parameters
    ----------
    body : Node or None
        The body of a definition, or the module; None has no statements.

    Returns
    -------
    list of Node
        Three at the most, in document order.
    """
    if body is None:
        return []
    # A child costs the more the later it stands, so these few are taken one by one and no others.
    found: list[Node] = []
    for index in range(min(3, body.named_child_count)):
        child = body.named_child(index)
        if child is None or child.type == "comment":
            return [child for child in body.named_children if child.type != "comment"][:3]
        found.append(child)
    return found


def docstring(node: Node, value: str, data: bytes, *, column: int) -> Docstring:
    """Make the docstring of a literal that `find` found.

    Parameters
    ----------
    node : Node
        The literal.
    value : str
        What it evaluates to.
    data : bytes
        The source that the node belongs to.
    column : int
        Where the literal begins in its line, in characters from 1.

    Returns
    -------
    Docstring
        With the literal as written beside its value.
    """
    return Docstring(value, text_of(node, data) or "", node.start_point[0] + 1, column)
