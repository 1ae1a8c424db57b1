"""The parser and its grammar of Python, without the rest of the packages that they come in."""

from __future__ import annotations

from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

from detent import TYPE_CHECKING

__all__ = ["Language", "Parser", "Query", "QueryCursor", "load_language"]

if TYPE_CHECKING:
    from typing import Any

    from tree_sitter import Language, Parser, Query, QueryCursor


def _load_binding(name: str) -> Any:
    """Load the compiled part of a package.

    The rest imports ``typing`` for a protocol, and ``importlib.resources`` for files that are not
    needed here: that takes longer than all else, and as long as to parse 3,000 lines.
    """
    package = PathFinder.find_spec(name)
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec(f"{name}._binding", places) if places else None
    if spec is None or spec.loader is None:
        return import_module(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if not TYPE_CHECKING:
    _parser = _load_binding("tree_sitter")
    Language, Parser = _parser.Language, _parser.Parser
    Query, QueryCursor = _parser.Query, _parser.QueryCursor


def load_language() -> Language:
    """Load the grammar."""
    return Language(_load_binding("tree_sitter_python").language())
