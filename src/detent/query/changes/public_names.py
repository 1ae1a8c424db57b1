"""The names that a user of the packages in a view sees, and what they mean."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.query.changes.pairs import PlacedSymbol
from detent.query.relations.modules import PACKAGE, ModuleFinder, join_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from detent.core.model import Binding, BlobKey, FileFacts, Symbol

    #: A file and the number of a symbol in it.
    Place = tuple[bytes, int]

#: So many files at most are passed on the way from a name to its definition.
_MOST_STEPS = 20
_MOST_BASES = 50
_STUB = b".pyi"
_SECONDARY = ("overload", "setter")


class PublicName(NamedTuple):
    """A public name, and what it means."""

    name: str  # with the names of its packages and modules
    placed: PlacedSymbol | None  # None for what is no class, function or module of the view
    is_inherited: bool = False  # whether a base class defines it


class _StubFinder(ModuleFinder):
    """Finds modules; the stub of those that are not written in Python."""

    def find_file(self, stem: bytes) -> bytes | None:
        """Find the file of a module: its code, else its stub."""
        stubs = (stem + _STUB, stem + PACKAGE + b"i")
        found = (stub for stub in stubs if stub in self._files.paths)
        return super().find_file(stem) or next(found, None)


class PublicNameFinder:
    """Finds the public names of a view.

    A module is public unless its name or that of a package around it has a leading underscore. Its
    public names are those in ``__all__``; without one, what it defines without a leading
    underscore, and for a package also what its ``__init__.py`` imports from the view.
    """

    def __init__(
        self,
        paths: Mapping[bytes, BlobKey],
        facts: Mapping[bytes, FileFacts],
        is_public: Callable[[bytes], bool],
    ) -> None:
        self.paths = paths
        self._facts = facts
        self._is_public = is_public
        self._modules = _StubFinder(self)
        self._paths_by_module: dict[str, bytes] = {}
        self._members: dict[bytes, dict[int, dict[str, int]]] = {}
        self._found: dict[tuple[bytes, str], Place | None] = {}

    def list_names(self) -> dict[str, PublicName]:
        """List the public names of all public modules, classes with their members."""
        found: dict[str, PublicName] = {}
        for path in sorted(self._facts):
            module = self._name_module(path)
            has_code = path.endswith(_STUB) and path[:-1] in self._facts
            if not module or has_code or not self._is_public(path):
                continue
            found.setdefault(module, PublicName(module, self._place((path, 0))))
            self._paths_by_module.setdefault(module, path)
            for name in self._list_module_names(path):
                self._add_name(found, f"{module}.{name}", self._resolve(path, name))
        return found

    def may_have(self, name: str) -> bool:
        """Tell whether a module may have a name through several star imports.

        A module that collects the names of others often adds to ``__all__`` in ways that cannot
        be read.
        """
        module, _, last = name.rpartition(".")
        path = self._paths_by_module.get(module)
        if path is None:
            return False
        bindings = self._facts[path].bindings
        direct = {self._find_module(path, x.module) for x in bindings if x.name == "*"}
        found = [self._resolve(file, last) for file in direct if file is not None]
        return any(place is not None and place[0] not in direct for place in found)

    def _name_module(self, path: bytes) -> str:
        """Give the dotted name of a public module; empty if it is none, or in no package."""
        stem = path[: -len(PACKAGE)] if path.endswith(PACKAGE) else path.rpartition(b".")[0]
        root = stem.rpartition(b"/")[0]
        while root and root + PACKAGE in self.paths:
            root = root.rpartition(b"/")[0]
        parts = stem[len(root) :].strip(b"/").decode("utf-8", "replace").split("/")
        is_importable = path.endswith(PACKAGE) or len(parts) > 1 or root in (b"", b"src")
        is_public = all(part.isidentifier() and part[0] != "_" for part in parts)
        return ".".join(parts) if is_importable and is_public else ""

    def _list_module_names(self, path: bytes, depth: int = 0) -> list[str]:
        """List the public names of a module."""
        facts = self._facts[path]
        if facts.exports is not None:
            return list(dict.fromkeys(facts.exports))
        names = [x.name for x in facts.symbols[1:] if x.parent == 0 and x.name[0] != "_"]
        for binding in facts.bindings:
            if binding.symbol == 0 and depth < _MOST_STEPS:
                names += self._list_imported_names(path, binding, depth)
        return list(dict.fromkeys(names))

    def _list_imported_names(self, path: bytes, binding: Binding, depth: int) -> list[str]:
        """List the names that an import makes public."""
        file = self._find_module(path, binding.module)
        if file is None:
            return []
        if binding.name == "*":
            return self._list_module_names(file, depth + 1)
        is_shown = path.endswith(PACKAGE) and binding.target and binding.name[0] != "_"
        return [binding.name] if is_shown else []

    def _find_module(self, path: bytes, module: str) -> bytes | None:
        """Find the file of a module as a file sees it, if it has facts."""
        stem = self._modules.find_stem(path, module)
        return None if stem is None else self._find_file(stem)

    def _find_file(self, stem: bytes) -> bytes | None:
        """Find the file of a module by its path without a suffix, if it has facts."""
        file = self._modules.find_file(stem)
        return file if file in self._facts else None

    def _add_name(self, found: dict[str, PublicName], name: str, place: Place | None) -> None:
        """Add a name; of a class, its members too. What is a module is listed by itself."""
        if name in found:
            return
        placed = None if place is None else self._place(place)
        found[name] = PublicName(name, placed)
        if place is None or placed is None or placed.symbol.kind != "class":
            return
        for member, where in self._list_members(place).items():
            inherited = where[0] != place[0] or self._get_symbol(where).parent != place[1]
            found[f"{name}.{member}"] = PublicName(
                f"{name}.{member}", self._place(where), inherited
            )

    def _get_members(self, path: bytes, number: int) -> dict[str, int]:
        if path not in self._members:
            self._members[path] = _index_members(self._facts[path])
        return self._members[path].get(number, {})

    def _get_symbol(self, place: Place) -> Symbol:
        return self._facts[place[0]].symbols[place[1]]

    def _place(self, place: Place) -> PlacedSymbol:
        symbols = self._facts[place[0]].symbols
        symbol = symbols[place[1]]
        owner = symbols[symbol.parent].qualname if symbol.parent > 0 else ""
        return PlacedSymbol(place[0], symbol, owner)

    def _resolve(self, path: bytes, name: str, depth: int = 0) -> Place | None:
        """Find the definition of a name of a module; of a module, its first symbol."""
        key = path, name
        if key not in self._found:
            self._found[key] = None  # what leads back here leads nowhere
            if depth < _MOST_STEPS:
                self._found[key] = self._look_up(path, name, depth)
        return self._found[key]

    def _look_up(self, path: bytes, name: str, depth: int) -> Place | None:
        facts = self._facts[path]
        number = self._get_members(path, 0).get(name)
        if number is not None:
            return path, number
        own = [x for x in reversed(facts.bindings) if x.symbol == 0 and x.name in (name, "*")]
        for binding in sorted(own, key=lambda x: x.name == "*"):
            # A star import may bring any name.
            target = binding.target if binding.name == name else name
            found = self._follow_import(path, (binding.module, target), depth)
            if found is not None or binding.name == name:
                return found
        if path + b"i" in self._facts:  # what is not written in Python has a stub
            return self._resolve(path + b"i", name, depth + 1)
        return self._find_submodule(path, name)

    def _follow_import(self, path: bytes, imported: tuple[str, str], depth: int) -> Place | None:
        module, target = imported
        file = self._find_module(path, module)
        if not target:
            return None if file is None else (file, 0)
        if file is not None:
            return self._resolve(file, target, depth + 1)
        stem = self._modules.find_stem(path, module)
        file = None if stem is None else self._find_file(join_path(stem, target.encode()))
        return None if file is None else (file, 0)

    def _find_submodule(self, path: bytes, name: str) -> Place | None:
        directory, _, name_of_file = path.rpartition(b"/")
        if not name_of_file.startswith(PACKAGE[1:]):
            return None
        file = self._find_file(join_path(directory, name.encode()))
        return None if file is None else (file, 0)

    def _list_members(self, place: Place) -> dict[str, Place]:
        """List the public members of a class, those of its bases too."""
        found: dict[str, Place] = {}
        waiting, seen = [place], set[tuple[bytes, int]]()
        while waiting and len(seen) < _MOST_BASES:
            path, number = here = waiting.pop(0)
            if here in seen:
                continue
            seen.add(here)
            for name, member in self._get_members(path, number).items():
                if _is_shown(name):
                    found.setdefault(name, (path, member))
            waiting[:0] = self._list_bases(here)
        return found

    def _list_bases(self, place: Place) -> Iterator[Place]:
        """Find the bases of a class in the view."""
        path, _ = place
        for base in self._get_symbol(place).bases:
            first, *rest = base.partition("[")[0].split(".")
            here = self._resolve(path, first)
            for part in rest:
                is_module = here is not None and here[1] == 0
                here = self._resolve(here[0], part) if here is not None and is_module else None
            if here is not None and self._get_symbol(here).kind == "class":
                yield here


def _index_members(facts: FileFacts) -> dict[int, dict[str, int]]:
    """Index definitions by what they are in: of several, the last one that says what it does."""
    found: dict[int, dict[str, int]] = {}
    for is_secondary in (True, False):
        for number, symbol in enumerate(facts.symbols):
            if (symbol.role in _SECONDARY) is is_secondary:
                found.setdefault(symbol.parent, {})[symbol.name] = number
    return found


def _is_shown(name: str) -> bool:
    """Tell whether a member of a class is public."""
    return name[:1] != "_" or (name[:2] == "__" == name[-2:] and len(name) > 4)
