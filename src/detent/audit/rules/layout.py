"""Rules about the docstring as a whole and its sections: GL."""

from __future__ import annotations

import re
from functools import lru_cache

from detent import TYPE_CHECKING
from detent.audit.parse.sections import SECTION_ORDER
from detent.audit.rule import Mark, Target, register_page, register_rule
from detent.core.escape import quote_name, sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.docstring import ParsedDocstring

_DIRECTIVE = r"(?i)\.\. (versionadded|versionchanged|deprecated)(?!::)"
_DEPRECATED = ".. deprecated:: "
# What numpydoc's guide names for modules only.
_MODULE_SECTION = "Routine Listings"
_SYNONYMS = {
    "Args": "Parameters",
    "Arguments": "Parameters",
    "Example": "Examples",
    "Keyword Arguments": "Other Parameters",
    "Return": "Returns",
    "Usage": "Examples",
    "Yield": "Yields",
}


@register_rule("GL01", "Text starts too far below the opening quotes")
def _find_late_start(target: Target) -> Iterator[Mark]:
    """Find text that begins more than one line below the opening quotes.

    The summary belongs on the line of the opening quotes or on the next one. The rule skips
    docstrings of one line.

    Notes
    -----
    Readers and tools look for the summary at the top.

    Examples
    --------
    Instead of three quotes, two line breaks and ``Return the mean.``, break the line once or not at
    all.
    """
    bare = target.doc.text.bare
    if len(bare) > 2 and not bare[0] and not bare[1]:
        yield Mark(target.doc.start, "", "Text begins more than one line below the opening quotes")


@register_rule("GL02", "Closing quotes are not on the line after the text")
def _find_misplaced_end(target: Target) -> Iterator[Mark]:
    """Find closing quotes that are not alone on the line after the last text.

    The rule skips docstrings of one line.

    Notes
    -----
    If the closing quotes have a line of their own, adding text at the end changes no other line.

    Examples
    --------
    Instead of closing right after the last sentence, or after a blank line, break the line once and
    close there.
    """
    text = target.doc.text
    last = len(text.bare) - 1
    if not last or (not text.bare[-1] and (text.bare[-2] or last == 1)):
        return
    message = "Closing quotes are not on the line after the text"
    if not text.bare[-1]:
        message = "Blank line before the closing quotes"
    yield Mark((last, len(text.lines[last])), "", message)


@register_rule("GL03", "More than one blank line in a row")
def _find_double_blank_lines(target: Target) -> Iterator[Mark]:
    """Find two or more blank lines in a row.

    Blank lines before the closing quotes are `GL02`. With numpydoc's settings they are both.

    The rule skips literal blocks, except with numpydoc's settings: their blank lines are text.

    Notes
    -----
    One blank line separates paragraphs and sections. More have no meaning.

    Examples
    --------
    Instead of two blank lines between the summary and ``Parameters``, leave one.
    """
    bare = target.doc.text.bare
    _, last = target.doc.text.trim_blank_lines(0, len(bare))
    for line in range(1, len(bare)):
        if not bare[line] and not bare[line - 1] and (line < 2 or bare[line - 2]):
            is_end = line >= last
            message = "Blank line before the closing quotes"
            if not is_end:
                message = "More than one blank line in a row"
            yield Mark((line, 0), "", message, numpydoc_only=is_end)


@register_rule("GL05", "Line starts with a tab")
def _find_tabs(target: Target) -> Iterator[Mark]:
    """Find lines that begin with a tab.

    Notes
    -----
    reStructuredText expands a tab to eight columns, but many editors do not: lines that look
    aligned are not.

    Examples
    --------
    Instead of a tab before ``x : int``, use spaces.
    """
    if not target.doc.text.has_tabs:
        return
    for number, line in enumerate(target.doc.text.lines):
        if line.lstrip(" ").startswith("\t"):
            message = f"Tab at the start of the line {quote_name(line.lstrip())}"
            yield Mark((number, line.index("\t")), "", message)


@register_rule("GL06", "Unknown section, or section that is not recognized")
def _find_unknown_sections(target: Target) -> Iterator[Mark]:
    """Find section titles that the format does not know or numpydoc does not recognize.

    A section is a title with a line of dashes of the same length below it, after a blank line. The
    titles are fixed and have one spelling: ``See Also``, not ``See also``.

    The docstring of a module may have any headings. There, the rule reports only titles that are
    near one of the format's, except with numpydoc's settings.

    Notes
    -----
    The text under an unknown title is not shown where readers look for it. If a title is not
    recognized, its parameters count as missing and its text becomes part of the section before.

    Examples
    --------
    Instead of ``Example`` over seven dashes, write ``Examples`` over eight. Instead of ``Returns``
    over four dashes, write seven.
    """
    for section in target.doc.sections:
        place = (section.line, target.doc.text.indents[section.line])
        title = sanitize_name(section.name if section.flaw else section.title)
        if section.flaw == "underline":
            yield Mark(place, title, f'Underline of the section "{title}" is too short')
        elif section.flaw:
            yield Mark(place, title, f'No blank line before the section "{title}"')
        elif section.exact and section.title not in SECTION_ORDER:
            near = suggest_section(section.title)
            is_heading = target.symbol.kind == "module" and (not near or title == _MODULE_SECTION)
            yield Mark(place, title, f'Unknown section "{title}"{near}', numpydoc_only=is_heading)


