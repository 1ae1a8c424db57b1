"""The attributes of a class: names that its body binds, and that its ``__init__`` sets."""

from __future__ import annotations

import re
from functools import lru_cache

from detent import TYPE_CHECKING
from detent.core.names import normalize_name
from detent.languages.python import docstrings
from detent.languages.python.source_text import read_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_CONTAINERS = frozenset(
    re.findall(
        r"\w+",
        """
    argument_list assignment binary_operator call dictionary expression_list list
    parenthesized_expression set tuple
    """,
    )
)
_FIRST_PARAMETER = re.compile(rb"\(\s*(%b)" % _NAME)


def list_body_attributes(body: Node | None, data: bytes) -> Iterator[str]:
    """Yield the names that the statements of a class's body assign or annotate."""
    for statement in body.named_children if body is not None else ():
        # Most statements of a class are definitions and docstrings.
        if statement.type != "expression_statement":
            continue
        inner: Node | None = statement.named_child(0)
        while inner is not None and inner.type == "assignment":
            left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
            if left is not None and left.type == "identifier":
                name = read_name(left, data)
                yield name
                yield from _list_slots(right, data) if name == "__slots__" else ()
            inner = right


def _list_slots(value: Node | None, data: bytes) -> Iterator[str]:
    """Yield the strings of a literal, or of literals that are added; of a dict, its keys."""
    pending = [] if value is None else [value]
    while pending:
        node = pending.pop()
        if node.type in {"string", "concatenated_string"}:
            name = docstrings.evaluate_string(node, data)
            if name is not None and name.isidentifier():
                yield normalize_name(name)
        elif node.type == "pair":
            pending += node.named_children[:1]
        elif node.type in _CONTAINERS:
            pending += reversed(node.named_children)


def list_init_attributes(masked: bytes) -> Iterator[str]:
    """Yield the names that an ``__init__`` sets on its first parameter."""
    first = _FIRST_PARAMETER.search(masked)
    if first:
        for match in _compile_assignment(first[1]).finditer(masked):
            yield normalize_name((match[1] or match[2]).decode("utf-8", "replace"))


@lru_cache(maxsize=64)
def _compile_assignment(instance: bytes) -> re.Pattern[bytes]:
    """Compile an assignment to attributes: annotated, or to several targets."""
    target = rb"%b\.(%b)" % (re.escape(instance), _NAME)
    others = rb"(?:[ \t]*,\s*%b\.%b){0,20}" % (re.escape(instance), _NAME)
    return re.compile(
        rb"(?m)^[ \t]*%b[ \t]*:[^=\n(]*=(?!=)"
        rb"|(?<![\w.\x80-\xff])%b(?=%b[ \t]*,?[ \t]*\)?[ \t]*=(?!=))" % (target, target, others)
    )
