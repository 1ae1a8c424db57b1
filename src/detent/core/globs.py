"""Globs of paths, as in ``.gitignore``; no pattern takes exponential time to match.

``**`` matches any number of directories, ``*`` and ``?`` match within a name, ``[a-z]`` is a set. A
glob without a slash matches at any depth, and a directory matches all that is below it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PARTS = re.compile(r"\*+|\?|\[!?[^\]/]+\]|(?s:.)")
_STAR = "[^/]*"
_ANY_DIRECTORIES = "(?:[^/]*/)*?"


def has_match(globs: tuple[str, ...], path: str) -> bool:
    """Tell whether any of the globs matches a path."""
    pattern = compile_globs(globs)
    return pattern is not None and pattern.match(path) is not None


@lru_cache
def compile_globs(globs: tuple[str, ...]) -> re.Pattern[str] | None:
    """Translate globs to one expression.

    Those that match in any directory share the expression for it: compiling it for each of them was
    2% of a hook.
    """
    each = [_translate_glob(glob) for glob in globs if glob.strip("/")]
    names = [text.removeprefix(_ANY_DIRECTORIES) for text in each if _is_for_any(text)]
    parts = [text for text in each if not _is_for_any(text)]
    if names:
        parts.append(f"{_ANY_DIRECTORIES}(?:{'|'.join(names)})")
    return re.compile("|".join(parts)) if parts else None


def _is_for_any(text: str) -> bool:
    return text.startswith(_ANY_DIRECTORIES)


def _translate_glob(glob: str) -> str:
    """Translate one glob."""
    body = glob.rstrip("/")
    names = list(_split_double_stars(body.lstrip("/").split("/")))
    if "/" not in body:
        names.insert(0, "**")
    runs: list[list[str]] = [[]]
    for name in names:
        if name == "**":
            runs.append([])
        else:
            runs[-1].append(_translate_name(name))
    return _join_runs(["/".join(run) for run in runs])


def _join_runs(runs: list[str]) -> str:
    """Join what stands between the ``**`` of a glob.

    The names between two ``**`` match at the first directory where they can, and the matcher never
    tries a later one: if the rest does not match after the first place, it matches after none.
    """
    first, *rest = runs
    # Each run but the last one ends where a directory does, the last one also where the path does.
    if not rest:
        return f"{first}(?:/|\\Z)"
    *middle, last = rest
    middle = [run for run in middle if run]
    whole = f"{first}/" if first else ""
    if last:
        end = f"{_ANY_DIRECTORIES}{last}(?:/|\\Z)"
    else:
        end = f"{_ANY_DIRECTORIES}{middle.pop()}/" if middle else ""
    return whole + "".join(f"(?>{_ANY_DIRECTORIES}{run}/)" for run in middle) + end


def _split_double_stars(names: Sequence[str]) -> Iterator[str]:
    """Separate names from the ``**`` at their ends: ``a**`` is ``a*`` and then ``**``."""
    last = len(names) - 1
    for number, name in enumerate(names):
        if len(name) > 1 and not name.strip("*"):
            yield "**"
            continue
        if name.startswith("**"):
            yield "**"
        yield name
        if name.endswith("**") and number < last:
            yield "**"


def _translate_name(name: str) -> str:
    """Translate the text between two slashes; each piece matches at its first place only."""
    pieces = [""]
    for match in _PARTS.finditer(name):
        if match[0][0] == "*":
            pieces.append("")
        else:
            pieces[-1] += _translate_part(match[0])
    if len(pieces) == 1:
        return pieces[0]
    first, *middle, last = pieces
    found = [f"(?>[^/]*?{piece})" for piece in middle if piece]
    return "".join([first, *found, _STAR, last])


def _translate_part(part: str) -> str:
    """Translate a question mark, a set or a single character."""
    if part == "?":
        return "[^/]"
    if len(part) > 1:
        inside = part[1:-1].replace("\\", "\\\\").replace("[", "\\[")
        return f"(?!/)[^{inside[1:]}]" if inside[0] == "!" else f"(?!/)[{inside}]"
    return re.escape(part)
