"""A verdict in Markdown: the summary of a job, or a comment."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ABSENT, NEW
from detent.report.text import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.report.items import Item

#: A summary of GitHub may have 1 MiB in all its steps.
_BYTES = 900_000
# All that can begin markup, a link, a mention or a reference somewhere in a line.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#+!|~@&:$]|(?<=www)\.", re.IGNORECASE)


def summary(found: Sequence[Item], verdict: str, base: str) -> str:
    """Write a verdict with a table of what is new.

    Parameters
    ----------
    found : sequence of Item
        What the verdict rests on.
    verdict : str
        One line that says how it ended.
    base : str
        One line that says what was compared with.

    Returns
    -------
    str
        At most 900 kB of UTF-8; what does not fit is counted.
    """
    lines = [f"### detent: {escaped(verdict)}", "", f"Compared with {escaped(base)}.", ""]
    shown = [one for one in found if one.state == NEW]
    if shown:
        lines += ["| place | | | |", "|---|---|---|---|"]
    size = sum(len(line.encode()) + 1 for line in lines)
    for number, one in enumerate(shown):
        row = _row(one)
        size += len(row.encode()) + 1
        if size > _BYTES:
            lines.append(f"\nand {plural(len(shown) - number, 'more finding')}")
            break
        lines.append(row)
    if mended := sum(one.state == ABSENT for one in found):
        lines += ["", f"{mended:,} mended."]
    return "\n".join([*lines, ""])


def escaped(text: str) -> str:
    """Make text stand for itself, in a table too.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    str
        With references in place of whatever could be markup, a link or a mention.
    """
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)


def _row(one: Item) -> str:
    path = clean_path(one.path)
    cells = (f"{path}:{one.line}", one.code, one.message, one.symbol)
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"
