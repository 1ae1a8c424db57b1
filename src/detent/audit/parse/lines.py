"""The lines of a docstring with their indentation, and those that are no prose.

No section, entry or sentence is read in doctests, literal blocks, directives and comments, and no
fix changes them.
"""

from __future__ import annotations

import re

from detent.core.namedtuple import NamedTuple

#: Indentation of a blank line: so large that ``min`` never picks it.
BLANK_INDENT = 1 << 30

# Most docstrings have none of these, so their lines need not be searched.
_LITERAL_MARKERS = (">>>", "::", "..", "\f", "\b", "In [")
# Footnotes, citations and targets are none.
_DIRECTIVE = r"\.\.(?: (?![\[_])|$)"
_IPYTHON_PROMPT = r"In \[\d+\]: "
_BULLET = r"(?:[-*+\u2022]|\(?(?:\d{1,3}|[a-zA-Z]|#)[.)]) +"


class DocstringLines(NamedTuple):
    """A docstring as lines, not dedented."""

    lines: list[str]  # as they are
    bare: list[str]  # stripped on both sides
    indents: list[int]  # leading white space of each line in characters
    has_tabs: bool
    has_directives: bool
    literal: frozenset[int]  # the lines of doctests, literal blocks, directives and comments

    def measure_margin(self, first: int, last: int) -> int:
        """Measure the margin that ``textwrap.dedent`` would remove."""
        width = min(self.indents[first:last], default=BLANK_INDENT)
        if width == BLANK_INDENT:
            return 0
        if self.has_tabs:
            return self._measure_shared_margin(first, last)
        return width

    def trim_blank_lines(self, first: int, last: int) -> tuple[int, int]:
        """Trim the blank lines at both ends of a range of lines."""
        while last > first and not self.bare[last - 1]:
            last -= 1
        while first < last and not self.bare[first]:
            first += 1
        return first, last

    def _measure_shared_margin(self, first: int, last: int) -> int:
        """Measure the white space that all lines begin with, character by character."""
        pairs = zip(self.lines[first:last], self.indents[first:last], strict=True)
        margins = [line[:indent] for line, indent in pairs if indent < BLANK_INDENT]
        # The first and the last in sorted order have in common what all have.
        low, high = min(margins), max(margins)
        for at, (left, right) in enumerate(zip(low, high, strict=False)):
            if left != right:
                return at
        return min(len(low), len(high))


def split_docstring(text: str) -> DocstringLines:
    """Split a docstring into lines and measure their indentation."""
    lines = text.split("\n")
    bare = [line.strip() for line in lines]
    indents = [
        line.find(content[0]) if content else BLANK_INDENT
        for line, content in zip(lines, bare, strict=True)
    ]
    found = DocstringLines(lines, bare, indents, "\t" in text, ".. " in text, frozenset())
    if not any(marker in text for marker in _LITERAL_MARKERS):
        return found
    return found._replace(literal=_find_literal_lines(found))


def dedent_docstring(text: str) -> str:
    """Remove the common indentation of a docstring, as ``inspect.cleandoc`` does."""
    lines = text.expandtabs().split("\n")
    rest = [line for line in lines[1:] if line.lstrip(" ")]
    margin = min((len(line) - len(line.lstrip(" ")) for line in rest), default=0)
    kept = [lines[0].lstrip(" "), *(line[margin:] for line in lines[1:])]
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        kept.pop(0)
    return "\n".join(kept)


def _find_literal_lines(text: DocstringLines) -> frozenset[int]:
    """Find the lines of doctests, literal blocks, directives and comments, without blank edges."""
    if text.bare[0]:
        # The first line begins at the opening quotes: its margin is that of the others, or of the
        # closing quotes.
        last = text.lines[-1]
        margin = min([*text.indents[1:], *([len(last)] if last.isspace() else ())], default=0)
        text = text._replace(indents=[margin, *text.indents[1:]])
    found: set[int] = set()
    line = 0
    while line < len(text.bare):
        first, last_line = _find_block(text, line)
        found.update(range(first, last_line))
        line = max(last_line, line + 1)
    return frozenset(found)


def _find_block(text: DocstringLines, line: int) -> tuple[int, int]:
    """Find the block that a line begins or announces: its first line and the line after it."""
    content = text.bare[line]
    if not content:
        # Below a form feed, click shows nothing.
        return line, line + ("\f" in text.lines[line])
    # Click does not wrap a paragraph that begins with a backspace.
    if content == "\b" or _is_prompt(content):
        return line, _find_blank_line(text, line)
    if content.startswith("..") and re.match(_DIRECTIVE, content):
        if content == ".." and not any(text.bare[line + 1 : line + 2]):
            return line, line + 1
        return line, _find_indented_end(text, line + 1, text.indents[line])
    if content.endswith("::"):
        return _find_announced_block(text, line)
    return line, line


def _find_announced_block(text: DocstringLines, line: int) -> tuple[int, int]:
    """Find the block below a paragraph that ends with two colons: indented or quoted."""
    bare, bullet = text.bare, re.match(_BULLET, text.bare[line])
    width = text.indents[line] + (bullet.end() if bullet else 0)
    first = line + 1
    while first < len(bare) and not bare[first]:
        first += 1
    last = _find_indented_end(text, first, width)
    if last == first > line + 1 and first < len(bare) and text.indents[first] == width:
        quote = bare[first][0]
        while not quote.isalnum() and last < len(bare) and bare[last].startswith(quote):
            last += 1
    return first, last


def _is_prompt(content: str) -> bool:
    """Tell whether a line is an input of Python or of IPython."""
    if content.startswith("In ["):
        return re.match(_IPYTHON_PROMPT, content) is not None
    return content.startswith(">>> ") or content == ">>>"


def _find_blank_line(text: DocstringLines, line: int) -> int:
    while line < len(text.bare) and text.bare[line]:
        line += 1
    return line


def _find_indented_end(text: DocstringLines, line: int, width: int) -> int:
    """Find the line after the last one of a block that is indented by more than a width."""
    end = line
    while line < len(text.bare) and (not text.bare[line] or text.indents[line] > width):
        line += 1
        if text.bare[line - 1]:
            end = line
    return end
