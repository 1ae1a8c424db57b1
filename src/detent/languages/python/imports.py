"""What the imports of a file bind, and what its ``__all__`` lets out."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import Binding
from detent.languages.python.source_text import text_of
from detent.languages.python.string_literals import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node


def bindings(node: Node, data: bytes, symbol: int) -> Iterator[Binding]:
    """List the names that one import statement binds.

    Parameters
    ----------
    node : Node
        An ``import``, ``from … import`` or ``from __future__ import`` statement.
    data : bytes
        The source that the node belongs to.
    symbol : int
        The symbol in whose own code the statement stands.

    Yields
    ------
    Binding
        One for each name.
    """
    line = node.start_point[0] + 1
    module = _squeezed(node.child_by_field_name("module_name"), data)
    if node.type == "future_import_statement":
        module = "__future__"
    names = node.children_by_field_name("name")
    for name in names:
        target, alias = _name(name, data)
        if module:
            yield Binding(symbol, alias or target, module, target, line)
        else:
            yield Binding(symbol, alias or target.partition(".")[0], target, "", line)
    if module and not names:
        yield Binding(symbol, "*", module, "*", line)


def _name(node: Node, data: bytes) -> tuple[str, str]:
    if node.type == "aliased_import":
        return (
            _squeezed(node.child_by_field_name("name"), data),
            _squeezed(node.child_by_field_name("alias"), data),
        )
    return _squeezed(node, data), ""


def _squeezed(node: Node | None, data: bytes) -> str:
    return "".join((text_of(node, data) or "").split())


def exports(root: Node, data: bytes) -> tuple[str, ...] | None:
    """Read ``__all__`` where every assignment to it is a literal.

    Parameters
    ----------
    root : Node
        The module.
    data : bytes
        Its source.

    Returns
    -------
    tuple of str or None
        None where there is no ``__all__`` or a part of it is computed.
    """
    found: list[str] | None = None
    for assignment in _assignments(root, data) if b"__all__" in data else ():
        names = _literals(assignment.child_by_field_name("right"), data)
        if names is None:
            return None
        found = names if assignment.type == "assignment" else (found or []) + names
    return None if found is None else tuple(found)


def _assignments(root: Node, data: bytes) -> Iterator[Node]:
    """Yield what changes ``__all__`` at the top level, calls of its methods included."""
    for statement in root.named_children:
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        if inner is not None and data.startswith(b"__all__", inner.start_byte):
            yield inner


def _literals(node: Node | None, data: bytes) -> list[str] | None:
    if node is None or node.type not in ("list", "tuple", "expression_list"):
        return None
    values = [
        evaluate(text_of(child, data) or "") if child.type == "string" else None
        for child in node.named_children
        if child.type != "comment"
    ]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None
