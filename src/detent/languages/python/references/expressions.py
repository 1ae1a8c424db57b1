"""Expressions of Python: what a value is made of."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.references import UNKNOWN
from detent.languages.python.string_literals import evaluate_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from detent.languages.python.references.walker import Walker

_LONGEST_KEY = 30
_SEQUENCES = ("list", "tuple", "set", "expression_list", "pattern_list", "tuple_pattern",
              "list_pattern")  # fmt: skip
_COMPREHENSIONS = (
    "list_comprehension",
    "set_comprehension",
    "generator_expression",
    "dictionary_comprehension",
)
_CONSTANTS = ("string", "integer", "true", "false", "none", "float", "concatenated_string")
_WRAPPERS = ("parenthesized_expression", "await", "type", "as_pattern_target")


def visit_expression(walker: Walker, node: Node | None, role: str = "read") -> int:
    """Visit an expression; give its number, or `UNKNOWN`."""
    if node is None:
        return UNKNOWN
    with walker.deepen() as is_allowed:
        handle = _HANDLERS.get(node.type, _visit_other)
        return handle(walker, node, role) if is_allowed else UNKNOWN


def _visit_other(walker: Walker, node: Node, role: str) -> int:
    """Visit what gives no value that is followed, such as a sum."""
    is_chain = node.type in ("binary_operator", "comparison_operator")
    for child in _list_operands(node) if is_chain else node.named_children:
        visit_expression(walker, child, role if role == "annotate" else "read")
    return UNKNOWN


def _visit_name(walker: Walker, node: Node, role: str) -> int:
    return walker.add("name", walker.spell(node), role=role, node=node)


def _visit_attribute(walker: Walker, node: Node, role: str) -> int:
    base = node.child_by_field_name("object")
    inner = visit_expression(walker, base)
    if inner == UNKNOWN and base is not None and base.type in _CONSTANTS:
        inner = walker.add("constant", _read_type(base))
    name = node.child_by_field_name("attribute")
    return walker.add("attribute", walker.spell(name), (inner,), role=role, node=name)


def _read_type(node: Node) -> str:
    return {"string": "str", "concatenated_string": "str", "integer": "int"}.get(
        node.type, node.type
    )


def _visit_call(walker: Walker, node: Node, _role: str) -> int:
    callee_node = node.child_by_field_name("function")
    while callee_node is not None and callee_node.type == "list_splat_pattern":
        callee_node = next(iter(callee_node.named_children), None)
    callee = visit_expression(walker, callee_node, "call")
    parts, keywords = [callee], []
    arguments = node.child_by_field_name("arguments")
    for keyword, value in _list_arguments(walker, arguments):
        keywords.append(keyword)
        parts.append(value)
    place = callee_node if callee == UNKNOWN else None
    number = walker.add("call", " ".join(keywords), parts, node=place)
    if callee != UNKNOWN and walker.get(callee).name == "wraps":
        walker.here.flags.add("calls-wraps")
    return number


def _list_arguments(walker: Walker, node: Node | None) -> Iterator[tuple[str, int]]:
    """List the arguments of a call: ``-`` is positional, ``*`` and ``**`` are unpacked."""
    if node is None:
        return
    if node.type == "generator_expression":
        yield "-", visit_expression(walker, node)
        return
    for child in node.named_children:
        if child.type == "keyword_argument":
            name = walker.spell(child.child_by_field_name("name"))
            yield name, visit_value(walker, child.child_by_field_name("value"))
        elif child.type in ("list_splat", "dictionary_splat"):
            inner = visit_expression(walker, next(iter(child.named_children), None))
            yield "*" if child.type == "list_splat" else "**", inner
        elif child.type != "comment":
            yield "-", visit_value(walker, child)


def visit_value(walker: Walker, node: Node | None) -> int:
    """Visit an expression whose value is kept, also if it is a short constant."""
    if node is not None and (key := read_key(walker, node)):
        return walker.add("constant", key)
    return visit_expression(walker, node)


def read_key(walker: Walker, node: Node) -> str:
    """Read a short constant as a key; empty for anything else."""
    if node.type == "integer":
        return walker.spell(node)[:_LONGEST_KEY]
    if node.type != "string" or node.end_byte - node.start_byte > _LONGEST_KEY:
        return ""
    value = evaluate_literal(walker.spell(node))
    return f"'{value}'" if value and not value.isspace() and " " not in value else ""


def _visit_subscript(walker: Walker, node: Node, role: str) -> int:
    base = visit_expression(walker, node.child_by_field_name("value"))
    keys = node.children_by_field_name("subscript")
    inner = "annotate" if role == "annotate" else "read"
    if len(keys) == 1 and (key := read_key(walker, keys[0])):
        return walker.add("item", key, (base,))
    parts = [visit_expression(walker, key, inner) for key in keys]
    name = ":" if keys and keys[0].type == "slice" else ""
    return walker.add("item", name, (base, *parts))


def _visit_sequence(walker: Walker, node: Node, _role: str) -> int:
    children = [child for child in node.named_children if child.type != "comment"]
    parts = [visit_value(walker, child) for child in children]
    is_splat = any(child.type.startswith("list_splat") for child in children)
    kind = "set" if node.type == "set" or is_splat else ""
    return walker.add("sequence", kind, parts)


def _visit_dictionary(walker: Walker, node: Node, _role: str) -> int:
    keys, parts, names = [], [], []
    for child in node.named_children:
        if child.type == "pair":
            key_node = child.child_by_field_name("key")
            key = read_key(walker, key_node) if key_node is not None else ""
            names.append(UNKNOWN if key else visit_expression(walker, key_node))
            keys.append(key or "?")
            parts.append(visit_value(walker, child.child_by_field_name("value")))
        else:
            visit_expression(walker, child)
    return walker.add("mapping", " ".join(keys), (*parts, *names))


def _visit_comprehension(walker: Walker, node: Node, _role: str) -> int:
    with walker.open_block(loops=True, private=True):
        for clause in node.named_children:
            if clause.type == "for_in_clause":
                visit_loop_target(walker, clause)
            elif clause.type == "if_clause":
                _visit_other(walker, clause, "read")
        body = node.child_by_field_name("body")
        if body is not None and body.type == "pair":
            visit_expression(walker, body.child_by_field_name("key"))
            value = visit_expression(walker, body.child_by_field_name("value"))
            return walker.add("mapping", "?", (value, UNKNOWN))
        return walker.add("sequence", "set", (visit_expression(walker, body),))


def visit_loop_target(walker: Walker, node: Node) -> None:
    """Visit the head of a loop."""
    values = node.children_by_field_name("right")
    iterated = [visit_expression(walker, value) for value in values if value.is_named]
    iterated = [walker.add("sequence", "", iterated)] if len(iterated) > 1 else iterated
    place = values[0] if values else None
    element = walker.add("element", "", iterated or (UNKNOWN,), node=place)
    assign_target(walker, node.child_by_field_name("left"), element)


def assign_target(walker: Walker, node: Node | None, value: int) -> None:
    """Let a value go to a target, or its parts to the parts of a target."""
    if node is None:
        return
    if node.type in ("parenthesized_expression", "as_pattern_target"):
        inner = next(iter(node.named_children), None)
        assign_target(walker, inner, value)
    elif node.type in _SEQUENCES:
        _assign_parts(walker, node, value)
    elif node.type in ("list_splat_pattern", "list_splat"):
        assign_target(walker, next(iter(node.named_children), None), UNKNOWN)
    else:
        target = visit_expression(walker, node, "write")
        if target != UNKNOWN and walker.get(target).kind in ("name", "attribute", "item"):
            walker.assign(target, value)


def _assign_parts(walker: Walker, node: Node, value: int) -> None:
    children = [child for child in node.named_children if child.type != "comment"]
    for child, part in zip(children, _split_value(walker, children, value), strict=True):
        with walker.deepen() as is_allowed:
            if is_allowed:
                assign_target(walker, child, part)


def _split_value(walker: Walker, targets: list[Node], value: int) -> Iterator[int]:
    """Split a value for several targets."""
    is_splat = any(target.type.startswith("list_splat") for target in targets)
    if value != UNKNOWN and walker.get(value).kind == "sequence" and not is_splat:
        parts = walker.get(value).parts
        if len(parts) == len(targets):
            yield from parts
            return
    for number in range(len(targets)):
        yield _take_piece(walker, value, "" if is_splat else str(number))


def _take_piece(walker: Walker, value: int, key: str) -> int:
    return UNKNOWN if value == UNKNOWN else walker.add("item", key, (value,))


def _visit_conditional(walker: Walker, node: Node, role: str) -> int:
    children = [child for child in node.named_children if child.type != "comment"]
    if len(children) != 3:
        return _visit_other(walker, node, role)
    visit_expression(walker, children[1])
    parts = [visit_expression(walker, child) for child in (children[0], children[2])]
    return walker.add("choice", "", parts)


def _visit_union(walker: Walker, node: Node, role: str) -> int:
    """Visit ``a | b``, which in an annotation is one of both."""
    if role != "annotate":
        return _visit_other(walker, node, role)
    operands = _list_operands(node)
    return walker.add("choice", "", [visit_expression(walker, x, role) for x in operands])


def _visit_boolean(walker: Walker, node: Node, _role: str) -> int:
    return walker.add("choice", "", [visit_expression(walker, x) for x in _list_operands(node)])


def _list_operands(node: Node) -> list[Node]:
    """List the operands of a chain, which is nested deeply on its left side if it is long."""
    found = []
    kind = node.type
    while node.type == kind and len(node.named_children) > 1:
        node, *rest = node.named_children
        found += rest[::-1]
    return [node, *found[::-1]]


def _visit_wrapper(walker: Walker, node: Node, role: str) -> int:
    children = [child for child in node.named_children if child.type != "comment"]
    if role == "annotate" and len(children) == 1 and children[0].type == "string":
        return _visit_quoted(walker, children[0])
    return visit_expression(walker, children[0], role) if len(children) == 1 else UNKNOWN


def _visit_quoted(walker: Walker, node: Node) -> int:
    """Visit an annotation in quotes, where it is a dotted name."""
    text = evaluate_literal(walker.spell(node)) or ""
    number = UNKNOWN
    for position, name in enumerate(text.split(".")):
        if not name.isidentifier():
            return UNKNOWN
        kind, parts = ("attribute", (number,)) if position else ("name", ())
        number = walker.add(kind, name, parts, role="annotate", node=node)
    return number


def _visit_named(walker: Walker, node: Node, _role: str) -> int:
    value = visit_expression(walker, node.child_by_field_name("value"))
    assign_target(walker, node.child_by_field_name("name"), value)
    return value


def _visit_lambda(walker: Walker, node: Node, _role: str) -> int:
    walker.here.lambdas += 1
    name = f"<lambda{walker.here.lambdas}>"
    outer = walker.scope
    with walker.open_scope("lambda", name, node) as number:
        visit_parameters(walker, node.child_by_field_name("parameters"), outer)
        walker.here.returns.append(visit_expression(walker, node.child_by_field_name("body")))
    return walker.add("define", str(number), node=node)


_STARS = {"list_splat_pattern": "a", "dictionary_splat_pattern": "w"}


def visit_parameters(walker: Walker, node: Node | None, outer: int) -> None:
    """Visit parameters; their defaults and annotations belong to the scope around."""
    letter = "n"
    for child in node.named_children if node is not None else ():
        if child.type == "positional_separator":
            walker.here.stars = "p" * len(walker.here.stars)
        elif child.type == "keyword_separator":
            letter = "k"
        elif child.type != "comment":
            star = _visit_parameter(walker, child, outer)
            walker.here.stars += star or letter
            letter = "k" if star == "a" else letter


def _visit_parameter(walker: Walker, node: Node, outer: int) -> str:
    name_node = node.child_by_field_name("name")
    if name_node is None:
        inner = next(iter(node.named_children), None)
        name_node = inner if node.type == "typed_parameter" else node
    star = _STARS.get(name_node.type, "") if name_node is not None else ""
    if star and name_node is not None:
        name_node = next(iter(name_node.named_children), None)
    scope, walker.scope = walker.scope, outer
    annotation = visit_expression(walker, node.child_by_field_name("type"), "annotate")
    default = visit_value(walker, node.child_by_field_name("value"))
    walker.scope = scope
    name = walker.spell(name_node)
    value = walker.add("parameter", name, (annotation, default))
    walker.here.parameters.append(value)
    walker.assign(walker.add("name", name), value)
    return star


def _visit_yield(walker: Walker, node: Node, _role: str) -> int:
    children = [visit_expression(walker, child) for child in node.named_children]
    walker.here.flags.add("generator")
    is_from = any(child.type == "from" for child in node.children)
    if children:
        value = walker.add("element", "", children) if is_from else children[0]
        walker.here.returns.append(walker.add("yielded", "", (value,)))
    return UNKNOWN


_HANDLERS: dict[str, Callable[[Walker, Node, str], int]] = {
    "identifier": _visit_name,
    "attribute": _visit_attribute,
    "call": _visit_call,
    "subscript": _visit_subscript,
    "generic_type": _visit_other,
    "dictionary": _visit_dictionary,
    "conditional_expression": _visit_conditional,
    "boolean_operator": _visit_boolean,
    "binary_operator": _visit_union,
    "named_expression": _visit_named,
    "lambda": _visit_lambda,
    "yield": _visit_yield,
    **dict.fromkeys(_SEQUENCES, _visit_sequence),
    **dict.fromkeys(_COMPREHENSIONS, _visit_comprehension),
    **dict.fromkeys(_WRAPPERS, _visit_wrapper),
}
