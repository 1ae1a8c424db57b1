"""Find the line of a setting, which the parser of TOML does not give."""

from __future__ import annotations

import re
from collections import Counter

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEADING = r"\s*\[(\[?)([^\[\]]+)\]?\]\s*(?:[#;].*)?"
_KEY = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
_SETTING = rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*[=:]"
# A longer word is found by its beginning: to look for it everywhere would take long.
_LONGEST_WORD = 200

_KeyPath = tuple[str, ...]


def find_line(text: str, heading: str, keys: Sequence[str | int], *, word: str = "") -> int | None:
    """Find the line of a setting."""
    start = tuple(heading.split(".")) if heading else ()
    nearest, lines = _find_nearest_lines(text, (*start, *map(str, keys)))
    if nearest < len(start):
        return None
    if word:
        end = r"(?!\w)" if len(word) < _LONGEST_WORD else ""
        pattern = re.compile(rf"(?<!\w){re.escape(word[:_LONGEST_WORD])}{end}")
        for number, text_of_line in lines:
            if pattern.search(text_of_line):
                return number
    return lines[0][0] if nearest else None


def _find_nearest_lines(text: str, wanted: _KeyPath) -> tuple[int, list[tuple[int, str]]]:
    """Find the lines with the longest path to a setting, and the length of that path."""
    nearest = 0
    lines: list[tuple[int, str]] = []
    for number, path, written in _scan_settings(text):
        depth = min(len(path), len(wanted))
        if path[:depth] != wanted[:depth] or depth < nearest:
            continue
        if depth > nearest:
            nearest, lines = depth, []
        lines.append((number, written))
    return nearest, lines


def _scan_settings(text: str) -> Iterator[tuple[int, _KeyPath, str]]:
    """Yield each line with the path of the setting that it belongs to."""
    table: _KeyPath = ()
    path: _KeyPath = ()
    arrays: Counter[_KeyPath] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip()[:1] in ("#", ";"):
            continue
        if match := re.fullmatch(_HEADING, line):
            table = _split_key(match[2].strip())
            if match[1]:
                arrays[table] += 1
            path = table = _number_arrays(table, arrays)
        elif match := re.match(_SETTING, line):
            path = (*table, *_split_key(match[1]))
        yield number, path, line


def _number_arrays(table: _KeyPath, arrays: Counter[_KeyPath]) -> _KeyPath:
    """Insert the number of the table after the name of each array of tables."""
    found: list[str] = []
    for end, part in enumerate(table, 1):
        found.append(part)
        if count := arrays[table[:end]]:
            found.append(str(count))
    return tuple(found)


def _split_key(dotted: str) -> _KeyPath:
    if ":" in dotted:
        return (dotted,)
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))
