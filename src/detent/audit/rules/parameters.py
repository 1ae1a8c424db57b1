"""Rules about parameters: PR."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.parse.lines import clean, quote
from detent.audit.parse.sentences import ends_open, starts_small
from detent.audit.rule import Mark, Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Entry, Name

_RIGHT = {"integer": "int", "boolean": "bool", "string": "str"}
# So many documented parameters are no mistake in one name, and guesses cost time.
_MANY = 100

_WRONG = re.compile(r"(?<!\w)(?:integer|boolean|string)(?!\w)")


@rule("PR01", "Parameter is not documented")
def _undocumented(target: Target) -> Iterator[Mark]:
    """Find parameters of the signature that the docstring does not name.

    Stars are part of the name. A class is judged by its own ``__init__``, and one docstring does
    for both.

    Notes
    -----
    Who calls the function has to read its code to learn what the parameter means. Most often it was
    added, or renamed, and the docstring was not.

    Examples
    --------
    For ``def mean(values, axis=0)``, instead of only ``values : list of float``, add
    ``axis : int, default 0`` with a line about it.
    """
    if not target.signature or target.elsewhere:
        return
    section = target.doc.section(*PARAMETERS)
    place = (section.line, target.doc.text.indents[section.line]) if section else target.doc.start
    for name in target.signature:
        if name not in target.named:
            yield Mark(place, clean(name), f"Parameter {quote(name)} is not documented")


@rule("PR02", "Documented parameter does not exist", sections=PARAMETERS)
def _unknown(target: Target) -> Iterator[Mark]:
    """Find documented parameters that the signature does not have, and those documented twice.

    A class without an ``__init__`` of its own is left alone: its parameters may be fields or may
    be inherited.

    Notes
    -----
    Who believes the docstring gets a ``TypeError``.

    Examples
    --------
    For ``def mean(values, axis=0)``, instead of ``axes : int``, write ``axis : int``. For
    ``def total(*args)``, instead of ``args``, write ``*args``.
    """
    if target.signature is None:
        return
    left = [name for name in target.signature if name not in target.named]
    if len(target.named) > _MANY:
        left = []
    for name in target.named.values():
        if name.text not in target.signature:
            message = f"Parameter {quote(name.text)} is not in the signature"
            yield _mark(name, message + _advice(name.text, left))
    yield from _repeated(target)


@rule("PR03", "Parameters are in another order than in the signature", sections=PARAMETERS)
def _order(target: Target) -> Iterator[Mark]:
    """Find parameters that are all documented, but in another order than in the signature.

    Notes
    -----
    Parameters can be passed by position, and the docstring is where people count.

    Examples
    --------
    For ``def clip(low, high)``, instead of ``high`` before ``low``, document ``low`` first.
    """
    if not target.signature or target.signature == tuple(target.named):
        return
    if set(target.signature) != set(target.named):
        return
    for wanted, name in zip(target.signature, target.named.values(), strict=True):
        if wanted != name.text:
            message = f"Parameter {quote(name.text)} stands where the signature has {quote(wanted)}"
            yield _mark(name, message)
            return


@rule("PR04", "Parameter has no type", sections=PARAMETERS)
def _untyped(target: Target) -> Iterator[Mark]:
    """Find documented parameters without a type; those with stars need none.

    Notes
    -----
    The type is the first thing that a caller looks for.

    Examples
    --------
    Instead of ``axis`` alone on its line, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        if not entry.type.text and not entry.glued:
            for name in _plain(entry):
                yield _mark(name, f"Parameter {quote(name.text)} has no type")


@rule("PR05", "Type ends with a full stop", sections=PARAMETERS)
def _stopped_type(target: Target) -> Iterator[Mark]:
    """Find types of parameters that end with a full stop.

    Notes
    -----
    It is no sentence. What looks like one belongs in the description below.

    Examples
    --------
    Instead of ``axis : int.``, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        if entry.type.text.endswith(".") and not entry.glued:
            place = (entry.type.line, entry.type.column + len(entry.type.text) - 1)
            for name in _plain(entry):
                message = f"Type of parameter {quote(name.text)} ends with a full stop"
                yield Mark(place, clean(name.text), message)


@rule("PR06", "Type is not written as in Python", sections=PARAMETERS)
def _wrong_type(target: Target) -> Iterator[Mark]:
    """Find types that say integer, boolean or string instead of int, bool or str.

    A set of choices in braces is left alone.

    Notes
    -----
    The names of Python can be linked and searched for.

    Examples
    --------
    Instead of ``axis : integer``, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        kind = entry.type
        if not kind.text or entry.glued or "{" in kind.text:
            continue
        for match in _WRONG.finditer(kind.text):
            wrong, right = match.group(), _RIGHT[match.group()]
            for name in _plain(entry):
                message = f'Type of parameter {quote(name.text)} says "{wrong}"; write "{right}"'
                yield Mark((kind.line, kind.column + match.start()), clean(name.text), message)


