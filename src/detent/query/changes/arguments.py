"""Whether a call passes what a function takes."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.query.changes.signatures import list_parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.core.model import Param, Symbol
    from detent.core.references import Expression

_POSITIONAL = ("positional", "normal")
_NAMED = ("normal", "keyword")


class Passed(NamedTuple):
    """What a call passes."""

    positional: int  # number of arguments by position
    names: tuple[str, ...]  # arguments by name
    unpacks: frozenset[str]  # ``*`` and ``**``: more, of which nothing is known


def read_arguments(call: Expression) -> Passed:
    """Read what a call passes."""
    words = call.name.split()
    names = tuple(word for word in words if word not in ("-", "*", "**"))
    return Passed(words.count("-"), names, frozenset(words) & {"*", "**"})


def find_misfit(function: Symbol, passed: Passed) -> str:
    """Say why a function does not take what a call passes; empty if it may."""
    params = list_parameters(function)
    positional = [param for param in params if param.kind in _POSITIONAL]
    if excess := _find_excess(params, len(positional), passed):
        return excess
    missing = _list_missing(params, positional[: passed.positional], passed)
    return f"does not pass {missing[0]}" if missing else ""


def _find_excess(params: Sequence[Param], most: int, passed: Passed) -> str:
    """Say what a call passes that the function does not take."""
    kinds = {param.kind for param in params}
    count = passed.positional
    if count > most and "args" not in kinds:
        noun = "argument" if count == 1 else "arguments"
        return f"passes {count} {noun} by position, and it takes {most}"
    return "" if "kwargs" in kinds else _find_unknown(params, passed)


def _find_unknown(params: Sequence[Param], passed: Passed) -> str:
    known = {param.name for param in params if param.kind in _NAMED}
    return next((f"passes {name}" for name in passed.names if name not in known), "")


def _list_missing(params: Sequence[Param], given: Sequence[Param], passed: Passed) -> list[str]:
    """List the parameters without a default that a call does not pass."""
    return [
        param.name
        for param in params
        if param.default is None
        and param.kind not in ("args", "kwargs")
        and param not in given
        and param.name not in passed.names
        and not (param.kind in _NAMED and "**" in passed.unpacks)
        and not (param.kind in _POSITIONAL and "*" in passed.unpacks)
    ]
