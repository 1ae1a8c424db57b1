"""Rows as columns of equal width."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.escape import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def columns(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> list[str]:
    """Align rows.

    Parameters
    ----------
    rows : sequence of sequence of str
        All as long as the first, which may be a head; made safe to print.
    right : collection of int
        The columns that are aligned at their right end.

    Returns
    -------
    list of str
        A line each.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
