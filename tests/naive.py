"""What git says of a view, path by path: slow, simple, and without anything of detent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conftest import Sandbox

Entries = dict[bytes, str]


def committed(repo: Sandbox, revision: str = "HEAD") -> Entries:
    return _listed(repo.git("ls-tree", "-r", "-z", revision), 2)


def staged(repo: Sandbox) -> Entries:
    return committed(repo, repo.git("write-tree", "--missing-ok").strip())


def worktree(repo: Sandbox) -> Entries:
    skipped = {row[2:] for row in _paths(repo.git("ls-files", "-tz")) if row.startswith(b"S ")}
    found = {path: oid for path, oid in _indexed(repo).items() if path in skipped}
    for path in _paths(repo.git("ls-files", "-z")) - skipped:
        full = repo.path / os.fsdecode(path)
        real = Path(os.path.realpath(repo.path)) / os.fsdecode(path)
        if path.endswith(b".py") and full.is_file() and full.resolve() == real:
            found[path] = repo.git("hash-object", "--", path).strip()
    return found


def drop_languages(keys: Mapping[bytes, tuple[str, str] | None]) -> Entries:
    """Give entries of detent without what is at no path and without languages."""
    return {path: key[0] for path, key in keys.items() if key is not None}


def entries(repo: Sandbox, view: str) -> Entries:
    return {"staged": staged, "worktree": worktree}[view](repo)


def _indexed(repo: Sandbox) -> Entries:
    return _listed(repo.git("ls-files", "-s", "-z"), 1)


def _paths(said: str) -> set[bytes]:
    return {path.encode("utf-8", "surrogateescape") for path in said.split("\0")[:-1]}


def _listed(said: str, column: int) -> Entries:
    found = {}
    for row in said.split("\0")[:-1]:
        fields, _, path = row.partition("\t")
        if fields.startswith("100") and path.endswith(".py"):
            found[path.encode("utf-8", "surrogateescape")] = fields.split()[column]
    return found
