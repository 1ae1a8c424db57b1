from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import git as gitpython
import naive
import situations
from detent import git
from detent.core.errors import GitError
from situations import source

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox
    from detent.git import FileChange

Sides = dict[bytes, tuple[str | None, str | None]]

HOOK = """#!/bin/sh
exec {python} -c '
import os
from detent import git
repo = git.discover_repo(".", os.environ)
for change in git.list_staged_changes(repo, git.resolve_tree(repo, "HEAD")):
    print(change.path.decode(), change.old, change.new)
print(os.environ.get("GIT_INDEX_FILE"))
' > {said}
"""


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


def sides(changes: list[FileChange]) -> Sides:
    assert len({change.path for change in changes}) == len(changes)
    return {change.path: (change.old, change.new) for change in changes}


def staged(repo: Sandbox) -> Sides:
    found = discovered(repo)
    return sides(git.list_staged_changes(found, git.resolve_tree(found, "HEAD")))


def differing(old: naive.Entries, new: naive.Entries) -> Sides:
    both = {path: (old.get(path), new.get(path)) for path in {*old, *new}}
    return {path: pair for path, pair in both.items() if pair[0] != pair[1]}


@pytest.mark.parametrize(
    "name", ["staged_in_part", "renamed", "copied", "removed", "made_executable"]
)
def test_what_another_reader_of_the_index_finds(repo: Sandbox, name: str) -> None:
    situations.start(repo, "HEAD.py")  # it cannot read an index with bytes that are not UTF-8
    situations.SITUATIONS[name](repo)
    with gitpython.Repo(repo.path) as other:
        entries = {path: entry for (path, _), entry in other.index.entries.items()}
    index = {_encoded(p): e.hexsha for p, e in entries.items() if e.mode >> 12 == 8}
    tree = naive.committed(repo)
    expected = differing(tree, {p: oid for p, oid in index.items() if p.endswith(b".py")})
    found = {path: pair for path, pair in staged(repo).items() if path.endswith(b".py")}
    assert found == expected
    assert expected or name == "made_executable"


def test_two_commits(repo: Sandbox) -> None:
    situations.start(repo)
    situations.SITUATIONS["branch_switched"](repo)
    found = discovered(repo)
    changes = git.list_tree_changes(
        found, git.resolve_tree(found, "main"), git.resolve_tree(found, "HEAD")
    )
    python = {path: pair for path, pair in sides(changes).items() if path.endswith(b".py")}
    assert python == differing(naive.committed(repo, "main"), naive.committed(repo))
    assert (b"pkg", None) in [change[:2] for change in changes]


@pytest.mark.parametrize("name", situations.SITUATIONS)
def test_the_work_tree_against_the_index(repo: Sandbox, name: str) -> None:
    situations.start(repo)
    situations.SITUATIONS[name](repo)
    expected = differing(naive.staged(repo), naive.worktree(repo))
    place = discovered(repo)
    found = sides(git.list_worktree_changes(place))
    assert {path: pair for path, pair in found.items() if path.endswith(b".py")} == expected


def test_each_question_can_fail(repo: Sandbox) -> None:
    repo.commit("first", **{"a.py": "a"})
    place = discovered(repo)
    tree = git.resolve_tree(place, "HEAD")
    with pytest.raises(GitError, match="git failed"):
        git.list_staged_changes(place, "0" * 40)
    repo.git("config", "core.bare", "true")
    bare = place._replace(env={**place.env, "GIT_DIR": place.git_dir})
    del bare.env["GIT_WORK_TREE"]
    assert git.list_staged_changes(bare, tree) == []
    with pytest.raises(GitError, match="no git repository"):
        git.list_worktree_changes(bare)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"new.py"}),
        (["-a"], {"a.py", "b.py", "new.py"}),
        (["b.py"], {"b.py"}),
        (["-i", "b.py"], {"b.py", "new.py"}),
        (["--amend"], {"new.py"}),
    ],
)
@pytest.mark.parametrize("linked", [False, True])
def test_a_hook_sees_what_will_be_committed(
    repo: Sandbox, tmp_path: Path, arguments: list[str], expected: set[str], linked: bool
) -> None:
    repo.commit("first", **{name: source(name) for name in ("a.py", "b.py", "sub/c.py")})
    if linked:
        repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
        inner = repo._replace(path=tmp_path / "linked")
    else:
        inner = repo
    for name in ("a.py", "b.py", "new.py"):
        inner.write(name, source(name, "changed"))
    inner.git("add", "new.py")
    said = tmp_path / "said"
    hook = repo.write(".git/hooks/pre-commit", HOOK.format(python=sys.executable, said=said))
    hook.chmod(0o755)
    inner._replace(path=inner.path / "sub").git("commit", "-q", "-m", "x", *_from_sub(arguments))
    *changes, index = said.read_text().splitlines()
    after = naive.committed(inner)
    before = naive.committed(inner, "HEAD~1" if arguments != ["--amend"] else "HEAD@{1}")
    rows = [f"{path.decode()} {old} {new}" for path, (old, new) in differing(before, after).items()]
    assert sorted(changes) == sorted(rows)
    assert {row.split()[0] for row in changes} == expected
    assert index.endswith((".lock", "index"))


