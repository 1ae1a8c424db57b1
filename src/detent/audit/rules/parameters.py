"""Rules about parameters: PR."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.parse.sentences import (
    begins_with_name,
    has_capital,
    may_end_open,
    needs_capital_letter,
    needs_period,
)
from detent.audit.parse.styles import find_other_style
from detent.audit.rule import Mark, Target, register_rule
from detent.audit.symbol_tree import needs_documentation
from detent.core.escape import quote_name, sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.parse.entries import Entry, Name
    from detent.core.model import Param

_PYTHON_NAMES = {"integer": "int", "boolean": "bool", "string": "str"}
# With more documented parameters than these, no name is guessed: that takes time.
_MAX_GUESSED = 100

_NOT_PYTHON = r"(?<!\w)(?:integer|boolean|string)(?!\w)"


@register_rule("PR01", "Parameter is not documented")
def _find_undocumented_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters of the signature that the docstring does not name.

    Stars are part of the name. For a class, the signature is that of its own ``__init__``, and one
    docstring is enough for both. Without one, it is that of its ``__new__``, or the fields of a
    dataclass, a named tuple or an attrs class: then the rule needs a section with parameters, and
    skips fields that are documented as attributes. The rule skips docstrings with a placeholder
    such as ``%(axis)s``, which may stand for any parameter.

    Names that begin with an underscore need no documentation, nor does the first parameter of a
    method, which Python passes itself, nor ``**kwargs`` where its keys are documented. numpydoc
    asks for them. Docstrings in another style are `DT501` instead.

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
    missing = _list_missing(target)
    for name in missing:
        message = f"Parameter {quote_name(name)} is not documented"
        has_keys = name[:2] == "**" and bool(_list_keys(target, missing))
        is_needless = has_keys or not needs_documentation(target.owner, name)
        is_needless = is_needless or find_other_style(target.doc) is not None
        yield Mark(place, sanitize_name(name), message, numpydoc_only=is_needless)


@register_rule("PR02", "Documented parameter does not exist", sections=PARAMETERS)
def _find_unknown_parameters(target: Target) -> Iterator[Mark]:
    """Find documented parameters that the signature does not have or that are documented twice.

    The parameters of a class are those of its own ``__init__`` or ``__new__``, or its fields, as in
    `PR01`. The rule skips classes with neither, and those that inherit fields from another file. It
    skips placeholders such as ``%(axis)s``, ``{axis}`` and ``${AXIS}``: a
    decorator fills them in. If all of a docstring comes from a decorator, name the decorator in the
    setting ``doc-decorators``.

    Where the signature has ``**kwargs``, its keys are listed under Other Parameters, or under
    Parameters in its place. The rule skips these names, except with numpydoc's settings, unless one
    is near a parameter that is not documented.

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
    known = frozenset(target.signature)
    unknown = [name for name in target.documented_names.values() if name.text not in known]
    if unknown:
        missing = [name for name in target.signature if name not in target.documented_names]
        keys = frozenset(_list_keys(target, missing))
        for name in unknown:
            message = f"Parameter {quote_name(name.text)} is not in the signature"
            message += _suggest_parameter(target, name.text, missing)
            yield _mark_name(name, message, numpydoc_only=name in keys)
    yield from _find_repeated_parameters(target)


@register_rule("PR03", "Parameters are in another order than in the signature", sections=PARAMETERS)
def _find_misordered_parameters(target: Target) -> Iterator[Mark]:
    """Find documented parameters that are in another order than in the signature.

    Parameters and Other Parameters have an order each, and names that only one side has do not
    count.

    Notes
    -----
    Parameters can be passed by position, and readers take the order from the docstring.

    Examples
    --------
    For ``def clip(low, high)``, instead of ``high`` before ``low``, document ``low`` first.
    """
    names, signature = target.documented_names, target.signature
    if not signature or signature == tuple(names):
        return
    for title in PARAMETERS:
        entries = target.doc.read_entries(title)
        listed = [name for entry in entries for name in entry.names if name == names[name.text]]
        if mark := _find_misplaced_name(listed, signature):
            yield mark
            return
    if set(signature) == set(names):
        mark = _find_misplaced_name([*names.values()], signature)
        yield from [mark._replace(numpydoc_only=True)] if mark else ()


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
        if not entry.type.text.strip():
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
        for match in re.finditer(_NOT_PYTHON, kind.text):
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
            place = (description.line, description.column)
            cannot = not has_capital(description.first) or begins_with_name(
                description.first, target.known_names
            )
            yield Mark(place, subject, message, numpydoc_only=cannot)


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
            is_sentence = may_end_open(description.last)
            yield Mark(description.end, subject, message, numpydoc_only=is_sentence)


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
            message = f"Colon after parameter {quote_name(name.text)} lacks its spaces"
            # A colon with nothing behind is PR04.
            is_last = not entry.type.text.strip()
            yield _mark_name(name, message, numpydoc_only=is_last)