@register_rule("GL07", "Sections are repeated or in the wrong order")
def _find_misplaced_sections(target: Target) -> Iterator[Mark]:
    """Find sections that are repeated or not in the order of the format.

    Notes
    -----
    Readers find a section by its place. A repeated section stops numpydoc with an error.

    Examples
    --------
    Instead of ``Notes`` before ``See Also``, put ``See Also`` first.
    """
    highest, seen = "", set()
    for section in target.doc.sections:
        name = section.title
        if not section.exact or name not in SECTION_ORDER:
            continue
        place = (section.line, target.doc.text.indents[section.line])
        if name in seen:
            yield Mark(place, name, f'Section "{name}" is repeated')
        elif highest and SECTION_ORDER.index(name) < SECTION_ORDER.index(highest):
            yield Mark(place, name, f'Section "{name}" belongs before "{highest}"')
        else:
            highest = name
        seen.add(name)


register_page(
    "GL08",
    "No docstring",
    """
    Find symbols without a docstring, or with an empty one.

    An empty module needs none. One docstring is enough for a class and its ``__init__``. The
    settings say which kinds of symbols need one: by default, setters, overloads, private and nested
    functions do not. Where a decorator makes the docstring, name the decorator in the setting
    ``doc-decorators``.

    Notes
    -----
    Without a docstring, users have to guess what a function does.

    Examples
    --------
    Below ``def mean(values):`` write, between three quotes on either side, ``Return the mean.``
    """,
)


@register_rule("GL09", "Deprecation is not at the start of the extended summary")
def _find_late_deprecation(target: Target) -> Iterator[Mark]:
    """Find a ``deprecated`` directive that does not come first after the summary.

    Notes
    -----
    Readers who look only at the beginning must see the deprecation.

    Examples
    --------
    Instead of the directive after two paragraphs of explanation, put it right below the summary.
    """
    if not target.doc.text.has_directives or not _has_deprecation(target.doc):
        return
    text, (first, last) = target.doc.text, target.doc.summary
    extended = _join_lines(target.doc, *target.doc.extended_summary)
    summary = " ".join([target.doc.headline, *text.lines[first + 1 : last]])
    if not extended and last - first > 1:
        extended = summary
    if _DEPRECATED in summary + extended and not extended.startswith(_DEPRECATED):
        end = target.doc.extended_summary[1] if target.doc.extended_summary[1] > first else last
        place = next(
            (line, text.lines[line].index(".. deprecated::"))
            for line in range(first, end)
            if ".. deprecated::" in text.lines[line]
        )
        yield Mark(place, "deprecated", "Deprecation does not come right after the summary")


@register_rule("GL10", "Directive lacks its two colons")
def _find_missing_colons(target: Target) -> Iterator[Mark]:
    """Find directives about versions that are not followed by two colons.

    Notes
    -----
    Without the colons it is a comment to reStructuredText, and is not shown at all.

    Examples
    --------
    Instead of ``.. versionadded: 1.2``, write ``.. versionadded:: 1.2``.
    """
    if not target.doc.text.has_directives:
        return
    for line, content in enumerate(target.doc.text.bare):
        if content.startswith(".. ") and (match := re.match(_DIRECTIVE, content)):
            name = match[1].lower()
            place = (line, target.doc.text.indents[line])
            yield Mark(place, name, f'Directive "{name}" lacks its two colons')


@lru_cache(maxsize=512)
def suggest_section(title: str) -> str:
    """Suggest the known section that may be meant.

    Parameters
    ----------
    title : str
        The title as written.

    Returns
    -------
    str
        The end of a message; empty where no section is near.
    """
    if any(map(str.isdigit, title)):  # `Example 1` is a heading of its own
        return ""
    name = title.strip().title()
    close = [_SYNONYMS[name]] if name in _SYNONYMS else _find_close_titles(name)
    return f'; did you mean "{close[0]}"?' if close else ""


def _find_close_titles(name: str) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name[:40], SECTION_ORDER, 1, 0.75)


def _has_deprecation(doc: ParsedDocstring) -> bool:
    """Tell whether the summary or the extended summary has a deprecation."""
    last = max(doc.summary[1], doc.extended_summary[1])
    return any(".. deprecated::" in line for line in doc.text.bare[doc.summary[0] : last])


def _join_lines(doc: ParsedDocstring, first: int, last: int) -> str:
    """Join lines without their margin."""
    margin = doc.text.measure_margin(first, last)
    return " ".join([line[margin:] for line in doc.text.lines[first:last]])
