"""The fields of dataclasses, named tuples and attrs classes: what their constructors take."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.core.model import Param
from detent.languages.python.source_text import read_name, read_node_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

_DATACLASSES = frozenset({"dataclass", "define", "frozen", "mutable"})
# Only what is called `attr.ib` is a field of these, unless annotations are.
_OLD_ATTRS = frozenset({"attr.s", "attr.attrs", "attr.attributes", "attrs"})
_FIELD_CALLS = frozenset({"field", "ib", "attrib", "Field"})
_NO_INIT = r"\b(?:init\s*=\s*False|these\s*=)"
_AUTO = r"\bauto_attribs\s*=\s*True"
_ALIAS = r"\balias\s*=\s*[\"'](\w{1,80})[\"']"
_DEFAULT = r"\b(?:default|factory|default_factory)\s*="
_CLASS_VARIABLE = r"[\"']?(?:\w{1,80}\.)?ClassVar\b"
_INIT_VARIABLE = r"[\"']?(?:\w{1,80}\.)?InitVar\b"
_KEYWORD_ONLY = r"[\"']?(?:\w{1,80}\.)?KW_ONLY[\"']?"


def is_init_variable(annotation: str | None) -> bool:
    """Tell whether an annotation makes a parameter that is no attribute."""
    return annotation is not None and re.match(_INIT_VARIABLE, annotation) is not None


def list_fields(definition: Node, decorators: Iterable[str], data: bytes) -> Iterator[Param]:
    """List the parameters that a decorator or a base class makes of the fields of a class."""
    style = next(filter(None, map(_read_decorator, decorators)), "")
    style = style or _read_bases(definition.child_by_field_name("superclasses"), data)
    kind = "normal"
    for node in _list_assignments(definition) if style else ():
        annotation = read_node_text(node.child_by_field_name("type"), data) or ""
        if re.fullmatch(_KEYWORD_ONLY, annotation):
            kind = "keyword"
        elif param := _read_field(node, annotation, data, style=style):
            yield param._replace(kind=kind)


def _list_assignments(definition: Node) -> Iterator[Node]:
    body = definition.child_by_field_name("body")
    for statement in body.named_children if body is not None else ():
        node = statement.named_child(0) if statement.type == "expression_statement" else None
        if node is not None and node.type == "assignment":
            yield node


def _read_decorator(decorator: str) -> str:
    """Name how a decorator makes fields parameters: ``dataclass``, ``attrs``, ``old``, or not."""
    name, _, arguments = decorator.partition("(")
    bare = name.strip().rpartition(".")[2]
    if re.search(_NO_INIT, arguments):
        return ""
    if name.strip() in _OLD_ATTRS:
        return "attrs" if re.search(_AUTO, arguments) else "old"
    if bare not in _DATACLASSES:
        return ""
    return "dataclass" if bare == "dataclass" else "attrs"


def _read_bases(bases: Node | None, data: bytes) -> str:
    """Tell whether a named tuple is among the bases."""
    names = () if bases is None else (read_node_text(base, data) for base in bases.named_children)
    is_tuple = any((name or "").rpartition(".")[2] == "NamedTuple" for name in names)
    return "dataclass" if is_tuple else ""


def _read_field(node: Node, annotation: str, data: bytes, *, style: str) -> Param | None:
    """Read the field that an assignment makes; None where it makes none."""
    left, value = node.child_by_field_name("left"), node.child_by_field_name("right")
    call = _read_field_call(value, data)
    if left is None or left.type != "identifier" or not _is_field(annotation, call, style):
        return None
    name, default = read_name(left, data), read_node_text(value, data)
    if call and not re.search(_DEFAULT, call):
        default = None
    if style != "dataclass":
        name = _rename_for_attrs(name, call)
    return Param(name, annotation=annotation or None, default=default)


def _is_field(annotation: str, call: str, style: str) -> bool:
    """Tell whether a name is a parameter, by its annotation and by a call such as ``field()``."""
    if re.search(_NO_INIT, call) or re.match(_CLASS_VARIABLE, annotation):
        return False
    return bool(annotation if style == "dataclass" else call or (annotation and style == "attrs"))


def _rename_for_attrs(name: str, call: str) -> str:
    """Name the parameter of a field: without leading underscores, unless it has an alias."""
    alias = re.search(_ALIAS, call)
    return alias[1] if alias else name.lstrip("_") or name


def _read_field_call(value: Node | None, data: bytes) -> str:
    """Read a call such as ``field(default=1)``; empty where the value is none."""
    if value is None or value.type != "call":
        return ""
    text = read_node_text(value, data) or ""
    return text if text.partition("(")[0].strip().rpartition(".")[2] in _FIELD_CALLS else ""
