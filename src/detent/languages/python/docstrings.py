"""The docstring of a module, class or function, from its syntax node."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import Docstring
from detent.languages.python.source_text import read_node_text
from detent.languages.python.string_literals import evaluate_literal

if TYPE_CHECKING:
    from tree_sitter import Node


_COMPUTED = frozenset({"parenthesized_expression", "binary_operator", "call", "attribute"})


def find_docstring(statement: Node | None, data: bytes) -> tuple[Node | None, str | None]:
    """Find the docstring of a body."""
    node = _find_literal(statement)
    value = None if node is None else evaluate_string(node, data)
    return (None, None) if value is None else (node, value)


def evaluate_string(node: Node, data: bytes) -> str | None:
    """Evaluate a string, or several in a row; None where that is no text or is computed."""
    parts = [node] if node.type == "string" else node.named_children
    values = [
        evaluate_literal(read_node_text(part, data) or "")
        for part in parts
        if part.type == "string"
    ]
    known = [value for value in values if value is not None]
    return "".join(known) if len(known) == len(values) else None


def _find_literal(statement: Node | None) -> Node | None:
    """Find the string that a statement consists of, apart from parentheses."""
    # A comma behind the literal makes a tuple of it.
    if statement is None or statement.type != "expression_statement" or statement.child_count != 1:
        return None
    node: Node | None = statement.named_child(0)
    while node is not None and node.type == "parenthesized_expression":
        node = next((child for child in node.named_children if child.type != "comment"), None)
    return node if node is not None and node.type in {"string", "concatenated_string"} else None


def find_first_statement(definition: Node) -> int:
    """Find the offset of the first statement of a definition behind its docstring."""
    statements = list_first_statements(definition.child_by_field_name("body"))
    literal = _find_literal(statements[0] if statements else None)
    return definition.start_byte if literal is None else literal.end_byte


def list_flags(statements: list[Node]) -> set[str]:
    """List the flag of a body that begins with a string that Python takes for no docstring."""
    found: set[str] = set()
    for statement in statements:
        node = statement.named_child(0) if statement.type == "expression_statement" else None
        # ``"..." % x``, ``"..." + x``, ``"...".format(x)``
        while node is not None and node.type in _COMPUTED:
            node = node.named_child(0)
        if node is not None and node.type in {"string", "concatenated_string"}:
            found.add("computed-docstring")
    return found


def list_first_statements(body: Node | None) -> list[Node]:
    """List the first three statements of a body, without comments: enough to detect a stub."""
    if body is None:
        return []
    # A later child takes longer to reach: these few are taken by index, and no others.
    found: list[Node] = []
    for index in range(min(3, body.named_child_count)):
        child = body.named_child(index)
        if child is None or child.type == "comment":
            return [child for child in body.named_children if child.type != "comment"][:3]
        found.append(child)
    return found


def make_docstring(node: Node, value: str, data: bytes, *, column: int) -> Docstring:
    """Make the docstring of a literal that `find_docstring` found."""
    return Docstring(value, read_node_text(node, data) or "", node.start_point[0] + 1, column)
