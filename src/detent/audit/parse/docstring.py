"""The parser: the text of a docstring to summary, sections and entries."""

from __future__ import annotations

import re
from functools import lru_cache

from detent.audit.parse.entries import Entry, Reference, parse_entries, parse_references
from detent.audit.parse.lines import DocstringLines, split_docstring
from detent.audit.parse.placeholders import find_placeholders
from detent.audit.parse.sections import Section, find_sections
from detent.core.namedtuple import NamedTuple

#: Titles of the sections that name parameters.
PARAMETERS = ("Parameters", "Other Parameters")

# Sections in which a line without a colon is a type.
_TYPED_SECTIONS = frozenset({"Returns", "Yields", "Receives", "Raises", "Warns"})

_SIGNATURE = r"^([\w., ]+=)?\s*[\w.]+\(.*\)$"
_INTERFACE_TITLE = (
    r"(?m)^[ \t]*((?:Other )?Parameters|Returns|Yields|Receives)[ \t]*\n[ \t]*[-=]{3}"
)


class ParsedDocstring(NamedTuple):
    """The parts of a docstring; all lines are counted from 0."""

    text: DocstringLines
    headline: str  # first line of the summary, without the margin of the docstring
    summary: tuple[int, int]  # first line of the summary, and the line after it
    extended_summary: tuple[int, int]
    sections: list[Section]  # in document order
    parameters: list[Entry]  # from Parameters, then from Other Parameters
    returns: list[Entry]  # from Returns
    references: list[Reference]  # from See Also
    filled_sections: frozenset[str]  # names of the sections that have content
    placeholders: dict[int, str]  # by line, what each stands for: see `find_placeholders`

    @property
    def start(self) -> tuple[int, int]:
        """Line and column of the first character that is not white space."""
        for line, content in enumerate(self.text.bare):
            if content:
                return (line, self.text.indents[line])
        return (0, 0)

    def find_section(self, *names: str) -> Section | None:
        """Return the first section that has one of these names."""
        for section in self.sections:
            if section.name in names:
                return section
        return None

    def read_entries(self, *names: str) -> list[Entry]:
        """Read the entries of sections that few rules need."""
        if self.filled_sections.isdisjoint(names):
            return []
        return [
            entry
            for name in names
            for entry in _collect_entries(self.text, self.sections, name=name)
        ]


def parse_docstring(text: str) -> ParsedDocstring:
    """Parse a docstring as numpydoc does, and never fail."""
    lines = split_docstring(text)
    sections = find_sections(lines)
    end = sections[0].line if sections else len(lines.lines)
    summary, extended = _find_summary(lines, end, followed=bool(sections))
    headline = _read_headline(lines, *summary)
    placeholders = find_placeholders(lines, sections)
    if not sections:
        return ParsedDocstring(
            lines, headline, summary, extended, [], [], [], [], frozenset(), placeholders
        )
    return ParsedDocstring(
        lines,
        headline,
        summary,
        extended,
        sections,
        [entry for name in PARAMETERS for entry in _collect_entries(lines, sections, name=name)],
        _collect_entries(lines, sections, name="Returns"),
        [
            reference
            for section in sections
            if section.name == "See Also"
            for reference in parse_references(lines, section.first, section.last)
        ],
        frozenset([section.name for section in sections if section.first < section.last]),
        placeholders,
    )


@lru_cache(maxsize=16)
def has_interface_section(text: str, *names: str) -> bool:
    """Tell, without parsing, whether a docstring has a section of these names, or any."""
    if "---" not in text and "===" not in text:
        return False
    return any(not names or match[1] in names for match in re.finditer(_INTERFACE_TITLE, text))


def _collect_entries(text: DocstringLines, sections: list[Section], *, name: str) -> list[Entry]:
    """Read the entries of all sections with this name."""
    found: list[Entry] = []
    for section in sections:
        if section.name == name:
            found += parse_entries(text, section.first, section.last, typed=name in _TYPED_SECTIONS)
    return found


def _find_summary(
    text: DocstringLines, end: int, *, followed: bool
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Find the summary and the extended summary in the lines up to `end`."""
    first, last = _find_paragraph(text, 0, end)
    while first < last and _is_signature(text, first, last):
        following = _find_paragraph(text, last, end)
        # numpydoc keeps a signature as the summary where a section follows, but not at the end.
        if following[0] == following[1] and followed:
            break
        first, last = following
    after, _ = _find_paragraph(text, last, end)
    while end > after and not text.bare[end - 1]:
        end -= 1
    return (first, last), (after, max(end, after))


def _read_headline(text: DocstringLines, first: int, last: int) -> str:
    """Read the first line of the summary, dedented as numpydoc does."""
    if first == last:
        return ""
    line = text.lines[first]
    return line[text.measure_margin(0, len(text.lines)) :] if text.indents[first] else line


def _find_paragraph(text: DocstringLines, first: int, end: int) -> tuple[int, int]:
    """Find the next paragraph: its first line and the line after it."""
    bare = text.bare
    while first < end and not bare[first]:
        first += 1
    last = first
    while last < end and bare[last]:
        last += 1
    return first, last


def _is_signature(text: DocstringLines, first: int, last: int) -> bool:
    """Tell whether a paragraph is a call such as ``f(x, y)``, as in docstrings of C code."""
    if text.bare[last - 1][-1] != ")":
        return False
    return re.match(_SIGNATURE, " ".join(text.bare[first:last])) is not None
