"""Fixes of the beginning, the end and the blank lines of a docstring."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.fix.edits import Edit, delete_lines, find_offset
from detent.audit.fix.fixer import FixCase, register_fix
from detent.audit.parse.lines import BLANK_INDENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.lines import DocstringLines

# How far above the beginning of a literal block is searched.
_MAX_LINES_UP = 200
_LITERAL = re.compile(r"::$|\.\. (code|code-block|sourcecode|parsed-literal|plot|ipython)\b")


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
    elif not first or not _is_in_literal(text, first, last, margin=len(case.margin)):
        yield delete_lines(text, first + 1, last)


def _is_in_literal(text: DocstringLines, first: int, last: int, *, margin: int) -> bool:
    """Tell whether blank lines are in a literal block, where they belong to the text."""
    width = min(text.indents[last], _find_indent_above(text, first))
    if width <= margin:
        return False
    for line in range(first - 1, max(first - _MAX_LINES_UP, -1), -1):
        if text.bare[line].startswith(">>>") and text.indents[line] <= width:
            return False
        if text.indents[line] < width:
            width = text.indents[line]
            if _LITERAL.search(text.bare[line]):
                return True
    return False


def _find_indent_above(text: DocstringLines, line: int) -> int:
    """Return the indentation of the last line above that is not blank."""
    return next((width for width in text.indents[line - 1 :: -1] if width != BLANK_INDENT), 0)
