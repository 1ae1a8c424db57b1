"""Rules about parameters: PR."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.parse.sentences import needs_capital_letter, needs_period
from detent.audit.rule import Mark, Target, register_rule
from detent.core.escape import quote_name, sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Entry, Name

_PYTHON_NAMES = {"integer": "int", "boolean": "bool", "string": "str"}
# With more documented parameters than these, no name is guessed: that takes time.
_MAX_GUESSED = 100

_NOT_PYTHON = re.compile(r"(?<!\w)(?:integer|boolean|string)(?!\w)")


@register_rule("PR01", "Parameter is not documented")
def _find_undocumented_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters of the signature that the docstring does not name.

    Stars are part of the name. For a class, the signature is that of its own ``__init__``, and one
    docstring is enough for both. The rule skips docstrings with a placeholder such as ``%(axis)s``,
    which may stand for any parameter.

    Notes
    -----
    Callers have to read the code to learn what the parameter means. Most often a parameter was
    added or renamed and the docstring was not updated.

    Examples
    --------
    For ``def mean(values, axis=0)``, instead of only ``values : list of float``, add
    ``axis : int, default 0`` with a description.
    """
    if not target.signature or target.is_documented_elsewhere:
        return
    section = target.doc.find_section(*PARAMETERS)
    place = (section.line, target.doc.text.indents[section.line]) if section else target.doc.start
    for name in target.signature:
        if name not in target.documented_names:
            yield Mark(
                place, sanitize_name(name), f"Parameter {quote_name(name)} is not documented"
            )


@register_rule("PR02", "Documented parameter does not exist", sections=PARAMETERS)
def _find_unknown_parameters(target: Target) -> Iterator[Mark]:
    """Find documented parameters that the signature does not have or that are documented twice.

    The rule skips classes without an ``__init__`` of their own: their parameters may be fields or
    may be inherited. It skips placeholders such as ``%(axis)s``, ``{axis}`` and ``${AXIS}``: a
    decorator fills them in. If all of a docstring comes from a decorator, name the decorator in the
    setting ``doc-decorators``.

    Notes
    -----
    Callers who follow the docstring get a ``TypeError``.

    Examples
    --------
    For ``def mean(values, axis=0)``, instead of ``axes : int``, write ``axis : int``. For
    ``def total(*args)``, instead of ``args``, write ``*args``.
    """
    if target.signature is None:
        return
    left = [name for name in target.signature if name not in target.documented_names]
    if len(target.documented_names) > _MAX_GUESSED:
        left = []
    for name in target.documented_names.values():
        if name.text not in target.signature:
            message = f"Parameter {quote_name(name.text)} is not in the signature"
            yield _mark_name(name, message + _suggest_parameter(name.text, left))
    yield from _find_repeated_parameters(target)


@register_rule("PR03", "Parameters are in another order than in the signature", sections=PARAMETERS)
def _find_misordered_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters that are all documented, but in another order than in the signature.

    Notes
    -----
    Parameters can be passed by position, and readers take the order from the docstring.

    Examples
    --------
    For ``def clip(low, high)``, instead of ``high`` before ``low``, document ``low`` first.
    """
    if not target.signature or target.signature == tuple(target.documented_names):
        return
    if set(target.signature) != set(target.documented_names):
        return
    for wanted, name in zip(target.signature, target.documented_names.values(), strict=True):
        if wanted != name.text:
            other = quote_name(wanted)
            message = f"Parameter {quote_name(name.text)} stands where the signature has {other}"
            yield _mark_name(name, message)
            return


@register_rule("PR04", "Parameter has no type", sections=PARAMETERS)
def _find_untyped_parameters(target: Target) -> Iterator[Mark]:
    """Find documented parameters without a type; those with stars need none.

    Notes
    -----
    The type is the first thing that a caller looks for.

    Examples
    --------
    Instead of ``axis`` alone on its line, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        if not entry.type.text and not entry.has_tight_colon:
            for name in _list_starless_names(entry):
                yield _mark_name(name, f"Parameter {quote_name(name.text)} has no type")


