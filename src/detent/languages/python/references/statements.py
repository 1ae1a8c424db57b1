"""Statements of Python: where values go."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.references import UNKNOWN
from detent.languages.python.imports import list_bindings
from detent.languages.python.references.expressions import (
    assign_target,
    visit_expression,
    visit_loop_target,
    visit_parameters,
    visit_value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from detent.core.model import Binding
    from detent.languages.python.references.walker import Walker

_FLAGS = {
    "staticmethod": "static",
    "classmethod": "classmethod",
    "property": "property",
    "cached_property": "property",
    "setter": "setter",
    "overload": "overload",
    "wraps": "wraps",
}


def visit_statement(walker: Walker, node: Node) -> None:
    """Visit a statement, or an expression that stands alone."""
    handle = _HANDLERS.get(node.type)
    if handle is not None:
        handle(walker, node)
    elif node.type in _CONTAINERS:
        walker.visit_children(node)
    else:
        visit_expression(walker, node)


def _visit_assignment(walker: Walker, node: Node) -> None:
    targets = [node.child_by_field_name("left")]
    annotation = visit_expression(walker, node.child_by_field_name("type"), "annotate")
    right = node.child_by_field_name("right")
    while right is not None and right.type == "assignment":  # ``a = b = c``
        targets.append(right.child_by_field_name("left"))
        right = right.child_by_field_name("right")
    value = visit_value(walker, right)
    if annotation != UNKNOWN:
        instance = walker.add("instance", "", (annotation,))
        value = instance if value == UNKNOWN else walker.add("choice", "", (value, instance))
    for target in targets:
        assign_target(walker, target, value)


def _visit_augmented(walker: Walker, node: Node) -> None:
    visit_expression(walker, node.child_by_field_name("right"))
    visit_expression(walker, node.child_by_field_name("left"), "write")


def _visit_return(walker: Walker, node: Node) -> None:
    for child in node.named_children:
        walker.here.returns.append(visit_value(walker, child))


def _visit_if(walker: Walker, node: Node) -> None:
    visit_expression(walker, node.child_by_field_name("condition"))
    for child in node.named_children:
        if child.type in ("block", "else_clause"):
            with walker.open_block():
                walker.visit_children(child)
        elif child.type == "elif_clause":
            walker.visit(child)


def _visit_for(walker: Walker, node: Node) -> None:
    values = node.child_by_field_name("right")
    with walker.open_block(loops=True):
        if values is not None:
            visit_loop_target(walker, node)
        walker.visit_children(node.child_by_field_name("body"))
    with walker.open_block():
        walker.visit_children(node.child_by_field_name("alternative"))


def _visit_while(walker: Walker, node: Node) -> None:
    with walker.open_block(loops=True):
        visit_expression(walker, node.child_by_field_name("condition"))
        walker.visit_children(node.child_by_field_name("body"))
    with walker.open_block():
        walker.visit_children(node.child_by_field_name("alternative"))


def _visit_try(walker: Walker, node: Node) -> None:
    for child in node.named_children:
        if child.type == "finally_clause":
            walker.visit_children(child)
            continue
        with walker.open_block():
            if child.type in ("except_clause", "except_group_clause"):
                _visit_except(walker, child)
            else:
                walker.visit_children(child)


def _visit_except(walker: Walker, node: Node) -> None:
    for child in node.named_children:
        if child.type == "as_pattern":
            caught, *names = child.named_children
            number = visit_expression(walker, caught)
            for name in names:
                assign_target(walker, name, walker.add("instance", "", (number,)))
        else:
            walker.visit(child)


def _visit_with(walker: Walker, node: Node) -> None:
    for clause in node.named_children:
        for item in clause.named_children if clause.type == "with_clause" else ():
            value = item.child_by_field_name("value")
            if value is None or value.type != "as_pattern":
                walker.add("enter", "", (visit_expression(walker, value),), node=value)
                continue
            entered, *names = value.named_children
            number = walker.add("enter", "", (visit_expression(walker, entered),), node=entered)
            for name in names:
                assign_target(walker, name, number)
    walker.visit_children(node.child_by_field_name("body"))


def _visit_match(walker: Walker, node: Node) -> None:
    for child in node.named_children:
        if child.type != "block":
            visit_expression(walker, child)
            continue
        for clause in child.named_children:
            with walker.open_block():
                walker.visit_children(clause)


def _visit_raise(walker: Walker, node: Node) -> None:
    for child in node.named_children:
        number = visit_expression(walker, child)
        if number != UNKNOWN and walker.get(number).kind in ("name", "attribute"):
            walker.add("call", "raise", (number,))


def _visit_import(walker: Walker, node: Node) -> None:
    names = node.children_by_field_name("name") or [node]
    for name, binding in zip(names, list_bindings(node, walker.data, 0), strict=False):
        source = f"{binding.module}:{binding.target}"
        first = binding.module.partition(".")[0]
        if not binding.target and binding.name == first != binding.module:
            # ``import a.b`` binds ``a``.
            walker.add("import", source, role="import", node=name)
            source = f"{first}:"
        role = "re-export" if _is_kept(walker, name, binding) else "import"
        value = walker.add("import", source, role=role, node=name)
        walker.assign(walker.add("name", binding.name), value)


def _is_kept(walker: Walker, node: Node, binding: Binding) -> bool:
    """Tell whether a module offers what it imports."""
    is_listed = walker.scope == 0 and binding.name in (walker.exports or ())
    return is_listed or (node.type == "aliased_import" and binding.name == binding.target)


def _visit_global(walker: Walker, node: Node) -> None:
    for child in node.named_children:
        name = walker.spell(child)
        scope = 0
        if node.type == "nonlocal_statement":
            scope = walker.here.parent
            while scope > 0 and name not in walker.scopes[scope].locals:
                scope = walker.scopes[scope].parent
        walker.here.elsewhere[name] = max(scope, 0)


def _visit_decorated(walker: Walker, node: Node) -> None:
    decorators = [
        visit_expression(walker, next(iter(child.named_children), None), "decorate")
        for child in node.named_children
        if child.type == "decorator"
    ]
    definition = node.child_by_field_name("definition")
    if definition is not None:
        _visit_definition(walker, definition, [n for n in decorators if n != UNKNOWN])


def _name_decorator(walker: Walker, number: int) -> str:
    expression = walker.get(number)
    if expression.kind == "call" and expression.parts[0] != UNKNOWN:
        expression = walker.get(expression.parts[0])
    return expression.name if expression.kind in ("name", "attribute") else ""


def _visit_plain(walker: Walker, node: Node) -> None:
    _visit_definition(walker, node, [])


def _visit_definition(walker: Walker, node: Node, decorators: list[int]) -> None:
    name_node = node.child_by_field_name("name")
    visit = _visit_class if node.type == "class_definition" else _visit_function
    number = visit(walker, node, walker.spell(name_node))
    value = walker.add("define", str(number), node=name_node)
    for decorator in reversed(decorators):
        if flag := _FLAGS.get(_name_decorator(walker, decorator)):
            walker.scopes[number].flags.add(flag)
        if flag in (None, "wraps"):
            value = walker.add("decorated", "-", (decorator, value))
    walker.assign(walker.add("name", walker.spell(name_node)), value)


def _visit_class(walker: Walker, node: Node, name: str) -> int:
    bases = []
    arguments = node.child_by_field_name("superclasses")
    for child in arguments.named_children if arguments is not None else ():
        if child.type == "keyword_argument":
            visit_expression(walker, child.child_by_field_name("value"))
        elif child.type != "comment":
            bases.append(visit_expression(walker, child, "inherit"))
    with walker.open_scope("class", name, node) as number:
        walker.here.bases = tuple(base for base in bases if base != UNKNOWN)
        walker.visit_children(node.child_by_field_name("body"))
    return number


def _visit_function(walker: Walker, node: Node, name: str) -> int:
    outer = walker.scope
    kind = "method" if walker.here.kind == "class" else "function"
    returned = visit_expression(walker, node.child_by_field_name("return_type"), "annotate")
    with walker.open_scope(kind, name, node) as number:
        if any(child.type == "async" for child in node.children):
            walker.here.flags.add("async")
        visit_parameters(walker, node.child_by_field_name("parameters"), outer)
        walker.visit_children(node.child_by_field_name("body"))
        if returned != UNKNOWN:
            walker.here.returns.append(walker.add("instance", "", (returned,)))
    return number


_CONTAINERS = frozenset({"block", "expression_statement", "else_clause", "case_clause", "ERROR",
                         "module"})  # fmt: skip
_HANDLERS: dict[str, Callable[[Walker, Node], None]] = {
    "assignment": _visit_assignment,
    "augmented_assignment": _visit_augmented,
    "return_statement": _visit_return,
    "if_statement": _visit_if,
    "elif_clause": _visit_if,
    "for_statement": _visit_for,
    "while_statement": _visit_while,
    "try_statement": _visit_try,
    "with_statement": _visit_with,
    "match_statement": _visit_match,
    "raise_statement": _visit_raise,
    "import_statement": _visit_import,
    "import_from_statement": _visit_import,
    "future_import_statement": _visit_import,
    "global_statement": _visit_global,
    "nonlocal_statement": _visit_global,
    "decorated_definition": _visit_decorated,
    "function_definition": _visit_plain,
    "class_definition": _visit_plain,
}
