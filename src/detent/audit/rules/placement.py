"""Rules about where the parameters of a class are documented: DT701 and DT702.

They exclude each other: a project that selects one of them states its choice.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.rule import Mark, Target, register_rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@register_rule("DT701", "__init__ has a docstring")
def _find_init_docstring(target: Target) -> Iterator[Mark]:
    """Find docstrings of ``__init__``: the class's docstring describes how to make an instance.

    Off unless asked for: to select it is to choose numpydoc's way, one docstring for both, in the
    class. `DT702` is the opposite choice.

    Notes
    -----
    ``help`` and most documentation show the docstring of the class first, and some show nothing
    else.

    Examples
    --------
    Instead of a section ``Parameters`` in ``__init__``, write it in the class, below its summary.
    With ``select = [..., "DT701"]`` in the settings it is held.
    """
    if target.symbol.kind == "method" and target.symbol.name == "__init__":
        message = "__init__ has a docstring: it belongs in that of the class"
        yield Mark(target.doc.start, "__init__", message)


@register_rule(
    "DT702",
    "Class documents the parameters of its __init__",
    sections=PARAMETERS,
)
def _find_parameters_in_class(target: Target) -> Iterator[Mark]:
    """Find a Parameters section in the docstring of a class that has an ``__init__`` of its own.

    Off unless asked for: to select it is to choose that ``__init__`` documents its parameters
    itself. `DT701` is the opposite choice.

    Notes
    -----
    What the signature has and what is said of it then stand together.

    Examples
    --------
    Instead of a section ``Parameters`` in the class, write it in the docstring of ``__init__``.
    With ``select = [..., "DT702"]`` in the settings it is held.
    """
    if target.symbol.kind != "class" or target.owner is None:
        return
    for section in target.doc.sections:
        if section.name in PARAMETERS and section.name in target.doc.filled_sections:
            place = (section.line, target.doc.text.indents[section.line])
            message = f"{section.name} section of a class: it belongs in its __init__"
            yield Mark(place, section.name, message)
            return
