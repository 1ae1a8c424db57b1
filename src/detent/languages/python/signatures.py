"""The parameters of a function, from its syntax node."""

from __future__ import annotations

from functools import lru_cache

from detent import TYPE_CHECKING
from detent.core.model import Param
from detent.languages.python.source_text import read_name, read_node_text

if TYPE_CHECKING:
    from tree_sitter import Node

_SPLATS = {"list_splat_pattern": "args", "dictionary_splat_pattern": "kwargs"}


def list_parameters(node: Node | None, data: bytes) -> tuple[Param, ...]:
    """List the parameters in order, as written."""
    if node is None:
        return ()
    plain = _parse_plain(data[node.start_byte : node.end_byte])
    if plain is not None:
        return plain
    found: list[Param] = []
    kind = "normal"
    for child in node.named_children:
        if child.type == "positional_separator":
            found = [param._replace(kind="positional") for param in found]
        elif child.type == "keyword_separator":
            kind = "keyword"
        elif (param := _read_parameter(child, data, kind)) is not None:
            found.append(param)
            if param.kind == "args":
                kind = "keyword"
    return tuple(found)


@lru_cache(maxsize=4096)
def _parse_plain(text: bytes) -> tuple[Param, ...] | None:
    """List parameters that are plain ASCII names, as most are; None for all others."""
    if not (text.isascii() and text.startswith(b"(") and text.endswith(b")")):
        return None
    names = [part.strip().decode() for part in text[1:-1].split(b",")]
    if not names[-1]:  # behind the last comma, or where there are no parameters
        names.pop()
    return tuple(map(Param, names)) if all(map(str.isidentifier, names)) else None


def _read_parameter(node: Node, data: bytes, kind: str) -> Param | None:
    if node.type == "identifier":
        return Param(read_name(node, data), kind)
    type_node = node.child_by_field_name("type")
    value = node.child_by_field_name("value")
    name = node.child_by_field_name("name") or node
    if node.type == "typed_parameter":
        name = node.named_children[0]
    if name.type in _SPLATS:
        kind = _SPLATS[name.type]
        name = name.named_children[0] if name.named_children else name
    if name.type != "identifier":
        return None
    return Param(
        read_name(name, data),
        kind,
        read_node_text(type_node, data),
        read_node_text(value, data),
    )
