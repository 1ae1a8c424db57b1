"""The budget of memory: a full index of 10,000 files on two processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.index.stages import record
from detent.store import default_index_path

if TYPE_CHECKING:
    from conftest import Sandbox

FILES = 10_000
#: Bytes that no process may ever have.
MOST = 100_000_000

SOURCE = '''"""Module {0} of many."""

import os
from m{1} import f{1}


def f{0}(path, mode="r", *names):
    """Open what is at a path.

    Parameters
    ----------
    path : str
        Where.
    """
    return os.path.join(path, f{1}(mode), *names)
'''


def test_a_full_index_of_10_000_files_keeps_to_its_memory(repo: Sandbox) -> None:
    commands = ["commit refs/heads/main\n", "committer A <a@b> 0 +0000\n", "data 1\nx\n"]
    for number in range(FILES):
        text = SOURCE.format(number, number // 2)
        commands.append(f"M 100644 inline p{number % 100}/m{number}.py\ndata {len(text)}\n{text}\n")
    repo.git("fast-import", "--quiet", given="".join(commands).encode())
    done = repo.detent("index", "--at", "main", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    (audit,) = record.load_builds(
        record.choose_audit_folder(default_index_path(str(repo.path / ".git")))
    )
    high = audit["highWater"]
    assert high["extra"]["blobs"] == FILES
    assert high["workers"]["count"] > 0
    assert 10_000_000 < high["rssPeak"] < MOST, audit["stages"]
    assert 10_000_000 < high["workers"]["rssPeak"] < MOST
