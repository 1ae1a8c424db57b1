"""A model: whatever git does to a repository, in whatever order, each view of it is exact.

Hypothesis chooses the steps, git takes them (it may refuse one, which is a step too), and after
each step every view of one index that lives as long as the repository is held against what git
lists path by path. The steps are the same each time; ``DETENT_MODEL_STEPS=50000`` takes that many
other ones.
"""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import shutil
import subprocess
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, currently_in_test_context, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import naive
from conftest import Sandbox, environment, export_snapshot, load_entries
from detent import git
from detent.index import refresh, snapshot
from detent.index.handle import Index
from detent.index.views import View
from detent.store import MEMORY, default_index_path

if TYPE_CHECKING:
    from detent.git import Repo
    from detent.index.refresh import RefreshPlan
    from detent.store.protocol import Store

pytestmark = pytest.mark.skipif(os.name == "nt", reason="makes symbolic links")

#: Steps are taken in parts, for several processes to share, and each part in runs of so many.
_PARTS = 4
_RUN = 50
_ASKED = int(os.environ.get("DETENT_MODEL_STEPS", "0"))
_STEPS = (_ASKED or 1200) // _PARTS
#: Every so many steps the export is compared with that of a fresh index.
_DEEP = 6

VIEWS = ("staged", "worktree", "HEAD")
FILES = ["a.py", "b.py", "d/a.py", "d/e/b.py", "m/c.py", "new\nline.py", os.fsdecode(b"\xe9.py")]
NAMES = st.sampled_from([*FILES, "a.py/x.py", "d", "notes"])
TEXTS = st.integers(0, 35)
BRANCHES = st.sampled_from(["main", "other", "third", "HEAD~1", "HEAD~2"])
#: What git keeps while it waits for a person, and the command that goes on from there.
UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}
#: No file here is empty: an empty blob in the index comes of ``git add -N``.
EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def source(text: int) -> str:
    """Give one of few contents, in two parts that can change on two branches without a conflict."""
    top, bottom = divmod(text, 6)
    gap = "\n# far apart\n" * 4
    return f'"""Do {top}."""\n\n\ndef f(x={top}):\n    return g(x)\n{gap}def g(y):\n    {bottom}\n'


def kind(arguments: tuple[str, ...]) -> str:
    """Name what a command of git does, by the words that matter."""
    telling = ("--amend", "--continue", "--abort", "--index", "-N", "add", "remove", "push", "pop")
    return " ".join([arguments[0], *(one for one in arguments[1:] if one in telling)])


def template(place: Path) -> None:
    """Make the repository that every run of the machine begins with a copy of."""
    repo = Sandbox(place / "repo", environment(place))
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main")
    # What git tidies up in the background would be gone from under the feet of a step.
    for setting in ("gc.auto=0", "gc.autoDetach=false", "maintenance.auto=false"):
        repo.git("config", *setting.split("="))
    repo.git("config", "core.fsync", "none")
    repo.commit("first", notes="no Python\n")
    repo.commit("start", **{name: source(n) for n, name in enumerate(FILES)})
    repo.git("branch", "other")
    repo.commit("more", **{"b.py": source(7)})


class Indexed:
    """What git lists of the index, asked once for all that needs it."""

    def __init__(self, repo: Sandbox) -> None:
        self.unmerged = False
        self.paths: list[bytes] = []
        self.staged: naive.Entries = {}
        for row in repo.git("ls-files", "-s", "-z").split("\0")[:-1]:
            fields, _, name = row.partition("\t")
            mode, oid, stage = fields.split()
            path = name.encode("utf-8", "surrogateescape")
            self.unmerged |= stage != "0"
            if path.endswith(b".py"):
                self.paths.append(path)
                if mode.startswith("100"):
                    self.staged[path] = oid
        if EMPTY in self.staged.values() and not self.unmerged:
            self.staged = naive.staged(repo)

    def worktree(self, repo: Sandbox) -> naive.Entries:
        """Read what is tracked from disk."""
        found = {}
        for path in self.paths:
            inside = os.fsdecode(path)
            full = repo.path / inside
            links = [p for p in (full, *full.parents) if p != repo.path and p.is_symlink()]
            if full.is_file() and not any(p.is_relative_to(repo.path) for p in links):
                raw = full.read_bytes()
                found[path] = hashlib.sha1(b"blob %d\0" % len(raw) + raw).hexdigest()
        return found


