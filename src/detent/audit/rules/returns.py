"""Rules about the documentation of results: RT and YD."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.sentences import (
    begins_with_name,
    has_capital,
    may_end_open,
    needs_capital_letter,
    needs_period,
)
from detent.audit.parse.styles import find_other_style
from detent.audit.parse.types import is_empty_annotation, is_prose
from detent.audit.rule import Mark, Target, register_rule
from detent.core.escape import sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Entry


@register_rule("RT01", "Return value is not documented")
def _find_undocumented_returns(target: Target) -> Iterator[Mark]:
    """Find functions that return a value and have no Returns section.

    The rule looks only at the function's own ``return``: it ignores nested functions and
    ``return None``. A property needs no section, because users see it as an attribute. Nor does a
    function whose annotation is ``None``, ``NoReturn`` or ``Never``, except with numpydoc's
    settings. Docstrings in another style are `DT501` instead.

    Notes
    -----
    Callers need to know the result as much as the parameters.

    Examples
    --------
    For ``return total / count``, add a section ``Returns`` with ``float`` and a description.
    """
    if "returns" not in target.symbol.flags or "Returns" in target.doc.filled_sections:
        return
    if target.is_function and not target.is_property:
        message = "Return value is not documented"
        is_empty = is_empty_annotation(target.symbol.returns) or bool(find_other_style(target.doc))
        yield Mark(target.doc.start, "Returns", message, numpydoc_only=is_empty)


@register_rule("RT02", "Single return value has a name", sections=("Returns",))
def _find_named_return(target: Target) -> Iterator[Mark]:
    """Find a single return value that has a name as well as a type.

    Off by default: the format allows a name, and it often says what the type cannot.

    Examples
    --------
    Instead of ``total : float``, write ``float``.
    """
    entries = _list_returns(target)
    if len(entries) == 1 and entries[0].names:
        name = entries[0].names[0]
        message = f'Single return value "{sanitize_name(name.text)}" is to have only a type'
        # A sentence in the place of the type is RT03.
        is_other = entries[0].description is None and is_prose(entries[0].type.text)
        place = (name.line, name.column)
        yield Mark(place, sanitize_name(name.text), message, numpydoc_only=is_other)


@register_rule("RT03", "Return value has no description", sections=("Returns",))
def _find_undescribed_returns(target: Target) -> Iterator[Mark]:
    """Find documented return values without a description; ``None`` needs none.

    Where a sentence stands in the place of the type, the rule reports the first line only.

    Notes
    -----
    A type does not say what the value means.

    Examples
    --------
    Below ``float`` add, indented, ``The mean over all values.``
    """
    below = -1
    for entry in _list_returns(target):
        if entry.description is not None or entry.type.text.strip("`") == "None":
            continue
        line = entry.place[0]
        is_sentence = entry.type.line == below or is_prose(entry.type.text)
        is_continued, below = line == below, line + 1 if is_sentence else -1
        if not is_continued:
            yield Mark(entry.place, entry.label, _describe_missing_description(entry))


@register_rule(
    "RT04",
    "Description of a return value does not start with a capital letter",
    sections=("Returns",),
)
def _find_lowercase_descriptions(target: Target) -> Iterator[Mark]:
    """Find descriptions of return values that begin with a small letter.

    Notes
    -----
    Descriptions are sentences.

    Examples
    --------
    Instead of ``the mean.``, write ``The mean.``
    """
    for entry in _list_returns(target):
        description = entry.description
        if description and needs_capital_letter(description.first):
            subject = entry.label
            message = (
                f'Description of return value "{subject}" does not start with a capital letter'
            )
            place = (description.line, description.column)
            cannot = not has_capital(description.first) or begins_with_name(
                description.first, target.known_names
            )
            yield Mark(place, subject, message, numpydoc_only=cannot)


@register_rule(
    "RT05", "Description of a return value does not end with a period", sections=("Returns",)
)
def _find_descriptions_without_period(target: Target) -> Iterator[Mark]:
    """Find descriptions of return values that do not end with a period.

    Notes
    -----
    Without a period, readers cannot tell whether the text is complete.

    Examples
    --------
    Instead of ``The mean``, write ``The mean.``
    """
    for entry in _list_returns(target):
        description = entry.description
        if description and needs_period(description.last):
            subject = entry.label
            message = f'Description of return value "{subject}" does not end with a period'
            is_sentence = may_end_open(description.last)
            yield Mark(description.end, subject, message, numpydoc_only=is_sentence)


@register_rule("YD01", "Yielded value is not documented")
def _find_undocumented_yields(target: Target) -> Iterator[Mark]:
    """Find generators that yield a value and have no Yields section.

    A bare ``yield``, as in a context manager, yields nothing that could be described. Where the
    generator has a Returns section instead, the rule reports nothing, except with numpydoc's
    settings: that section is `DT204`, or it documents the generator itself.

    Notes
    -----
    Without the section, a generator looks like a function that returns all values at once.

    Examples
    --------
    For ``yield line``, add a section ``Yields`` with ``str`` and a description.
    """
    if "yields-value" not in target.symbol.flags or "Yields" in target.doc.filled_sections:
        return
    if target.is_function:
        message = "Yielded value is not documented"
        is_other = "returns" not in target.symbol.flags and "Returns" in target.doc.filled_sections
        yield Mark(target.doc.start, "Yields", message, numpydoc_only=is_other)


def _describe_missing_description(entry: Entry) -> str:
    """Say what is missing, or that the type is a sentence."""
    if not is_prose(entry.type.text):
        return f'Return value "{entry.label}" is not described'
    text = sanitize_name(entry.type.text)
    return f'"{text}" is not a type: write the type, and the text indented below it'


def _list_returns(target: Target) -> list[Entry]:
    """List the return values that a function documents."""
    return target.doc.returns if target.is_function else []
