from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.git.disk import hash_files

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


def objects(repo: Sandbox) -> set[Path]:
    return set((repo.path / ".git/objects").rglob("*"))


@pytest.mark.parametrize(
    ("attributes", "on_disk", "expected"),
    [
        ("", b"a\nb", b"a\nb"),
        ("", b"a\r\nb", b"a\r\nb"),
        ("*.py text", b"a\r\nb\n", b"a\nb\n"),
        ("*.py text=auto", b"a\r\nb\r\n", b"a\nb\n"),
        ("*.py ident", b"# $Id: 0123 $\n", b"# $Id$\n"),
        ("*.py filter=shout", b"quiet\r\n", b"QUIET\r\n"),
        ("*.py working-tree-encoding=UTF-16", "caf\u00e9".encode("utf-16"), "caf\u00e9".encode()),
    ],
)
def test_files_are_read_as_git_would_store_them(
    repo: Sandbox, attributes: str, on_disk: bytes, expected: bytes
) -> None:
    repo.git("config", "filter.shout.clean", "tr a-z A-Z")
    repo.commit("first", **{"a.py": "", ".gitattributes": attributes})
    repo.write("a.py", on_disk)
    found = discovered(repo)
    before = objects(repo)
    (change,) = git.list_worktree_changes(found)
    assert change.new == repo.git("hash-object", "a.py").strip()
    assert git.read_from_disk(found, b"a.py", change.new) == expected
    assert objects(repo) == before


@pytest.mark.parametrize("name", ["gone.py", "directory", "a.py"])
def test_a_file_that_is_another_by_now_is_not_read(repo: Sandbox, name: str) -> None:
    repo.commit("first", **{"a.py": "a", "directory/b.py": "b"})
    assert git.read_from_disk(discovered(repo), name.encode(), "0" * 40) is None


def test_no_command_line_is_too_long(repo: Sandbox) -> None:
    place = "/".join(["d" * 200] * 4)
    names = [f"{place}/{number}.py" for number in range(300)]
    for number, name in enumerate(names):
        repo.write(name, f"X = {number}\n")
    paths = [os.fsencode(name) for name in names]
    assert sum(map(len, paths)) > 8 * 24_000
    gone = paths.pop(7)
    (repo.path / os.fsdecode(gone)).unlink()
    found = hash_files(discovered(repo), [paths[0], gone, *paths[1:]])
    listed = b"".join(path + b"\n" for path in paths)
    expected = repo.git("hash-object", "--stdin-paths", given=listed).split()
    assert [found[path] for path in paths] == expected
    assert gone not in found
