"""Follow the names in a view to the classes that they mean.

If a name has several definitions (a class in ``if``, an import in ``try``), it means all of them; a
name that cannot be followed (to another package, an assignment, run time) means none.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.query.relations.modules import PACKAGE, ModuleFinder, join_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.query.relations.outlines import ViewOutlines

    #: Path of a file, and index of a class in it.
    ClassKey = tuple[bytes, int]

#: Limits against cycles, and against files that are made to take long.
_MAX_STEPS = 100
_MAX_NAME = 500


class NameResolver:
    """Follows names from file to file."""

    def __init__(self, files: ViewOutlines) -> None:
        self._files = files
        self._modules = ModuleFinder(files)

    def find_classes(self, path: bytes, scope: str, name: str) -> list[ClassKey]:
        """Find the classes that a name may mean."""
        outline = self._files.get_outline(path)
        if outline is None or len(name) > _MAX_NAME:
            return []
        while scope:
            if found := outline.indices_by_name.get(f"{scope}.{name}"):
                return [(path, number) for number in found]
            scope = scope.rpartition(".")[0]
        return list(dict.fromkeys(self._look_up_name(path, tuple(name.split(".")), set())))

    def find_module(self, path: bytes, module: str, target: str) -> bytes | None:
        """Find the file that an import runs."""
        dot = "" if module.endswith(".") else "."
        stems = [self._modules.find_stem(path, f"{module}{dot}{target}")] if target else []
        stems.append(self._modules.find_stem(path, module))
        return next(
            (
                file
                for stem in stems
                if stem is not None and (file := self._modules.find_file(stem))
            ),
            None,
        )

    def _look_up_name(
        self, path: bytes, name: tuple[str, ...], seen: set[tuple[bytes, tuple[str, ...]]]
    ) -> Iterator[ClassKey]:
        """Look up a dotted name in the names of a module."""
        outline = self._files.get_outline(path)
        if outline is None or (path, name) in seen or len(seen) == _MAX_STEPS:
            return
        seen.add((path, name))
        for number in outline.indices_by_name.get(".".join(name), ()):
            yield path, number
        for bound in outline.imports.get(name[0], ()):
            stem, rest = self._follow_import(path, name, bound)
            if stem is not None:
                yield from self._search_submodules(stem, rest, seen)
        for file in self._find_star_imports(path, outline.stars, name[0]):
            yield from self._look_up_name(file, name, seen)

    def _follow_import(
        self, path: bytes, name: tuple[str, ...], bound: tuple[str, str]
    ) -> tuple[bytes | None, tuple[str, ...]]:
        """Find the module that an import means, and the rest of the name to look up in it."""
        module, target = bound
        if target:
            stem = self._modules.find_stem(path, module)
            if stem is not None:
                return stem, (target, *name[1:])
            # A directory without an ``__init__.py`` is not a file, but its modules are.
            return self._modules.find_stem(path, f"{module}.{target}"), name[1:]
        stem = self._modules.find_stem(path, module)
        first, *others = module.split(".")
        if stem is not None and others and name[0] == first:
            # ``import a.b`` binds ``a``.
            stem = stem[: -len("/".join(["", *others]).encode())]
        return stem, name[1:]

    def _search_submodules(
        self, stem: bytes, name: tuple[str, ...], seen: set[tuple[bytes, tuple[str, ...]]]
    ) -> Iterator[ClassKey]:
        """Look up a name in a module, and the rest of it in its submodules."""
        while name:
            file = self._modules.find_file(stem)
            found = [] if file is None else list(self._look_up_name(file, name, seen))
            if found:
                yield from found
                return
            if file is not None and not file.endswith(PACKAGE):
                return
            stem, name = join_path(stem, name[0].encode()), name[1:]

    def _find_star_imports(self, path: bytes, modules: list[str], name: str) -> Iterator[bytes]:
        """Find the files from which a star import brings a name."""
        for module in modules:
            stem = self._modules.find_stem(path, module)
            file = None if stem is None else self._modules.find_file(stem)
            outline = None if file is None else self._files.get_outline(file)
            if file is None or outline is None:
                continue
            if name[:1] != "_" if outline.exports is None else name in outline.exports:
                yield file
