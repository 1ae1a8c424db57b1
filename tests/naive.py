"""What git says of a view, path by path: slow, simple, and without anything of detent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Sandbox

Entries = dict[bytes, str]


def committed(repo: Sandbox, revision: str = "HEAD") -> Entries:
    return _listed(repo.git("ls-tree", "-r", "-z", revision), 2)


def staged(repo: Sandbox) -> Entries:
    return _listed(repo.git("ls-files", "-s", "-z"), 1)


def worktree(repo: Sandbox) -> Entries:
    found = {}
    for path in staged(repo):
        full = repo.path / os.fsdecode(path)
        if full.is_file() and not full.is_symlink():
            found[path] = repo.git("hash-object", "--", path).strip()
    return found


def _listed(said: str, column: int) -> Entries:
    found = {}
    for row in said.split("\0")[:-1]:
        fields, _, path = row.partition("\t")
        if fields.startswith("100") and path.endswith(".py"):
            found[path.encode("utf-8", "surrogateescape")] = fields.split()[column]
    return found
