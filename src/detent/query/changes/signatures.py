"""How the parameters of a function differ, and which of the differences break its callers."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.changes import ParameterChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from detent.core.model import Param, Symbol

_BOUND = frozenset({"self", "cls", "mcs"})
_POSITIONAL = frozenset({"positional", "normal"})
_KEYWORD = frozenset({"normal", "keyword"})
_PACKED = frozenset({"args", "kwargs"})


def list_parameters(symbol: Symbol) -> list[Param]:
    """List what a caller may pass: without the ``self`` or ``cls`` of a method."""
    params = list(symbol.params)
    is_bound = symbol.kind == "method" and "staticmethod" not in symbol.decorators
    return params[1:] if is_bound and params and params[0].name in _BOUND else params


def compare_signatures(old: Symbol, new: Symbol) -> list[ParameterChange]:
    """List the differences of two signatures, in the order of the old parameters."""
    before, after = (dict(_index_parameters(symbol)) for symbol in (old, new))
    found: list[ParameterChange] = []
    for name, (place, param) in before.items():
        if name not in after:
            found.append(_describe_removal(param, after))
        else:
            found += _compare_kinds((place, param), after[name])
            found += _compare_texts(param, after[name][1])
    found += [_describe_addition(param) for name, (_, param) in after.items() if name not in before]
    returns = old.returns or "", new.returns or ""
    if _flatten(returns[0]) != _flatten(returns[1]):
        found.append(ParameterChange("return", "annotation", *returns, breaks=False))
    return found


def _describe_addition(param: Param) -> ParameterChange:
    needed = _is_required(param)
    change = "required" if needed else "added"
    return ParameterChange(_name_parameter(param), change, "", param.default or "", needed)


def _name_parameter(param: Param) -> str:
    return {"args": "*", "kwargs": "**"}.get(param.kind, "") + param.name


def _index_parameters(symbol: Symbol) -> Iterator[tuple[str, tuple[int, Param]]]:
    """Give each parameter with its position; those that are packed have stars in their names."""
    stars = {"args": "*", "kwargs": "**"}
    for place, param in enumerate(list_parameters(symbol)):
        # Nobody passes `*args` by name, so its name does not matter.
        yield stars.get(param.kind) or param.name, (place, param)


def _describe_removal(param: Param, after: Mapping[str, tuple[int, Param]]) -> ParameterChange:
    taken = {
        "positional": "*" in after,
        "keyword": "**" in after,
        "normal": "*" in after and "**" in after,
    }
    return ParameterChange(
        _name_parameter(param), "removed", "", "", not taken.get(param.kind, False)
    )


def _compare_kinds(
    before: tuple[int, Param], after: tuple[int, Param]
) -> Iterator[ParameterChange]:
    """Compare how a parameter may be passed."""
    (old_place, old), (new_place, new) = before, after
    if old.kind != new.kind:
        ways = (_POSITIONAL, _KEYWORD)
        narrower = any(old.kind in way and new.kind not in way for way in ways)
        yield ParameterChange(new.name, "kind", old.kind, new.kind, narrower)
    elif old.kind in _POSITIONAL and old_place != new_place:
        places = str(old_place + 1), str(new_place + 1)
        yield ParameterChange(new.name, "moved", *places, breaks=True)


def _compare_texts(old: Param, new: Param) -> Iterator[ParameterChange]:
    """Compare the defaults and annotations of a parameter."""
    defaults = old.default or "", new.default or ""
    if _is_required(new) and not _is_required(old):
        yield ParameterChange(new.name, "required", *defaults, breaks=True)
    elif _flatten(defaults[0]) != _flatten(defaults[1]):
        change = "default" if defaults[0] else "optional"
        yield ParameterChange(new.name, change, *defaults, breaks=False)
    annotations = old.annotation or "", new.annotation or ""
    if _flatten(annotations[0]) != _flatten(annotations[1]):
        yield ParameterChange(new.name, "annotation", *annotations, breaks=False)


def _is_required(param: Param) -> bool:
    return param.default is None and param.kind not in _PACKED


def _flatten(text: str) -> str:
    """Compare expressions without regard to how they are laid out, and to the kind of quotes."""
    return "".join(text.replace('"', "'").split())
