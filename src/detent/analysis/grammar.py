"""The grammar of Python, without the rest of the package that it comes in."""

from __future__ import annotations

from importlib.machinery import PathFinder
from importlib.util import module_from_spec

from tree_sitter import Language


def language() -> Language:
    """Load the grammar.

    The package of the grammar imports ``importlib.resources``, for files that are not needed here:
    that takes longer than all the rest of it, and as long as to parse 3,000 lines.

    Returns
    -------
    tree_sitter.Language
        What a parser takes.
    """
    package = PathFinder.find_spec("tree_sitter_python")
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec("tree_sitter_python._binding", places) if places else None
    if spec is None or spec.loader is None:
        import tree_sitter_python as binding
    else:
        binding = module_from_spec(spec)
        spec.loader.exec_module(binding)
    return Language(binding.language())
