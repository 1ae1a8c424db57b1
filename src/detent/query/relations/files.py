"""The references of the files of a view, arranged for questions, loaded when they are needed."""

from __future__ import annotations

from functools import cached_property

from detent import TYPE_CHECKING
from detent.query.relations.modules import ModuleFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from detent.core.model import BlobKey
    from detent.core.references import Expression, FileReferences, Flow

#: Later than all expressions of a file.
END = 1 << 40
_CALLING = ("call", "decorated")


class FileIndex:
    """The references of one file, by what is asked for."""

    def __init__(self, facts: FileReferences) -> None:
        self.facts = facts
        self.scopes = facts.scopes
        self.expressions = facts.expressions

    @cached_property
    def names(self) -> dict[tuple[int, str], list[Flow]]:
        """What flows to each name of each scope."""
        found: dict[tuple[int, str], list[Flow]] = {}
        for flow in self.facts.flows:
            target = self.expressions[flow.target]
            if target.kind == "name":
                found.setdefault((flow.scope, target.name), []).append(flow)
        return found

    @cached_property
    def members(self) -> dict[str, list[Flow]]:
        """What flows to attributes and items, by the name of the attribute; ``[]`` for items."""
        found: dict[str, list[Flow]] = {}
        for flow in self.facts.flows:
            target = self.expressions[flow.target]
            if target.kind != "name":
                name = "[]" if target.kind == "item" else target.name
                found.setdefault(name, []).append(flow)
        return found

    @cached_property
    def calls(self) -> dict[str, list[int]]:
        """The calls, by the last name of what is called."""
        found: dict[str, list[int]] = {}
        for number, expression in enumerate(self.expressions):
            if expression.kind in _CALLING:
                found.setdefault(self.name_callee(expression), []).append(number)
        return found

    def name_callee(self, call: Expression) -> str:
        """Give the last name of what is called; empty for what is no name."""
        callee = self.expressions[call.parts[0]] if call.parts[0] >= 0 else None
        return callee.name if callee and callee.kind in ("name", "attribute") else ""

    @cached_property
    def by_scope(self) -> dict[int, list[int]]:
        """The expressions that each scope evaluates."""
        found: dict[int, list[int]] = {}
        for number, expression in enumerate(self.expressions):
            found.setdefault(expression.scope, []).append(number)
        return found

    def find_receiver_class(self, scope: int, parameter: int) -> int | None:
        """Find the class whose method has a parameter as its ``self`` or ``cls``."""
        owner = self.scopes[scope]
        if owner.kind != "method" or "static" in owner.flags.split():
            return None
        is_first = owner.parameters[:1] == (parameter,) and owner.stars[0] in "pn"
        return owner.parent if is_first else None

    def find_name(self, scope: int, name: str, when: int) -> list[Flow] | None:
        """Find what a name may be that a scope reads; None for a name of another place."""
        inner = scope
        while scope >= 0:
            kind = self.scopes[scope].kind
            if (scope, name) in self.names and (scope == inner or kind != "class"):
                flows = self.find_flows(scope, name, when if scope == inner else END)
                if flows or kind not in ("class", "module"):
                    return flows
            scope = self.scopes[scope].parent
        return None

    def find_flows(self, scope: int, name: str, when: int) -> list[Flow]:
        """Find what a name of a scope may be at some time."""
        return self.select_reaching(self.names.get((scope, name), ()), when)

    def select_reaching(self, flows: Collection[Flow], when: int) -> list[Flow]:
        """Select the flows that are not overwritten before some time."""
        found = []
        for flow in reversed(tuple(flows)):
            if flow.target > when:
                found += [flow] if 0 <= flow.loop <= when else []
            elif flow.until >= 0 or when < -flow.until:
                found.append(flow)
                if self._is_sure(flow, when):
                    break
        return found

    def find_member_flow(self, flows: Collection[Flow], spelled: str, number: int) -> Flow | None:
        """Find the last flow to an attribute or item, if it has surely happened before."""
        scope = self.expressions[number].scope
        flow = next(
            (
                flow
                for flow in reversed(tuple(flows))
                if flow.target < number
                and flow.scope == scope
                and self.spell_path(flow.target) == spelled
            ),
            None,
        )
        if flow is None or flow.until < 0 or 0 < flow.until <= number:
            return None
        names = self.names.get((scope, spelled.partition(".")[0]), ())
        return None if any(flow.target < name.target < number for name in names) else flow

    def _is_sure(self, flow: Flow, when: int) -> bool:
        """Tell whether an earlier flow has surely happened."""
        is_own = self.expressions[flow.target].scope == flow.scope
        return is_own and (not flow.until or when < abs(flow.until))

    def spell_path(self, number: int) -> str:
        """Write a dotted name with its literal keys; empty for anything else."""
        expression = self.expressions[number] if number >= 0 else None
        if expression is None or expression.kind == "name":
            return expression.name if expression else ""
        is_item = expression.kind == "item" and expression.name not in ("", ":")
        if not (is_item or expression.kind == "attribute"):
            return ""
        base = self.spell_path(expression.parts[0])
        return f"{base}.{expression.name}" if base else ""


class ViewReferences:
    """The files of a view; nothing is listed or read before it is needed."""

    def __init__(
        self,
        paths: Mapping[bytes, BlobKey],
        load: Callable[[Collection[BlobKey]], Mapping[BlobKey, FileReferences]],
        find_mentions: Callable[[str], Collection[BlobKey]],
    ) -> None:
        self.paths = paths
        self.modules = ModuleFinder(self)
        self._load = load
        self._find_mentions = find_mentions
        self._known: dict[bytes, FileIndex | None] = {}
        self._mentions: dict[str, list[bytes]] = {}

    def get(self, path: bytes) -> FileIndex | None:
        """Get the references of a file; None where there are none."""
        if path not in self._known:
            self.load([path])
        return self._known[path]

    def require(self, path: bytes) -> FileIndex:
        """Get the references of a file that is known to have some."""
        found = self.get(path)
        if found is None:
            raise KeyError(path)
        return found

    def load(self, paths: Iterable[bytes]) -> None:
        """Read some files at once."""
        wanted = {path: self.paths.get(path) for path in paths if path not in self._known}
        keys = {key for key in wanted.values() if key is not None}
        facts = self._load(keys) if keys else {}
        for path, key in wanted.items():
            found = facts.get(key) if key else None
            self._known[path] = FileIndex(found) if found and found.scopes else None

    def find_mentions(self, name: str) -> list[bytes]:
        """Find the files that mention a name."""
        if name not in self._mentions:
            keys = set(self._find_mentions(name))
            self._mentions[name] = sorted(p for p, key in self.paths.items() if key in keys)
        return self._mentions[name]
