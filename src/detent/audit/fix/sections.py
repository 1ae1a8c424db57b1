"""Fixes of section titles and of the order of sections."""

from __future__ import annotations

from functools import lru_cache

from detent import TYPE_CHECKING
from detent.audit.fix.edits import Edit, find_offset
from detent.audit.fix.fixer import FixCase, register_fix
from detent.audit.parse.sections import SECTION_ORDER, normalize_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detent.audit.parse.lines import DocstringLines
    from detent.audit.parse.sections import Section

# Other titles whose meaning is certain.
_INTENDED_TITLES = {
    "Args": "Parameters",
    "Arguments": "Parameters",
    "Paramaters": "Parameters",
    "Parametres": "Parameters",
    "Paremeters": "Parameters",
    **{title[:-1]: title for title in SECTION_ORDER if title[-1] == "s" and title != "Warns"},
}
# A single "Warning" may stand for Warns or for Warnings.
_AMBIGUOUS_TITLES = frozenset({"Warning", "Warn"})
# Titles long enough not to be another word with one letter more or less, as "Receivers" is.
_LONG_TITLES = tuple(title for title in SECTION_ORDER if len(title) >= 7 and title != "Receives")


@register_fix("GL06")
def _rewrite_title(case: FixCase) -> Iterator[Edit]:
    """Write the title and its dashes as the format has them, below a blank line."""
    text, line = case.target.doc.text, case.mark.place[0]
    name = guess_section(text.bare[line])
    # In the first line, and beside tabs, the margin is not certain.
    if not name or not line or text.has_tabs:
        return
    margin = text.lines[line][: text.indents[line]]
    written = [
        *([""] if text.bare[line - 1] else []),
        f"{margin}{name}",
        f"{margin}{'-' * len(name)}",
    ]
    end = find_offset(text, line + 1, len(text.lines[line + 1].rstrip()))
    yield Edit(find_offset(text, line), end, "\n".join(written))


@register_fix("GL07")
def _reorder_sections(case: FixCase) -> Iterator[Edit]:
    """Put the sections in the order of the format, if it knows all of them."""
    text, sections = case.target.doc.text, case.target.doc.sections
    if not _is_movable(text, sections):
        return
    ends = [*(section.line for section in sections[1:]), len(text.lines)]
    blocks = []
    for section, end in zip(sections, ends, strict=True):
        _, last = text.trim_blank_lines(section.line, end)
        blocks.append(
            (SECTION_ORDER.index(section.title), text.lines[section.line : last], end - last)
        )
    ordered = sorted(blocks, key=lambda block: block[0])
    # Only the sections are moved: the blank lines between them keep their number.
    gaps = [[""] * gap for _, _, gap in blocks[:-1]]
    moved = [
        line
        for (_, block, _), gap in zip(ordered, [*gaps, []], strict=True)
        for line in [*block, *gap]
    ]
    start = find_offset(text, sections[0].line)
    tail = len(text.lines) - blocks[-1][2]
    end = find_offset(text, tail - 1, len(text.lines[tail - 1]))
    yield Edit(start, end, "\n".join(moved))


@lru_cache(maxsize=512)
def guess_section(title: str) -> str:
    """Return the section that a title certainly means; empty if there is none."""
    name = normalize_title(title.removesuffix(":").rstrip())
    if name in SECTION_ORDER:
        return name
    if name in _AMBIGUOUS_TITLES or len(name) > 20:
        return ""
    if name in _INTENDED_TITLES:
        return _INTENDED_TITLES[name]
    near = [
        known for known in _LONG_TITLES if known[0] == name[:1] and _is_misspelling(name, known)
    ]
    return near[0] if len(near) == 1 else ""


def _is_misspelling(name: str, known: str) -> bool:
    """Tell whether one letter is missing, is too many, or is swapped with the next."""
    if len(name) + 1 == len(known):
        return any(known[:at] + known[at + 1 :] == name for at in range(len(known)))
    if len(name) == len(known) + 1:
        return any(name[:at] + name[at + 1 :] == known for at in range(len(name)))
    pairs = range(len(name) - 1)
    return any(name[:at] + name[at + 1] + name[at] + name[at + 2 :] == known for at in pairs)


def _is_movable(text: DocstringLines, sections: Sequence[Section]) -> bool:
    """Tell whether each section is known, unique, equally indented, and below a blank line."""
    titles = {section.title for section in sections if section.exact and not section.flaw}
    starts = [section.line for section in sections]
    if len(titles) < len(sections) or not titles.issubset(SECTION_ORDER) or not starts[0]:
        return False
    widths = {*map(text.indents.__getitem__, starts), min(text.indents[starts[0] :])}
    return len(widths) == 1 and not any(text.bare[line - 1] for line in starts)
