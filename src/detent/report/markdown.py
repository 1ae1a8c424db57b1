"""The result of a check in Markdown, for the summary of a job or a comment."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ABSENT, NEW
from detent.report.text import format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.report.items import ReportItem

#: GitHub allows 1 MiB for the summaries of a step.
_MOST_BYTES = 900_000
# Everything that can begin markup, a link, a mention or a reference.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#+!|~@&:$]|(?<=www)\.", re.IGNORECASE)


def render_summary(items: Sequence[ReportItem], verdict: str, base: str) -> str:
    """Render the verdict, and a table of what is new."""
    lines = [
        f"### detent: {escape_markup(verdict)}",
        "",
        f"Compared with {escape_markup(base)}.",
        "",
    ]
    new = [item for item in items if item.state == NEW]
    if new:
        lines += ["| place | | | |", "|---|---|---|---|"]
    size = sum(len(line.encode()) + 1 for line in lines)
    for number, item in enumerate(new):
        row = _render_row(item)
        size += len(row.encode()) + 1
        if size > _MOST_BYTES:
            lines.append(f"\nand {format_count(len(new) - number, 'more finding')}")
            break
        lines.append(row)
    if fixed := sum(item.state == ABSENT for item in items):
        lines += ["", f"{fixed:,} fixed."]
    return "\n".join([*lines, ""])


def escape_markup(text: str) -> str:
    """Escape text, so that it is shown as it is, also in a table."""
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)


def _render_row(item: ReportItem) -> str:
    path = clean_path(item.path)
    cells = (f"{path}:{item.line}", item.code, item.message, item.symbol)
    return f"| {' | '.join(escape_markup(cell) for cell in cells)} |"
