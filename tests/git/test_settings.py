from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.git.settings import find_hooks_dir, make_path_normalizer

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox

NFC, NFD = "caf\u00e9.py".encode(), "cafe\u0301.py".encode()


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


@pytest.mark.parametrize(
    ("setting", "same"),
    [
        ("core.autocrlf", [{b"A.py"}, {b"a.py"}, {NFC}, {NFD}]),
        ("core.precomposeUnicode", [{b"A.py"}, {b"a.py"}, {NFC, NFD}]),
        ("core.ignoreCase", [{b"A.py", b"a.py"}, {NFC, NFD}]),
    ],
)
def test_spellings_that_a_file_system_takes_for_one(
    repo: Sandbox, setting: str, same: list[set[bytes]]
) -> None:
    for name in ("core.ignoreCase", "core.precomposeUnicode"):
        repo.git("config", name, "false")
    repo.git("config", setting, "yes")
    known = make_path_normalizer(discovered(repo))
    groups: dict[bytes, set[bytes]] = {}
    for path in (b"A.py", b"a.py", NFC, NFD):
        groups.setdefault(known(path), set()).add(path)
    assert list(groups.values()) == same
    assert known(b"\xff/x") == b"\xff/x"


def test_hooks_may_live_elsewhere(repo: Sandbox, tmp_path: Path) -> None:
    assert find_hooks_dir(discovered(repo)) == str(repo.path / ".git/hooks")
    repo.git("config", "core.hooksPath", ".husky")
    assert find_hooks_dir(discovered(repo)) == str(repo.path / ".husky")
    repo.git("config", "core.hooksPath", str(tmp_path / "hooks\n"))
    assert find_hooks_dir(discovered(repo)) == str(tmp_path / "hooks\n")
