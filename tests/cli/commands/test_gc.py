"""What is forgotten, what stays, and that nothing is lost by it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from conftest import powerless
from detent.core.model import BlobKey
from detent.index.handle import list_fact_versions
from detent.store import default_index_path, open_store

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

OLD, KEPT, RECENT = ("def old(): ...\n", "def kept(): ...\n", "def recent(): ...\n")


def _known(repo: Sandbox, *contents: str) -> list[bool]:
    store = open_store(
        default_index_path(str(repo.path / ".git")), write=False, versions=list_fact_versions()
    )
    found = []
    for content in contents:
        repo.write("some.txt", content)
        oid = repo.git("hash-object", "some.txt").strip()
        found.append(bool(store.find_known([BlobKey(oid, "python")])))
    store.close()
    return found


def test_only_what_nobody_needs_is_forgotten(repo: Sandbox, cli: Cli) -> None:
    repo.env["GIT_COMMITTER_DATE"] = "2001-01-01T00:00:00+0000"
    repo.commit(**{"a.py": OLD, "b.py": KEPT})
    cli("index")
    repo.commit(**{"a.py": "def newer(): ...\n"})
    cli("index", "--at", "HEAD~1")
    repo.env["GIT_COMMITTER_DATE"] = "2026-01-01T00:00:00+0000"
    repo.git("checkout", "-q", "-b", "side")
    repo.commit(**{"c.py": RECENT})
    cli("index", "--at", "side")
    repo.git("checkout", "-q", "main")
    cli("index")
    assert _known(repo, OLD, KEPT, RECENT) == [True, True, True]
    answer = cli("gc", "--since", "2025-01-01")
    assert (answer.status, answer.out.split(";")[0]) == (0, "1 blob deleted")
    assert _known(repo, OLD, KEPT, RECENT) == [False, True, True]
    assert cli("verify").status == 0
    assert cli("index").out.count("0 analysed")


def test_the_views_of_a_work_tree_that_is_gone_are_forgotten(repo: Sandbox, cli: Cli) -> None:
    repo.env["GIT_COMMITTER_DATE"] = "2001-01-01T00:00:00+0000"
    repo.commit(**{"a.py": KEPT})
    cli("index")
    linked = repo.path.parent / "linked"
    repo.git("worktree", "add", "-q", str(linked))
    (linked / "b.py").write_text(OLD)
    repo.git("-C", str(linked), "add", "b.py")
    cli("index", at=linked)
    assert cli("gc", "--since", "2025-01-01").out.startswith("0 blobs")
    repo.git("worktree", "remove", "--force", str(linked))
    assert cli("gc", "--since", "2025-01-01").out.startswith("1 blob ")


def test_without_an_index_there_is_nothing_to_do(repo: Sandbox, cli: Cli) -> None:
    assert "nothing to do" in cli("gc").out
    assert not (repo.path / ".git/detent").exists()


def test_nothing_is_said_to_be_deleted_where_nothing_can_be(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": KEPT})
    cli("index")
    place = repo.path / ".git/detent"
    files = [place, *place.iterdir()]
    for path in files:
        path.chmod(0o555)
    try:
        done = subprocess.run(
            powerless((sys.executable, "-m", "detent", "gc")), cwd=repo.path, env=repo.env,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        for path in files:
            path.chmod(0o755)
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing was deleted: the index cannot be written" in done.stderr
