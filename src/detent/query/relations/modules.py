"""Find the files of modules by their paths.

Modules are found as Python finds them from the directory that contains the top package: the first
directory above a file without an ``__init__.py``. Nothing is imported or run.
"""

from __future__ import annotations

from functools import cached_property

from detent import TYPE_CHECKING
from detent.core.namedtuple import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import BlobKey

PACKAGE = b"/__init__.py"


class FileTable(Protocol):
    """The files of a view."""

    @property
    def paths(self) -> Mapping[bytes, BlobKey]:
        """All files, with their blobs."""


class ModuleFinder:
    """Finds modules among the files of a view."""

    def __init__(self, files: FileTable) -> None:
        self._files = files
        self._stems: dict[tuple[bytes, str], bytes | None] = {}

    def find_file(self, stem: bytes) -> bytes | None:
        """Find the file of a module; None for a directory without one."""
        for file in (join_path(stem, PACKAGE[1:]), stem + b".py"):
            if file in self._files.paths:
                return file
        return None

    def find_stem(self, path: bytes, module: str) -> bytes | None:
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
        while root and root + PACKAGE in self._files.paths:
            root = root.rpartition(b"/")[0]
        while self.find_file(stem := join_path(root, tail)) is None:
            if not root:
                return None
            root = root.rpartition(b"/")[0]
        return stem

    def _find_elsewhere(self, path: bytes, tail: bytes) -> bytes | None:
        """Find a package elsewhere, such as in ``src``: the nearest one, if there is only one."""
        first, _, rest = tail.partition(b"/")
        found: dict[int, list[bytes]] = {}
        for root in self._roots.get(first, ()):
            stem = join_path(root, tail)
            if not rest or self.find_file(stem) is not None:
                found.setdefault(_count_common(root, path), []).append(stem)
        nearest = found[max(found)] if found else []
        return nearest[0] if len(nearest) == 1 else None

    def is_directory(self, stem: bytes) -> bool:
        """Tell whether there are files below a directory."""
        return stem in self._directories

    def find_directory(self, path: bytes, module: str) -> bytes | None:
        """Find the directory of a namespace package, from the top or beside the top package."""
        stem = self.find_stem(path, module)
        tail = module.replace(".", "/").encode()
        return next((found for found in (stem, tail) if found and self.is_directory(found)), None)

    @cached_property
    def _directories(self) -> set[bytes]:
        found: set[bytes] = set()
        for path in self._files.paths:
            directory = path.rpartition(b"/")[0]
            while directory and directory not in found:
                found.add(directory)
                directory = directory.rpartition(b"/")[0]
        return found

    @cached_property
    def _roots(self) -> dict[bytes, list[bytes]]:
        """The directories that hold a top package, by its name."""
        packages = {path[: -len(PACKAGE)] for path in self._files.paths if path.endswith(PACKAGE)}
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
    return join_path(directory, bare.replace(".", "/").encode())


def join_path(directory: bytes, rest: bytes) -> bytes:
    return directory + b"/" + rest if directory and rest else directory or rest


def _count_common(directory: bytes, path: bytes) -> int:
    """Count the leading directories that a directory shares with the path of a file."""
    count = 0
    for left, right in zip(directory.split(b"/"), path.split(b"/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
