"""Work left to a process of its own: nothing asked for is lost, and one process does it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import naive
from conftest import load_entries
from detent import git
from detent.api.moves import MAX_BLOBS_AT_ONCE
from detent.index import background, views
from detent.index.handle import Index
from detent.store import default_index_path
from detent.store.lock import try_lock

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

MARK, LOCK = "refresh-wanted", "refresh-lock"


def place(repo: Sandbox) -> Path:
    return repo.path / ".git/detent"


def settled(repo: Sandbox) -> None:
    """Wait until nobody is at work and nothing is asked for."""
    for _ in range(600):
        time.sleep(0.05)
        if not (place(repo) / MARK).exists():
            with try_lock(str(place(repo) / LOCK)) as free:
                if free:
                    return
    pytest.fail("the work in the background does not end")


def stored(repo: Sandbox, view: str) -> naive.Entries:
    with closing(Index(default_index_path(str(repo.path / ".git")))) as index:
        found = git.discover_repo(str(repo.path), repo.env)
        return load_entries(index, views.View(found, view).stored_name)


def many(text: str, count: int = MAX_BLOBS_AT_ONCE + 10) -> dict[str, str | bytes]:
    return {f"pkg/m{n}.py": f'"""Do {text} {n}."""\n' for n in range(count)}


def test_a_lock_is_held_once_and_ends_with_its_process(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with try_lock(path) as first:
        assert first
        with try_lock(path) as second:
            assert not second
    script = (
        "import sys, time; from detent.store.lock import try_lock\n"
        f"with try_lock({path!r}) as mine: print(mine, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"True"
        with try_lock(path) as now:
            assert not now
        other.kill()
        other.wait()
        with try_lock(path) as now:
            assert now


def test_what_is_asked_for_meanwhile_is_done_too(repo: Sandbox) -> None:
    found = git.discover_repo(str(repo.path), repo.env)
    place(repo).mkdir()
    (place(repo) / MARK).touch()
    done = []

    def work() -> None:
        assert not (place(repo) / MARK).exists()
        done.append(1)
        if len(done) < 3:
            (place(repo) / MARK).touch()
        background.serve_requests(found, lambda: pytest.fail("two at once"))

    background.serve_requests(found, work)
    assert len(done) == 3
    background.serve_requests(found, lambda: pytest.fail("nobody asked"))


def test_a_checkout_of_much_does_not_wait_for_it(repo: Sandbox, cli: Cli) -> None:
    repo.commit("first", **{"a.py": '"""Do it."""\n'})
    for view in views.WORKTREE_VIEWS:
        assert cli("index", "--at", view).status == 0
    repo.git("checkout", "-q", "-b", "wide")
    repo.commit("much", **many("first"))
    repo.git("checkout", "-q", "main")
    assert cli("install", "--hooks", "post-checkout").status == 0
    repo.git("checkout", "-q", "wide")
    settled(repo)
    for view in views.WORKTREE_VIEWS:
        assert stored(repo, view) == naive.entries(repo, view)
    assert cli("verify", "--full").status == 0


def test_many_who_ask_at_once(repo: Sandbox, cli: Cli) -> None:
    repo.commit("first", **many("first"))
    assert cli("index").status == 0
    repo.commit("second", **many("second"))
    asking = [
        subprocess.Popen(
            [sys.executable, "-m", "detent", "hook", "post-commit"], cwd=repo.path, env=repo.env
        )
        for _ in range(4)
    ]
    assert [one.wait() for one in asking] == [0] * 4
    settled(repo)
    assert stored(repo, views.STAGED) == naive.staged(repo)


@pytest.mark.skipif(os.name == "nt" or not os.getuid(), reason="root may write anywhere")
def test_where_nothing_can_be_written_nothing_fails(repo: Sandbox, cli: Cli) -> None:
    repo.commit("first", **many("first"))
    assert cli("index").status == 0
    repo.commit("second", **many("second"))
    place(repo).chmod(0o555)
    try:
        assert cli("hook", "post-commit") == (0, "", "")
    finally:
        place(repo).chmod(0o755)


@pytest.mark.parametrize("name", ["post-commit", "post-merge", "post-checkout", "post-rewrite"])
def test_what_is_not_indexed_is_left_alone(repo: Sandbox, cli: Cli, name: str) -> None:
    repo.commit("first", **many("first"))
    assert cli("hook", name) == (0, "", "")
    assert not place(repo).exists()


def test_no_module_of_the_repository_is_imported(repo: Sandbox, cli: Cli) -> None:
    repo.commit("first", **many("first"))
    assert cli("index").status == 0
    trap = {f"{name}.py": "raise SystemExit(9)\n" for name in ("json", "detent", "sqlite3", "re")}
    repo.commit("second", **many("second"), **trap)
    assert cli("hook", "post-commit").status == 0
    settled(repo)
    assert stored(repo, views.STAGED) == naive.staged(repo)


@pytest.mark.parametrize("name", [MARK, LOCK])
@pytest.mark.parametrize("kind", ["directory", "text"])
def test_what_a_cache_puts_in_the_way_fails_no_hook(
    repo: Sandbox, cli: Cli, name: str, kind: str
) -> None:
    repo.commit("first", **many("first"))
    assert cli("index").status == 0
    way = place(repo) / name
    way.unlink(missing_ok=True)
    way.mkdir() if kind == "directory" else way.write_text("dear diary\n" * 999)
    repo.commit("second", **many("second"))
    assert cli("hook", "post-commit") == (0, "", "")
    assert cli("hook", "background") == (0, "", "")
    assert cli("hook", "post-commit") == (0, "", "")


def test_the_journal_of_a_lock_is_not_followed(tmp_path: Path) -> None:
    (journal := tmp_path / "lock-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 99)
    with try_lock(str(tmp_path / "lock")) as free:
        assert free
    assert not journal.exists()
