"""Rules about what a function gives back: RT and YD."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.lines import sanitize_name
from detent.audit.parse.sentences import needs_capital_letter, needs_period
from detent.audit.rule import Mark, Target, register_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Entry


@register_rule("RT01", "Return value is not documented")
def _find_undocumented_returns(target: Target) -> Iterator[Mark]:
    """Find functions that return a value and have no Returns section.

    Only the function's own ``return`` counts, not one in a nested function, nor ``return None``. A
    property is an attribute to its reader and needs no section.

    Notes
    -----
    What comes back is half of what a caller needs.

    Examples
    --------
    For ``return total / count``, add a section ``Returns`` with ``float`` and a line about it.
    """
    if "returns" not in target.symbol.flags or "Returns" in target.doc.filled_sections:
        return
    if target.is_function and not target.is_property:
        yield Mark(target.doc.start, "Returns", "Return value is not documented")


@register_rule("RT02", "Single return value has a name", sections=("Returns",))
def _find_named_return(target: Target) -> Iterator[Mark]:
    """Find a single return value that has a name as well as a type.

    Off unless asked for: the format allows a name, and it often says what the type cannot.

    Examples
    --------
    Instead of ``total : float``, write ``float``.
    """
    entries = _list_returns(target)
    if len(entries) == 1 and entries[0].names:
        name = entries[0].names[0]
        message = f'Single return value "{sanitize_name(name.text)}" is to have only a type'
        yield Mark((name.line, name.column), sanitize_name(name.text), message)


@register_rule("RT03", "Return value has no description", sections=("Returns",))
def _find_undescribed_returns(target: Target) -> Iterator[Mark]:
    """Find documented return values without a description; ``None`` needs none.

    Notes
    -----
    A type says what comes back, not what it means.

    Examples
    --------
    Below ``float`` add, indented, ``The mean over all values.``
    """
    for entry in _list_returns(target):
        if entry.description is None and entry.type.text.strip("`") != "None":
            message = f'Return value "{entry.label}" is not described'
            yield Mark(entry.place, entry.label, message)


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
        said = entry.description
        if said and needs_capital_letter(said.first):
            subject = entry.label
            message = (
                f'Description of return value "{subject}" does not start with a capital letter'
            )
            yield Mark((said.line, said.column), subject, message)


@register_rule(
    "RT05", "Description of a return value does not end with a full stop", sections=("Returns",)
)
def _find_descriptions_without_stop(target: Target) -> Iterator[Mark]:
    """Find descriptions of return values that do not end with a full stop.

    Notes
    -----
    Without it, text that was cut off cannot be told from text that is complete.

    Examples
    --------
    Instead of ``The mean``, write ``The mean.``
    """
    for entry in _list_returns(target):
        said = entry.description
        if said and needs_period(said.last):
            subject = entry.label
            message = f'Description of return value "{subject}" does not end with a full stop'
            yield Mark(said.end, subject, message)


@register_rule("YD01", "Yielded value is not documented")
def _find_undocumented_yields(target: Target) -> Iterator[Mark]:
    """Find generators that yield a value and have no Yields section.

    A bare ``yield``, as in a context manager, gives nothing that could be described.

    Notes
    -----
    Without the section a generator looks as if it returned the values at once.

    Examples
    --------
    For ``yield line``, add a section ``Yields`` with ``str`` and a line about it.
    """
    if "yields-value" not in target.symbol.flags or "Yields" in target.doc.filled_sections:
        return
    if target.is_function:
        yield Mark(target.doc.start, "Yields", "Yielded value is not documented")


def _list_returns(target: Target) -> list[Entry]:
    """List the return values that a function documents."""
    return target.doc.returns if target.is_function else []
