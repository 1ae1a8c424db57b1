"""Rules about types in the docstring against annotations: DT104 and DT203."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.parse.lines import clean, quote
from detent.audit.parse.types import of_annotation, of_prose
from detent.audit.rule import Mark, Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.types import Kinds

_NONE = frozenset({"None"})


@rule("DT104", "Type is not that of the annotation", sections=PARAMETERS)
def _other_type(target: Target) -> Iterator[Mark]:
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
            if annotation and _differ(entry.type.text, annotation, ignored=_NONE):
                place = (entry.type.line, entry.type.column)
                message = _message(f"parameter {quote(name.text)}", annotation, entry.type.text)
                yield Mark(place, clean(name.text), message)


@rule(
    "DT203",
    "Type of the return value is not that of the annotation",
    sections=("Returns",),
)
def _other_return_type(target: Target) -> Iterator[Mark]:
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
    if _differ(kind.text, annotation):
        message = _message("the return value", annotation, kind.text)
        yield Mark((kind.line, kind.column), entries[0].label, message)


def _differ(prose: str, annotation: str, *, ignored: Kinds = frozenset()) -> bool:
    """Whether two types are certainly not the same; an annotation of float takes an int as well."""
    theirs = of_annotation(annotation)
    ours = of_prose(prose) if theirs else None
    if not theirs or not ours:
        return False
    ours, theirs = ours - ignored, theirs - ignored
    return ours != theirs and not ("float" in theirs and ours - {"int"} == theirs)


def _message(what: str, annotation: str, prose: str) -> str:
    """Say that a type differs."""
    return f"Type of {what} is {clean(annotation)} in the signature, not {clean(prose)}"
