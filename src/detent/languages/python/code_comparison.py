"""Whether two definitions have the same code, apart from their signatures and docstrings."""

from __future__ import annotations

import ast
import warnings

#: Definitions that are longer are compared by what is known of them only.
_MOST_BYTES = 200_000


def has_same_code(old: bytes, new: bytes, *, is_module: bool) -> bool:
    """Tell whether two definitions, or modules, do the same; false where that cannot be read."""
    dumps = [_dump_code(code, is_module=is_module) for code in (old, new)]
    return dumps[0] is not None and dumps[0] == dumps[1]


def _dump_code(code: bytes, *, is_module: bool) -> str | None:
    """Write the statements of a definition without its docstring, and without inner classes."""
    if len(code) > _MOST_BYTES:
        return None
    try:
        # What Python warns of in old code is not for whoever compares it.
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(code) if is_module else _parse_definition(code)
        return _dump_definition(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parse_definition(code: bytes) -> ast.stmt:
    """Parse the lines of a definition, which may be indented."""
    text = code.decode("utf-8", "replace")
    is_indented = text[:1] in (" ", "\t")
    (statement,) = ast.parse(f"if 1:\n{text}" if is_indented else text).body
    if is_indented and isinstance(statement, ast.If):
        (statement,) = statement.body
    return statement


def _dump_definition(definition: ast.AST) -> str | None:
    if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        return _dump_statements(definition.body)
    if isinstance(definition, ast.ClassDef | ast.Module):
        inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        return _dump_statements([x for x in definition.body if not isinstance(x, inner)])
    return None


def _dump_statements(statements: list[ast.stmt]) -> str:
    first = statements[0] if statements else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        statements = statements[1:] if isinstance(first.value.value, str) else statements
    return "\n".join(map(ast.dump, statements))
