"""Lines of a docstring with their indentation, and names made safe to print."""

from __future__ import annotations

import re

from detent.core.namedtuple import NamedTuple

#: Stands for the indentation of a blank line, so that ``min`` never picks one.
BLANK = 1 << 30

#: Longest name that a message repeats.
LONGEST = 60

# Controls, invisible and direction marks, surrogates. A fixed table: `str.isprintable` follows the
# Unicode version of the Python that runs.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


class Text(NamedTuple):
    """A docstring as lines, not dedented.

    Attributes
    ----------
    lines, bare : list of str
        The lines as they are, and stripped on both sides.
    indents : list of int
        Leading white space of each line in characters; `BLANK` for a blank line.
    tabbed : bool
        Whether there is a tab anywhere: only then can equal widths be different margins.
    directed : bool
        Whether there may be a directive.
    """

    lines: list[str]
    bare: list[str]
    indents: list[int]
    tabbed: bool
    directed: bool

    def margin(self, first: int, last: int) -> int:
        """Return the width of the margin that ``textwrap.dedent`` would remove.

        Parameters
        ----------
        first, last : int
            The lines, from `first` up to but not including `last`.

        Returns
        -------
        int
            Characters; 0 where all of the lines are blank.
        """
        width = min(self.indents[first:last], default=BLANK)
        if width == BLANK:
            return 0
        if self.tabbed:
            return self._shared(first, last)
        return width

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """Return a range of lines without the blank ones at its ends.

        Parameters
        ----------
        first, last : int
            The lines, from `first` up to but not including `last`.

        Returns
        -------
        tuple of int
            The new `first` and `last`; equal where all of the lines are blank.
        """
        while last > first and not self.bare[last - 1]:
            last -= 1
        while first < last and not self.bare[first]:
            first += 1
        return first, last

    def _shared(self, first: int, last: int) -> int:
        """Width of the white space that all lines begin with, character for character."""
        pairs = zip(self.lines[first:last], self.indents[first:last], strict=True)
        margins = [line[:indent] for line, indent in pairs if indent < BLANK]
        # What all have in common is what the first and the last in sorted order have in common.
        low, high = min(margins), max(margins)
        for at, (left, right) in enumerate(zip(low, high, strict=False)):
            if left != right:
                return at
        return min(len(low), len(high))


def split(text: str) -> Text:
    """Split a docstring into lines and measure their indentation.

    Parameters
    ----------
    text : str
        The docstring as Python evaluates it.

    Returns
    -------
    Text
        One item per line, blank ones included.
    """
    lines = text.split("\n")
    bare = [line.strip() for line in lines]
    indents = [
        line.find(content[0]) if content else BLANK
        for line, content in zip(lines, bare, strict=True)
    ]
    return Text(lines, bare, indents, "\t" in text, ".. " in text)


def clean(name: str) -> str:
    r"""Return a name that is safe to print and not longer than `LONGEST`.

    Parameters
    ----------
    name : str
        Any part of a docstring.

    Returns
    -------
    str
        The same with control characters written as ``\xNN`` or ``\uNNNN``.
    """
    if name.isascii() and name.isprintable() and len(name) <= LONGEST:
        return name
    # Cut first: what is thrown away need not be escaped.
    safe = re.sub(_UNSAFE, _escaped, name[: LONGEST + 1])
    return safe if len(safe) <= LONGEST else safe[: LONGEST - 3] + "..."


def quote(name: str) -> str:
    """Return `clean` of a name between double quotes, for a message.

    Parameters
    ----------
    name : str
        Any part of a docstring.

    Returns
    -------
    str
        Such as ``"axis"``.
    """
    return f'"{clean(name)}"'


def dedent(text: str) -> str:
    """Return a docstring without its common indentation, as ``inspect.cleandoc`` does.

    Parameters
    ----------
    text : str
        The docstring as Python evaluates it.

    Returns
    -------
    str
        Its lines without margin, and without blank lines at either end.
    """
    lines = text.expandtabs().split("\n")
    rest = [line for line in lines[1:] if line.lstrip(" ")]
    margin = min((len(line) - len(line.lstrip(" ")) for line in rest), default=0)
    kept = [lines[0].lstrip(" "), *(line[margin:] for line in lines[1:])]
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        kept.pop(0)
    return "\n".join(kept)


def _escaped(match: re.Match[str]) -> str:
    """Write one character as an escape sequence."""
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
