"""Fixes of the docstring as a whole: where its text begins and ends, and its blank lines."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.fix.edits import Edit, lines, offset
from detent.audit.fix.fixer import Case, fixes
from detent.audit.parse.lines import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.lines import Text

# So far up is looked for what begins a literal block.
_FAR = 200
_LITERAL = re.compile(r"::$|\.\. (code|code-block|sourcecode|parsed-literal|plot|ipython)\b")


@fixes("GL01")
def _start(case: Case) -> Iterator[Edit]:
    """Begin the text on the line below the opening quotes."""
    text = case.target.doc.text
    first = case.target.doc.start[0]
    if first > 1:
        yield lines(text, 1, first)


@fixes("GL02")
def _end(case: Case) -> Iterator[Edit]:
    """Close on the line below the text."""
    text = case.target.doc.text
    last = len(text.lines) - 1
    if text.bare[last]:
        end = offset(text, last, len(text.lines[last]))
        spaces = len(text.lines[last]) - len(text.lines[last].rstrip())
        yield Edit(end - spaces, end, f"\n{case.indent}")
        return
    first = last
    while first and not text.bare[first - 1]:
        first -= 1
    if first:
        yield lines(text, first, last)


@fixes("GL03")
def _blank_lines(case: Case) -> Iterator[Edit]:
    """Leave one of the blank lines, the first; before the closing quotes none."""
    text = case.target.doc.text
    first = last = case.mark.place[0]
    while first and not text.bare[first - 1]:
        first -= 1
    while last < len(text.bare) and not text.bare[last]:
        last += 1
    if last == len(text.bare):
        if first:
            yield lines(text, first, last - 1)
    elif not first or not _is_literal(text, first, last, margin=len(case.margin)):
        yield lines(text, first + 1, last)


def _is_literal(text: Text, first: int, last: int, *, margin: int) -> bool:
    """Whether blank lines stand in a literal block, where they are the writer's own."""
    width = min(text.indents[last], _above(text, first))
    if width <= margin:
        return False
    for line in range(first - 1, max(first - _FAR, -1), -1):
        if text.bare[line].startswith(">>>") and text.indents[line] <= width:
            return False
        if text.indents[line] < width:
            width = text.indents[line]
            if _LITERAL.search(text.bare[line]):
                return True
    return False


def _above(text: Text, line: int) -> int:
    """Indentation of the last line above that is not blank."""
    return next((width for width in text.indents[line - 1 :: -1] if width != BLANK), 0)
