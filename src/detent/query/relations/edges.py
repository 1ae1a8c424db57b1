"""The edges of a view: which code calls which, and how sure that is."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.query.relations.builtin_calls import CALLING
from detent.query.relations.evaluation import Evaluator

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from detent.core.references import Expression
    from detent.query.relations.files import FileIndex, ViewReferences
    from detent.query.relations.values import Value

EXACT = "exact"
INFERRED = "inferred"
NAME_ONLY = "name-only"
EXTERNAL = "external"
#: From the surest to the least sure.
CONFIDENCES = (EXACT, INFERRED, NAME_ONLY, EXTERNAL)
_FIXED = ("define", "bound", "module", "external")
_CALLING = ("call", "decorated", "element", "enter", "item")
_IMPLIED = {
    "element": ("__iter__",),
    "enter": ("__enter__", "__exit__"),
    "item": ("__getitem__",),
}


class CallTarget(NamedTuple):
    """What a call reaches: a scope of a file, or something outside of the view."""

    path: bytes | None
    scope: int
    name: str  # the dotted name of what is outside


class ScopeEdge(NamedTuple):
    """A call from the code of one scope."""

    path: bytes
    scope: int
    target: CallTarget
    confidence: str
    line: int
    column: int


class EdgeFinder:
    """Finds the edges that begin in a scope."""

    def __init__(self, files: ViewReferences) -> None:
        self._files = files
        self.evaluator = Evaluator(files)

    def list_edges(self, path: bytes, scope: int) -> list[ScopeEdge]:
        """List the calls that the own code of a scope makes."""
        file = self._files.require(path)
        found = []
        for number in file.by_scope.get(scope, ()):
            if file.expressions[number].kind in _CALLING:
                found += self.list_site_edges(path, number)
        return found

    def list_site_edges(self, path: bytes, number: int) -> list[ScopeEdge]:
        """List what one expression calls."""
        file = self._files.require(path)
        expression = file.expressions[number]
        line, column = _find_place(file, expression)
        targets = set(self._find_targets(path, number))
        is_exact = expression.kind in ("call", "decorated") and self.is_exact(
            path, expression.parts[0]
        )
        confidence = EXACT if is_exact and len(targets) == 1 else INFERRED
        return [
            ScopeEdge(
                path,
                expression.scope,
                target,
                EXTERNAL if target.path is None else confidence,
                line,
                column,
            )
            for target in sorted(targets, key=repr)
        ]

    def _find_targets(self, path: bytes, number: int) -> Iterator[CallTarget]:
        evaluator = self.evaluator
        file = self._files.require(path)
        expression = file.expressions[number]
        evaluator.find_values(path, number)
        if expression.parts[0] < 0:
            return
        values = evaluator.find_values(path, expression.parts[0])
        for value in self._expand(values):
            if expression.kind in ("call", "decorated"):
                yield from self._find_called(value, path, expression)
            elif value[0] == "instance":
                for name in _IMPLIED[expression.kind]:
                    yield from self._find_method(value, name)

    def _expand(self, values: frozenset[Value]) -> set[Value]:
        """Replace parameters by what callers pass, until nothing grows."""
        found: set[Value] = set()
        pending = list(values)
        seen = set()
        while pending:
            value = pending.pop()
            if value in seen:
                continue
            seen.add(value)
            if value[0] == "parameter":
                pending += self.evaluator.solver.solve(value)
            else:
                found.add(value)
        return found

    def _find_called(self, value: Value, path: bytes, call: Expression) -> Iterator[CallTarget]:
        kind = value[0]
        if kind == "external":
            yield from self._find_external(value[1], path, call)
        elif kind == "instance":
            yield from self._find_method(value, "__call__")
        elif kind == "partial":
            inner = self._files.require(value[1]).expressions[value[2]]
            yield from self._find_passed(value[1], inner, inner.parts[1:2])
        elif kind in ("define", "bound"):
            if self._files.require(value[1]).scopes[value[2]].kind == "class":
                yield from self._find_constructor(value)
            else:
                yield CallTarget(value[1], value[2], "")

    def _find_external(self, name: str, path: bytes, call: Expression) -> Iterator[CallTarget]:
        if call.name != "raise" and call.kind != "decorated":
            yield CallTarget(None, -1, name)
        if name in CALLING:
            yield from self._find_passed(path, call, call.parts[1:])

    def _find_passed(
        self, path: bytes, call: Expression, parts: Collection[int]
    ) -> Iterator[CallTarget]:
        """Find the functions that are passed to something that calls them."""
        for part in parts:
            for value in self._expand(self.evaluator.find_values(path, part)):
                if value[0] in ("define", "bound"):
                    yield from self._find_called(value, path, call)

    def _find_constructor(self, value: Value) -> Iterator[CallTarget]:
        found = list(self._find_method(("instance", value[1], value[2]), "__init__"))
        outside = [target for target in found if target.path is None]
        if not found or (outside and outside[0].name.startswith("builtins.")):
            yield CallTarget(value[1], value[2], "")
        else:
            yield from found

    def _find_method(self, value: Value, name: str) -> Iterator[CallTarget]:
        for method in self.evaluator.find_attribute(value, name):
            if method[0] == "external":
                yield CallTarget(None, -1, method[1])
            if method[0] != "bound":
                continue
            yield CallTarget(method[1], method[2], "")
            if name == "__iter__":
                iterators = self.evaluator.call_method(value, name)
                for iterator in sorted(i for i in iterators if i[0] == "instance"):
                    yield from self._find_method(iterator, "__next__")

    def is_exact(self, path: bytes, number: int) -> bool:
        """Tell whether a name means one definition, by scopes and imports alone."""
        file = self._files.require(path)
        expression = file.expressions[number]
        values = self.evaluator.find_values(path, number)
        if len(values) != 1 or next(iter(values))[0] not in (
            "define",
            "bound",
            "module",
            "external",
        ):
            return False
        if expression.kind == "name":
            flows = file.find_name(expression.scope, expression.name, number)
            return flows is None or (len(flows) == 1 and _is_definition(file, flows[0].value))
        return expression.kind == "attribute" and self.is_exact(path, expression.parts[0])


def _is_definition(file: FileIndex, number: int) -> bool:
    return number >= 0 and file.expressions[number].kind in ("define", "import", "decorated")


def _find_place(file: FileIndex, expression: Expression) -> tuple[int, int]:
    """Find the place of a call: that of the name of what is called."""
    while not expression.line and expression.parts and expression.parts[0] >= 0:
        expression = file.expressions[expression.parts[0]]
    return expression.line, expression.column
