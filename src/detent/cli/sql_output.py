"""What a query found, as a table, JSON, JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
import json

from detent import TYPE_CHECKING
from detent.cli.context import describe_view
from detent.core.escape import clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from detent.api.sql import QueryAnswer
    from detent.cli.context import Renderer

#: More of a value would leave no room for the others.
_MOST_CELLS = 60


def render_query(found: QueryAnswer) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {
        "text": lambda: _render_table(found),
        "json": lambda: _render_json(found),
        "jsonl": lambda: _render_lines(found),
        "csv": lambda: _render_csv(found),
    }


def _render_table(found: QueryAnswer) -> list[str]:
    paint = console.make_painter()
    numbers = (int, float, type(None))
    right = [
        position
        for position, column in enumerate(zip(*found.rows, strict=True))
        if all(isinstance(value, numbers) for value in column)
    ]
    rows = [[_shorten(value) for value in row] for row in (found.columns, *found.rows)]
    lines = text.align_columns(rows, right=right)
    lines[0] = paint("bold", lines[0])
    count = text.format_count(len(found.rows), "row")
    stamp = f"{count} · {describe_view(found.view, found.tree, found.different)}"
    return [*lines, *text.format_failures(found.failures), paint("dim", stamp)]


def _shorten(value: object) -> str:
    written = "" if value is None else str(value)
    return written if len(written) <= _MOST_CELLS else f"{written[: _MOST_CELLS - 1]}…"


def _render_json(found: QueryAnswer) -> str:
    return data.render_json(
        "sql/1",
        view=found.view,
        tree=found.tree,
        different=found.different,
        columns=found.columns,
        rows=found.rows,
        failures=data.encode_failures(found.failures),
    )


def _render_lines(found: QueryAnswer) -> Iterator[str]:
    for row in found.rows:
        yield json.dumps(dict(zip(found.columns, row, strict=True)))


def _render_csv(found: QueryAnswer) -> Iterator[str]:
    for row in (found.columns, *found.rows):
        line = io.StringIO()
        values = [clean_text(value) if isinstance(value, str) else value for value in row]
        csv.writer(line, lineterminator="").writerow(values)
        yield line.getvalue()
