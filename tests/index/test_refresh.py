"""Sessions: whatever happens between two runs or in the middle of one, the index is exact."""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tarfile
import unittest.mock
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import edits
import naive
import situations
from conftest import Sandbox, environment, export_snapshot, load_entries
from detent import git
from detent.audit.analyze import analyze_content
from detent.core.errors import MeasurementError, StoreError
from detent.core.model import BlobKey
from detent.index import ingest, views
from detent.index.handle import Index
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_snapshot
from detent.store import MEMORY
from situations import source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from detent.core.results import RefreshResult
    from detent.index.executors.base import Outcome
    from detent.languages.base import Analysis
    from detent.store.protocol import Session

VIEWS = (views.STAGED, views.WORKTREE)


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


def refreshed(repo: Sandbox, index: Index, view: str = "staged", jobs: int = 1) -> RefreshResult:
    return refresh_view(index, views.View(discovered(repo), view), jobs=jobs)


def entries(repo: Sandbox, index: Index, view: str = "staged") -> naive.Entries:
    return load_entries(index, views.View(discovered(repo), view).stored_name)


def exported(repo: Sandbox, index: Index, view: str) -> list[list[str]]:
    now = take_snapshot(index, views.View(discovered(repo), view))
    assert not now.view.facts
    assert not now.failures
    return list(export_snapshot(now))


def assert_exact(repo: Sandbox, index: Index, view: str) -> None:
    """See that the index has what git lists, and what a fresh one would have."""
    expected = naive.entries(repo, view)
    assert entries(repo, index, view) == expected
    with closing(Index(MEMORY)) as fresh:
        done = refreshed(repo, fresh, view)
        assert done.analyzed == len(set(expected.values()))
        assert done.reused == len(expected) - done.analyzed
        assert exported(repo, index, view) == exported(repo, fresh, view)
        old, new = (one.open_reader().load_view(done.name) for one in (index, fresh))
    assert old is not None
    assert new is not None
    assert old._replace(generation=0) == new._replace(generation=0)
    assert index.open_reader().inspect(deep=True).problems == []


@pytest.mark.parametrize("name", situations.SITUATIONS)
def test_a_step_leads_where_a_fresh_start_does(repo: Sandbox, index: Index, name: str) -> None:
    situations.start(repo)
    for view in VIEWS:
        refreshed(repo, index, view)
    situations.SITUATIONS[name](repo)
    for view in VIEWS:
        before = entries(repo, index, view)
        expected = naive.entries(repo, view)
        now = take_snapshot(index, views.View(discovered(repo), view))
        assert naive.drop_languages(now.entries) == expected
        assert not now.failures
        done = refreshed(repo, index, view)
        assert not done.failures
        assert done.deleted == len(before.keys() - expected.keys())
        assert done.changed == sum(before.get(path) != oid for path, oid in expected.items())
        assert_exact(repo, index, view)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("nothing", (0, 0, 0, 24)),
        ("touched", (0, 0, 0, 24)),
        ("made_executable", (0, 0, 0, 24)),
        ("renamed", (4, 4, 0, 24)),
        ("copied", (1, 0, 0, 25)),
        ("removed", (0, 2, 0, 22)),
        ("staged_in_part", (2, 0, 2, 23)),
        ("stashed", (0, 0, 0, 24)),
        ("orphan_branch", (0, 24, 0, 0)),
        ("orphan_branch_with_files", (0, 0, 0, 24)),
        ("became_a_directory", (1, 1, 0, 24)),
        ("sparse_checkout", (0, 0, 0, 24)),
    ],
)
def test_only_content_that_was_never_seen_is_analysed(
    repo: Sandbox, index: Index, name: str, counts: tuple[int, int, int, int]
) -> None:
    situations.start(repo)
    assert refreshed(repo, index)[2:6] == (24, 0, 0, 24)
    situations.SITUATIONS[name](repo)
    done = refreshed(repo, index)
    assert (done.changed, done.deleted, done.analyzed, done.reused) == counts


