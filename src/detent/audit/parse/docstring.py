"""The parser: the text of a docstring to its summary, its sections and their entries."""

from __future__ import annotations

import re

from detent.audit.parse.entries import Entry, Reference, entries, references
from detent.audit.parse.lines import Text, split
from detent.audit.parse.sections import Section, find
from detent.core.namedtuple import NamedTuple

#: Titles of the sections that name parameters.
PARAMETERS = ("Parameters", "Other Parameters")

# Where a line without a colon is a type.
_TYPED = frozenset({"Returns", "Yields", "Receives", "Raises", "Warns"})

_SIGNATURE = re.compile(r"^([\w., ]+=)?\s*[\w.]+\(.*\)$")
_INTERFACE = re.compile(
    r"^[ \t]*((?:Other )?Parameters|Returns|Yields|Receives)[ \t]*\n[ \t]*[-=]{3}", re.MULTILINE
)


class Doc(NamedTuple):
    """A docstring in parts; all lines are counted from 0.

    Attributes
    ----------
    text : Text
        Its lines.
    headline : str
        First line of the summary without the docstring's margin; empty where there is none.
    summary : tuple of int
        First line of the summary, and the line after it; equal where there is none.
    extended : tuple of int
        The same for the extended summary.
    sections : list of Section
        In the order in which they stand.
    parameters : list of Entry
        From Parameters, then from Other Parameters.
    returns : list of Entry
        From Returns.
    references : list of Reference
        From See Also.
    filled : frozenset of str
        Names of the sections that are not empty.
    """

    text: Text
    headline: str
    summary: tuple[int, int]
    extended: tuple[int, int]
    sections: list[Section]
    parameters: list[Entry]
    returns: list[Entry]
    references: list[Reference]
    filled: frozenset[str]

    @property
    def start(self) -> tuple[int, int]:
        """Line and column of the first character that is no white space."""
        for line, content in enumerate(self.text.bare):
            if content:
                return (line, self.text.indents[line])
        return (0, 0)

    def section(self, *names: str) -> Section | None:
        """Return the first section that has one of these names.

        Parameters
        ----------
        *names : str
            Such as ``Parameters``.

        Returns
        -------
        Section or None
            None where there is none, even an empty one.
        """
        for section in self.sections:
            if section.name in names:
                return section
        return None

    def entries(self, *names: str) -> list[Entry]:
        """Read the entries of sections that few rules look at.

        Parameters
        ----------
        *names : str
            Titles such as ``Raises``.

        Returns
        -------
        list of Entry
            In the order of the titles given.
        """
        if self.filled.isdisjoint(names):
            return []
        return [entry for name in names for entry in _entries(self.text, self.sections, name=name)]


def parse(text: str) -> Doc:
    """Parse a docstring as numpydoc does, and never fail.

    Parameters
    ----------
    text : str
        The docstring as Python evaluates it.

    Returns
    -------
    Doc
        Its parts.
    """
    lines = split(text)
    sections = find(lines)
    end = sections[0].line if sections else len(lines.lines)
    summary, extended = _summary(lines, end, followed=bool(sections))
    headline = _headline(lines, *summary)
    if not sections:
        return Doc(lines, headline, summary, extended, [], [], [], [], frozenset())
    return Doc(
        lines,
        headline,
        summary,
        extended,
        sections,
        [entry for name in PARAMETERS for entry in _entries(lines, sections, name=name)],
        _entries(lines, sections, name="Returns"),
        [
            reference
            for section in sections
            if section.name == "See Also"
            for reference in references(lines, section.first, section.last)
        ],
        frozenset([section.name for section in sections if section.first < section.last]),
    )


def documents(text: str, *names: str) -> bool:
    """Say, without parsing, whether a docstring has a section that describes the interface.

    Parameters
    ----------
    text : str
        The docstring as Python evaluates it.
    *names : str
        Titles to look for; without any, Parameters, Other Parameters, Returns, Yields or Receives.

    Returns
    -------
    bool
        Whether one of them is there.
    """
    if "---" not in text and "===" not in text:
        return False
    return any(not names or match[1] in names for match in _INTERFACE.finditer(text))


def _entries(text: Text, sections: list[Section], *, name: str) -> list[Entry]:
    """Read the entries of all sections of a name."""
    found: list[Entry] = []
    for section in sections:
        if section.name == name:
            found += entries(text, section.first, section.last, typed=name in _TYPED)
    return found


def _summary(text: Text, end: int, *, followed: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """Find the summary and the extended summary in the lines up to `end`."""
    first, last = _paragraph(text, 0, end)
    while first < last and _is_signature(text, first, last):
        following = _paragraph(text, last, end)
        # numpydoc keeps a signature as the summary where a section follows, but not at the end.
        if following[0] == following[1] and followed:
            break
        first, last = following
    after, _ = _paragraph(text, last, end)
    while end > after and not text.bare[end - 1]:
        end -= 1
    return (first, last), (after, max(end, after))


def _headline(text: Text, first: int, last: int) -> str:
    """Return the first line of the summary as numpydoc dedents it."""
    if first == last:
        return ""
    line = text.lines[first]
    return line[text.margin(0, len(text.lines)) :] if text.indents[first] else line


def _paragraph(text: Text, first: int, end: int) -> tuple[int, int]:
    """Find the next paragraph: its first line and the line after it."""
    bare = text.bare
    while first < end and not bare[first]:
        first += 1
    last = first
    while last < end and bare[last]:
        last += 1
    return first, last


def _is_signature(text: Text, first: int, last: int) -> bool:
    """Say whether a paragraph is a call such as ``f(x, y)``, as docstrings of C code begin."""
    if text.bare[last - 1][-1] != ")":
        return False
    return _SIGNATURE.match(" ".join(text.bare[first:last])) is not None