def _encoded(path: str | os.PathLike[str]) -> bytes:
    return str(path).encode("utf-8", "surrogateescape")


def _from_sub(arguments: list[str]) -> list[str]:
    return [f"../{one}" if one.endswith(".py") else one for one in arguments]


def test_the_index_that_the_environment_names(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("first", **{"a.py": "a"})
    repo.write("a.py", "other")
    elsewhere = repo._replace(env={**repo.env, "GIT_INDEX_FILE": str(tmp_path / "index")})
    elsewhere.git("add", "a.py")
    assert set(staged(elsewhere)) == {b"a.py"}
    assert staged(repo) == {}
    relative = repo._replace(env={**repo.env, "GIT_INDEX_FILE": "../index"})
    assert staged(relative._replace(path=repo.path / ".")) == staged(elsewhere)


@pytest.mark.parametrize("kind", ["edit", "delete", "add"])
def test_every_kind_of_conflict_is_one(repo: Sandbox, kind: str) -> None:
    repo.commit("fork", **{"a.py": "a", "b.py": "b"})
    repo.git("checkout", "-q", "-b", "other")
    repo.commit("theirs", **({"new.py": "theirs"} if kind == "add" else {"a.py": "theirs"}))
    repo.git("checkout", "-q", "main")
    if kind == "delete":
        (repo.path / "a.py").unlink()
    repo.commit("ours", **{"delete": {}, "add": {"new.py": "x"}, "edit": {"a.py": "x"}}[kind])
    repo.git("merge", "-q", "other", check=False)
    with pytest.raises(git.UnmergedError) as caught:
        staged(repo)
    assert caught.value.message.startswith("new.py" if kind == "add" else "a.py")


def test_what_was_only_intended_to_be_added_is_never_deleted(repo: Sandbox) -> None:
    repo.commit(**{"a.py": source("a"), "empty.py": ""})
    for name in ("gone.py", "here.py", "a.py"):
        repo.write(name, source(name, "intended"))
        repo.git("rm", "-q", "--cached", "--ignore-unmatch", name)
        repo.git("add", "-N", name)
    for name in ("gone.py", "a.py", "empty.py"):
        (repo.path / name).unlink()
    found = sides(git.list_worktree_changes(discovered(repo)))
    empty = repo.git("rev-parse", "HEAD:empty.py").strip()
    here = repo.git("hash-object", "here.py").strip()
    assert found == {b"empty.py": (empty, None), b"here.py": (None, here)}


def test_moves_with_and_without_edits(repo: Sandbox) -> None:
    body = "\n".join(f"line = {n}" for n in range(40))
    odd = os.fsdecode(b"odd \xe9\n.py")
    repo.commit("first", **{"a.py": body, "b.py": body.replace("=", "=="), "c.py": "c"})
    repo.git("config", "diff.renames", "false")
    repo.git("mv", "a.py", odd.encode("utf-8", "surrogateescape"))
    repo.git("mv", "b.py", "z.py")
    repo.write("z.py", (repo.path / "z.py").read_text() + "\nmore = 1\n")
    repo.write("copy.py", "c")
    repo.git("add", "-A")
    found = discovered(repo)
    expected = {b"odd \xe9\n.py": b"a.py", b"z.py": b"b.py"}
    base = git.resolve_tree(found, "HEAD")
    assert git.find_renames(found, base, None) == expected
    repo.git("commit", "-q", "-m", "moved")
    assert git.find_renames(found, base, git.resolve_tree(found, "HEAD")) == expected


def test_no_program_of_the_settings_is_run(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("first", **{"a.py": "a", ".gitattributes": "*.py diff=spy\n"})
    spy = repo.write("spy", f"#!/bin/sh\ntouch {tmp_path}/spied\n")
    spy.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "diff.spy.textconv", "diff.spy.command"):
        repo.git("config", name, str(spy))
    repo.write("a.py", "b")
    found = discovered(repo)
    env = {"GIT_EXTERNAL_DIFF": str(spy), "GIT_PAGER": str(spy), "GIT_TRACE": "1"}
    found = found._replace(env={**found.env, **env})
    assert [change.path for change in git.list_worktree_changes(found)] == [b"a.py"]
    assert git.list_staged_changes(found, git.resolve_tree(found, "HEAD")) == []
    assert not (tmp_path / "spied").exists()


def test_an_index_that_is_being_written_can_be_read(repo: Sandbox) -> None:
    repo.commit("first", **{"a.py": "a"})
    repo.write("a.py", "b")
    repo.git("add", "a.py")
    (repo.path / ".git/index.lock").touch()
    done = subprocess.run(["git", "write-tree"], cwd=repo.path, env=repo.env, check=False)
    assert set(staged(repo)) == {b"a.py"}
    assert done.returncode in (0, 128)
