"""What calls of well-known functions give, that are not in the view."""

from __future__ import annotations

import builtins

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from detent.core.references import Expression
    from detent.query.relations.values import Evaluation, Site, Value

_SAME = frozenset(
    f"builtins.{name}"
    for name in ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "staticmethod",
                 "classmethod")
) | {"copy.copy", "copy.deepcopy"}  # fmt: skip
#: Methods of containers that give what is in them.
_TAKING = ("builtins.dict.get", "builtins.dict.pop", "builtins.dict.setdefault")
#: Functions that call what they are given.
CALLING = frozenset({"builtins.map", "builtins.filter", "builtins.sorted", "builtins.min",
                     "builtins.max", "functools.reduce"})  # fmt: skip


def call_external(evaluator: Evaluation, name: str, site: Site) -> set[Value]:
    """Read what a call of something outside of the view gives."""
    path, number = site
    call = evaluator.files.require(path).expressions[number]
    kinds = {"functools.partial": "partial", "builtins.map": "mapped"}
    if name in kinds:
        return {(kinds[name], path, number)}
    if rule := _RULES.get(name):
        return set(rule(evaluator, path, call))
    return {("external", name)} if _is_class(name) else set()


def _is_class(name: str) -> bool:
    """Guess by its name whether something is a class."""
    head, _, last = name.rpartition(".")
    if head == "builtins":
        return isinstance(getattr(builtins, last, None), type)
    return last[:1].isupper()


def _make_super(evaluator: Evaluation, path: bytes, call: Expression) -> Iterator[Value]:
    """Make ``super()`` of the class around a call, or of the one that is named."""
    file = evaluator.files.require(path)
    scope = call.scope
    while scope > 0 and file.scopes[scope].kind != "method":
        scope = file.scopes[scope].parent
    if scope <= 0:
        return
    owner = file.scopes[scope].parent
    is_class = "classmethod" in file.scopes[scope].flags.split()
    receiver = ("define" if is_class else "instance", path, owner)
    yield ("super", path, owner, receiver)


def _pass_first(evaluator: Evaluation, path: bytes, call: Expression) -> Iterable[Value]:
    return evaluator.read(path, call.parts[1]) if len(call.parts) > 1 else ()


def _take_item(evaluator: Evaluation, path: bytes, call: Expression) -> set[Value]:
    file = evaluator.files.require(path)
    callee = file.expressions[call.parts[0]]
    found: set[Value] = set()
    if callee.kind != "attribute" or len(call.parts) < 2:
        return found
    keys = [v[1] for v in evaluator.expand(evaluator.read(path, call.parts[1]))
            if v[0] == "constant"]  # fmt: skip
    for value in evaluator.expand(evaluator.read(path, callee.parts[0])):
        if value[0] == "box":
            for key in keys or [None]:
                found |= set(evaluator.read_content(value, key))
    for part in call.parts[2:]:
        found |= evaluator.read(path, part)
    return found


def _take_element(evaluator: Evaluation, path: bytes, call: Expression) -> set[Value]:
    found: set[Value] = set()
    for part in call.parts[1:2]:
        for value in evaluator.expand(evaluator.read(path, part)):
            found |= evaluator.read_element(value)
    return found


def _read_named_attribute(evaluator: Evaluation, path: bytes, call: Expression) -> set[Value]:
    found: set[Value] = set()
    if len(call.parts) < 3:
        return found
    names = [value[1] for value in evaluator.read(path, call.parts[2]) if value[0] == "constant"]
    for name in names:
        if name.startswith("'"):
            for value in evaluator.read(path, call.parts[1]):
                found |= evaluator.read_attribute(value, name.strip("'"))
    return found


_RULES: dict[str, Callable[[Evaluation, bytes, Expression], Iterable[Value]]] = {
    "builtins.super": _make_super,
    "builtins.next": _take_element,
    "builtins.getattr": _read_named_attribute,
    **dict.fromkeys(_SAME, _pass_first),
    **dict.fromkeys(_TAKING, _take_item),
}
