"""Rules about titles that tools do not recognize: DT501 to DT503."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.sections import SECTION_ORDER, normalize_title
from detent.audit.parse.styles import COLONED_TITLES, find_other_style
from detent.audit.rule import Mark, Target, register_rule
from detent.audit.rules.layout import suggest_section
from detent.core.escape import quote_name, sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.docstring import ParsedDocstring
    from detent.audit.parse.sections import Section

_TITLES = {title: title for title in SECTION_ORDER} | {
    f"{key}:": name for key, name in COLONED_TITLES.items()
}


@register_rule("DT501", "Section title has no underline")
def _find_missing_underlines(target: Target) -> Iterator[Mark]:
    """Find section titles without dashes below them, and docstrings in another style.

    These are the titles of the format, such as ``Parameters`` or ``Returns``, and Google's titles
    with a colon, such as ``Args:`` or ``Raises:``, after a blank line and without indentation.

    A docstring in Google's style, or with fields of Sphinx or Epytext, is one finding that names
    the style. Then `PR01` and `RT01` say nothing, except with numpydoc's settings.

    Notes
    -----
    numpydoc reads such a title as plain text: the parameters below it count as missing, and the
    documentation shows them as one paragraph.

    On numpy, scipy and five other packages it has 20 findings; all of them are right.

    Examples
    --------
    Instead of ``Args:`` with indented lines below, write ``Parameters``, below it ten dashes, and
    the parameters without indentation.
    """
    text, style = target.doc.text, find_other_style(target.doc)
    if style:
        line, name = style
        message = f"Docstring in the style of {name}: tools of this format see no sections in it"
        yield Mark((line, text.indents[line]), name, message)
    found = list(_list_missing_underlines(target.doc))
    margin = text.measure_margin(1, len(text.lines)) if found else 0
    for line, name in found:
        content = text.bare[line]
        if text.indents[line] == margin and (name == content or not style):
            wanted = "" if name == content else f'; write "{name}" over dashes'
            message = (
                f"Title {quote_name(content)} has no underline and is not seen as a section{wanted}"
            )
            yield Mark((line, margin), name, message)


@register_rule("DT502", "Underline is not dashes as long as the title")
def _find_wrong_underlines(target: Target) -> Iterator[Mark]:
    """Find sections with an underline that is too long or not made of dashes.

    An underline that is too short is `GL06`: numpydoc does not recognize that section at all. The
    rule skips headings in the docstring of a module.

    Notes
    -----
    numpydoc shows the section, but its own checks and other tools ignore it: they do not notice a
    wrong title or a wrong order.

    On numpy, scipy and five other packages it has 44 findings; all of them are right.

    Examples
    --------
    Instead of ``Returns`` over ten dashes, write seven. Instead of ``=======``, write ``-------``.
    """
    if target.symbol.kind == "module":
        return
    text = target.doc.text
    for section in target.doc.sections:
        if section.exact or section.flaw or section.line + 1 >= len(text.bare):
            continue
        underline = text.bare[section.line + 1]
        if not underline or underline.strip(underline[0]):
            continue
        place = (section.line, text.indents[section.line])
        title = sanitize_name(section.title)
        if section.name in SECTION_ORDER:
            message = f'Underline of the section "{title}" is not {len(section.name)} dashes'
            yield Mark(place, sanitize_name(section.name), message)
        elif near := suggest_section(section.title):
            yield Mark(place, title, f'Unknown section "{title}"{near}')


@register_rule("DT503", "Section is empty")
def _find_empty_sections(target: Target) -> Iterator[Mark]:
    """Find sections of the format with nothing below the title.

    Notes
    -----
    The text was forgotten. The documentation shows an empty heading, or leaves it out.

    On numpy, scipy and five other packages it has 6 findings; all of them are right.

    Examples
    --------
    Below ``Examples`` and its dashes, write an example, or remove the title.
    """
    for section in target.doc.sections:
        if (
            section.first >= section.last
            and section.name in SECTION_ORDER
            and _is_exact_title(section)
        ):
            place = (section.line, target.doc.text.indents[section.line])
            yield Mark(place, section.name, f'Section "{section.name}" is empty')


def _list_missing_underlines(doc: ParsedDocstring) -> Iterator[tuple[int, str]]:
    """Yield the lines that are only a title and begin no section, with the title that is meant."""
    titles = {section.line for section in doc.sections}
    for line, name in _list_bare_titles(doc.text.bare):
        if line not in titles:
            yield line, name


def _list_bare_titles(bare: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines after a blank line that are only a title, and the title that is meant."""
    for line in [line for line, content in enumerate(bare) if content in _TITLES]:
        if line and not bare[line - 1]:
            yield line, _TITLES[bare[line]]


def _is_exact_title(section: Section) -> bool:
    """Tell whether tools recognize the title."""
    return not section.flaw and normalize_title(section.title) == section.name