def test_back_and_forth_between_branches_analyses_nothing_twice(
    repo: Sandbox, index: Index
) -> None:
    situations.start(repo)
    refreshed(repo, index)
    situations.SITUATIONS["branch_switched"](repo)
    assert refreshed(repo, index).analyzed == 1
    for branch in ("-f", "main", "other", "main"):
        repo.git("checkout", "-q", branch)
        assert refreshed(repo, index).analyzed == 0
    assert refreshed(repo, index, "other").analyzed == 0


def test_what_was_intended_to_be_added_and_given_up_leaves_no_ghost(
    repo: Sandbox, index: Index
) -> None:
    situations.start(repo, "HEAD.py")
    repo.write("new.py", source("new"))
    repo.git("add", "-N", "new.py")
    (repo.path / "new.py").unlink()
    refreshed(repo, index, "worktree")
    repo.git("reset", "-q")
    refreshed(repo, index, "worktree")
    assert_exact(repo, index, "worktree")


# ---- what must not be written


def stamps(index: Index) -> dict[str, tuple[bytes, int]]:
    """Give the bytes and times of all that is in the directory of an index."""
    index.close()
    found = [one for one in Path(index.path).parent.rglob("*") if one.is_file()]
    return {one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in found}


@pytest.mark.parametrize("view", [*VIEWS, "HEAD"])
def test_where_nothing_has_changed_nothing_is_opened_for_writing(
    repo: Sandbox, kept: Index, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    situations.start(repo)
    repo.write("a.py", "edited")
    refreshed(repo, kept, view)
    before = stamps(kept)
    assert len([name for name in before if name.startswith("index-")]) == 1
    os.utime(repo.path / "b.py", (1, 1))
    monkeypatch.setattr(Index, "open_writer", None)
    done = refreshed(repo, kept, view)
    assert (done.changed, done.deleted, done.analyzed, done.reused) == (0, 0, 0, 24)
    assert stamps(kept) == before


@pytest.mark.parametrize("view", VIEWS)
def test_a_conflict_leaves_the_old_view(repo: Sandbox, kept: Index, view: str) -> None:
    situations.start(repo)
    refreshed(repo, kept, view)
    before = stamps(kept)
    situations.SITUATIONS["merge_resolved"](repo)
    repo.git("checkout", "-q", "--conflict=merge", "a.py")
    with pytest.raises(git.UnmergedError):
        refreshed(repo, kept, view)
    assert stamps(kept) == before
    repo.git("add", "a.py")
    refreshed(repo, kept, view)
    assert_exact(repo, kept, view)


@pytest.mark.parametrize("view", VIEWS)
def test_a_lost_git_index_leaves_the_old_view(repo: Sandbox, kept: Index, view: str) -> None:
    situations.start(repo)
    refreshed(repo, kept, view)
    before = stamps(kept)
    (repo.path / ".git/index").unlink()
    with pytest.raises(MeasurementError):
        refreshed(repo, kept, view)
    assert stamps(kept) == before
    repo.git("reset", "-q")
    assert refreshed(repo, kept, view).changed == 0


def test_work_trees_share_facts_and_not_views(repo: Sandbox, tmp_path: Path, kept: Index) -> None:
    situations.start(repo)
    refreshed(repo, kept)
    before = entries(repo, kept)
    place = tmp_path / os.fsdecode(b"linked \xe9")
    repo.git("worktree", "add", "-q", "--detach", bytes(place))
    linked = repo._replace(path=place)
    assert refreshed(linked, kept).analyzed == 0
    linked.commit("there", **{"a.py": source("a", "there")})
    assert refreshed(linked, kept).analyzed == 1
    for view in VIEWS:
        refreshed(linked, kept, view)
        assert_exact(linked, kept, view)
    assert entries(repo, kept) == before == naive.staged(repo)


def test_other_processes_make_the_same_index(repo: Sandbox, index: Index) -> None:
    situations.start(repo)
    repo.commit("large", **{f"l{n}.py": source(str(n), "x" * 100_000) for n in range(12)})
    refreshed(repo, index, jobs=2)
    assert_exact(repo, index, "staged")


# ---- two at once


def disturbed(monkeypatch: pytest.MonkeyPatch, disturb: Callable[[], object], times: int) -> None:
    """Let something happen after the facts are written and before the view is published."""
    persist = ingest.persist_outcomes
    left = [times]

    def run(session: Session, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        yield from persist(session, outcomes)
        if left[0] > 0:
            left[0] -= 1
            disturb()

    monkeypatch.setattr(ingest, "persist_outcomes", run)


def test_a_view_that_somebody_else_published_is_worked_out_again(
    repo: Sandbox, kept: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    situations.start(repo)
    refreshed(repo, kept)

    def disturb() -> None:
        repo.git("rm", "-q", "b.py")
        with closing(Index(kept.path)) as other:
            refreshed(repo, other)

    disturbed(monkeypatch, disturb, 1)
    repo.commit("more", **{"a.py": source("a", "more")})
    done = refreshed(repo, kept)
    assert done.analyzed == 1
    view = kept.open_reader().load_view(done.name)
    assert view is not None
    assert view.generation == 2
    assert_exact(repo, kept, "staged")


def test_a_view_that_never_stands_still_is_an_error(
    repo: Sandbox, kept: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    situations.start(repo)
    numbers = iter(range(100))

    def disturb() -> None:
        left = next(numbers)
        if left % 2 == 0:
            repo.write("a.py", source("a", str(left)))
            repo.git("add", "a.py")
            with closing(Index(kept.path)) as other:
                refreshed(repo, other)
            repo.write("a.py", source("a", f"again {left}"))
            repo.git("add", "a.py")

    disturbed(monkeypatch, disturb, 100)
    with pytest.raises(StoreError, match="keep updating the view"):
        refreshed(repo, kept)


def test_runs_at_the_same_time_all_end_well(repo: Sandbox, kept: Index) -> None:
    situations.start(repo)
    command = [sys.executable, "-m", "detent", "index"]
    running = [
        subprocess.Popen(
            [*command, "--at", view], cwd=repo.path, env=repo.env, stdout=-1, stderr=subprocess.PIPE
        )
        for view in (*VIEWS, *VIEWS)
    ]
    said = [one.communicate()[1] for one in running]
    assert said == [b""] * 4
    assert [one.returncode for one in running] == [0] * 4
    for view in VIEWS:
        assert_exact(repo, kept, view)


# ---- the end of a process at any instant

KILLED = """
import os, signal, sys
from detent import git
from detent.index import ingest
from detent.index.handle import Index
from detent.index.refresh import refresh_view
from detent.index.views import View
from detent.store.sqlite import session

name, after, path = sys.argv[1:]
target = {{"read_contents": View}}.get(name, session.SqliteSession)
found = getattr(target, name)
left = [int(after)]
ingest._BATCH_SIZE = 5

def run(*arguments, **named):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    done = found(*arguments, **named)
    if left[0] == -1:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

setattr(target, name, run)
refresh_view(Index(path), View(git.discover_repo(".", os.environ), "staged"), jobs=1)
""".replace("{{", "{").replace("}}", "}")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("read_contents", 1),
        ("_insert_facts", 1),
        ("_insert_facts", 8),
        ("persist", 2),
        ("publish", 1),
        ("_claim_generation", 1),
        ("_claim_generation", 0),
        ("publish", 0),
    ],
)
def test_a_kill_leaves_the_old_view_whole(
    repo: Sandbox, kept: Index, name: str, after: int, first: bool
) -> None:
    situations.start(repo)
    before: naive.Entries = {}
    if not first:
        refreshed(repo, kept)
        before = entries(repo, kept)
    kept.close()
    repo.git("rm", "-q", "b.py")
    repo.commit("more", **{f"new{n}.py": source(str(n)) for n in range(12)})
    done = subprocess.run(
        [sys.executable, "-c", KILLED, name, str(after), kept.path],
        cwd=repo.path,
        env=repo.env,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    published = (name, after) == ("publish", 0)
    assert entries(repo, kept) == (naive.staged(repo) if published else before)
    assert kept.open_reader().inspect(deep=True).problems == []
    refreshed(repo, kept)
    assert kept.notes == []
    assert_exact(repo, kept, "staged")


# ---- what cannot be analysed


@pytest.fixture
def defect(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Make the analysis of one content fail; undone with the monkeypatch."""

    def fails(raw: bytes, language: str, previous: object = None) -> Analysis:
        if b"poison" in raw:
            raise RecursionError("too deep")
        return analyze_content(raw, language)

    monkeypatch.setattr("detent.index.executors.base.analyze_content", fails)
    return monkeypatch


def test_a_file_that_fails_costs_itself_and_is_tried_again(
    repo: Sandbox, kept: Index, defect: pytest.MonkeyPatch
) -> None:
    situations.start(repo)
    repo.commit("bad", **{"bad.py": "def f(): poison", "pkg/bad.py": "def f(): poison"})
    done = refreshed(repo, kept)
    reason = "defect in detent: RecursionError: too deep"
    assert done.failures == {b"bad.py": reason, b"pkg/bad.py": reason}
    assert (done.changed, done.analyzed, done.reused) == (26, 24, 0)
    assert entries(repo, kept) == naive.staged(repo)
    bad = BlobKey(repo.git("rev-parse", "HEAD:bad.py").strip(), "python")
    view = kept.open_reader().load_view(done.name)
    assert view is not None
    assert view.missing_facts == {bad}
    assert kept.open_reader().find_known([bad]) == set()
    before = stamps(kept)
    assert refreshed(repo, kept).failures == done.failures
    assert stamps(kept) == before
    defect.undo()
    assert refreshed(repo, kept).analyzed == 1
    assert_exact(repo, kept, "staged")


def test_a_file_that_fails_is_forgotten_when_it_goes(
    repo: Sandbox, kept: Index, defect: pytest.MonkeyPatch
) -> None:
    situations.start(repo)
    repo.commit("bad", **{"bad.py": "poison"})
    refreshed(repo, kept)
    repo.git("rm", "-q", "bad.py")
    done = refreshed(repo, kept)
    assert (done.failures, done.deleted, done.reused) == ({}, 1, 24)
    assert_exact(repo, kept, "staged")


def test_an_edit_that_failed_is_read_from_disk_again(
    repo: Sandbox, kept: Index, defect: pytest.MonkeyPatch
) -> None:
    situations.start(repo)
    repo.write("a.py", "poison")
    assert set(refreshed(repo, kept, "worktree").failures) == {b"a.py"}
    defect.undo()
    assert refreshed(repo, kept, "worktree").analyzed == 1
    assert_exact(repo, kept, "worktree")


def test_content_that_is_not_here_is_named_and_the_rest_is_indexed(
    repo: Sandbox, kept: Index
) -> None:
    situations.start(repo)
    oid = repo.git("rev-parse", "HEAD:c.py").strip()
    lost = repo.path / f".git/objects/{oid[:2]}/{oid[2:]}"
    content = lost.read_bytes()
    lost.unlink()
    done = refreshed(repo, kept)
    assert set(done.failures) == {b"c.py"}
    assert "not in this clone" in done.failures[b"c.py"]
    assert done.analyzed == 23
    lost.write_bytes(content)
    assert refreshed(repo, kept).analyzed == 1
    assert_exact(repo, kept, "staged")


def test_an_error_in_the_middle_leaves_the_old_view(
    repo: Sandbox, kept: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    situations.start(repo)
    refreshed(repo, kept)
    before = entries(repo, kept)
    repo.commit("more", **{"a.py": source("a", "more")})

    def interrupted() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        disturbed(context, interrupted, 1)
        with pytest.raises(KeyboardInterrupt):
            refreshed(repo, kept)
    assert entries(repo, kept) == before
    assert refreshed(repo, kept).analyzed == 0
    assert_exact(repo, kept, "staged")


# ---- whatever the order

NAMES = st.sampled_from(["a.py", "b.py", "d/a.py", "d/e/b.py", "n\n.py", "notes"])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["write", "write and add"]), NAMES, st.sampled_from("1234")),
    st.tuples(
        st.sampled_from(["remove", "rm", "add", "rm --cached", "add -N", "executable"]), NAMES
    ),
    st.tuples(st.just("mv"), NAMES, NAMES),
    st.tuples(st.sampled_from(["commit", "commit -a", "amend", "stash", "stash pop", "add -A"])),
    st.tuples(
        st.sampled_from(["reset --soft", "reset --mixed", "reset --hard"]), st.sampled_from("01")
    ),
    st.tuples(st.sampled_from(["switch", "merge"]), st.sampled_from(["main", "other"])),
    st.tuples(st.just("refresh"), st.sampled_from(VIEWS)),
)


def commands(name: str, *arguments: str) -> list[str]:
    """Give the command of git for a step."""
    fixed = {
        "commit": ["commit", "-qm", "x", "--no-verify"],
        "commit -a": ["commit", "-qam", "x", "--no-verify"],
        "amend": ["commit", "-qm", "y", "--amend", "--no-verify"],
        "executable": ["update-index", "--chmod=+x", *arguments],
        "write and add": ["add", *arguments[:1]],
        "switch": ["checkout", "-qf", *arguments],
        "merge": ["merge", "-q", "-X", "ours", "--no-edit", *arguments],
    }
    if name.startswith("reset"):
        return [*name.split(), f"HEAD~{arguments[0]}"]
    return fixed.get(name, [*name.split(), *arguments])


def take(repo: Sandbox, index: Index, name: str, *arguments: str) -> None:
    """Take one step; git may refuse it, which is a step too."""
    if name == "refresh":
        if not repo.git("ls-files", "-u"):
            refreshed(repo, index, arguments[0])
        return
    if name.startswith("write"):
        path = repo.path / arguments[0]
        if path.is_dir() or any(parent.is_file() for parent in path.parents):
            return
        repo.write(arguments[0], source(arguments[0], arguments[1]))
    if name == "remove":
        (repo.path / arguments[0]).unlink(missing_ok=True)
    elif name != "write":
        repo.git(*commands(name, *arguments), check=False)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_after_any_steps_the_views_are_exact(steps: list[tuple[str, ...]]) -> None:
    with TemporaryDirectory() as place, closing(Index(MEMORY)) as index:
        repo = Sandbox(Path(place), environment(Path(place)))
        repo.git("init", "-q", "-b", "main")
        repo.git("commit", "-qm", "empty", "--allow-empty")
        repo.commit("start", **{name: source(name) for name in ("a.py", "d/a.py", "d/e/b.py")})
        repo.git("branch", "other")
        for step in steps:
            take(repo, index, *step)
        if repo.git("ls-files", "-u"):
            return
        for view in VIEWS:
            refreshed(repo, index, view)
            assert_exact(repo, index, view)


def test_edits_of_real_files_leave_what_a_fresh_index_has(repo: Sandbox) -> None:
    modules = [argparse, tarfile, unittest.mock]
    files = {f"m{n}.py": Path(str(m.__file__)).read_text("utf-8") for n, m in enumerate(modules)}
    # What is said of the one class hangs on the other, wherever it moves to.
    files["m3.py"] = (
        "".join(f"def f{n}(a):\n    '''do {n}'''\n    return g({n})\n\n\n" for n in range(30))
        + "class A:\n    size = 1\n\n\n"
        + "class B(A):\n    '''Hold.\n\n    Attributes\n    ----------\n    size, gone : int\n"
        + "    '''\n"
    )
    repo.commit("all", **files)
    chance = random.Random(2026)
    with closing(Index(MEMORY)) as index:
        refreshed(repo, index)
        for _ in range(8):
            for name, text in files.items():
                files[name] = edits.change(text, chance) if name != "m3.py" else "\n" + text
                repo.write(name, files[name])
            files["m3.py"] = files["m3.py"].replace("size = 1", "size = 1; other = 2")
            repo.git("add", "-A")
            refreshed(repo, index)
            assert_exact(repo, index, views.STAGED)
