"""The rules of expressions: names, attributes, items and calls."""

from __future__ import annotations

import builtins

from detent import TYPE_CHECKING
from detent.core.references import UNKNOWN
from detent.query.relations.arguments import Arguments
from detent.query.relations.builtin_calls import call_external
from detent.query.relations.classes import Classes
from detent.query.relations.files import END
from detent.query.relations.modules import join_path
from detent.query.relations.values import Solver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.core.references import Expression
    from detent.query.relations.files import ViewReferences
    from detent.query.relations.values import Node, Site, Value

_BUILTINS = frozenset(dir(builtins))
_MAX_PATH = 8
_LONGEST_INDEX = 9
#: In a file with more assignments to items, what they hold is not followed.
_MAX_ITEMS = 100


class Evaluator:
    """Finds what the expressions of a view may be."""

    def __init__(self, files: ViewReferences) -> None:
        self.files = files
        self.solver = Solver()
        self.classes = Classes(self)
        self.arguments = Arguments(self)
        self.solver.rules = {
            "expression": self._evaluate_expression,
            "name": self._evaluate_module_name,
            "returns": self._evaluate_returns,
            "yields": self._evaluate_yields,
            "content": self._evaluate_content,
            "member": self.classes.evaluate_member,
            "field": self.classes.evaluate_field,
            "mro": self.classes.evaluate_mro,
            "parameter": self.arguments.evaluate_parameter,
        }
        self._expression_rules = {
            "name": self._evaluate_name,
            "attribute": self._evaluate_attribute,
            "call": self._evaluate_call,
            "decorated": self._evaluate_call,
            "item": self._evaluate_item,
            "element": self._evaluate_element,
            "enter": self._evaluate_enter,
            "instance": self._evaluate_instance,
            "choice": self._evaluate_choice,
            "import": self._evaluate_import,
        }

    def find_values(self, path: bytes, number: int) -> frozenset[Value]:
        """Find what an expression may be."""
        if number < 0:
            return frozenset()
        return self.solver.solve(("expression", path, number))

    def find_attribute(self, value: Value, name: str) -> set[Value]:
        """Find what an attribute of a value may be."""
        self.read_attribute(value, name)
        self.solver.settle()
        return self.read_attribute(value, name)

    def read(self, path: bytes, number: int) -> frozenset[Value]:
        """Read an expression, in a rule."""
        return self.solver.read(("expression", path, number)) if number >= 0 else frozenset()

    def expand(self, values: Iterable[Value]) -> Iterator[Value]:
        """Replace parameters by what callers pass."""
        seen: set[Value] = set()
        pending = list(values)
        while pending:
            value = pending.pop()
            if value in seen:
                continue
            seen.add(value)
            if value[0] == "parameter":
                pending += self.solver.read(value)
            else:
                yield value

    # ---- expressions

    def _evaluate_expression(self, node: Node) -> Iterable[Value]:
        _, path, number = node
        file = self.files.require(path)
        expression = file.expressions[number]
        kind = expression.kind
        if kind == "define":
            return {("define", path, int(expression.name))}
        if kind in ("sequence", "mapping"):
            return {("box", path, number)}
        if kind == "parameter":
            return {("parameter", path, expression.scope, number)}
        if kind == "constant":
            return {("constant", expression.name)}
        rule = self._expression_rules.get(kind)
        return rule(path, number, expression) if rule else ()

    def _evaluate_name(self, path: bytes, number: int, expression: Expression) -> set[Value]:
        """Look up a name in the scopes around an expression."""
        name = expression.name
        flows = self.files.require(path).find_name(expression.scope, name, number)
        if flows is not None:
            return {value for flow in flows for value in self.read(path, flow.value)}
        if found := set(self._read_stars(path, name)):
            return found
        return {("external", f"builtins.{name}")} if name in _BUILTINS else set()

    def _evaluate_module_name(self, node: Node) -> Iterable[Value]:
        _, path, name = node
        file = self.files.get(path)
        if file is None:
            return ()
        if (0, name) in file.names:
            flows = file.find_flows(0, name, END)
            return {value for flow in flows for value in self.read(path, flow.value)}
        return set(self._read_stars(path, name))

    def _read_stars(self, path: bytes, name: str) -> Iterator[Value]:
        """Read what star imports bring."""
        file = self.files.require(path)
        for flow in file.names.get((0, "*"), ()):
            module = file.expressions[flow.value].name.partition(":")[0]
            stem = self.files.modules.find_stem(path, module)
            found = self.files.modules.find_file(stem) if stem is not None else None
            other = self.files.get(found) if found is not None else None
            if found is None or other is None:
                continue
            exports = other.facts.exports
            if name in exports if exports is not None else name[:1] != "_":
                yield from self.solver.read(("name", found, name))

    def _evaluate_import(self, path: bytes, _number: int, expression: Expression) -> set[Value]:
        module, _, target = expression.name.partition(":")
        if target == "*":
            return set()
        if not target:
            return {self._find_module(path, module) or ("external", module)}
        modules = self.files.modules
        stem = modules.find_stem(path, module)
        if stem is not None and modules.find_file(stem) is not None:
            return set(self.read_module_attribute(stem, target))
        full_name = f"{module}{'' if module.endswith('.') else '.'}{target}"
        if found := self._find_module(path, full_name):
            return {found}
        return set() if module.startswith(".") else {("external", full_name)}

    def _find_module(self, path: bytes, module: str) -> Value | None:
        modules = self.files.modules
        stem = modules.find_stem(path, module)
        if stem is None or modules.find_file(stem) is None:
            stem = modules.find_directory(path, module)
        return ("module", stem) if stem else None

    def read_module_attribute(self, stem: bytes, name: str) -> set[Value]:
        """Read a name of a module, or one of its modules."""
        file = self.files.modules.find_file(stem)
        found: set[Value] = set()
        if file is not None:
            found = set(self.solver.read(("name", file, name)))
        if not found and (file is None or file.endswith(b"/__init__.py")):
            inner = join_path(stem, name.encode())
            if self.files.modules.find_file(inner) or self.files.modules.is_directory(inner):
                return {("module", inner)}
        return found

    def _evaluate_attribute(self, path: bytes, number: int, expression: Expression) -> set[Value]:
        if (flow := self._find_overwriting(path, number, expression)) is not None:
            return set(self.read(path, flow))
        found: set[Value] = set()
        for value in self.read(path, expression.parts[0]):
            found |= self.read_attribute(value, expression.name)
        return found

    def read_attribute(self, value: Value, name: str) -> set[Value]:
        """Read an attribute of a value."""
        found: set[Value] = set()
        for inner in self.expand([value]):
            kind = inner[0]
            if kind == "module":
                found |= self.read_module_attribute(inner[1], name)
            elif kind == "external":
                found.add(("external", f"{inner[1]}.{name}"))
            elif kind == "constant":
                is_text = inner[1] == "str" or inner[1].startswith("'")
                found.add(("external", f"builtins.{'str' if is_text else 'int'}.{name}"))
            elif kind == "box":
                box = self.files.require(inner[1]).expressions[inner[2]].kind
                found.add(("external", f"builtins.{'dict' if box == 'mapping' else 'list'}.{name}"))
            else:
                found |= self.classes.read_attribute(inner, name)
        return found

    def _find_overwriting(self, path: bytes, number: int, expression: Expression) -> int | None:
        """Find the value that was given to exactly this attribute or item just before."""
        file = self.files.require(path)
        flows = file.members.get("[]" if expression.kind == "item" else expression.name, ())
        spelled = file.spell_path(number) if flows else ""
        if not spelled or spelled.count(".") > _MAX_PATH:
            return None
        flow = file.find_member_flow(flows, spelled, number)
        return flow.value if flow and flow.value != UNKNOWN else None

    def _evaluate_choice(self, path: bytes, _number: int, expression: Expression) -> set[Value]:
        return {value for part in expression.parts for value in self.read(path, part)}

    def _evaluate_instance(self, path: bytes, _number: int, expression: Expression) -> set[Value]:
        found: set[Value] = set()
        for value in self.expand(self.read(path, expression.parts[0])):
            if value[0] == "box":
                for part in self.read_content(value, None):
                    found |= self.instantiate(part)
            else:
                found |= self.instantiate(value)
        return found

    # ---- containers

    def read_content(self, value: Value, key: str | None) -> Iterable[Value]:
        """Read what a container holds at a key; at any key for None."""
        return self.solver.read(("content", value[1], value[2], key))

    def _evaluate_content(self, node: Node) -> Iterable[Value]:
        _, path, number, key = node
        file = self.files.require(path)
        box = file.expressions[number]
        found: set[Value] = set()
        for part in _select_parts(box, key):
            found |= self.read(path, part)
        items = file.members.get("[]", ())
        for flow in items if len(items) <= _MAX_ITEMS else ():
            target = file.expressions[flow.target]
            if ("box", path, number) not in self.read(path, target.parts[0]):
                continue
            keys = self._read_keys(path, target)
            if key is None or keys is None or key in keys:
                found |= self.read(path, flow.value)
        return found

    def _read_keys(self, path: bytes, item: Expression) -> set[str] | None:
        """Read the keys that an item may have; None where they are not known."""
        if item.name and item.name != ":":
            return {item.name}
        if item.name == ":" or len(item.parts) != 2:
            return None
        found = {
            value[1]
            for value in self.expand(self.read(path, item.parts[1]))
            if value[0] == "constant"
        }
        return found or None

    def _evaluate_item(self, path: bytes, number: int, expression: Expression) -> set[Value]:
        if (flow := self._find_overwriting(path, number, expression)) is not None:
            return set(self.read(path, flow))
        found: set[Value] = set()
        for value in self._expand_packed(self.read(path, expression.parts[0]), found):
            found.update(self._read_item(path, expression, value))
        return found

    def _read_item(self, path: bytes, expression: Expression, value: Value) -> Iterable[Value]:
        """Read an item of a value."""
        kind = value[0]
        if kind in ("box", "part"):
            return self._read_box_item(path, expression, value)
        if kind == "instance":
            return self.call_method(value, "__getitem__")
        if kind == "external" and value[1].startswith("typing."):
            return {v for part in expression.parts[1:] for v in self.read(path, part)}
        return (value,) if kind == "define" else ()

    def _read_box_item(self, path: bytes, expression: Expression, value: Value) -> set[Value]:
        if value[0] == "part":
            return set(self.read_content(value, None))
        if expression.name == ":":
            return {("part", *value[1:])}
        keys = self._read_keys(path, expression)
        return {v for key in keys or (None,) for v in self.read_content(value, key)}

    def _expand_packed(self, values: Iterable[Value], found: set[Value]) -> Iterator[Value]:
        """Expand parameters; what ``*args`` and ``**kwargs`` hold is found at once."""
        for value in values:
            if value[0] == "parameter" and self.arguments.is_packed(value):
                found |= set(self.expand([value]))
            else:
                yield from self.expand([value])

    def _evaluate_element(self, path: bytes, _number: int, expression: Expression) -> set[Value]:
        found: set[Value] = set()
        for value in self._expand_packed(self.read(path, expression.parts[0]), found):
            found |= self.read_element(value)
        return found

    def read_element(self, value: Value) -> set[Value]:
        """Read what an iteration over a value gives."""
        if value[0] in ("box", "part"):
            return set(self.read_content(value, None))
        if value[0] == "generator":
            return set(self.solver.read(("yields", *value[1:])))
        if value[0] == "mapped":
            return self._call_passed(value)
        found: set[Value] = set()
        if value[0] == "instance":
            for iterator in self.call_method(value, "__iter__"):
                if iterator[0] == "instance":
                    found |= self.call_method(iterator, "__next__")
                elif iterator[0] == "generator":
                    found |= self.read_element(iterator)
        return found

    def _evaluate_enter(self, path: bytes, _number: int, expression: Expression) -> set[Value]:
        found: set[Value] = set()
        for value in self.expand(self.read(path, expression.parts[0])):
            if value[0] == "instance":
                found |= self.call_method(value, "__enter__")
            elif value[0] == "generator":
                found |= self.solver.read(("yields", *value[1:]))
            elif value[0] == "external":
                found.add(value)
        return found

    # ---- calls

    def call_method(self, receiver: Value, name: str) -> set[Value]:
        """Read what a method without arguments gives."""
        found: set[Value] = set()
        for method in self.read_attribute(receiver, name):
            if method[0] == "bound":
                found |= self._read_results(method[1:3], method[3], None)
        return found

    def _evaluate_call(self, path: bytes, number: int, expression: Expression) -> set[Value]:
        callees = self.read(path, expression.parts[0])
        found: set[Value] = set()
        for callee in self.expand(callees):
            found |= self.call_value(callee, (path, number))
        if expression.kind == "decorated":
            inner = self.read(path, expression.parts[1])
            return self._keep_function(found, inner, callees)
        return found

    def _keep_function(
        self, found: set[Value], inner: Iterable[Value], callees: Iterable[Value]
    ) -> set[Value]:
        """Give what a decorator makes; where that is not known, the function itself."""
        is_outside = any(callee[0] == "external" for callee in callees)
        kept = set()
        for value in found:
            is_wrapper = value[0] == "define" and "wraps" in self.get_flags(value)
            kept |= set(inner) if is_wrapper else {value}
        return kept if kept and not is_outside else set(inner)

    def instantiate(self, value: Value) -> set[Value]:
        """Give an instance of a class."""
        return self.classes.instantiate(value)

    def get_flags(self, value: Value) -> list[str]:
        """Get the flags of a definition."""
        return self.files.require(value[1]).scopes[value[2]].flags.split()

    def call_value(self, callee: Value, site: Site | None) -> set[Value]:
        """Read what the call of a value gives."""
        kind = callee[0]
        if kind == "external":
            return call_external(self, callee[1], site) if site else set()
        if kind == "partial":
            return self._call_passed(callee)
        if kind == "instance":
            methods = self.read_attribute(callee, "__call__")
            return {v for method in methods for v in self.call_value(method, site)}
        return self._call_function(callee, site) if kind in ("define", "bound") else set()

    def _call_function(self, callee: Value, site: Site | None) -> set[Value]:
        _, path, scope, *receiver = callee
        if site is not None:
            self.arguments.note_call(callee, site)
        if self.files.require(path).scopes[scope].kind == "class":
            return {("instance", path, scope)}
        return self._read_results((path, scope), receiver[0] if receiver else None, site)

    def _call_passed(self, value: Value) -> set[Value]:
        """Read what the functions give that are passed to ``partial`` or ``map``."""
        kind, path, number = value
        parts = self.files.require(path).expressions[number].parts[1:]
        found: set[Value] = set()
        for part in parts[:1] if kind == "partial" else parts:
            for callee in self.expand(self.read(path, part)):
                if callee[0] in ("define", "bound"):
                    found |= self.call_value(callee, (path, number))
        return found

    def _read_results(
        self, function: tuple[bytes, int], receiver: Value | None, site: Site | None
    ) -> set[Value]:
        """Read what a function returns, with what this call passes."""
        path, scope = function
        if "generator" in self.files.require(path).scopes[scope].flags.split():
            return {("generator", path, scope)}
        found: set[Value] = set()
        for value in self.solver.read(("returns", path, scope)):
            if value[0] == "parameter" and value[1:3] == function:
                found |= self.arguments.read_argument(value, receiver, site)
            else:
                found.add(value)
        return found

    def _evaluate_returns(self, node: Node) -> Iterable[Value]:
        _, path, scope = node
        file = self.files.require(path)
        parts = file.scopes[scope].returns
        return {value for part in parts for value in self.read(path, part)}

    def _evaluate_yields(self, node: Node) -> Iterable[Value]:
        _, path, scope = node
        file = self.files.require(path)
        found: set[Value] = set()
        for part in file.scopes[scope].returns:
            if part >= 0 and file.expressions[part].kind == "yielded":
                found |= self.read(path, file.expressions[part].parts[0])
        return found


def _select_parts(box: Expression, key: str | None) -> Iterable[int]:
    """Select the parts of a container that a key may mean."""
    if box.kind == "mapping":
        keys = box.name.split(" ") if box.name else []
        pairs = zip(keys, box.parts, strict=False)
        return [part for name, part in pairs if key is None or name in (key, "?")]
    if not key or not key.isdecimal() or box.name == "set":
        return box.parts
    return box.parts[int(key) : int(key) + 1] if len(key) < _LONGEST_INDEX else ()