@rule("PR07", "Parameter has no description", sections=PARAMETERS)
def _undescribed(target: Target) -> Iterator[Mark]:
    """Find documented parameters without a description.

    Notes
    -----
    A name and a type say what may be passed, not what it does.

    Examples
    --------
    Below ``axis : int`` add, indented, ``The axis that is averaged over.``
    """
    for entry in target.doc.parameters:
        if entry.description is None:
            for name in entry.names:
                yield _mark(name, f"Parameter {quote(name.text)} has no description")


@rule(
    "PR08", "Description of a parameter does not start with a capital letter", sections=PARAMETERS
)
def _small_description(target: Target) -> Iterator[Mark]:
    """Find descriptions of parameters that begin with a small letter.

    Notes
    -----
    Descriptions are sentences; see PR09.

    Examples
    --------
    Instead of ``the axis to average over.``, write ``The axis to average over.``
    """
    for entry in target.doc.parameters:
        said = entry.description
        if said and starts_small(said.first):
            subject = _subject(entry)
            message = f'Description of parameter "{subject}" does not start with a capital letter'
            yield Mark((said.line, said.column), subject, message)


@rule("PR09", "Description of a parameter does not end with a full stop", sections=PARAMETERS)
def _open_description(target: Target) -> Iterator[Mark]:
    """Find descriptions of parameters that do not end with a full stop.

    A description that ends with a list item or with something indented is left alone.

    Notes
    -----
    Without it, text that was cut off cannot be told from text that is complete.

    Examples
    --------
    Instead of ``The axis to average over``, write ``The axis to average over.``
    """
    for entry in target.doc.parameters:
        said = entry.description
        if said and ends_open(said.last):
            subject = _subject(entry)
            message = f'Description of parameter "{subject}" does not end with a full stop'
            yield Mark(said.end, subject, message)


@rule("PR10", "Colon between parameter and type lacks its spaces", sections=PARAMETERS)
def _glued_colon(target: Target) -> Iterator[Mark]:
    """Find colons between a parameter and its type without a space on either side.

    Notes
    -----
    numpydoc takes the whole line for the name.

    Examples
    --------
    Instead of ``axis: int``, write ``axis : int``.
    """
    for entry in target.doc.parameters:
        if entry.glued and entry.names:
            name = entry.names[-1]
            yield _mark(name, f"Colon after parameter {quote(name.text)} lacks its spaces")


def _plain(entry: Entry) -> list[Name]:
    """List the names of an entry that have no stars."""
    return [name for name in entry.names if name.text[:1] != "*"]


def _subject(entry: Entry) -> str:
    """Name the parameter, or the first of those that share a line."""
    return clean(entry.names[0].text) if entry.names else ""


def _mark(name: Name, message: str) -> Mark:
    """Mark a parameter at its own name."""
    return Mark((name.line, name.column), clean(name.text), message)


def _advice(name: str, left: list[str]) -> str:
    """Suggest the undocumented parameter that the writer may have meant."""
    if not left:
        return ""
    bare = name.lstrip("*")
    for parameter in left:
        if parameter.lstrip("*") == bare:
            return f"; write {quote(parameter)}"
    from difflib import get_close_matches

    close = get_close_matches(name[:40], left[:40], 1, 0.75)
    return f"; did you mean {quote(close[0])}?" if close else ""


def _repeated(target: Target) -> Iterator[Mark]:
    """Find parameters that are named a second time."""
    total = sum([len(entry.names) for entry in target.doc.parameters])
    if total == len(target.named):
        return
    for entry in target.doc.parameters:
        for name in entry.names:
            first = target.named[name.text]
            if name is not first and name.text in (target.signature or ()):
                yield _mark(name, f"Parameter {quote(name.text)} is documented more than once")
