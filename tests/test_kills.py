"""The end of a process at whatever instant: the index is the old one or the new one, and whole.

``DETENT_KILLS=500`` kills that many times.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

import naive
from conftest import Sandbox, environment, export_snapshot, load_entries
from detent import git
from detent.index.handle import Index
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_snapshot
from detent.index.views import View
from detent.store import MEMORY, default_index_path
from situations import source

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="processes are found in /proc"
)

_KILLS = int(os.environ.get("DETENT_KILLS", "24"))
_SIGNALS = max(1, _KILLS // 15)
INDEX, HOOK = ["index"], ["hook", "pre-commit"]
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
PARALLEL, WORKTREE = ["index", "--jobs", "2"], ["index", "--at", "worktree"]


def heed_signals() -> None:
    """Whoever runs the tests may ignore signals, and that is handed down."""
    for number in STATUS:
        signal.signal(number, signal.SIG_DFL)


class Stage(NamedTuple):
    """A repository before and after a change, and its index before the change."""

    repo: Sandbox
    file: Path
    saved: Path
    old: naive.Entries
    new: naive.Entries
    exported: list[list[str]]

    def set(self, *, first: bool) -> None:
        """Put the index back as it was before the change, or where there was none."""
        shutil.rmtree(self.file.parent, ignore_errors=True)
        # What a process leaves that was killed outright is not the next one's doing.
        temporary = self.saved.parent / "temporary"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(exist_ok=True)
        if not first:
            self.file.parent.mkdir()
            shutil.copy(self.saved, self.file)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "detent", *command],
            cwd=self.repo.path,
            env={**self.repo.env, "TMPDIR": str(self.saved.parent / "temporary")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=heed_signals,  # noqa: PLW1509
        )

    def duration(self, *command: str) -> float:
        """Tell how long a run takes that nobody disturbs."""
        begin = time.monotonic()
        self.start(*command).communicate()
        return time.monotonic() - begin

    def see_that_it_is_whole(self, *, first: bool) -> None:
        """Read it as any program would, then as the next run does."""
        assert self.read() in ({} if first else self.old, self.new)
        with closing(Index(str(self.file))) as index:
            found = git.discover_repo(str(self.repo.path), self.repo.env)
            done = refresh_view(index, View(found, "staged"), jobs=1)
            assert (index.notes, done.failures) == ([], {})
            assert load_entries(index, done.name) == self.new
            assert (
                list(export_snapshot(take_snapshot(index, View(found, "staged")))) == self.exported
            )
            assert index.open_reader().inspect(deep=True).problems == []

    def read(self) -> naive.Entries:
        if not self.file.exists():
            return {}
        with closing(sqlite3.connect(self.file)) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
            if not plain.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return {}
            rows = plain.execute(
                "SELECT path, oid FROM entry JOIN view ON view.id = view WHERE name = '/staged'"
            ).fetchall()
            sizes = plain.execute("SELECT size FROM view WHERE name = '/staged'").fetchall()
            assert sizes == ([(len(rows),)] if rows else [])
        return {os.fsencode(path): oid for path, oid in rows}


def stage(place: Path) -> Stage:
    repo = Sandbox(place / "repo", environment(place))
    repo.path.mkdir()
    (place / "temporary").mkdir()
    repo.git("init", "-q", "-b", "main")
    filler = "".join(f"\n\ndef f{n}(x):\n    return g{n}(x)\n" for n in range(40))
    files = {f"pkg/m{n}.py": source(str(n)) + filler for n in range(60)}
    repo.commit("old", **files)
    old = naive.staged(repo)
    index = Path(default_index_path(str(repo.path / ".git")))
    assert repo.detent("index").returncode == 0
    saved = place / "saved"
    shutil.copy(index, saved)
    repo.git("rm", "-q", "pkg/m7.py")
    repo.git("mv", "pkg/m8.py", "pkg/moved.py")
    for n in range(10, 50):
        repo.write(f"pkg/m{n}.py", source(f"new {n}") + filler)
    repo.git("add", "-A")
    with closing(Index(MEMORY)) as fresh:
        found = git.discover_repo(str(repo.path), repo.env)
        refresh_view(fresh, View(found, "staged"), jobs=1)
        exported = list(export_snapshot(take_snapshot(fresh, View(found, "staged"))))
    new = naive.staged(repo)
    # With a filter, git writes what it makes of a file to a place of its own.
    repo.git("config", "filter.shout.clean", "tr a-z A-Z")
    repo.write(".gitattributes", "pkg/m1*.py filter=shout\n")
    for n in range(10, 20):
        repo.write(f"pkg/m{n}.py", source(f"unstaged {n}"))
    return Stage(repo, index, saved, old, new, exported)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return stage(tmp_path_factory.mktemp("kills"))


def alive(group: int) -> list[str]:
    """List the processes of a session that have not ended."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = place.read_text("utf-8", "replace").rpartition(")")
        except OSError:
            continue
        state, _, _, session = rest.split()[:4]
        if session == str(group) and state not in "ZX":
            found.append(name)
    return found


def all_end(group: int) -> bool:
    """Wait for the processes of a session."""
    for _ in range(600):
        if not alive(group):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("command", "first"), [(INDEX, True), (INDEX, False), (HOOK, False)], ids=str
)
def test_a_kill_at_any_instant_leaves_the_old_or_the_new(
    ready: Stage, command: list[str], first: bool
) -> None:
    ready.set(first=first)
    whole = ready.duration(*command)
    chance = random.Random()
    for _ in range(_KILLS // 3):
        ready.set(first=first)
        process = ready.start(*command)
        # The first third of a run only imports.
        time.sleep(whole * chance.uniform(0.3, 1.05))
        process.kill()
        process.communicate()
        assert process.returncode in (-signal.SIGKILL, 0, 1)
        ready.see_that_it_is_whole(first=first)
        assert all_end(process.pid)


def test_processes_end_with_the_one_that_was_killed(ready: Stage) -> None:
    ready.set(first=True)
    process = ready.start(*PARALLEL)
    while len(alive(process.pid)) < 3 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert all_end(process.pid)
    ready.see_that_it_is_whole(first=True)


@pytest.mark.parametrize("number", STATUS)
@pytest.mark.parametrize("command", [WORKTREE, PARALLEL, HOOK], ids=str)
def test_a_signal_ends_a_run_and_leaves_nothing_behind(
    ready: Stage, command: list[str], number: signal.Signals
) -> None:
    ready.set(first=False)
    whole = ready.duration(*command)
    chance = random.Random()
    for _ in range(_SIGNALS):
        ready.set(first=False)
        process = ready.start(*command)
        time.sleep(whole * chance.uniform(0.3, 1.05))
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        _, said = process.communicate()
        # Before the program has begun, or after it has ended, the signal is not ours to handle.
        assert process.returncode in (STATUS[number], -number, 0, 1), said
        if process.returncode == STATUS[number]:
            assert b"Traceback" not in said
        assert all_end(process.pid)
        assert list((ready.saved.parent / "temporary").iterdir()) == []
        assert not list((ready.repo.path / ".git").rglob("*.lock"))
        left = {path.name.removeprefix(ready.file.name) for path in ready.file.parent.iterdir()}
        assert left <= {"", "-wal", "-shm", "metrics", "build_state.json"}
        assert not list(ready.file.parent.rglob(".detent-*.tmp"))
        ready.see_that_it_is_whole(first=False)
