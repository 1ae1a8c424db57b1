"""The state of one walk over the tree of a file."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field

from detent import TYPE_CHECKING
from detent.core.references import UNKNOWN, Expression, FileReferences, Flow, LocalScope
from detent.languages.python.imports import read_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tree_sitter import Node

#: Deeper code is not looked at: a walk must not exhaust the stack.
_MAX_DEPTH = 150
_LONGEST_NAME = 200


@dataclass(slots=True)
class ScopeDraft:
    """A scope while it is walked through."""

    parent: int
    kind: str
    name: str
    qualname: str
    line: int
    end_line: int
    parameters: list[int] = field(default_factory=list)
    stars: str = ""
    bases: tuple[int, ...] = ()
    returns: list[int] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    lambdas: int = 0
    loop: int = -1  # where the outermost loop around the current statement begins
    elsewhere: dict[str, int] = field(default_factory=dict)  # names of ``global``, ``nonlocal``
    locals: set[str] = field(default_factory=set)


class Walker:
    """Collects scopes, expressions and flows."""

    def __init__(
        self, data: bytes, root: Node, visit_statement: Callable[[Walker, Node], None]
    ) -> None:
        self.data = data
        self.exports = read_exports(root, data)
        self.scopes = [ScopeDraft(-1, "module", "", "", 1, root.end_point[0] + 1)]
        self.scope = 0
        self._expressions: list[Expression] = []
        self._flows: list[list[int]] = []
        self._depth = 0
        self._visit_statement = visit_statement

    @property
    def here(self) -> ScopeDraft:
        """The scope that is walked through."""
        return self.scopes[self.scope]

    def spell(self, node: Node | None) -> str:
        """Read a short piece of the source."""
        if node is None:
            return ""
        begin = node.start_byte
        return self.data[begin : min(node.end_byte, begin + _LONGEST_NAME)].decode(
            "utf-8", "replace"
        )

    def visit(self, node: Node) -> None:
        """Visit a statement, unless it is nested too deeply."""
        if self._depth < _MAX_DEPTH:
            self._depth += 1
            self._visit_statement(self, node)
            self._depth -= 1

    def visit_children(self, node: Node | None) -> None:
        """Visit all statements in a node."""
        for child in node.named_children if node is not None else ():
            self.visit(child)

    @contextmanager
    def deepen(self) -> Iterator[bool]:
        """Count a level of nesting; tell whether it may be looked at."""
        self._depth += 1
        yield self._depth < _MAX_DEPTH
        self._depth -= 1

    def add(
        self,
        kind: str,
        name: str = "",
        parts: Sequence[int] = (),
        *,
        role: str = "",
        node: Node | None = None,
    ) -> int:
        """Add an expression."""
        line, column = 0, 0
        if node is not None:
            row, offset = node.start_point
            start = node.start_byte - offset
            before = self.data[start : node.start_byte]
            line = row + 1
            if not before.isascii():
                offset = len(before.decode("utf-8", "replace"))
            column = offset + 1
        self._expressions.append(
            Expression(kind, name, tuple(parts), self.scope, role, line, column)
        )
        return len(self._expressions) - 1

    def get(self, number: int) -> Expression:
        """Get an expression."""
        return self._expressions[number]

    def set_role(self, number: int, role: str) -> int:
        """Say what kind of reference an expression is, if it is one."""
        if number != UNKNOWN and self._expressions[number].kind in ("name", "attribute"):
            self._expressions[number] = self._expressions[number]._replace(role=role)
        return number

    def assign(self, target: int, value: int) -> None:
        """Let a value go to a target."""
        expression = self._expressions[target]
        scope = self.scope
        if expression.kind == "name":
            scope = self.here.elsewhere.get(expression.name, scope)
            self.scopes[scope].locals.add(expression.name)
        self._flows.append([scope, target, value, 0, self.here.loop])

    @contextmanager
    def open_block(self, *, loops: bool = False, private: bool = False) -> Iterator[None]:
        """Walk through a block that may be passed over, or whose names are its own."""
        first, begin, scope = len(self._flows), len(self._expressions), self.here
        outer = scope.loop
        if loops and outer < 0:
            scope.loop = begin
        yield
        scope.loop = outer
        end = len(self._expressions)
        for flow in self._flows[first:]:
            if not flow[3] and self._expressions[flow[1]].scope == self.scope:
                flow[3] = -end if private else end

    @contextmanager
    def open_scope(self, kind: str, name: str, node: Node) -> Iterator[int]:
        """Walk through a definition."""
        outer = self.here
        parts = [outer.qualname, name] if outer.qualname else [name]
        line, end_line = node.start_point[0] + 1, node.end_point[0] + 1
        draft = ScopeDraft(self.scope, kind, name, ".".join(parts), line, end_line)
        self.scopes.append(draft)
        before, self.scope = self.scope, len(self.scopes) - 1
        yield self.scope
        self.scope = before

    def finish(self) -> FileReferences:
        """Give all that was collected."""
        return FileReferences(
            scopes=tuple(
                LocalScope(
                    draft.parent,
                    draft.kind,
                    draft.name,
                    draft.qualname,
                    draft.line,
                    draft.end_line,
                    tuple(draft.parameters),
                    draft.stars,
                    draft.bases,
                    tuple(draft.returns),
                    " ".join(sorted(draft.flags)),
                )
                for draft in self.scopes
            ),
            expressions=tuple(self._expressions),
            flows=tuple(Flow(*flow) for flow in sorted(self._flows, key=_get_target)),
            exports=self.exports,
        )


def _get_target(flow: list[int]) -> int:
    return flow[1]
