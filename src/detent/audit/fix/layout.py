"""Fixes of the beginning, the end and the blank lines of a docstring."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.fix.edits import Edit, delete_lines, find_offset
from detent.audit.fix.fixer import FixCase, register_fix

if TYPE_CHECKING:
    from collections.abc import Iterator


@register_fix("GL01")
def _move_start(case: FixCase) -> Iterator[Edit]:
    """Begin the text on the line below the opening quotes."""
    text = case.target.doc.text
    first = case.target.doc.start[0]
    if first > 1:
        yield delete_lines(text, 1, first)


@register_fix("GL02")
def _move_end(case: FixCase) -> Iterator[Edit]:
    """Close on the line below the text."""
    text = case.target.doc.text
    last = len(text.lines) - 1
    if text.bare[last]:
        end = find_offset(text, last, len(text.lines[last]))
        spaces = len(text.lines[last]) - len(text.lines[last].rstrip())
        yield Edit(end - spaces, end, f"\n{case.indent}")
        return
    first = last
    while first and not text.bare[first - 1]:
        first -= 1
    if first:
        yield delete_lines(text, first, last)


@register_fix("GL03")
def _remove_blank_lines(case: FixCase) -> Iterator[Edit]:
    """Keep the first of several blank lines; before the closing quotes, none."""
    text = case.target.doc.text
    first = last = case.mark.place[0]
    while first and not text.bare[first - 1]:
        first -= 1
    while last < len(text.bare) and not text.bare[last]:
        last += 1
    if last == len(text.bare):
        if first:
            yield delete_lines(text, first, last - 1)
    else:
        yield delete_lines(text, first + 1, last)
