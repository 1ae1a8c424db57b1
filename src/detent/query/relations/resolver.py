"""Names of a view followed to the classes that they mean.

Modules are found by their paths alone, as Python would from the directory that holds the top
package: a directory without an ``__init__.py`` above a file is taken for such a place. Nothing is
imported or run. What several names could mean (a class in ``if``, an import in ``try``) is all of
them; what cannot be followed (other packages, assignments, names made at run time) is nothing.
"""

from __future__ import annotations

from functools import cached_property

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.query.relations.outlines import Outlines

    #: Path of a file, and index of a class in it.
    Place = tuple[bytes, int]

_PACKAGE = b"/__init__.py"
#: A name that is handed on so often, or so long, is a cycle or meant to keep us busy.
_STEPS = 100
_LONGEST = 500


class Names:
    """Follows names from file to file.

    Parameters
    ----------
    files : Outlines
        The view.
    """

    def __init__(self, files: Outlines) -> None:
        self._files = files
        self._stems: dict[tuple[bytes, str], bytes | None] = {}

    def classes(self, path: bytes, scope: str, name: str) -> list[Place]:
        """Find the classes that a name may mean.

        Parameters
        ----------
        path : bytes
            The file that uses the name.
        scope : str
            Qualified name of what encloses the place; empty for the module.
        name : str
            The dotted name as written.

        Returns
        -------
        list of (bytes, int)
            Path and symbol of each; empty where the name cannot be followed.
        """
        outline = self._files.outline(path)
        if outline is None or len(name) > _LONGEST:
            return []
        while scope:
            if found := outline.named.get(f"{scope}.{name}"):
                return [(path, number) for number in found]
            scope = scope.rpartition(".")[0]
        return list(dict.fromkeys(self._lookup(path, tuple(name.split(".")), set())))

    def module(self, path: bytes, module: str, target: str) -> bytes | None:
        """Find the file that an import runs.

        Parameters
        ----------
        path : bytes
            The file that imports.
        module, target : str
            As in `detent.core.model.Binding`.

        Returns
        -------
        bytes or None
            The module `target` of the package where it is one, else `module` itself; None where
            the view has neither.
        """
        dot = "" if module.endswith(".") else "."
        stems = [self._stem(path, f"{module}{dot}{target}")] if target else []
        stems.append(self._stem(path, module))
        return next(
            (file for stem in stems if stem is not None and (file := self._file(stem))), None
        )

    def _lookup(
        self, path: bytes, name: tuple[str, ...], seen: set[tuple[bytes, tuple[str, ...]]]
    ) -> Iterator[Place]:
        """Look up a dotted name in the names of a module."""
        outline = self._files.outline(path)
        if outline is None or (path, name) in seen or len(seen) == _STEPS:
            return
        seen.add((path, name))
        for number in outline.named.get(".".join(name), ()):
            yield path, number
        for bound in outline.imports.get(name[0], ()):
            stem, rest = self._import(path, name, bound)
            if stem is not None:
                yield from self._descend(stem, rest, seen)
        for file in self._starred(path, outline.stars, name[0]):
            yield from self._lookup(file, name, seen)

    def _import(
        self, path: bytes, name: tuple[str, ...], bound: tuple[str, str]
    ) -> tuple[bytes | None, tuple[str, ...]]:
        """Find the module that an import means, and what of the name is to be looked up in it."""
        module, target = bound
        if target:
            stem = self._stem(path, module)
            if stem is not None:
                return stem, (target, *name[1:])
            # A directory without an ``__init__.py`` is no file, but its modules are.
            return self._stem(path, f"{module}.{target}"), name[1:]
        stem = self._stem(path, module)
        first, *others = module.split(".")
        if stem is not None and others and name[0] == first:
            # ``import a.b`` binds ``a``.
            stem = stem[: -len("/".join(["", *others]).encode())]
        return stem, name[1:]

    def _descend(
        self, stem: bytes, name: tuple[str, ...], seen: set[tuple[bytes, tuple[str, ...]]]
    ) -> Iterator[Place]:
        """Look up a name in a module, and the rest of it in its submodules."""
        while name:
            file = self._file(stem)
            found = [] if file is None else list(self._lookup(file, name, seen))
            if found:
                yield from found
                return
            if file is not None and not file.endswith(_PACKAGE):
                return
            stem, name = _join(stem, name[0].encode()), name[1:]

    def _starred(self, path: bytes, modules: list[str], name: str) -> Iterator[bytes]:
        """Find the files whose star import brings a name."""
        for module in modules:
            stem = self._stem(path, module)
            file = None if stem is None else self._file(stem)
            outline = None if file is None else self._files.outline(file)
            if file is None or outline is None:
                continue
            if name[:1] != "_" if outline.exports is None else name in outline.exports:
                yield file

    def _file(self, stem: bytes) -> bytes | None:
        """Give the file of a module; None for a directory without one."""
        for file in (_join(stem, _PACKAGE[1:]), stem + b".py"):
            if file in self._files.paths:
                return file
        return None

    def _stem(self, path: bytes, module: str) -> bytes | None:
        """Find a module as a file sees it: its path without ``.py`` or ``/__init__.py``."""
        if module[:1] == ".":
            return _relative(path, module)
        key = (path.rpartition(b"/")[0], module)
        if key not in self._stems:
            tail = module.replace(".", "/").encode()
            self._stems[key] = self._near(path, tail) or self._far(path, tail)
        return self._stems[key]

    def _near(self, path: bytes, tail: bytes) -> bytes | None:
        """Find a module beside the top package of a file, or further up."""
        root = path.rpartition(b"/")[0]
        while root and root + _PACKAGE in self._files.paths:
            root = root.rpartition(b"/")[0]
        while self._file(stem := _join(root, tail)) is None:
            if not root:
                return None
            root = root.rpartition(b"/")[0]
        return stem

    def _far(self, path: bytes, tail: bytes) -> bytes | None:
        """Find a package anywhere else, such as in ``src``; the nearest, if that is only one."""
        first, _, rest = tail.partition(b"/")
        found: dict[int, list[bytes]] = {}
        for root in self._roots.get(first, ()):
            stem = _join(root, tail)
            if not rest or self._file(stem) is not None:
                found.setdefault(_in_common(root, path), []).append(stem)
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


def _relative(path: bytes, module: str) -> bytes | None:
    """Follow the leading dots of a module's name."""
    bare = module.lstrip(".")
    directory = path.rpartition(b"/")[0]
    for _ in range(len(module) - len(bare) - 1):
        if not directory:
            return None
        directory = directory.rpartition(b"/")[0]
    return _join(directory, bare.replace(".", "/").encode())


def _join(directory: bytes, rest: bytes) -> bytes:
    return directory + b"/" + rest if directory and rest else directory or rest


def _in_common(one: bytes, other: bytes) -> int:
    """Count the directories that two paths have in common."""
    count = 0
    for left, right in zip(one.split(b"/"), other.split(b"/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
