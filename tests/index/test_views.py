"""Path sets against a naive listing, in what can happen to a repository between two runs."""

from __future__ import annotations

import os
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
    found = views.View(discovered(repo), view)
    sets, languages = found.compute_path_sets(None), fingerprint_languages()
    size = len(sets.present)
    return StoredView(found.tree, 1, languages, sets.differences, size, frozenset(), {})


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
        fresh = views.View(discovered(repo), view).compute_path_sets(None)
        assert fresh.is_complete
        assert present(fresh) == expected
        now = views.View(discovered(repo), view)
        step = now.compute_path_sets(old[view])
        after = {} if step.is_complete else dict(before[view])
        for path, key in step.present.items():
            after.pop(path, None)
            if key is not None:
                after[path] = key.oid
        assert after == expected
        olds = {path: key and key.oid for path, key in step.differences.items()}
        assert all(expected.get(path) != oid for path, oid in olds.items())
        tree = {**expected, **olds}
        assert {path: oid for path, oid in tree.items() if oid} == naive.committed(repo, now.tree)


def test_a_link_is_none_of_ours_where_it_is_a_file_with_a_name(repo: Sandbox) -> None:
    situations.start(repo)
    old = stored(repo, "worktree")
    # As git checks it out on Windows.
    repo.git("config", "core.symlinks", "false")
    repo.git("config", "core.fileMode", "false")
    (repo.path / "link.py").unlink()
    for content in ("a.py", source("link")):
        repo.write("link.py", content)
        assert views.View(discovered(repo), "worktree").compute_path_sets(old).present == {}


def test_only_what_may_differ_is_named(repo: Sandbox) -> None:
    situations.start(repo)
    assert (
        views.View(discovered(repo), "staged").compute_path_sets(stored(repo, "staged")).present
        == {}
    )
    old = stored(repo, "worktree")
    repo.write("a.py", "")
    assert set(views.View(discovered(repo), "worktree").compute_path_sets(old).present) == {b"a.py"}


def test_before_the_first_commit_everything_staged_is_new(repo: Sandbox) -> None:
    assert present(views.View(discovered(repo), "staged").compute_path_sets(None)) == {}
    repo.write("a.py", "a")
    repo.git("add", "a.py")
    view = views.View(discovered(repo), "staged")
    sets = view.compute_path_sets(None)
    assert view.tree == git.EMPTY_TREES["sha1"]
    assert present(sets) == naive.staged(repo)
    assert sets.differences == {b"a.py": None}


def test_a_revision_is_what_its_tree_lists(repo: Sandbox) -> None:
    situations.start(repo)
    repo.git("tag", "v1")
    situations.SITUATIONS["branch_switched"](repo)
    for revision in ("v1", "HEAD", "main", "HEAD~1"):
        view = views.View(discovered(repo), revision)
        sets = view.compute_path_sets(None)
        assert present(sets) == naive.committed(repo, revision)
        assert sets.differences == {}
    assert views.View(discovered(repo), "v1").list_differences(view.tree) == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_conflict_is_an_error(repo: Sandbox, view: str) -> None:
    situations.start(repo)
    situations.SITUATIONS["merge_resolved"](repo)
    repo.git("checkout", "-q", "--conflict=merge", "a.py")
    with pytest.raises(git.UnmergedError, match=r"^a\.py has conflicts"):
        views.View(discovered(repo), view).compute_path_sets(None)
    sets = views.View(discovered(repo), "HEAD").compute_path_sets(None)
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
        views.View(discovered(repo), view).compute_path_sets(None)
    sets = views.View(discovered(repo), "HEAD").compute_path_sets(None)
    assert present(sets) == naive.committed(repo)


def test_a_damaged_index_is_an_error(repo: Sandbox) -> None:
    situations.start(repo)
    (repo.path / ".git/index").write_bytes(b"DIRC rubbish")
    with pytest.raises(GitError, match="index"):
        views.View(discovered(repo), "staged").compute_path_sets(None)


