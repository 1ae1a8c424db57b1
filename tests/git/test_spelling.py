from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.git.spelling import make_path_normalizer

if TYPE_CHECKING:
    from conftest import Sandbox

NFC, NFD = "caf\u00e9.py".encode(), "cafe\u0301.py".encode()


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
    known = make_path_normalizer(git.discover_repo(str(repo.path), repo.env))
    groups: dict[bytes, set[bytes]] = {}
    for path in (b"A.py", b"a.py", NFC, NFD):
        groups.setdefault(known(path), set()).add(path)
    assert list(groups.values()) == same
    assert known(b"\xff/x") == b"\xff/x"
