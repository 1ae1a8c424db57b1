"""Rules about where the parameters of a class are documented: DT701 and DT702.

They contradict each other: select at most one of them.
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

    Off by default: select it to document parameters as numpydoc does, in the docstring of the
    class. `DT702` is the opposite choice.

    Notes
    -----
    ``help`` and most documentation show the docstring of the class first. Some tools show no other.

    Examples
    --------
    Instead of a section ``Parameters`` in ``__init__``, write it in the class, below its summary.
    Add ``"DT701"`` to ``select`` in the settings to check this.
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

    Off by default: select it to document the parameters in the docstring of ``__init__``. `DT701`
    is the opposite choice.

    Notes
    -----
    The signature and the description of its parameters are then next to each other.

    Examples
    --------
    Instead of a section ``Parameters`` in the class, write it in the docstring of ``__init__``.
    Add ``"DT702"`` to ``select`` in the settings to check this.
    """
    owner = target.owner
    if target.symbol.kind != "class" or owner is None or owner.name != "__init__":
        return
    for section in target.doc.sections:
        if section.name in PARAMETERS and section.name in target.doc.filled_sections:
            place = (section.line, target.doc.text.indents[section.line])
            message = f"{section.name} section of a class: it belongs in its __init__"
            yield Mark(place, section.name, message)
            return
