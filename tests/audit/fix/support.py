"""A docstring to what the fixes make of it."""

from __future__ import annotations

import ast
import inspect

from detent.audit.fix.file import FileFix, FixRequest, fix_file
from detent.audit.selection.select import Selection

from ..support import function

SELECTION = Selection()


def request(
    *, stubs: bool = False, path: str = "a.py", selection: Selection = SELECTION
) -> FixRequest:
    return FixRequest(selection.resolve_file(path).counts, stubs=stubs)


def fix_source(raw: bytes, *, stubs: bool = False) -> FileFix:
    return fix_file(raw, request(stubs=stubs))


def fixed(docstring: str, signature: str = "", body: str = "pass", *, stubs: bool = False) -> str:
    """Return the docstring of a function as it is after the fixes, without its margin."""
    source = function(docstring, signature, body)
    after = fix_source(source.encode(), stubs=stubs).raw.decode()
    [documented] = ast.parse(after).body
    assert isinstance(documented, ast.FunctionDef)
    lines = (ast.get_docstring(documented, clean=False) or "").split("\n")
    margins = {" " * 4, "", *(line[:4] for line in lines[1:])}
    assert len(margins) <= 2
    return "\n".join([lines[0], *(line[4:] for line in lines[1:])])


def described(text: str, *, name: str = "value", title: str = "Parameters") -> str:
    """Return what becomes of a description."""
    text = text.replace("\n", "\n    ").replace("\n    \n", "\n\n")
    after = fixed(f"Do it all.\n\n{title}\n{'-' * len(title)}\n{name} : thing\n    {text}\n", name)
    body = after.split(f"{name} : thing\n", 1)[1]
    return inspect.cleandoc("\n" + body)


def summarised(text: str) -> str:
    """Return what becomes of a summary of several lines, or of one with more behind it."""
    return fixed(f"{text}\n").removesuffix("\n")