def test_a_file_that_no_filter_accepts_is_an_error_not_a_deletion(repo: Sandbox) -> None:
    situations.start(repo)
    repo.write(".gitattributes", "a.py filter=broken\n")
    repo.git("config", "filter.broken.clean", "false")
    repo.git("config", "filter.broken.required", "true")
    repo.write("a.py", "changed")
    with pytest.raises(GitError, match=r"a\.py"):
        views.View(discovered(repo), "worktree").compute_path_sets(None)


def test_work_trees_have_views_of_their_own(repo: Sandbox, tmp_path: Path) -> None:
    situations.start(repo)
    names = [b"w1", b"w\xe9", b"w\\xe9"]
    found = {views.View(discovered(repo), "staged").stored_name}
    for name in names:
        place = tmp_path / name.decode("utf-8", "surrogateescape")
        repo.git("worktree", "add", "-q", "--detach", bytes(place))
        linked = discovered(repo._replace(path=place))
        found.add(views.View(linked, "staged").stored_name)
        assert views.View(linked, "HEAD").stored_name == f"@{git.resolve_tree(linked, 'HEAD')}"
    assert found >= {"/staged", "worktrees/w1/staged"}
    assert all(name.encode() for name in found)


def test_other_hashes(repo: Sandbox, tmp_path: Path) -> None:
    other = Sandbox(tmp_path / "sha256", repo.env)
    other.path.mkdir()
    other.git("init", "-q", "-b", "main", "--object-format=sha256")
    assert present(views.View(discovered(other), "staged").compute_path_sets(None)) == {}
    situations.start(other)
    old = stored(other, "worktree")
    situations.SITUATIONS["staged_in_part"](other)
    for view in VIEWS:
        sets = views.View(discovered(other), view).compute_path_sets(None)
        assert present(sets) == naive.entries(other, view)
        assert {len(oid) for oid in present(sets).values()} == {64}
    assert set(views.View(discovered(other), "worktree").compute_path_sets(old).present) == {
        b"a.py",
        b"new.py",
    }


# ---- what a view is compared with


def bases(repo: Sandbox, view: str, base: str | None = None) -> list[str]:
    return views.View(discovered(repo), view).list_base_trees(base)


def tree(repo: Sandbox, revision: str) -> str:
    return repo.git("rev-parse", f"{revision}^{{tree}}").strip()


def test_parents(repo: Sandbox) -> None:
    empty = repo.git("hash-object", "-t", "tree", os.devnull).strip()
    assert bases(repo, views.STAGED) == [empty]
    repo.commit(**{"a.py": "1\n"})
    repo.commit(**{"a.py": "2\n"})
    for view in (views.STAGED, views.WORKTREE):
        assert bases(repo, view) == [tree(repo, "HEAD")]
        assert bases(repo, view, "HEAD~1") == [tree(repo, "HEAD~1")]
    assert bases(repo, "HEAD") == [tree(repo, "HEAD~1")]
    assert bases(repo, "HEAD~1") == [empty]
    assert bases(repo, "HEAD~1", "HEAD") == [tree(repo, "HEAD~1")]
    assert bases(repo, "HEAD", tree(repo, "HEAD~1")) == [tree(repo, "HEAD~1")]


def test_a_merge_in_the_making_has_all_its_parents(repo: Sandbox) -> None:
    repo.commit(a="1\n")
    for name in ("one", "two"):
        repo.git("checkout", "-q", "-b", name, "main")
        repo.commit(**{name: "x"})
    repo.git("checkout", "-q", "main")
    repo.commit(b="2\n")
    repo.git("merge", "-q", "--no-commit", "one", "two")
    expected = [tree(repo, name) for name in ("HEAD", "one", "two")]
    assert bases(repo, views.STAGED) == expected
    assert bases(repo, views.STAGED, "one") == [tree(repo, "HEAD~1")]


@pytest.mark.parametrize("base", ["nothing", "-x", "--all", ""])
def test_a_base_that_is_none(repo: Sandbox, base: str) -> None:
    repo.commit(**{"a.py": "1\n"})
    with pytest.raises(MeasurementError, match="no such revision"):
        bases(repo, views.STAGED, base)
