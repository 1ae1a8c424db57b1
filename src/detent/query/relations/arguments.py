"""What callers pass: parameters of functions, and the arguments of calls."""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.core.references import Expression
    from detent.query.relations.values import Evaluation, Node, Site, Value

    #: A function, and a call of it with the value that the method was taken from.
    Function = tuple[bytes, int]
    Caller = tuple[bytes, int, Value | None]

#: A function that more files call is passed too many things to follow.
_MAX_FILES = 3
#: In a file with more calls, only those are followed that name the function.
_MAX_CALLS = 200


class Arguments:
    """The rules of parameters."""

    def __init__(self, evaluator: Evaluation) -> None:
        self._evaluator = evaluator
        self._callers: dict[Function, set[Caller]] = {}
        self._requested: set[Function] = set()

    def is_packed(self, value: Value) -> bool:
        """Tell whether a parameter is ``*args`` or ``**kwargs``."""
        _, path, scope, number = value
        owner = self._evaluator.files.require(path).scopes[scope]
        return owner.stars[owner.parameters.index(number)] in "aw"

    def evaluate_parameter(self, node: Node) -> Iterable[Value]:
        """Compute what a parameter may be."""
        _, path, scope, number = node
        evaluator = self._evaluator
        file = evaluator.files.require(path)
        owner = file.find_receiver_class(scope, number)
        found: set[Value] = set()
        if owner is not None:
            is_class = "classmethod" in file.scopes[scope].flags or file.scopes[scope].name in (
                "__new__",
                "__init_subclass__",
                "__class_getitem__",
            )
            found.add(("define" if is_class else "instance", path, owner))
        annotation, default = file.expressions[number].parts
        found |= evaluator.read(path, default)
        for value in evaluator.read(path, annotation):
            found |= evaluator.instantiate(value)
        self._request_callers(path, scope)
        for site_path, site, receiver in sorted(self._callers.get((path, scope), ()), key=repr):
            found |= self.read_argument(node, receiver, (site_path, site))
        return found

    def _request_callers(self, path: bytes, scope: int) -> None:
        """Have all calls evaluated that may be of a function."""
        if (path, scope) in self._requested:
            return
        self._requested.add((path, scope))
        files = self._evaluator.files
        calls = files.require(path).calls
        names = self._list_names(path, scope)
        for name in calls if self._is_small(path) else names:
            self._request_calls(path, calls.get(name, ()))
        for name in names:
            others = self._list_others(path, name)
            if len(others) <= _MAX_FILES:
                files.load(others)
                for other in others:
                    file = files.get(other)
                    self._request_calls(other, file.calls.get(name, ()) if file else ())

    def _request_calls(self, path: bytes, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._evaluator.solver.request(("expression", path, number))

    def _list_names(self, path: bytes, scope: int) -> list[str]:
        """List the names by which a function is called."""
        scopes = self._evaluator.files.require(path).scopes
        own = scopes[scope]
        if own.kind == "lambda":
            return []
        return [scopes[own.parent].name] if own.name == "__init__" else [own.name]

    def note_call(self, callee: Value, site: Site) -> None:
        """Remember who calls a function."""
        for path, scope, receiver in self._list_functions(callee):
            callers = self._callers.setdefault((path, scope), set())
            if (*site, receiver) not in callers and self._is_followed(site, (path, scope)):
                callers.add((*site, receiver))
                self._touch_parameters(path, scope)

    def _is_followed(self, site: Site, function: Function) -> bool:
        """Tell whether what a call passes is followed: whatever is asked, the same calls are."""
        path, scope = function
        if site[0] == path and self._is_small(path):
            return True
        name = self._name_site(site)
        if name not in self._list_names(path, scope):
            return False
        return site[0] == path or len(self._list_others(path, name)) <= _MAX_FILES

    def _is_small(self, path: bytes) -> bool:
        calls = self._evaluator.files.require(path).calls
        return sum(map(len, calls.values())) <= _MAX_CALLS

    def _list_others(self, path: bytes, name: str) -> list[bytes]:
        return [other for other in self._evaluator.files.find_mentions(name) if other != path]

    def _touch_parameters(self, path: bytes, scope: int) -> None:
        for number in self._evaluator.files.require(path).scopes[scope].parameters:
            self._evaluator.solver.recompute(("parameter", path, scope, number))

    def _name_site(self, site: Site) -> str:
        file = self._evaluator.files.require(site[0])
        return file.name_callee(file.expressions[site[1]])

    def _list_functions(self, callee: Value) -> Iterator[tuple[bytes, int, Value | None]]:
        """List the functions that a call runs: of a class, its ``__init__``."""
        _, path, scope, *receiver = callee
        evaluator = self._evaluator
        if evaluator.files.require(path).scopes[scope].kind != "class":
            yield path, scope, receiver[0] if receiver else None
            return
        instance = ("instance", path, scope)
        for method in evaluator.read_attribute(instance, "__init__"):
            if method[0] == "bound":
                yield method[1], method[2], instance

    def read_argument(
        self, parameter: Value, receiver: Value | None, site: Site | None
    ) -> set[Value]:
        """Read what a call passes for a parameter."""
        _, path, scope, number = parameter
        owner = self._evaluator.files.require(path).scopes[scope]
        index = owner.parameters.index(number)
        if receiver is not None:
            if index == 0 and owner.stars[0] in "pn":
                return {receiver}
            index -= 1
        if site is None:
            return set()
        call = self._evaluator.files.require(site[0]).expressions[site[1]]
        name = self._evaluator.files.require(path).expressions[number].name
        stars = owner.stars if receiver is None else owner.stars[1:]
        return self._match_arguments(site[0], call, (name, stars, index))

    def _match_arguments(
        self, path: bytes, call: Expression, wanted: tuple[str, str, int]
    ) -> set[Value]:
        """Read what a call passes for the parameter of a name, at an index among letters."""
        found: set[Value] = set()
        keywords = call.name.split(" ") if call.name else []
        values = call.parts[1:]
        if call.kind == "call" and self._is_partial(path, call):
            keywords, values = keywords[1:], values[1:]
        position = 0
        for keyword, value in zip(keywords, values, strict=False):
            if keyword == "*":
                found |= self._read_unpacked(path, value, position=position, wanted=wanted)
            elif keyword == "**":
                found |= self._read_elements(path, value, f"'{wanted[0]}'")
            elif _accepts(wanted, keyword, position):
                found |= self._evaluator.read(path, value)
            position += keyword == "-"
        return found

    def _read_unpacked(
        self, path: bytes, value: int, *, position: int, wanted: tuple[str, str, int]
    ) -> set[Value]:
        _, stars, index = wanted
        is_positional = index >= position and stars[index : index + 1] in ("p", "n", "a")
        return self._read_elements(path, value, index - position) if is_positional else set()

    def _is_partial(self, path: bytes, call: Expression) -> bool:
        return ("external", "functools.partial") in self._evaluator.read(path, call.parts[0])

    def _read_elements(self, path: bytes, number: int, key: int | str) -> set[Value]:
        found: set[Value] = set()
        values = self._evaluator.read(path, number)
        packed = {value for value in values if value[0] == "parameter" and self.is_packed(value)}
        for value in self._evaluator.expand(values - packed):
            if value[0] == "box":
                found |= set(self._evaluator.read_content(value, str(key)))
        return found.union(self._evaluator.expand(packed))


def _accepts(wanted: tuple[str, str, int], keyword: str, position: int) -> bool:
    """Tell whether an argument goes to a parameter."""
    name, stars, index = wanted
    star = stars[index : index + 1]
    if keyword != "-":
        return star == "w" or keyword == name
    return position == index if star in ("p", "n") else star == "a" and position >= index
