"""The references of a Python source: one parse, and one walk over its tree."""

from __future__ import annotations

from detent.core.references import FileReferences
from detent.languages.python import decoding
from detent.languages.python.references.statements import visit_statement
from detent.languages.python.references.walker import Walker
from detent.languages.treesitter import Parser, load_grammar

_LANGUAGE = load_grammar("tree-sitter-python")


def extract_references(raw: bytes) -> FileReferences:
    """Collect the references of one file."""
    text = decoding.decode_source(raw)
    if not text.readable:
        return FileReferences()
    root = Parser(_LANGUAGE).parse(text.data).root_node
    walker = Walker(text.data, root, visit_statement)
    walker.visit_children(root)
    return walker.finish()
