"""The line of a file on which a setting stands: TOML's parser does not tell."""

from __future__ import annotations

import re
from collections import Counter

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEADING = r"\s*\[(\[?)\s*([^\[\]]+?)\s*\]?\]\s*(?:[#;].*)?"
_KEY = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
_SETTING = rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*[=:]"

_Path = tuple[str, ...]


def line_of(text: str, heading: str, keys: Sequence[str | int], *, word: str = "") -> int | None:
    """Find the line of a setting.

    Parameters
    ----------
    text : str
        TOML, or the like of ``setup.cfg``.
    heading : str
        Of the table; empty for what stands at the top.
    keys : sequence of str or int
        What leads from there to the setting; a number counts the tables of an array from 1.
    word : str, default ""
        What is written there: of several lines, the first one that has it.

    Returns
    -------
    int or None
        Counted from 1; None where not even the heading is found.
    """
    start = tuple(heading.split(".")) if heading else ()
    nearest, lines = _nearest(text, (*start, *map(str, keys)))
    if nearest < len(start):
        return None
    if word:
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        for number, written in lines:
            if whole.search(written):
                return number
    return lines[0][0] if nearest else None


def _nearest(text: str, wanted: _Path) -> tuple[int, list[tuple[int, str]]]:
    """Find the lines of what leads furthest to a setting, and how far that is."""
    nearest = 0
    lines: list[tuple[int, str]] = []
    for number, path, written in _settings(text):
        depth = min(len(path), len(wanted))
        if path[:depth] != wanted[:depth] or depth < nearest:
            continue
        if depth > nearest:
            nearest, lines = depth, []
        lines.append((number, written))
    return nearest, lines


def _settings(text: str) -> Iterator[tuple[int, _Path, str]]:
    """Yield each line with the setting that it belongs to."""
    table: _Path = ()
    path: _Path = ()
    arrays: Counter[_Path] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip()[:1] in ("#", ";"):
            continue
        if match := re.fullmatch(_HEADING, line):
            table = _parts(match[2])
            if match[1]:
                arrays[table] += 1
            path = table = _counted(table, arrays)
        elif match := re.match(_SETTING, line):
            path = (*table, *_parts(match[1]))
        yield number, path, line


def _counted(table: _Path, arrays: Counter[_Path]) -> _Path:
    """Put the number of the table behind each array that leads to it."""
    found: list[str] = []
    for end, part in enumerate(table, 1):
        found.append(part)
        if count := arrays[table[:end]]:
            found.append(str(count))
    return tuple(found)


def _parts(dotted: str) -> _Path:
    if ":" in dotted:
        return (dotted,)
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))
