"""Placeholders of docstring templates: ``%(name)s``, ``{name}``, ``${name}``.

A decorator fills them in later, so nobody knows what they stand for.
"""

from __future__ import annotations

import re

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from detent.audit.parse.lines import DocstringLines
    from detent.audit.parse.sections import Section

_FORM = (
    r"%(?:\([^()\n]{1,80}\))?[sdrfg](?!\w)"
    r"|\$\{[^{}\n]{1,80}\}|\$[A-Za-z_]\w{0,79}(?![\w$])"
    r"|\{\{ ?\w[\w.]{0,79} ?\}\}|\{(?:\w[\w.\[\]]{0,79})?(?:![rsa])?(?::[^{}\n]{0,20})?\}"
)
_FIRST = frozenset("%{$")
_LINE = rf"[*`]{{0,2}}(?:{_FORM})(?:[ ,]*(?:{_FORM}))*[*`]{{0,2}}[.,:;]?"
_ENTRIES = frozenset(
    {
        "Parameters",
        "Other Parameters",
        "Attributes",
        "Methods",
        "Returns",
        "Yields",
        "Receives",
        "Raises",
        "Warns",
        "See Also",
    }
)


#: What a placeholder stands for that is a paragraph of its own: perhaps for whole sections.
ANYTHING = ""
_PROSE = "text"


def find_placeholders(text: DocstringLines, sections: list[Section]) -> dict[int, str]:
    """Find the lines that are a placeholder, and the entries that begin with one.

    Each comes with what it stands for: entries of the section with this name, `ANYTHING`, or text.
    """
    found: dict[int, str] = {}
    for line, content in enumerate(text.bare):
        if content.lstrip("*`")[:1] in _FIRST and line not in text.literal:
            name = _find_meaning(text, sections, line)
            if name is not None:
                found[line] = name
    return found


def _find_meaning(text: DocstringLines, sections: list[Section], line: int) -> str | None:
    """Find what a line stands for; None if it is no placeholder."""
    content = text.bare[line]
    is_full = re.fullmatch(_LINE, content) is not None
    if (text.bare[line - 1] or not is_full) and re.match(_FORM, content):
        name = _find_list(text, sections, line)
        if name:
            return name
    if not is_full:
        return None
    is_summary = not any(text.bare[:line]) and any(text.bare[line + 1 :])
    is_text = line > 0 and text.indents[line] > text.measure_margin(1, len(text.lines))
    return _PROSE if is_summary or is_text else ANYTHING


def _find_list(text: DocstringLines, sections: list[Section], line: int) -> str:
    """Find the section in which a line begins an entry; empty if it begins none."""
    for section in sections:
        if section.first <= line < section.last and section.name in _ENTRIES:
            margin = text.measure_margin(section.first, section.last)
            return section.name if text.indents[line] == margin else ""
    return ""
