"""All files of a tree, as bytes: thousands of them are listed without an object for each."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.git.process import run_git

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from detent.git.process import Repo

_ENTRY = re.compile(rb"(?<![^\0])100\d{3} blob ([0-9a-f]{40,64})\t([^\0]*)\0")
#: To search for more objects than this takes longer than to read the whole list.
_MOST_SEARCHES = 100


class TreeListing:
    """The regular files of a tree."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw  # of ``git ls-tree -r -z``
        self._paths: dict[str, list[bytes]] | None = None

    def __iter__(self) -> Iterator[tuple[bytes, str]]:
        """Give path and object id of each file."""
        for match in _ENTRY.finditer(self.raw):
            yield match[2], match[1].decode("ascii")

    def find_paths(self, oids: Collection[str]) -> Iterator[tuple[bytes, str]]:
        """Find the files with some contents."""
        if self._paths is None and len(oids) <= _MOST_SEARCHES:
            for oid in oids:
                yield from ((path, oid) for path in self._search(oid.encode("ascii")))
            return
        if self._paths is None:
            self._paths = {}
            for path, oid in self:
                self._paths.setdefault(oid, []).append(path)
        for oid in oids:
            yield from ((path, oid) for path in self._paths.get(oid, ()))

    def _search(self, oid: bytes) -> Iterator[bytes]:
        raw = self.raw
        # A path has no NUL in it, and a mode stands only where an entry begins.
        start = raw.find(b" %b\t" % oid)
        while start >= 0:
            begin = raw.rfind(b"\0", 0, start) + 1
            entry = _ENTRY.match(raw, begin)
            if entry is not None and entry[1] == oid:
                yield entry[2]
            start = raw.find(b" %b\t" % oid, start + 1)


def list_tree(repo: Repo, tree: str) -> TreeListing:
    """List the regular files of a tree."""
    return TreeListing(run_git(repo, ["ls-tree", "-r", "-z", "--full-tree", tree]))
