"""The lines of a docstring with their indentation, and names that are safe to print."""

from __future__ import annotations

from detent.core.namedtuple import NamedTuple

#: Indentation of a blank line: so large that ``min`` never picks it.
BLANK_INDENT = 1 << 30


class DocstringLines(NamedTuple):
    """A docstring as lines, not dedented."""

    lines: list[str]  # as they are
    bare: list[str]  # stripped on both sides
    indents: list[int]  # leading white space of each line in characters
    has_tabs: bool
    has_directives: bool

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
    return DocstringLines(lines, bare, indents, "\t" in text, ".. " in text)


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
