"""Classes of a view: the order of their bases, their members, and the fields of instances."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.query.relations.files import END

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.query.relations.values import Evaluation, Node, Value

_MAX_BASES = 200


class Classes:
    """The rules of classes."""

    def __init__(self, evaluator: Evaluation) -> None:
        self._evaluator = evaluator

    def list_mro(self, path: bytes, scope: int) -> list[Value]:
        """List a class and its bases, in the order in which they are asked for a member."""
        found = self._evaluator.solver.read(("mro", path, scope))
        chains = sorted((chain for chain in found), key=len)
        return list(chains[-1]) if chains else [("define", path, scope)]

    def evaluate_mro(self, node: Node) -> Iterable[Value]:
        """Compute the order of bases: one value, a tuple of classes."""
        _, path, scope = node
        own = ("define", path, scope)
        chains: list[list[Value]] = []
        bases: list[Value] = []
        for base in self._list_bases(path, scope):
            bases.append(base)
            if base[0] == "external":
                chains.append([base])
            else:
                chains.append([c for c in self.list_mro(base[1], base[2]) if c != own])
        return {(own, *_merge_chains([*chains, bases]))[:_MAX_BASES]}

    def _list_bases(self, path: bytes, scope: int) -> Iterator[Value]:
        evaluator = self._evaluator
        file = evaluator.files.require(path)
        for base in file.scopes[scope].bases:
            values = sorted(evaluator.read(path, base), key=repr)
            classes = [value for value in values if self._is_class(value)]
            outside = [value for value in values if value[0] == "external"]
            yield from classes[:1] or outside[:1]

    def _is_class(self, value: Value) -> bool:
        if value[0] != "define":
            return False
        return self._evaluator.files.require(value[1]).scopes[value[2]].kind == "class"

    def instantiate(self, value: Value) -> set[Value]:
        """Give an instance of a class."""
        if self._is_class(value):
            return {("instance", value[1], value[2])}
        return {value} if value[0] in ("external", "parameter") else set()

    def read_attribute(self, value: Value, name: str) -> set[Value]:
        """Read an attribute of a class, an instance or ``super()``."""
        if value[0] == "define" and self._is_class(value):
            return self._read_member(self.list_mro(value[1], value[2]), name, value)
        if value[0] == "instance":
            return self._read_instance(value, name)
        if value[0] == "super":
            _, path, scope, receiver = value
            return self._read_member(self.list_mro(path, scope)[1:], name, receiver)
        return set()

    def _read_instance(self, value: Value, name: str) -> set[Value]:
        order = self.list_mro(value[1], value[2])
        found: set[Value] = set()
        for owner in order:
            if owner[0] == "define":
                found |= self._evaluator.solver.read(("field", owner[1], owner[2], name))
        return found | self._read_member(order, name, value)

    def _read_member(self, order: list[Value], name: str, receiver: Value) -> set[Value]:
        """Read the first member of that name."""
        for owner in order:
            if owner[0] == "external":
                if owner[1] != "builtins.object":
                    return {("external", f"{owner[1]}.{name}")}
                continue
            members = self._evaluator.solver.read(("member", owner[1], owner[2], name))
            if members:
                return {v for member in members for v in self._bind(member, receiver)}
        return set()

    def _bind(self, member: Value, receiver: Value) -> Iterable[Value]:
        if member[0] != "define" or self._is_class(member):
            return (member,)
        flags = self._evaluator.files.require(member[1]).scopes[member[2]].flags.split()
        if "classmethod" in flags:
            return (("bound", *member[1:], ("define", *receiver[1:])),)
        if "static" in flags or receiver[0] != "instance":
            return (member,)
        bound = ("bound", *member[1:], receiver)
        return self._evaluator.call_value(bound, None) if "property" in flags else (bound,)

    def evaluate_member(self, node: Node) -> Iterable[Value]:
        """Compute what the body of a class binds to a name."""
        _, path, scope, name = node
        evaluator = self._evaluator
        file = evaluator.files.require(path)
        found: set[Value] = set()
        for flow in file.find_flows(scope, name, END):
            found |= evaluator.read(path, flow.value)
        return found

    def evaluate_field(self, node: Node) -> Iterable[Value]:
        """Compute what is assigned to an attribute of instances, in the file of their class."""
        _, path, scope, name = node
        evaluator = self._evaluator
        file = evaluator.files.require(path)
        found: set[Value] = set()
        for flow in file.members.get(name, ()):
            bases = evaluator.read(path, file.expressions[flow.target].parts[0])
            if any(("define", path, scope) in self._list_owners(base) for base in bases):
                found |= evaluator.read(path, flow.value)
        return found

    def _list_owners(self, value: Value) -> list[Value]:
        """List the classes whose field an assignment to a value sets."""
        if value[0] == "parameter":
            owner = self._evaluator.files.require(value[1]).find_receiver_class(*value[2:])
            return [("define", value[1], owner)] if owner is not None else []
        if value[0] == "instance":
            return [("define", value[1], value[2])]
        return [value] if value[0] == "define" else []


def _merge_chains(chains: list[list[Value]]) -> list[Value]:
    """Merge the orders of bases by C3; where that fails, in the order of writing."""
    found: list[Value] = []
    rest = list(filter(None, chains))
    while rest and len(found) < _MAX_BASES:
        head = _choose_head(rest)
        found.append(head)
        rest = list(filter(None, ([v for v in chain if v != head] for chain in rest)))
    return found


def _choose_head(chains: list[list[Value]]) -> Value:
    tails = {value for chain in chains for value in chain[1:]}
    return next((chain[0] for chain in chains if chain[0] not in tails), chains[0][0])
