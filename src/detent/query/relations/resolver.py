"""Follow the names in a view to the classes that they mean.

Modules are found by their paths, as Python finds them from the directory that contains the top
package: the first directory above a file without an ``__init__.py``. Nothing is imported or run.
If a name has several definitions (a class in ``if``, an import in ``try``), it means all of them; a
name that cannot be followed (to another package, an assignment, run time) means none.
"""

from __future__ import annotations

from functools import cached_property

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.query.relations.outlines import ViewOutlines

    #: Path of a file, and index of a class in it.
    ClassKey = tuple[bytes, int]

_PACKAGE = b"/__init__.py"
#: Limits against cycles, and against files that are made to take long.
_MAX_STEPS = 100
_MAX_NAME = 500


class NameResolver:
    """Follows names from file to file."""

    def __init__(self, files: ViewOutlines) -> None:
        self._files = files
        self._stems: dict[tuple[bytes, str], bytes | None] = {}

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
        stems = [self._find_stem(path, f"{module}{dot}{target}")] if target else []
        stems.append(self._find_stem(path, module))
        return next(
            (file for stem in stems if stem is not None and (file := self._find_file(stem))), None
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
            stem = self._find_stem(path, module)
            if stem is not None:
                return stem, (target, *name[1:])
            # A directory without an ``__init__.py`` is not a file, but its modules are.
            return self._find_stem(path, f"{module}.{target}"), name[1:]
        stem = self._find_stem(path, module)
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
            file = self._find_file(stem)
            found = [] if file is None else list(self._look_up_name(file, name, seen))
            if found:
                yield from found
                return
            if file is not None and not file.endswith(_PACKAGE):
                return
            stem, name = _join_path(stem, name[0].encode()), name[1:]

    def _find_star_imports(self, path: bytes, modules: list[str], name: str) -> Iterator[bytes]:
        """Find the files from which a star import brings a name."""
        for module in modules:
            stem = self._find_stem(path, module)
            file = None if stem is None else self._find_file(stem)
            outline = None if file is None else self._files.get_outline(file)
            if file is None or outline is None:
                continue
            if name[:1] != "_" if outline.exports is None else name in outline.exports:
                yield file

    def _find_file(self, stem: bytes) -> bytes | None:
        """Find the file of a module; None for a directory without one."""
        for file in (_join_path(stem, _PACKAGE[1:]), stem + b".py"):
            if file in self._files.paths:
                return file
        return None

    def _find_stem(self, path: bytes, module: str) -> bytes | None:
        """Find a module as a file sees it: its path without ``.py`` or ``/__init__.py``."""
        if module[:1] == ".":
            return _resolve_relative(path, module)
        key = (path.rpartition(b"/")[0], module)
        if key not in self._stems:
            tail = module.replace(".", "/").encode()
            self._stems[key] = self._find_nearby(path, tail) or self._find_elsewhere(path, tail)
        return self._stems[key]

    def _find_nearby(self, path: bytes, tail: bytes) -> bytes | None:
        """Find a module beside the top package of a file, or further up."""
        root = path.rpartition(b"/")[0]
        while root and root + _PACKAGE in self._files.paths:
            root = root.rpartition(b"/")[0]
        while self._find_file(stem := _join_path(root, tail)) is None:
            if not root:
                return None
            root = root.rpartition(b"/")[0]
        return stem

    def _find_elsewhere(self, path: bytes, tail: bytes) -> bytes | None:
        """Find a package elsewhere, such as in ``src``: the nearest one, if there is only one."""
        first, _, rest = tail.partition(b"/")
        found: dict[int, list[bytes]] = {}
        for root in self._roots.get(first, ()):
            stem = _join_path(root, tail)
            if not rest or self._find_file(stem) is not None:
                found.setdefault(_count_common(root, path), []).append(stem)
        nearest = found[max(found)] if found else []
        return nearest[0] if len(nearest) == 1 else None

    @cached_property
    def _roots(self) -> dict[bytes, list[bytes]]:
        """The directories that hold a top package, by its name."""
        packages = {path[: -len(_PACKAGE)] for path in self._files.paths if path.endswith(_PACKAGE)}
        found: dict[bytes, list[bytes]] = {}
        for package in sorted(packages):
            root, _, name = package.rpartition(b"/")
            if root not in packages:
                found.setdefault(name, []).append(root)
        return found


def _resolve_relative(path: bytes, module: str) -> bytes | None:
    """Follow the leading dots of a module's name."""
    bare = module.lstrip(".")
    directory = path.rpartition(b"/")[0]
    for _ in range(len(module) - len(bare) - 1):
        if not directory:
            return None
        directory = directory.rpartition(b"/")[0]
    return _join_path(directory, bare.replace(".", "/").encode())


def _join_path(directory: bytes, rest: bytes) -> bytes:
    return directory + b"/" + rest if directory and rest else directory or rest


def _count_common(directory: bytes, path: bytes) -> int:
    """Count the leading directories that a directory shares with the path of a file."""
    count = 0
    for left, right in zip(directory.split(b"/"), path.split(b"/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