def _list_starless_names(entry: Entry) -> list[Name]:
    """List the names of an entry that have no stars."""
    return [name for name in entry.names if name.text[:1] != "*"]


def _name_subject(entry: Entry) -> str:
    """Name the parameter, or the first of those that share a line."""
    return sanitize_name(entry.names[0].text) if entry.names else ""


def _mark_name(name: Name, message: str, *, numpydoc_only: bool = False) -> Mark:
    """Mark a parameter at its own name."""
    place = (name.line, name.column)
    return Mark(place, sanitize_name(name.text), message, numpydoc_only=numpydoc_only)


def _list_missing(target: Target) -> list[str]:
    """List the parameters that should be documented and are not."""
    missing = [name for name in target.signature or () if name not in target.documented_names]
    owner = target.owner
    if target.symbol.kind != "class" or owner is None or owner.name == "__init__":
        return missing
    asked = _list_asked_fields(target, owner.params)
    return [name for name in missing if name in asked]


def _list_asked_fields(target: Target, params: Iterable[Param]) -> set[str]:
    """List the fields that a section with parameters should have: those of a base are its own."""
    if not target.documented_names:
        return set()
    asked = {param.name for param in target.symbol.params or params}
    asked.difference_update(target.symbol.described)
    for entry in target.doc.read_entries("Attributes"):
        asked.difference_update([name.text for name in entry.names])
    return asked


def _find_misplaced_name(names: list[Name], signature: tuple[str, ...]) -> Mark | None:
    """Mark the first name that comes before another which is earlier in the signature."""
    places = {name: place for place, name in enumerate(signature)}
    known = [name for name in names if name.text in places]
    for name, other in zip(known, sorted(known, key=lambda name: places[name.text]), strict=True):
        if name is not other:
            this, that = quote_name(name.text), quote_name(other.text)
            message = (
                f"Parameter {this} is documented before {that}; the signature has {that} first"
            )
            return _mark_name(name, message)
    return None


def _list_keys(target: Target, missing: list[str]) -> list[Name]:
    """List the documented names that may be keys of ``**kwargs``."""
    signature = target.signature or ("",)
    if signature[-1][:2] != "**":
        return []
    # Where the parameter is documented itself, other names under Parameters are not its keys.
    sections = PARAMETERS if signature[-1] in missing else PARAMETERS[1:]
    listed = [name for entry in target.doc.read_entries(*sections) for name in entry.names]
    known = frozenset(signature)
    return [
        name
        for name in listed
        if name.text.isidentifier()
        and name.text not in known
        and not _suggest_parameter(target, name.text, missing)
    ]


def _suggest_parameter(target: Target, name: str, missing: list[str]) -> str:
    """Suggest the undocumented parameter that may be meant, as the end of a message."""
    if not missing or len(target.documented_names) > _MAX_GUESSED:
        return ""
    bare = name.lstrip("*")
    for parameter in missing:
        if parameter.lstrip("*") == bare:
            return f"; write {quote_name(parameter)}"
    plain = [parameter for parameter in missing if parameter[:2] != "**"]
    if not plain:
        return ""
    from difflib import get_close_matches

    close = get_close_matches(name[:40], plain[:40], 1, 0.75)
    return f"; did you mean {quote_name(close[0])}?" if close else ""


def _find_repeated_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters that are documented more than once."""
    total = sum([len(entry.names) for entry in target.doc.parameters])
    if total == len(target.documented_names):
        return
    known = frozenset(target.signature or ())
    for entry in target.doc.parameters:
        for name in entry.names:
            first = target.documented_names[name.text]
            if name is not first and name.text in known:
                yield _mark_name(
                    name, f"Parameter {quote_name(name.text)} is documented more than once"
                )
