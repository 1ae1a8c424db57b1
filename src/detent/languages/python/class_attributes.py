"""The attributes of a class: names that its body binds, and that its ``__init__`` sets."""

from __future__ import annotations

import re
from functools import lru_cache

from detent import TYPE_CHECKING
from detent.core.names import normalize_name
from detent.languages.python import class_fields, docstrings
from detent.languages.python.source_text import read_name, read_node_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_CONTAINERS = frozenset(
    {
        "argument_list",
        "assignment",
        "binary_operator",
        "call",
        "dictionary",
        "expression_list",
        "list",
        "parenthesized_expression",
        "set",
        "tuple",
    }
)
_TARGET = rb"[ \t]*(?:\w{1,80}\.)?(%b)[ \t]*[:=]" % _NAME
_STRING = rb"\n[ \t]*[rRuU]?[\"']"
# What ends with an open bracket or a comma goes on below.
_DESCRIBED = rb"(?m)^[ \t]*#:[^\n]*\n%b|^%b(?:[^\n#]*#:|[^\n]*(?<![(\[{,\\=])%b)" % (
    _TARGET,
    _TARGET,
    _STRING,
)
_FIRST_PARAMETER = rb"\(\s*(%b)" % _NAME


def list_body_attributes(body: Node | None, data: bytes) -> Iterator[str]:
    """Yield the names that the statements of a class's body assign or annotate."""
    for statement in body.named_children if body is not None else ():
        # Most statements of a class are definitions and docstrings.
        if statement.type != "expression_statement":
            continue
        inner: Node | None = statement.named_child(0)
        while inner is not None and inner.type == "assignment":
            yield from _list_bound_names(inner, data)
            inner = inner.child_by_field_name("right")


def _list_bound_names(assignment: Node, data: bytes) -> Iterator[str]:
    """Yield the name that an assignment binds, unless it is a parameter only, and its slots."""
    left = assignment.child_by_field_name("left")
    if left is None or left.type != "identifier":
        return
    name = read_name(left, data)
    kind = read_node_text(assignment.child_by_field_name("type"), data)
    if not class_fields.is_init_variable(kind):
        yield name
    if name == "__slots__":
        yield from _list_slots(assignment.child_by_field_name("right"), data)


def list_described_attributes(code: bytes) -> Iterator[str]:
    """Yield the names that are assigned or annotated next to a text of their own.

    It is a string on the line below, or a comment ``#:`` above or behind the assignment.
    """
    if b"#:" in code or re.search(_STRING, code):
        for match in re.finditer(_DESCRIBED, code):
            yield normalize_name((match[1] or match[2]).decode("utf-8", "replace"))


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
    first = re.search(_FIRST_PARAMETER, masked)
    if first:
        for match in _compile_assignment(first[1]).finditer(masked):
            yield normalize_name((match[1] or match[2]).decode("utf-8", "replace"))


@lru_cache(maxsize=64)
def _compile_assignment(instance: bytes) -> re.Pattern[bytes]:
    """Compile an assignment to attributes: annotated, or to several targets."""
    target = rb"%b\.(%b)" % (re.escape(instance), _NAME)
    others = rb"(?:[ \t]*,\s*%b\.%b){0,20}+" % (re.escape(instance), _NAME)
    return re.compile(
        rb"(?m)^[ \t]*%b[ \t]*:[^=\n(]*=(?!=)"
        rb"|(?<![\w.\x80-\xff])%b(?=%b[ \t]*+(?:,[ \t]*+)?(?:\)[ \t]*+)?=(?!=))"
        % (target, target, others)
    )