@register_rule("PR05", "Type ends with a period", sections=PARAMETERS)
def _find_types_with_period(target: Target) -> Iterator[Mark]:
    """Find types of parameters that end with a period.

    Notes
    -----
    A type is not a sentence. A sentence belongs in the description below.

    Examples
    --------
    Instead of ``axis : int.``, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        if entry.type.text.endswith(".") and not entry.has_tight_colon:
            place = (entry.type.line, entry.type.column + len(entry.type.text) - 1)
            for name in _list_starless_names(entry):
                message = f"Type of parameter {quote_name(name.text)} ends with a period"
                yield Mark(place, sanitize_name(name.text), message)


@register_rule("PR06", "Type is not written as in Python", sections=PARAMETERS)
def _find_misnamed_types(target: Target) -> Iterator[Mark]:
    """Find types written as integer, boolean or string instead of int, bool or str.

    The rule skips a set of choices in braces.

    Notes
    -----
    Python's own names can be linked and searched for.

    Examples
    --------
    Instead of ``axis : integer``, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        kind = entry.type
        if not kind.text or entry.has_tight_colon or "{" in kind.text:
            continue
        for match in _NOT_PYTHON.finditer(kind.text):
            wrong, right = match.group(), _PYTHON_NAMES[match.group()]
            for name in _list_starless_names(entry):
                message = (
                    f'Type of parameter {quote_name(name.text)} says "{wrong}"; write "{right}"'
                )
                yield Mark(
                    (kind.line, kind.column + match.start()), sanitize_name(name.text), message
                )


@register_rule("PR07", "Parameter has no description", sections=PARAMETERS)
def _find_undescribed_parameters(target: Target) -> Iterator[Mark]:
    """Find documented parameters without a description.

    Notes
    -----
    A name and a type do not say what the parameter does.

    Examples
    --------
    Below ``axis : int`` add, indented, ``The axis that is averaged over.``
    """
    for entry in target.doc.parameters:
        if entry.description is None:
            for name in entry.names:
                yield _mark_name(name, f"Parameter {quote_name(name.text)} has no description")


@register_rule(
    "PR08", "Description of a parameter does not start with a capital letter", sections=PARAMETERS
)
def _find_lowercase_descriptions(target: Target) -> Iterator[Mark]:
    """Find descriptions of parameters that begin with a small letter.

    Notes
    -----
    Descriptions are sentences; see `PR09`.

    Examples
    --------
    Instead of ``the axis to average over.``, write ``The axis to average over.``
    """
    for entry in target.doc.parameters:
        description = entry.description
        if description and needs_capital_letter(description.first):
            subject = _name_subject(entry)
            message = f'Description of parameter "{subject}" does not start with a capital letter'
            yield Mark((description.line, description.column), subject, message)


@register_rule("PR09", "Description of a parameter does not end with a period", sections=PARAMETERS)
def _find_descriptions_without_period(target: Target) -> Iterator[Mark]:
    """Find descriptions of parameters that do not end with a period.

    The rule skips descriptions that end with a list item or with an indented line.

    Notes
    -----
    Without a period, readers cannot tell whether the text is complete.

    Examples
    --------
    Instead of ``The axis to average over``, write ``The axis to average over.``
    """
    for entry in target.doc.parameters:
        description = entry.description
        if description and needs_period(description.last):
            subject = _name_subject(entry)
            message = f'Description of parameter "{subject}" does not end with a period'
            yield Mark(description.end, subject, message)


@register_rule("PR10", "Colon between parameter and type lacks its spaces", sections=PARAMETERS)
def _find_glued_colons(target: Target) -> Iterator[Mark]:
    """Find colons between a parameter and its type without a space on either side.

    Notes
    -----
    numpydoc reads the whole line as the name.

    Examples
    --------
    Instead of ``axis: int``, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        if entry.has_tight_colon and entry.names:
            name = entry.names[-1]
            yield _mark_name(
                name, f"Colon after parameter {quote_name(name.text)} lacks its spaces"
            )


def _list_starless_names(entry: Entry) -> list[Name]:
    """List the names of an entry that have no stars."""
    return [name for name in entry.names if name.text[:1] != "*"]


def _name_subject(entry: Entry) -> str:
    """Name the parameter, or the first of those that share a line."""
    return sanitize_name(entry.names[0].text) if entry.names else ""


def _mark_name(name: Name, message: str) -> Mark:
    """Mark a parameter at its own name."""
    return Mark((name.line, name.column), sanitize_name(name.text), message)


def _suggest_parameter(name: str, left: list[str]) -> str:
    """Suggest the undocumented parameter that may be meant, as the end of a message."""
    if not left:
        return ""
    bare = name.lstrip("*")
    for parameter in left:
        if parameter.lstrip("*") == bare:
            return f"; write {quote_name(parameter)}"
    from difflib import get_close_matches

    close = get_close_matches(name[:40], left[:40], 1, 0.75)
    return f"; did you mean {quote_name(close[0])}?" if close else ""


def _find_repeated_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters that are documented more than once."""
    total = sum([len(entry.names) for entry in target.doc.parameters])
    if total == len(target.documented_names):
        return
    for entry in target.doc.parameters:
        for name in entry.names:
            first = target.documented_names[name.text]
            if name is not first and name.text in (target.signature or ()):
                yield _mark_name(
                    name, f"Parameter {quote_name(name.text)} is documented more than once"
                )
