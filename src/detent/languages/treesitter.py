"""The parser and its grammars, without the rest of the packages that they come in."""

from __future__ import annotations

from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

from detent import TYPE_CHECKING

__all__ = ["Language", "Parser", "Query", "QueryCursor", "load_grammar"]

if TYPE_CHECKING:
    from typing import Any

    from tree_sitter import Language, Parser, Query, QueryCursor


def _load_binding(package: str) -> Any:
    """Load the compiled part of a package.

    The rest imports ``typing`` for a protocol, and ``importlib.resources`` for files that are not
    needed here: that takes longer than all else, and as long as to parse 3,000 lines.
    """
    found = PathFinder.find_spec(package)
    places = found.submodule_search_locations if found else None
    spec = PathFinder.find_spec(f"{package}._binding", places) if places else None
    if spec is None or spec.loader is None:
        return import_module(package)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if not TYPE_CHECKING:
    _parser = _load_binding("tree_sitter")
    Language, Parser = _parser.Language, _parser.Parser
    Query, QueryCursor = _parser.Query, _parser.QueryCursor


def load_grammar(wheel: str, function: str = "language") -> Language:
    """Load a grammar by the name of its wheel, such as ``tree-sitter-python``.

    A wheel with several grammars has a function for each, such as ``language_tsx``.
    """
    return Language(getattr(_load_binding(wheel.replace("-", "_")), function)())