class Machine(RuleBasedStateMachine):
    """One repository, its index, and what has been seen of both."""

    beginning: ClassVar[Path]
    steps: ClassVar[int] = 0
    refused: ClassVar[int] = 0
    plans: ClassVar[list[RefreshPlan]] = []
    #: What really happened, and how often: what git refused did not.
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(mkdtemp(prefix="model-"))
        shutil.copytree(self.beginning / "repo", self.place / "repo", symlinks=True)
        env = {**environment(self.place), "GIT_EDITOR": "true"}
        self.main = self.here = Sandbox(self.place / "repo", env)
        self.main.git("update-index", "-q", "--refresh")
        self.linked = Sandbox(self.place / "linked", env)
        self.index = Index(default_index_path(str(self.main.path / ".git")))
        self.repos: dict[Path, Repo] = {}
        self.published: dict[str, naive.Entries] = {}
        self.seen: set[str] = set()
        self.taken = 0
        self.unmerged = False
        self.sound = True

    def teardown(self) -> None:
        store = self.index.open_reader()
        try:
            # What failed has been reported, and shall not be hidden.
            assert not self.sound or store.inspect(deep=True).problems == []
            for name, entries in self.published.items() if self.sound else ():
                assert load_entries(self.index, name) == entries
        finally:
            self.index.close()
            shutil.rmtree(self.place)

    def git(self, *arguments: str) -> bool:
        """Let git do something, or refuse to."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.here.path,
            env=self.here.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            Machine.refused += 1
            if currently_in_test_context():
                note(f"git {arguments}: {done.stderr.decode('utf-8', 'replace').strip()}")
        else:
            self.done[kind(arguments)] += 1
        return not done.returncode

    def under_way(self) -> list[str]:
        """List what git has begun in this work tree and not ended."""
        found = self.main.path / ".git"
        if self.here is self.linked:
            found = found / "worktrees/linked"
        return [command for name, command in UNDER_WAY.items() if (found / name).exists()]

    def settled(self) -> bool:
        return not (self.unmerged or self.under_way())

    # ---- files

    def cleared(self, name: str) -> Path:
        """Make room for a file, whatever is in its way."""
        path = self.here.path / name
        for parent in list(path.parents)[: len(Path(name).parts) - 1]:
            if parent.is_symlink() or parent.is_file():
                parent.unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.removed(path)
        return path

    @staticmethod
    def removed(path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif os.path.lexists(path):
            path.unlink()

    def written(self, name: str, text: int) -> None:
        path = self.here.path / name
        if path.is_symlink() or not path.is_file():
            path = self.cleared(name)
        path.write_text(source(text))
        self.done["edit"] += 1

    @rule(name=NAMES, text=TEXTS)
    def edit(self, name: str, text: int) -> None:
        self.written(name, text)

    @rule(name=NAMES, text=TEXTS)
    def edit_and_add(self, name: str, text: int) -> None:
        self.written(name, text)
        self.git("add", "--", name)

    @rule(name=NAMES, staged=TEXTS, left=TEXTS)
    def stage_in_part(self, name: str, staged: int, left: int) -> None:
        self.written(name, staged)
        self.git("add", "--", name)
        self.written(name, left)
        self.done["stage in part"] += staged != left

    @rule(name=NAMES, how=st.sampled_from(["disk", "rm -rfq", "rm -rq --cached"]))
    def delete(self, name: str, how: str) -> None:
        if how == "disk":
            self.done["delete on disk"] += os.path.lexists(self.here.path / name)
            self.removed(self.here.path / name)
        else:
            self.git(*how.split(), "--", name)

    @rule(old=NAMES, new=NAMES, by_git=st.booleans())
    def rename(self, old: str, new: str, by_git: bool) -> None:
        if by_git:
            self.git("mv", "-f", "--", old, new)
            return
        with suppress(OSError):
            (self.here.path / old).rename(self.here.path / new)
            self.done["rename on disk"] += 1

    @rule(there=st.booleans())
    def rename_directory(self, there: bool) -> None:
        old, new = ("d", "m") if there else ("m", "d")
        if not (self.here.path / new).is_symlink():
            self.removed(self.here.path / new)
        self.git("mv", "-f", "--", old, new)

    @rule(name=NAMES, mode=st.sampled_from([0o644, 0o755]), staged=st.booleans())
    def chmod(self, name: str, mode: int, staged: bool) -> None:
        if staged:
            self.git("update-index", f"--chmod={'-+'[mode == 0o755]}x", "--", name)
        elif (self.here.path / name).is_file():
            (self.here.path / name).chmod(mode)
            self.done["chmod"] += 1

    @rule(name=NAMES, to=st.sampled_from(["b.py", "m", "../outside", "nowhere"]))
    def link(self, name: str, to: str) -> None:
        self.cleared(name).symlink_to(to)
        self.done["symlink"] += 1

    @rule(name=NAMES, text=TEXTS)
    def swap_file_and_directory(self, name: str, text: int) -> None:
        if (self.here.path / name).is_dir():
            self.cleared(name).write_text(source(text))
        else:
            self.written(f"{name}/x.py", text)

    @rule(name=NAMES, text=TEXTS)
    def intend_to_add(self, name: str, text: int) -> None:
        self.written(name, text)
        self.git("add", "-N", "--", name)

    @rule(how=st.sampled_from(["add -A", "add -u", "add -N .", "add m", "restore --staged ."]))
    def stage(self, how: str) -> None:
        self.git(*how.split())

    # ---- history

    @rule(how=st.sampled_from(["-q", "-qa", "-qa", "-q --amend", "-qa --amend"]))
    def commit(self, how: str) -> None:
        self.git("commit", *how.split(), "--no-verify", "-m", "change")

    @rule(name=NAMES, text=TEXTS)
    def commit_path(self, name: str, text: int) -> None:
        self.written(name, text)
        self.git("commit", "-qm", "one", "--no-verify", "--", name)

    @rule(name=st.sampled_from(["main", "other", "third"]))
    def branch(self, name: str) -> None:
        self.git("checkout", "-q", "-B", name)

    @precondition(settled)
    @rule(to=BRANCHES, how=st.sampled_from(["-q", "-qf", "-qm", "-q --detach"]))
    def switch(self, to: str, how: str) -> None:
        self.git("checkout", *how.split(), to, "--")

    @precondition(settled)
    @rule(
        other=BRANCHES,
        how=st.sampled_from(["", "", "--no-ff", "--squash", "-X ours", "--no-commit"]),
    )
    def merge(self, other: str, how: str) -> None:
        self.git("merge", "-q", *how.split(), other)

    @precondition(settled)
    @rule(onto=BRANCHES)
    def rebase(self, onto: str) -> None:
        self.git("rebase", "-q", "--no-verify", onto)

    @precondition(settled)
    @rule(how=st.sampled_from(["cherry-pick", "revert --no-edit", "revert -n"]), which=BRANCHES)
    def pick(self, how: str, which: str) -> None:
        self.git(*how.split(), which)

    @rule(how=st.sampled_from(["", "", "-k", "-u"]))
    def stash(self, how: str) -> None:
        self.git("stash", "push", "-q", *how.split())

    @precondition(settled)
    @rule(how=st.sampled_from(["pop -q", "pop -q --index", "apply -q"]))
    def stash_pop(self, how: str) -> None:
        self.git("stash", *how.split())

    @rule(how=st.sampled_from(["--hard", "--mixed", "--soft", "--keep"]), far=st.integers(0, 1))
    def reset(self, how: str, far: int) -> None:
        self.git("reset", "-q", how, f"HEAD~{far}")

    @precondition(lambda self: not self.settled())
    @rule(how=st.sampled_from(["abort", "abort", "go on", "go on", "skip", "add", "ours"]))
    def settle(self, how: str) -> None:
        commands = self.under_way()
        if how in ("add", "ours", "go on"):
            if how == "ours":
                self.git("checkout", "-q", "--ours", "--", ".")
            self.git("add", "-A")
        if how == "go on":
            for command in commands:
                self.git(command, "--continue")
        elif how in ("abort", "skip"):
            for command in commands:
                self.git(command, f"--{how}")
            if not commands:
                self.git("reset", "-q", "--merge")

    # ---- the repository

    @rule(how=st.sampled_from(["add", "go", "go", "come back", "remove"]))
    def worktree(self, how: str) -> None:
        self.here = self.main
        there = str(self.linked.path)
        if how == "remove":
            self.git("worktree", "remove", "-f", there)
            self.repos.pop(self.linked.path, None)
        elif how == "add" and not self.linked.path.exists():
            self.git("worktree", "add", "-q", "-f", "--detach", there, "other")
        if how in ("add", "go") and self.linked.path.exists():
            self.here = self.linked

    @rule(how=st.sampled_from(["forget", "gc -q --prune=now", "repack -adq", "pack-refs --all"]))
    def tidy(self, how: str) -> None:
        if how == "forget":
            self.git("reflog", "expire", "--expire=now", "--all")
            self.git("prune", "--expire=now")
        else:
            self.git(*how.split())

    @rule()
    def start_anew(self) -> None:
        self.index.close()

    # ---- what must hold

    @invariant()
    def every_view_is_exact(self) -> None:
        Machine.steps += 1
        self.taken += 1
        self.sound = False
        repo, here = self.repos.get(self.here.path), self.here
        if repo is None:
            repo = self.repos[here.path] = git.discover_repo(str(here.path), here.env)
        listed = Indexed(here)
        self.unmerged = listed.unmerged
        if self.unmerged:
            self.done[" ".join(["conflict", *self.under_way()])] += 1
        head = naive.committed(here)
        expected = {"HEAD": head, "staged": listed.staged, "worktree": listed.worktree(here)}
        for view in ("HEAD",) if listed.unmerged else VIEWS:
            self.bring_up_to_date(repo, view, expected[view])
        for view in ("staged", "worktree") if listed.unmerged else ():
            with pytest.raises(git.UnmergedError):
                refresh.refresh_view(self.index, View(repo, view), jobs=1)
        if self.taken % _DEEP == 0:
            view = VIEWS[self.taken // _DEEP % 3]
            if view == "HEAD" or not listed.unmerged:
                self.compare_with_a_fresh_index(repo, view, expected[view])
        self.sound = True

    def bring_up_to_date(self, repo: Repo, view: str, expected: naive.Entries) -> None:
        if self.taken % _DEEP == 1:
            taken = snapshot.take_snapshot(self.index, View(repo, view))
            assert naive.drop_languages(taken.entries) == expected
        self.plans.clear()
        done = refresh.refresh_view(self.index, View(repo, view), jobs=1)
        (plan,) = self.plans
        before = self.published.get(done.name, {})
        assert load_entries(self.index, done.name) == expected
        assert naive.drop_languages(plan.changed) == {
            p: o for p, o in expected.items() if before.get(p) != o
        }
        assert sorted(plan.deleted) == sorted(before.keys() - expected.keys())
        unseen = set(expected.values()) - self.seen
        assert {key.oid for key in plan.unknown} == unseen
        assert (done.analyzed, done.failures) == (len(unseen), {})
        assert (done.changed, done.deleted) == (len(plan.changed), len(plan.deleted))
        assert done.reused == len(expected) - len(unseen)
        self.seen |= unseen
        self.published[done.name] = expected

    def compare_with_a_fresh_index(self, repo: Repo, view: str, expected: naive.Entries) -> None:
        with closing(Index(MEMORY)) as fresh:
            refresh.refresh_view(fresh, View(repo, view), jobs=1)
            one, other = (
                snapshot.take_snapshot(index, View(repo, view)) for index in (self.index, fresh)
            )
            assert one.entries == other.entries
            assert naive.drop_languages(one.entries) == expected
            assert (one.view.facts, one.failures) == ({}, {})
            assert list(export_snapshot(one)) == list(export_snapshot(other))
        if view != "HEAD":
            assert naive.entries(self.here, view) == expected


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Machine]:
    """The machine, with every plan that a refresh makes noted down."""
    template(tmp_path)
    Machine.beginning = tmp_path
    Machine.steps = Machine.refused = 0
    Machine.done.clear()
    found = refresh.plan_refresh

    def noted(store: Store, view: View) -> RefreshPlan:
        plan = found(store, view)
        Machine.plans.append(plan)
        return plan

    monkeypatch.setattr(refresh, "plan_refresh", noted)
    return Machine


@pytest.mark.parametrize("part", range(_PARTS))
def test_after_every_step_every_view_is_exact(machine: type[Machine], part: int) -> None:
    chance = random.Random(secrets.randbits(64) if _ASKED else part)
    # Hypothesis ends some runs early, and its versions do not agree on which.
    while machine.steps < _STEPS:
        run_state_machine_as_test(
            seed(chance.getrandbits(64))(machine),
            settings=settings(
                max_examples=1 + (_STEPS - machine.steps) // _RUN,
                stateful_step_count=_RUN,
                database=None,
                deadline=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(f"{machine.steps} steps; git refused {machine.refused} commands")  # noqa: T201
    print(*(f"{count:6} {one}" for one, count in machine.done.most_common()), sep="\n")  # noqa: T201


#: A walk on which everything happens at least once, whatever Hypothesis chooses: rules, and what
#: each is asked to do.
WALK: list[tuple[str, dict[str, object]]] = [
    ("edit", {"name": "a.py", "text": 1}),
    ("edit_and_add", {"name": "new\nline.py", "text": 2}),
    ("stage_in_part", {"name": "b.py", "staged": 3, "left": 4}),
    ("commit", {"how": "-q"}),
    ("delete", {"name": "d/a.py", "how": "disk"}),
    ("delete", {"name": "m/c.py", "how": "rm -rfq"}),
    ("rename", {"old": "a.py", "new": "notes", "by_git": False}),
    ("rename", {"old": "b.py", "new": "d/a.py", "by_git": True}),
    ("chmod", {"name": "d/a.py", "mode": 0o755, "staged": True}),
    ("chmod", {"name": "d/e/b.py", "mode": 0o755, "staged": False}),
    ("commit", {"how": "-qa --amend"}),
    ("intend_to_add", {"name": "a.py", "text": 5}),
    ("link", {"name": "b.py", "to": "../outside"}),
    ("stage", {"how": "add -A"}),
    ("swap_file_and_directory", {"name": "a.py", "text": 6}),
    ("rename_directory", {"there": True}),
    ("stage", {"how": "restore --staged ."}),
    ("reset", {"how": "--hard", "far": 0}),
    ("edit_and_add", {"name": "a.py", "text": 7}),
    ("commit", {"how": "-q"}),
    ("branch", {"name": "third"}),
    ("commit_path", {"name": "d/e/b.py", "text": 35}),
    ("switch", {"to": "main", "how": "-qf"}),
    ("commit_path", {"name": "notes", "text": 8}),
    ("merge", {"other": "third", "how": "--no-ff"}),
    ("branch", {"name": "other"}),
    ("commit_path", {"name": "notes", "text": 10}),
    ("switch", {"to": "main", "how": "-q"}),
    ("commit_path", {"name": "d/e/b.py", "text": 14}),
    ("pick", {"how": "cherry-pick", "which": "other"}),
    ("switch", {"to": "other", "how": "-q"}),
    ("commit_path", {"name": "new\nline.py", "text": 15}),
    ("rebase", {"onto": "main"}),
    ("switch", {"to": "third", "how": "-q"}),
    ("commit_path", {"name": "d/a.py", "text": 9}),
    ("switch", {"to": "main", "how": "-q"}),
    ("commit_path", {"name": "d/a.py", "text": 22}),
    ("merge", {"other": "third", "how": ""}),
    ("settle", {"how": "abort"}),
    ("pick", {"how": "cherry-pick", "which": "third"}),
    ("settle", {"how": "go on"}),
    ("pick", {"how": "revert --no-edit", "which": "main"}),
    ("switch", {"to": "third", "how": "-q"}),
    ("rebase", {"onto": "main"}),
    ("settle", {"how": "go on"}),
    ("stage_in_part", {"name": "d/a.py", "staged": 11, "left": 12}),
    ("stash", {"how": ""}),
    ("stash_pop", {"how": "pop -q --index"}),
    ("tidy", {"how": "forget"}),
    ("tidy", {"how": "gc -q --prune=now"}),
    ("start_anew", {}),
    ("worktree", {"how": "add"}),
    ("edit_and_add", {"name": "d/e/b.py", "text": 13}),
    ("commit", {"how": "-qa"}),
    ("worktree", {"how": "come back"}),
    ("worktree", {"how": "remove"}),
    ("reset", {"how": "--hard", "far": 1}),
]
KINDS = {
    *("edit", "stage in part", "add", "add -N", "delete on disk", "rm", "rename on disk", "mv"),
    *("chmod", "update-index", "symlink", "commit", "commit --amend", "checkout", "restore"),
    *("merge", "conflict merge", "merge --abort", "rebase", "cherry-pick", "revert"),
    *("conflict cherry-pick", "cherry-pick --continue", "conflict rebase", "rebase --continue"),
    *("stash push", "stash pop --index", "reset", "worktree add", "worktree remove", "reflog"),
    *("prune", "gc"),
}


def test_everything_that_git_does_is_among_the_steps(machine: type[Machine]) -> None:
    state = machine()
    try:
        for name, how in WALK:
            getattr(state, name)(**how)
            state.every_view_is_exact()
    finally:
        state.teardown()
    assert KINDS - {kind for kind, count in machine.done.items() if count} == set()
