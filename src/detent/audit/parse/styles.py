"""Docstrings in the style of another format: Google's, or the fields of Sphinx and Epytext."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from detent.audit.parse.docstring import ParsedDocstring

#: Google's titles, which end with a colon, and NumPy's own titles like them.
COLONED_TITLES = {
    "Args": "Parameters",
    "Arguments": "Parameters",
    "Attributes": "Attributes",
    "Keyword Args": "Other Parameters",
    "Keyword Arguments": "Other Parameters",
    "Other Parameters": "Other Parameters",
    "Parameters": "Parameters",
    "Raises": "Raises",
    "Return": "Returns",
    "Returns": "Returns",
    "Warns": "Warns",
    "Yield": "Yields",
    "Yields": "Yields",
}
_INTERFACE = ("Parameters", "Other Parameters", "Returns", "Yields")
_FIELD = (
    r"([:@])(?:param|parameter|arg|argument|key|keyword|type|raises?|except|exception|returns?"
    r"|rtype|yields?|ytype)(?: [^:\n]{1,200})?:(?!`)(?: |$)"
)


def find_other_style(doc: ParsedDocstring) -> tuple[int, str] | None:
    """Find the first line in the style of another format, and what the style is called.

    None where the docstring has a section of this format for what such lines describe.
    """
    if not doc.filled_sections.isdisjoint(_INTERFACE):
        return None
    text = doc.text
    for line, content in enumerate(text.bare):
        if line in text.literal or ":" not in content:
            continue
        if match := re.match(_FIELD, content):
            return line, "Sphinx" if match[1] == ":" else "Epytext"
        if content[:-1] in COLONED_TITLES and content[-1] == ":" and _has_deeper_line(doc, line):
            return line, "Google"
    return None


def _has_deeper_line(doc: ParsedDocstring, line: int) -> bool:
    """Whether the text below a title is indented more."""
    below = line + 1
    return (
        below < len(doc.text.bare)
        and bool(doc.text.bare[below])
        and doc.text.indents[below] > doc.text.indents[line]
    )
