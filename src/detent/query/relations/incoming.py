"""What leads to a definition: only code that mentions its name is looked at."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.query.relations.builtin_calls import CALLING
from detent.query.relations.edges import EXACT, INFERRED, NAME_ONLY, CallTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.query.relations.edges import EdgeFinder, ScopeEdge
    from detent.query.relations.files import FileIndex, ViewReferences

#: What calls these methods does not name them.
_IMPLIED = {
    "__call__": ("call",),
    "__iter__": ("element",),
    "__next__": ("element",),
    "__enter__": ("enter",),
    "__exit__": ("enter",),
    "__getitem__": ("item",),
}


class PlacedReference(NamedTuple):
    """A place that refers to a definition."""

    path: bytes
    scope: int
    kind: str  # the role of the expression
    confidence: str
    line: int
    column: int


class IncomingFinder:
    """Finds calls of definitions, and references to them."""

    def __init__(self, files: ViewReferences, edges: EdgeFinder) -> None:
        self._files = files
        self._edges = edges

    def find_calls(self, path: bytes, scope: int) -> list[ScopeEdge]:
        """Find the calls that reach a definition."""
        wanted = CallTarget(path, scope, "")
        found = [
            edge
            for place, number in self._list_sites(path, scope)
            for edge in self._edges.list_site_edges(place, number)
            if edge.target == wanted
        ]
        return sorted(set(found))

    def _list_sites(self, path: bytes, scope: int) -> Iterator[tuple[bytes, int]]:
        """List the expressions that may call a definition."""
        scopes = self._files.require(path).scopes
        own = scopes[scope]
        name = scopes[own.parent].name if own.name == "__init__" else own.name
        mentioned = scopes[own.parent].name if own.name in _IMPLIED else name
        for place in dict.fromkeys([path, *self._files.find_mentions(mentioned)]):
            file = self._files.get(place)
            if file is None:
                continue
            kinds = _IMPLIED.get(own.name, ())
            names = self._list_aliases(file, name) if place != path else None
            for number, expression in enumerate(file.expressions):
                is_call = expression.kind in ("call", "decorated")
                if expression.kind in kinds or (is_call and _may_call(file, number, names)):
                    yield place, number

    @staticmethod
    def _list_aliases(file: FileIndex, name: str) -> set[str]:
        """List the names that a file gives to what has a name."""
        found = {name}
        for flow in file.facts.flows:
            value = file.expressions[flow.value] if flow.value >= 0 else None
            if value and value.name.rpartition(":")[2] in found and value.kind in _NAMING:
                found.add(file.expressions[flow.target].name)
        return found

    def find_references(self, path: bytes, scope: int) -> list[PlacedReference]:
        """Find the places that refer to a definition."""
        name = self._files.require(path).scopes[scope].name
        found = []
        for place in dict.fromkeys([path, *self._files.find_mentions(name)]):
            file = self._files.get(place)
            if file is None:
                continue
            names = self._list_aliases(file, name)
            for number, expression in enumerate(file.expressions):
                last = expression.name.rpartition(":")[2]
                if not expression.role or last not in names:
                    continue
                confidence = self._compare(place, number, (path, scope))
                if confidence == NAME_ONLY and (last != name or expression.kind == "name"):
                    continue
                if confidence:
                    where = expression.line, expression.column
                    role = expression.role
                    found.append(PlacedReference(place, expression.scope, role, confidence, *where))
        return sorted(set(found))

    def _compare(self, path: bytes, number: int, wanted: tuple[bytes, int]) -> str:
        """Tell how surely an expression means a definition; empty if it means another one."""
        file = self._files.require(path)
        if file.expressions[number].role == "write":
            return ""
        values = self._edges.evaluator.find_values(path, number)
        if not values:
            return NAME_ONLY
        if any(value[0] in ("define", "bound") and value[1:3] == wanted for value in values):
            is_import = file.expressions[number].kind == "import"
            return EXACT if is_import or self._edges.is_exact(path, number) else INFERRED
        return ""


_NAMING = ("name", "attribute", "import")


def _may_call(file: FileIndex, number: int, names: set[str] | None) -> bool:
    """Tell whether a call may be of one of some names, or pass one to what calls it."""
    if names is None:
        return True
    call = file.expressions[number]
    callee = file.name_callee(call)
    if callee in names:
        return True
    if f"builtins.{callee}" not in CALLING and callee != "reduce":
        return not callee
    return any(file.expressions[part].name in names for part in call.parts[1:] if part >= 0)
