"""Path sets against a naive listing, in what can happen to a repository between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import naive
import situations
from conftest import Sandbox
from detent import git
from detent.core.errors import GitError, MeasurementError
from detent.index import views
from detent.languages import fingerprint_languages
from detent.store.protocol import StoredView
from situations import source

if TYPE_CHECKING:
    from pathlib import Path

VIEWS = (views.STAGED, views.WORKTREE)


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


def stored(repo: Sandbox, view: str) -> StoredView:
    """Give the view as a store would have it."""
    sets = views.compute_path_sets(discovered(repo), view, None)
    return StoredView(
        sets.tree, 1, fingerprint_languages(), sets.differences, len(sets.present), frozenset(), {}
    )


def present(sets: views.PathSets) -> naive.Entries:
    return naive.drop_languages(sets.present)


@pytest.mark.parametrize("name", situations.SITUATIONS)
def test_path_sets_lead_from_what_was_to_what_is(repo: Sandbox, name: str) -> None:
    situations.start(repo)
    before = {view: naive.entries(repo, view) for view in VIEWS}
    old = {view: stored(repo, view) for view in VIEWS}
    situations.SITUATIONS[name](repo)
    for view in VIEWS:
        expected = naive.entries(repo, view)
        fresh = views.compute_path_sets(discovered(repo), view, None)
        assert fresh.is_complete
        assert present(fresh) == expected
        step = views.compute_path_sets(discovered(repo), view, old[view])
        after = {} if step.is_complete else dict(before[view])
        for path, key in step.present.items():
            after.pop(path, None)
            if key is not None:
                after[path] = key.oid
        assert after == expected
        olds = {path: key and key.oid for path, key in step.differences.items()}
        assert all(expected.get(path) != oid for path, oid in olds.items())
        tree = {**expected, **olds}
        assert {path: oid for path, oid in tree.items() if oid} == naive.committed(repo, step.tree)


def test_a_link_is_none_of_ours_where_it_is_a_file_with_a_name(repo: Sandbox) -> None:
    situations.start(repo)
    old = stored(repo, "worktree")
    # As git checks it out on Windows.
    repo.git("config", "core.symlinks", "false")
    repo.git("config", "core.fileMode", "false")
    (repo.path / "link.py").unlink()
    for content in ("a.py", source("link")):
        repo.write("link.py", content)
        assert views.compute_path_sets(discovered(repo), "worktree", old).present == {}


def test_only_what_may_differ_is_named(repo: Sandbox) -> None:
    situations.start(repo)
    assert views.compute_path_sets(discovered(repo), "staged", stored(repo, "staged")).present == {}
    old = stored(repo, "worktree")
    repo.write("a.py", "")
    assert set(views.compute_path_sets(discovered(repo), "worktree", old).present) == {b"a.py"}


def test_before_the_first_commit_everything_staged_is_new(repo: Sandbox) -> None:
    assert present(views.compute_path_sets(discovered(repo), "staged", None)) == {}
    repo.write("a.py", "a")
    repo.git("add", "a.py")
    sets = views.compute_path_sets(discovered(repo), "staged", None)
    assert sets.tree == git.EMPTY_TREES["sha1"]
    assert present(sets) == naive.staged(repo)
    assert sets.differences == {b"a.py": None}


def test_a_revision_is_what_its_tree_lists(repo: Sandbox) -> None:
    situations.start(repo)
    repo.git("tag", "v1")
    situations.SITUATIONS["branch_switched"](repo)
    for revision in ("v1", "HEAD", "main", "HEAD~1"):
        sets = views.compute_path_sets(discovered(repo), revision, None)
        assert present(sets) == naive.committed(repo, revision)
        assert sets.differences == {}
    found = {c.path: c.new for c in views.list_differences(discovered(repo), "v1", sets.tree)}
    assert found == {}


@pytest.mark.parametrize("view", VIEWS)
def test_a_conflict_is_an_error(repo: Sandbox, view: str) -> None:
    situations.start(repo)
    situations.SITUATIONS["merge_resolved"](repo)
    repo.git("checkout", "-q", "--conflict=merge", "a.py")
    with pytest.raises(git.UnmergedError, match=r"^a\.py has conflicts"):
        views.compute_path_sets(discovered(repo), view, None)
    sets = views.compute_path_sets(discovered(repo), "HEAD", None)
    assert present(sets) == naive.committed(repo)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("case", ["lost", "elsewhere", "empty name", "not checked out", "bare"])
def test_without_an_index_nothing_is_measured(
    repo: Sandbox, tmp_path: Path, view: str, case: str
) -> None:
    situations.start(repo)
    if case == "lost":
        (repo.path / ".git/index").unlink()
    elif case == "elsewhere":
        repo = repo._replace(env={**repo.env, "GIT_INDEX_FILE": str(tmp_path / "nowhere")})
    elif case == "empty name":
        repo.write("index", "a file that is no index")
        repo = repo._replace(env={**repo.env, "GIT_INDEX_FILE": ""})
    else:
        flag = "--bare" if case == "bare" else "--no-checkout"
        repo.git("clone", "-q", flag, str(repo.path), str(tmp_path / "clone"))
        repo = repo._replace(path=tmp_path / "clone")
    with pytest.raises(MeasurementError, match="no git index"):
        views.compute_path_sets(discovered(repo), view, None)
    sets = views.compute_path_sets(discovered(repo), "HEAD", None)
    assert present(sets) == naive.committed(repo)


def test_a_damaged_index_is_an_error(repo: Sandbox) -> None:
    situations.start(repo)
    (repo.path / ".git/index").write_bytes(b"DIRC rubbish")
    with pytest.raises(GitError, match="index"):
        views.compute_path_sets(discovered(repo), "staged", None)


def test_a_file_that_no_filter_accepts_is_an_error_not_a_deletion(repo: Sandbox) -> None:
    situations.start(repo)
    repo.write(".gitattributes", "a.py filter=broken\n")
    repo.git("config", "filter.broken.clean", "false")
    repo.git("config", "filter.broken.required", "true")
    repo.write("a.py", "changed")
    with pytest.raises(GitError, match=r"a\.py"):
        views.compute_path_sets(discovered(repo), "worktree", None)


def test_work_trees_have_views_of_their_own(repo: Sandbox, tmp_path: Path) -> None:
    situations.start(repo)
    names = [b"w1", b"w\xe9", b"w\\xe9"]
    found = {views.make_stored_name(discovered(repo), "staged", "")}
    for name in names:
        place = tmp_path / name.decode("utf-8", "surrogateescape")
        repo.git("worktree", "add", "-q", "--detach", bytes(place))
        linked = discovered(repo._replace(path=place))
        found.add(views.make_stored_name(linked, "staged", ""))
        assert views.make_stored_name(linked, "HEAD", "0" * 40) == f"@{'0' * 40}"
    assert found >= {"/staged", "worktrees/w1/staged"}
    assert all(name.encode() for name in found)


def test_other_hashes(repo: Sandbox, tmp_path: Path) -> None:
    other = Sandbox(tmp_path / "sha256", repo.env)
    other.path.mkdir()
    other.git("init", "-q", "-b", "main", "--object-format=sha256")
    assert present(views.compute_path_sets(discovered(other), "staged", None)) == {}
    situations.start(other)
    old = stored(other, "worktree")
    situations.SITUATIONS["staged_in_part"](other)
    for view in VIEWS:
        sets = views.compute_path_sets(discovered(other), view, None)
        assert present(sets) == naive.entries(other, view)
        assert {len(oid) for oid in present(sets).values()} == {64}
    assert set(views.compute_path_sets(discovered(other), "worktree", old).present) == {
        b"a.py",
        b"new.py",
    }
