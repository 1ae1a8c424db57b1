"""The findings of the installed numpydoc for one file, without its crashes.

numpydoc gets the syntax tree, not a file to open, because the audited content may be staged or in
another commit. No code of the file is imported. Where numpydoc stops with an error, this becomes a
finding at the definition (``DT907``), and the rest of the file is still audited.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from detent import TYPE_CHECKING
from detent.audit.audit_symbol import requires_addition
from detent.core.errors import UsageError
from detent.core.model import Finding
from detent.core.namedtuple import NamedTuple
from detent.languages import get_language
from detent.languages.python import decoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from detent.core.model import Symbol

#: The code of a definition that numpydoc stops at.
NUMPYDOC_FAILED = "DT907"

_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_SET = re.compile(r"([^{]*+)(\{.*\})")
_LINE = re.compile(r" on line \d+")
# A path below a file: it can never be opened.
_NO_FILE = Path(os.devnull, "source.py")


class _NumpydocTools(NamedTuple):
    """The parts of numpydoc in use."""

    validate: Callable[..., Any]
    validator: Any


def require_numpydoc() -> None:
    """Raise `UsageError` if numpydoc is not installed, without importing it."""
    with _exclude_working_directory():
        if find_spec("numpydoc") is None:
            raise UsageError(
                'engine = "numpydoc" needs numpydoc, which is not installed',
                f"{sys.executable} -I -m pip install 'git-detent[numpydoc]'; for pre-commit add "
                "numpydoc to the hook's additional_dependencies",
            )


def run_numpydoc(raw: bytes) -> list[Finding]:
    """List what numpydoc finds in a file."""
    text = decoding.decode_source(raw)
    if not text.readable:
        return []
    code = text.data.decode("utf-8")
    lines = code.split("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            return [_build_failure(0, line, f"this file cannot be parsed: {_format_error(error)}")]
        symbols = get_language("python").analyze(raw).facts.symbols  # with what comments ignore
        by_line = {symbol.line: number for number, symbol in enumerate(symbols) if number}
        first = symbols[by_line.get(1, 0)].ignores | symbols[0].ignores
        symbols = (symbols[0]._replace(ignores=first), *symbols[1:])
        found: list[Finding] = []
        for stack in _walk_definitions([tree]):
            line = getattr(stack[-1], "lineno", 1)
            number = by_line.get(line, 0) if len(stack) > 1 else 0
            found += _audit_definition(stack, lines, number=number, symbol=symbols[number])
    return found


def _audit_definition(
    stack: list[ast.AST], lines: list[str], *, number: int, symbol: Symbol
) -> Iterator[Finding]:
    """Yield what numpydoc finds in one definition."""
    line = getattr(stack[-1], "lineno", 1)
    column = getattr(stack[-1], "col_offset", 0) + 1
    name = ".".join(getattr(node, "name", "module") for node in stack)
    tool = _load_numpydoc()
    try:
        report = tool.validate(
            name,
            tool.validator,
            ast_node=stack[-1],
            filename=_NO_FILE,
            ancestry=stack[:-1],
            lines=lines,
        )
    except Exception as error:
        if NUMPYDOC_FAILED not in symbol.ignores:
            yield _build_failure(number, line, f"this cannot be judged: {_format_error(error)}")
        return
    text = symbol.docstring.text if symbol.docstring else ""
    for code, message in report["errors"]:
        if code not in symbol.ignores:
            adds = requires_addition(code, text)
            yield Finding(number, code, line, column, "", _normalize_message(code, message), adds)


def _build_failure(number: int, line: int, message: str) -> Finding:
    return Finding(number, NUMPYDOC_FAILED, line, 1, "", f"numpydoc: {message}")


def _format_error(error: BaseException) -> str:
    """Return the first line of an error's message, without line numbers."""
    message = getattr(error, "msg", None) or str(error)
    first = next((line for line in str(message).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {_LINE.sub('', first)}".rstrip(": ")


def _normalize_message(code: str, message: str) -> str:
    """Sort the sets in a message: their order differs between processes."""
    if code not in ("PR01", "PR02"):
        return message
    match = _SET.match(message)
    return f"{match[1]}{_sort_set(match[2])}{message[match.end() :]}" if match else message


def _sort_set(written: str) -> str:
    try:
        return "{" + ", ".join(map(repr, sorted(ast.literal_eval(written)))) + "}"
    except (ValueError, SyntaxError):
        return written


def _walk_definitions(stack: list[ast.AST]) -> Iterator[list[ast.AST]]:
    """Walk definitions directly inside definitions, as numpydoc's hook does."""
    yield stack
    body: list[ast.AST] = getattr(stack[-1], "body", [])
    for node in body:
        if isinstance(node, _DEFINITIONS):
            yield from _walk_definitions([*stack, node])


@cache
def _load_numpydoc() -> _NumpydocTools:
    """Import numpydoc, which takes half a second, and make its validator read no file."""
    require_numpydoc()
    with _exclude_working_directory():
        from numpydoc.hooks.validate_docstrings import AstValidator
        from numpydoc.validate import validate

    class InMemory(AstValidator):  # type: ignore[misc]
        """Reads the lines that it is given instead of the file."""

        def __init__(self, *, lines: Sequence[str] = (), **rest: Any) -> None:
            super().__init__(**rest)
            self.lines = lines

        @property
        def method_source(self) -> str:
            first, *rest = self.lines[self.node.lineno - 1 : self.node.end_lineno]
            return "\n".join([first[self.node.col_offset :], *rest])

    return _NumpydocTools(validate, InMemory)


@contextmanager
def _exclude_working_directory() -> Iterator[None]:
    """Import nothing from the working directory: it may be under audit."""
    original, here = sys.path[:], Path.cwd()
    sys.path[:] = [path for path in original if path and Path(path).absolute() != here]
    try:
        yield
    finally:
        sys.path[:] = original
