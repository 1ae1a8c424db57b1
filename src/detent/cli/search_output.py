"""Lines that a search has found, as text or JSON."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise

from detent import TYPE_CHECKING
from detent.cli.context import describe_view
from detent.core.escape import clean_path, clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from detent.api.search import SearchResult, TextMatch
    from detent.cli.context import Renderer


def render_search(found: SearchResult, shape: str) -> Mapping[str, Renderer]:
    """Give a renderer for each format; the shape is ``lines``, ``files`` or ``count``."""
    return {"text": lambda: _render_text(found, shape), "json": lambda: _render_json(found)}


def _render_text(found: SearchResult, shape: str) -> Iterator[str]:
    counts = Counter(match.path for match in found.matches)
    if found.matches and found.matches[0].commit:
        yield from map(_render_event, found.matches)
    elif shape == "files":
        yield from map(clean_path, counts)
    elif shape == "count":
        yield from (f"{clean_path(path)}:{count}" for path, count in counts.items())
    else:
        yield from _render_lines(found.matches)
    if console.measure_terminal() is None:  # what reads a pipe takes each line for a match
        return
    yield from text.format_failures(found.failures)
    if not found.is_complete:
        yield "there are more: raise --limit"
    left_out = len(found.left_out)
    note = f" · {text.format_count(left_out, 'file')} not searched" if left_out else ""
    count = text.format_count(len(found.matches), "line")
    stamp = f"{count} · {describe_view(found.view, found.tree, found.different)}{note}"
    yield console.make_painter()("dim", stamp)


def _render_lines(matches: list[TextMatch]) -> Iterator[str]:
    paint = console.make_painter()
    if not any(match.before or match.after for match in matches):
        for match in matches:
            yield f"{paint('bold', clean_path(match.path))}:{match.line}:{_clean_line(match.text)}"
        return
    rows = _merge_context(matches)
    for before, row in pairwise([None, *rows]):
        assert row is not None
        path, line, mark, shown = row
        if before is not None and (before[0] != path or before[1] + 1 != line):
            yield "--"
        yield f"{paint('bold', clean_path(path))}{mark}{line}{mark}{_clean_line(shown)}"


def _render_event(match: TextMatch) -> str:
    """Write a line that a commit added or removed."""
    paint = console.make_painter()
    day = time.strftime("%Y-%m-%d", time.gmtime(match.seconds))
    sign = paint("green", "+") if match.change == "added" else paint("red", "-")
    place = f"{paint('bold', clean_path(match.path))}:{match.line}"
    return f"{match.commit[:10]} {day} {sign} {place}:{_clean_line(match.text)}"


def _merge_context(matches: list[TextMatch]) -> list[tuple[bytes, int, str, str]]:
    """Give each line once: path, number, mark and text."""
    rows: dict[tuple[bytes, int], tuple[str, str]] = {}
    for match in matches:
        first = match.line - len(match.before)
        around = [*enumerate(match.before, first), *enumerate(match.after, match.line + 1)]
        for line, shown in around:
            rows.setdefault((match.path, line), ("-", shown))
        rows[match.path, match.line] = (":", match.text)
    return [(*place, *rows[place]) for place in sorted(rows)]


def _clean_line(line: str) -> str:
    """Escape what is not safe to print; tabs are, and a line may end as Windows ends it."""
    return "\t".join(map(clean_text, line.removesuffix("\r").split("\t")))


def _render_json(found: SearchResult) -> str:
    return data.render_json(
        "search/1",
        view=found.view,
        tree=found.tree,
        different=found.different,
        matches=[_encode_match(match) for match in found.matches],
        complete=found.is_complete,
        left_out=data.encode_failures(found.left_out),
        failures=data.encode_failures(found.failures),
    )


def _encode_match(match: TextMatch) -> dict[str, Any]:
    return {
        "path": data.encode_path(match.path),
        "line": match.line,
        "column": match.column,
        "text": match.text,
        "before": list(match.before),
        "after": list(match.after),
        "name": match.name,
        **_encode_event(match),
    }


def _encode_event(match: TextMatch) -> dict[str, Any]:
    if not match.commit:
        return {}
    return {"commit": match.commit, "seconds": match.seconds, "change": match.change}
