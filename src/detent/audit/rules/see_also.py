"""Rules about the sections See Also (SA) and Examples (EX)."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.parse.sentences import (
    begins_with_name,
    has_capital,
    may_end_open,
    needs_capital_letter,
)
from detent.audit.rule import Mark, Target, register_rule
from detent.core.escape import sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Reference

_TITLE_HINT = ": numpydoc cannot read a title with its target in angle brackets"
_TITLED = r"`[^`<>]{1,80}<[^`<>]{1,80}>`"


@register_rule("SA01", "No See Also section")
def _find_missing_see_also(target: Target) -> Iterator[Mark]:
    """Find docstrings without a See Also section; modules need none.

    Off by default: many functions have no related functions.

    Examples
    --------
    Add a section ``See Also`` with ``median : The middle value.``
    """
    if target.symbol.kind != "module" and not target.doc.references:
        yield Mark(target.doc.start, "See Also", "No See Also section")


@register_rule(
    "SA02", "Description of a reference does not end with a period", sections=("See Also",)
)
def _find_descriptions_without_period(target: Target) -> Iterator[Mark]:
    """Find descriptions under See Also that do not end with a period.

    Notes
    -----
    Descriptions are sentences.

    Examples
    --------
    Instead of ``median : The middle value``, write ``median : The middle value.``
    """
    for reference in _list_references(target):
        description = reference.description
        if description and not description.last.rstrip().endswith("."):
            subject = sanitize_name(reference.names[0].text)
            message = f'Description of "{subject}" in See Also does not end with a period'
            is_sentence = may_end_open(description.last)
            yield Mark(description.end, subject, message, numpydoc_only=is_sentence)


@register_rule(
    "SA03",
    "Description of a reference does not start with a capital letter",
    sections=("See Also",),
)
def _find_lowercase_descriptions(target: Target) -> Iterator[Mark]:
    """Find descriptions under See Also that begin with a small letter.

    Notes
    -----
    Descriptions are sentences.

    Examples
    --------
    Instead of ``median : the middle value.``, write ``median : The middle value.``
    """
    for reference in _list_references(target):
        description = reference.description
        if description and needs_capital_letter(description.first):
            subject = sanitize_name(reference.names[0].text)
            message = f'Description of "{subject}" in See Also does not start with a capital letter'
            place = (description.line, description.column)
            cannot = not has_capital(description.first) or begins_with_name(
                description.first, target.known_names
            )
            yield Mark(place, subject, message, numpydoc_only=cannot)


@register_rule("SA04", "Reference has no description, or cannot be read", sections=("See Also",))
def _find_undescribed_references(target: Target) -> Iterator[Mark]:
    """Find references under See Also without a description, and lines that numpydoc cannot read.

    A line is a name, or several names with commas between them, then a colon and the description.
    Names may have roles, but no bare backticks, no parentheses, and no titles as in
    ``:meth:`title <name>```.

    Notes
    -----
    Without a description, readers do not know whether the reference is of use to them. A line that
    numpydoc cannot read stops it with an error.

    Examples
    --------
    Instead of ``median`` or ``- median()``, write ``median : The middle value.``
    """
    for reference in _list_references(target):
        for name in reference.names:
            subject = sanitize_name(name.text)
            if not reference.readable:
                message = f'Line "{subject}" in See Also is not of the form "name : description"'
                message += _TITLE_HINT if re.search(_TITLED, name.text) else ""
            elif reference.description is None:
                message = f'Reference "{subject}" in See Also has no description'
            else:
                continue
            yield Mark((name.line, name.column), subject, message)


@register_rule("EX01", "No Examples section")
def _find_missing_examples(target: Target) -> Iterator[Mark]:
    """Find docstrings without an Examples section; modules need none.

    Off by default: examples are worth their space only for what users call.

    Examples
    --------
    Add a section ``Examples`` with a call and its output.
    """
    if target.symbol.kind != "module" and "Examples" not in target.doc.filled_sections:
        yield Mark(target.doc.start, "Examples", "No Examples section")


def _list_references(target: Target) -> list[Reference]:
    """List the references; the rules skip those of a module."""
    return [] if target.symbol.kind == "module" else target.doc.references
