"""Rules about the sections that lead on: See Also (SA) and Examples (EX)."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.lines import sanitize_name
from detent.audit.parse.sentences import needs_capital_letter
from detent.audit.rule import Mark, Target, register_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Reference


@register_rule("SA01", "No See Also section")
def _find_missing_see_also(target: Target) -> Iterator[Mark]:
    """Find docstrings without a See Also section; modules are left alone.

    Off unless asked for: many things are related to nothing in particular.

    Examples
    --------
    Add a section ``See Also`` with ``median : The middle value.``
    """
    if target.symbol.kind != "module" and not target.doc.references:
        yield Mark(target.doc.start, "See Also", "No See Also section")


@register_rule(
    "SA02", "Description of a reference does not end with a full stop", sections=("See Also",)
)
def _find_descriptions_without_stop(target: Target) -> Iterator[Mark]:
    """Find descriptions under See Also that do not end with a full stop.

    Notes
    -----
    Descriptions are sentences, here as elsewhere.

    Examples
    --------
    Instead of ``median : The middle value``, write ``median : The middle value.``
    """
    for reference in _list_references(target):
        said = reference.description
        if said and not said.last.rstrip().endswith("."):
            subject = sanitize_name(reference.names[0].text)
            message = f'Description of "{subject}" in See Also does not end with a full stop'
            yield Mark(said.end, subject, message)


@register_rule(
    "SA03",
    "Description of a reference does not start with a capital letter",
    sections=("See Also",),
)
def _find_lowercase_descriptions(target: Target) -> Iterator[Mark]:
    """Find descriptions under See Also that begin with a small letter.

    Notes
    -----
    Descriptions are sentences, here as elsewhere.

    Examples
    --------
    Instead of ``median : the middle value.``, write ``median : The middle value.``
    """
    for reference in _list_references(target):
        said = reference.description
        if said and needs_capital_letter(said.first):
            subject = sanitize_name(reference.names[0].text)
            message = f'Description of "{subject}" in See Also does not start with a capital letter'
            yield Mark((said.line, said.column), subject, message)


@register_rule("SA04", "Reference has no description, or cannot be read", sections=("See Also",))
def _find_undescribed_references(target: Target) -> Iterator[Mark]:
    """Find references under See Also without a description, and lines that cannot be read.

    A line is a name, or several with commas between them, then a colon and the description. Names
    may be in roles, but not in bare backticks, and have no parentheses.

    Notes
    -----
    Without a description nobody knows whether to follow. A line that cannot be read makes numpydoc
    stop.

    Examples
    --------
    Instead of ``median``, write ``median : The middle value.`` The same instead of ``- median()``.
    """
    for reference in _list_references(target):
        for name in reference.names:
            subject = sanitize_name(name.text)
            if not reference.readable:
                message = f'Line "{subject}" in See Also is not of the form "name : description"'
            elif reference.description is None:
                message = f'Reference "{subject}" in See Also has no description'
            else:
                continue
            yield Mark((name.line, name.column), subject, message)


@register_rule("EX01", "No Examples section")
def _find_missing_examples(target: Target) -> Iterator[Mark]:
    """Find docstrings without an Examples section; modules are left alone.

    Off unless asked for: worth it for what users call, noise for all else.

    Examples
    --------
    Add a section ``Examples`` with a call and what it prints.
    """
    if target.symbol.kind != "module" and "Examples" not in target.doc.filled_sections:
        yield Mark(target.doc.start, "Examples", "No Examples section")


def _list_references(target: Target) -> list[Reference]:
    """List the references; those of a module are left alone."""
    return [] if target.symbol.kind == "module" else target.doc.references
