"""Let many processes at once work on one index, while what it describes keeps changing.

Usage: python benchmarks/races.py SECONDS|ROUNDSx [WRITERS [READERS]]

For so many seconds, or until each has done its work so many times (``20x``).

Two work trees of one repository go back and forth between a few states, each put in place by git in
one instant: so a staged view that is none of these states, in the index or in an answer, is half of
one and half of another. Writers bring views up to date, readers ask and export, and one process
forgets all that no view needs; anything else than a right answer is an error, and the exit status
is then 1.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from detent import git
from detent.api.export import load_exported_files
from detent.index.handle import Index
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_snapshot
from detent.index.views import View
from detent.store import default_index_path

if TYPE_CHECKING:
    from collections.abc import Callable

FILES, STATES = 40, 6
NAMES = {"main": "/staged", "linked": "worktrees/linked/staged"}
Entries = dict[bytes, str]


class Scene(NamedTuple):
    """The repository, and what it can hold: a commit and its listing for each state."""

    place: str
    commits: list[str]
    listings: list[Entries]
    contents: dict[str, str]
    until: float
    rounds: int

    @property
    def file(self) -> str:
        return default_index_path(f"{self.place}/main/.git")

    @property
    def over(self) -> Path:
        """A file that is there once all have done their work."""
        return Path(self.place, "over")

    def repo(self, worktree: str) -> git.Repo:
        return git.discover_repo(f"{self.place}/{worktree}", os.environ, explicit=True)


class Told(NamedTuple):
    """What one process has done, and what went wrong."""

    rounds: int
    errors: list[str]


def run(cwd: str, *arguments: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "core.fsync=none")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def set_scene(place: str, *, seconds: float, rounds: int) -> Scene:
    main = Path(place) / "main"
    main.mkdir()
    run(str(main), "init", "-q")
    commits, listings = [], []
    for state in range(STATES):
        for number in range(FILES):
            path = main / f"pkg{number % 5}/m{number}.py"
            path.parent.mkdir(exist_ok=True)
            if (number + state) % 7 == 0:
                path.unlink(missing_ok=True)
            elif (number * state) % 3 or state == 0:
                path.write_text(f'"""Do {state}."""\n\n\ndef f{number}(x):\n    return x\n' * 5)
        run(str(main), "add", "-A")
        run(str(main), "commit", "-qm", str(state))
        commits.append(run(str(main), "rev-parse", "HEAD").strip())
        rows = [row.split("\t") for row in run(str(main), "ls-tree", "-r", "HEAD").splitlines()]
        listings.append({path.encode(): fields.split()[2] for fields, path in rows})
    run(str(main), "worktree", "add", "-q", "--detach", f"{place}/linked")
    blobs = {oid for listing in listings for oid in listing.values()}
    contents = {oid: run(str(main), "cat-file", "blob", oid) for oid in blobs}
    return Scene(place, commits, listings, contents, time.monotonic() + seconds, rounds)


def repeat(scene: Scene, work: Callable[[], list[str]], *, rounds: float = float("inf")) -> Told:
    """Work until the time or the work is over; an exception is an error like others."""
    errors: list[str] = []
    for done in itertools.count():
        if done >= rounds or scene.over.exists() or time.monotonic() > scene.until:
            return Told(done, errors)
        try:
            errors += work()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
    raise AssertionError


def change(scene: Scene, worktree: str) -> Told:
    """Move one work tree to and fro: the index at once, HEAD and the files now and then."""
    cwd, chance = f"{scene.place}/{worktree}", random.Random(worktree)

    def once() -> list[str]:
        commit = chance.choice(scene.commits)
        run(cwd, "read-tree", commit)
        if chance.random() < 0.3:
            run(cwd, "update-ref", "--no-deref", "HEAD", chance.choice(scene.commits))
        for path, oid in chance.sample(sorted(chance.choice(scene.listings).items()), 5):
            whole = Path(cwd) / path.decode()
            # Whoever looks in the middle of it must not see a part of the file.
            new = whole.with_suffix(".new")
            new.write_text(scene.contents[oid])
            new.replace(whole)
        time.sleep(chance.random() / 20)
        return []

    return repeat(scene, once)


def write(scene: Scene, seed: int) -> Told:
    """Bring views up to date."""
    chance = random.Random(seed)

    def once() -> list[str]:
        view, repo = chance.choice(("staged", "worktree")), scene.repo(chance.choice([*NAMES]))
        with closing(Index(scene.file)) as index:
            done = index.with_recovery(lambda: refresh_view(index, View(repo, view), jobs=1))
            wrong = [*index.notes, *done.failures.values()]
            if view == "staged" and load_entries(index, done.name) not in scene.listings:
                wrong.append("a view was stored that never was")
        return wrong

    return repeat(scene, once, rounds=scene.rounds)


def read(scene: Scene, seed: int) -> Told:
    """Ask, with detent and without."""
    chance = random.Random(seed)

    def once() -> list[str]:
        worktree = chance.choice([*NAMES])
        stored = stored_entries(scene, NAMES[worktree])
        wrong = [] if stored in ({}, *scene.listings) else ["half a view is stored"]
        view, repo = chance.choice(("staged", "worktree")), scene.repo(worktree)
        with closing(Index(scene.file)) as index:
            now = take_snapshot(index, View(repo, view))
            wrong += [*index.notes, *now.failures.values()]
            entries = {path: key.oid for path, key in now.entries.items()}
            if view == "staged" and entries not in scene.listings:
                wrong.append("an answer is half of one view and half of another")
            if not scene.contents.keys() >= set(entries.values()):
                wrong.append("an answer names content that never was")
            if sum(1 for _ in load_exported_files(now)) != len(now.entries):
                wrong.append("an export lacks files")
        return wrong

    return repeat(scene, once, rounds=scene.rounds)


def tidy(scene: Scene) -> Told:
    """Forget all facts that no view needs, also those that somebody is about to ask for."""

    def once() -> list[str]:
        with closing(Index(scene.file)) as index:
            index.open_writer().collect_garbage([*NAMES.values()], [])
            notes = list(index.notes)
        time.sleep(0.05)
        return notes

    return repeat(scene, once)


def ask_for_all(scene: Scene, seed: int) -> Told:
    """Export a revision that no view has: most of it is gone as soon as it is indexed."""
    chance = random.Random(seed)

    def once() -> list[str]:
        number = chance.randrange(STATES)
        command = [sys.executable, "-m", "detent", "export", "--at", scene.commits[number]]
        done = subprocess.run(
            command, cwd=f"{scene.place}/linked", capture_output=True, check=False
        )
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        paths = {row["path"].encode(): row["oid"] for row in rows if row["type"] == "file"}
        if done.returncode or done.stderr:
            return [f"export ended with {done.returncode}: {done.stderr.decode()}"]
        return [] if paths == scene.listings[number] else ["an export is not that of its commit"]

    return repeat(scene, once, rounds=1 + scene.rounds // 5)


def load_entries(index: Index, name: str) -> Entries:
    view = index.open_reader().load_view(name, None)
    return {path: key.oid for path, key in view.entries.items()} if view else {}


def stored_entries(scene: Scene, name: str) -> Entries:
    """Read a stored view as any program would."""
    query = "SELECT path, oid FROM entry JOIN view ON view.id = view WHERE name = ?"
    with closing(sqlite3.connect(f"file:{scene.file}?mode=rw", uri=True, timeout=30)) as plain:
        return {path.encode(): oid for path, oid in plain.execute(query, [name])}


def main(limit: str, writers: int = 8, readers: int = 8) -> int:
    seconds, rounds = (3600.0, int(limit[:-1])) if limit[-1] == "x" else (float(limit), 10**9)
    with tempfile.TemporaryDirectory() as place:
        scene = set_scene(place, seconds=seconds, rounds=rounds)
        with closing(Index(scene.file)) as index:
            refresh_view(index, View(scene.repo("main"), "staged"), jobs=1)
        with ProcessPoolExecutor(writers + readers + 4, mp_context=get_context("spawn")) as pool:
            told = {
                "changes": [pool.submit(change, scene, one) for one in NAMES],
                "clearances": [pool.submit(tidy, scene)],
                "refreshes": [pool.submit(write, scene, seed) for seed in range(writers)],
                "answers": [pool.submit(read, scene, -seed) for seed in range(readers)],
                "exports": [pool.submit(ask_for_all, scene, 1)],
            }
            wait([one for what in ("refreshes", "answers", "exports") for one in told[what]])
            scene.over.touch()
            results = {what: [one.result() for one in some] for what, some in told.items()}
        errors = [error for some in results.values() for one in some for error in one.errors]
        for worktree in NAMES:
            with closing(Index(scene.file)) as index:
                done = refresh_view(index, View(scene.repo(worktree), "staged"), jobs=1)
                rows = run(f"{place}/{worktree}", "ls-files", "-s").splitlines()
                last = {row.split("\t")[1].encode(): row.split()[1] for row in rows}
                if load_entries(index, done.name) != last:
                    errors.append("the last state was lost")
                errors += index.open_reader().inspect(deep=True).problems
    counts = [f"{sum(one.rounds for one in some)} {what}" for what, some in results.items()]
    print(f"{', '.join(counts)} by {writers} writers and {readers} readers: {len(errors)} errors")
    for error in sorted(set(errors)):
        print(f"{errors.count(error):6} × {error}")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
