"""The names that imports bind, and the names in ``__all__``."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import Binding
from detent.languages.python.source_text import read_node_text
from detent.languages.python.string_literals import evaluate_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node


def list_bindings(node: Node, data: bytes, symbol: int) -> Iterator[Binding]:
    """List the names that one import statement binds."""
    line = node.start_point[0] + 1
    module = _remove_whitespace(node.child_by_field_name("module_name"), data)
    if node.type == "future_import_statement":
        module = "__future__"
    names = node.children_by_field_name("name")
    for name in names:
        target, alias = _read_name(name, data)
        if module:
            yield Binding(symbol, alias or target, module, target, line)
        else:
            yield Binding(symbol, alias or target.partition(".")[0], target, "", line)
    if module and not names:
        yield Binding(symbol, "*", module, "*", line)


def _read_name(node: Node, data: bytes) -> tuple[str, str]:
    if node.type == "aliased_import":
        return (
            _remove_whitespace(node.child_by_field_name("name"), data),
            _remove_whitespace(node.child_by_field_name("alias"), data),
        )
    return _remove_whitespace(node, data), ""


def _remove_whitespace(node: Node | None, data: bytes) -> str:
    return "".join((read_node_text(node, data) or "").split())


def read_exports(root: Node, data: bytes) -> tuple[str, ...] | None:
    """Read ``__all__`` where every assignment to it is a literal."""
    found: list[str] | None = None
    for assignment in _find_assignments(root, data) if b"__all__" in data else ():
        names = _read_literals(assignment.child_by_field_name("right"), data)
        if names is None:
            return None
        found = names if assignment.type == "assignment" else (found or []) + names
    return None if found is None else tuple(found)


def _find_assignments(root: Node, data: bytes) -> Iterator[Node]:
    """Yield what changes ``__all__`` at the top level, also calls of its methods."""
    for statement in root.named_children:
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        if inner is not None and data.startswith(b"__all__", inner.start_byte):
            yield inner


def _read_literals(node: Node | None, data: bytes) -> list[str] | None:
    if node is None or node.type not in ("list", "tuple", "expression_list"):
        return None
    values = [
        evaluate_literal(read_node_text(child, data) or "") if child.type == "string" else None
        for child in node.named_children
        if child.type != "comment"
    ]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None
