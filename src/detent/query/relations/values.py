"""What the expressions of a view may be: the least fixpoint of the flows between them.

A value is a tuple whose first member says what it is:

- ``("define", path, scope)``: a function, class or lambda
- ``("instance", path, scope)``: an instance of a class
- ``("bound", path, scope, receiver)``: a method with the value that it was taken from
- ``("module", stem)``: a module, by its path without ``.py`` or ``/__init__.py``
- ``("external", name)``: something outside of the view
- ``("box", path, expression)``: a list, tuple, set or dictionary where it is made
- ``("part", path, expression)``: a slice of one
- ``("mapped", path, call)``: what ``map`` gives
- ``("parameter", path, scope, expression)``: what the callers of a function pass
- ``("super", path, scope, receiver)``: ``super()`` in a class
- ``("partial", path, call)``: what ``functools.partial`` makes
- ``("generator", path, scope)``: what a call of a generator gives
- ``("constant", text)``: a short literal

A node is a question: what may this expression, parameter, return value or attribute be. Nodes
are computed when they are asked for, and again when a node that they have read has grown. Every
rule is monotone, so the answer does not depend on the order of the questions.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from detent.query.relations.files import ViewReferences

    #: A call: the path of the file and the number of the expression.
    Site = tuple[bytes, int]

    Value = tuple[Any, ...]
    Node = tuple[Any, ...]
    Rule = Callable[[Node], Iterable[Value]]

_MAX_DEPTH = 40
#: What may be more things than these is not worth naming.
_MAX_VALUES = 60


class Solver:
    """Computes nodes by their rules, until nothing grows."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self._values: dict[Node, set[Value]] = {}
        self._users: dict[Node, set[Node]] = {}
        self._pending: dict[Node, None] = {}
        self._current: Node | None = None
        self._depth = 0

    def solve(self, node: Node) -> frozenset[Value]:
        """Answer a question."""
        self.read(node)
        self.settle()
        return frozenset(self._values[node])

    def read(self, node: Node) -> frozenset[Value]:
        """Read a node, in a rule: as far as it is known now."""
        if self._current is not None:
            self._users.setdefault(node, set()).add(self._current)
        if node not in self._values:
            self._values[node] = set()
            if self._depth < _MAX_DEPTH:
                self._compute(node)
            else:
                self._pending[node] = None
        return frozenset(self._values[node])

    def request(self, node: Node) -> None:
        """Have a node computed later."""
        if node not in self._values:
            self._values[node] = set()
            self._pending[node] = None

    def recompute(self, node: Node) -> None:
        """Compute a node again, since what it rests on has grown."""
        if node in self._values:
            self._pending[node] = None

    def settle(self) -> None:
        """Compute until nothing grows."""
        while self._pending:
            self._compute(self._pending.popitem()[0])

    def _compute(self, node: Node) -> None:
        outer, self._current = self._current, node
        self._depth += 1
        new = set(self.rules[node[0]](node))
        self._depth -= 1
        self._current = outer
        known = self._values[node]
        if not new <= known and len(known) < _MAX_VALUES:
            known |= new
            for user in self._users.get(node, ()):
                self._pending[user] = None


class Evaluation(Protocol):
    """What the rules read from each other."""

    files: ViewReferences
    solver: Solver

    def read(self, path: bytes, number: int) -> frozenset[Value]:
        """Read an expression."""

    def expand(self, values: Iterable[Value]) -> Iterator[Value]:
        """Replace parameters by what callers pass."""

    def read_attribute(self, value: Value, name: str) -> set[Value]:
        """Read an attribute of a value."""

    def read_content(self, value: Value, key: str | None) -> Iterable[Value]:
        """Read what a container holds at a key; at any key for None."""

    def read_element(self, value: Value) -> set[Value]:
        """Read what an iteration over a value gives."""

    def instantiate(self, value: Value) -> set[Value]:
        """Give an instance of a class."""

    def call_value(self, callee: Value, site: Site | None) -> set[Value]:
        """Read what the call of a value gives."""
