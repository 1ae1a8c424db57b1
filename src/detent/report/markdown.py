"""A verdict in Markdown: the summary of a job, or a comment."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ABSENT, NEW
from detent.report.text import format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.report.items import ReportItem

#: A summary of GitHub may have 1 MiB in all its steps.
_BYTES = 900_000
# All that can begin markup, a link, a mention or a reference somewhere in a line.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#+!|~@&:$]|(?<=www)\.", re.IGNORECASE)


def render_summary(found: Sequence[ReportItem], verdict: str, base: str) -> str:
    """Write a verdict with a table of what is new."""
    lines = [
        f"### detent: {escape_markup(verdict)}",
        "",
        f"Compared with {escape_markup(base)}.",
        "",
    ]
    shown = [one for one in found if one.state == NEW]
    if shown:
        lines += ["| place | | | |", "|---|---|---|---|"]
    size = sum(len(line.encode()) + 1 for line in lines)
    for number, one in enumerate(shown):
        row = _render_row(one)
        size += len(row.encode()) + 1
        if size > _BYTES:
            lines.append(f"\nand {format_count(len(shown) - number, 'more finding')}")
            break
        lines.append(row)
    if mended := sum(one.state == ABSENT for one in found):
        lines += ["", f"{mended:,} mended."]
    return "\n".join([*lines, ""])


def escape_markup(text: str) -> str:
    """Make text stand for itself, in a table too."""
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)


def _render_row(one: ReportItem) -> str:
    path = clean_path(one.path)
    cells = (f"{path}:{one.line}", one.code, one.message, one.symbol)
    return f"| {' | '.join(escape_markup(cell) for cell in cells)} |"
