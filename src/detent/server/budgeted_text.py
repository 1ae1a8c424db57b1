"""Answers that fit into a number of tokens: lines, what is left out, and what they are about."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.escape import clean_path, clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.api.relations import CodeName
    from detent.core.model import Symbol

#: A token of a language model is about four characters of code.
_CHARACTERS = 4
_LONGEST_LINE = 300
_NAMES = {"staged": "staged files", "worktree": "work tree"}


def join_lines(lines: Sequence[str], stamp: str, budget: int) -> str:
    """Join as many lines as fit, and say how many are left out, and how fresh the answer is."""
    room = budget * _CHARACTERS - len(stamp) - 80
    shown: list[str] = []
    for line in lines:
        short = line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
        room -= len(short) + 1
        if room < 0:
            break
        shown.append(short)
    left = len(lines) - len(shown)
    if left:
        shown.append(f"({left} more are left out: narrow the question, or raise the budget)")
    return "\n".join([*(shown or ["nothing found"]), stamp])


def describe_state(view: str, tree: str, different: int = 0) -> str:
    """Say which state of the repository an answer is about."""
    rest = f", {different} files differ from it" if different else ""
    return f"[{_NAMES.get(view, view)} at {tree[:10]}{rest}]"


def describe_symbol(path: bytes, symbol: Symbol) -> str:
    """Write where a symbol is, and how it is called."""
    place = f"{clean_path(path)}:{symbol.line}: {symbol.kind} {clean_text(symbol.qualname)}"
    if symbol.kind == "class":
        return f"{place}({clean_text(', '.join(symbol.bases))})" if symbol.bases else place
    stars = {"args": "*", "kwargs": "**"}
    names = ", ".join(stars.get(param.kind, "") + param.name for param in symbol.params)
    returned = f" -> {' '.join(symbol.returns.split())}" if symbol.returns else ""
    return f"{place}({clean_text(names)}){clean_text(returned)}"


def describe_code(name: CodeName) -> str:
    """Write the name of code with its file."""
    if not name.path:
        return clean_text(name.name)
    return f"{clean_path(name.path)}:{clean_text(name.name) or '(module)'}"
