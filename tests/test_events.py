"""What git tells hooks of, and what it does not: the next run is exact all the same."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

import naive
from conftest import load_entries
from detent import git
from detent.index import views

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Cli, Sandbox
    from detent.index.handle import Index

VIEWS = (views.STAGED, views.WORKTREE)
PRE = {"pre-commit", "pre-merge-commit"}
POST = {"post-commit", "post-checkout", "post-rewrite"}
AFTER = {*POST, "post-merge"}
HOOKS = {*PRE, *AFTER, "pre-push"}
RECORDER = '#!/bin/sh\necho "$(basename "$0" .detent-chained)" >>"{}"\n'


def source(text: str) -> str:
    return f'"""Know {text}."""\n\nX = {text!r}\n'


def commit_all(repo: Sandbox) -> None:
    repo.write("a.py", source("all"))
    repo.git("commit", "-qam", "all")


def commit_path(repo: Sandbox) -> None:
    repo.write("a.py", source("staged"))
    repo.git("add", "a.py")
    repo.write("b.py", source("only this"))
    repo.git("commit", "-qm", "path", "b.py")


def amend(repo: Sandbox) -> None:
    repo.write("a.py", source("amended"))
    repo.git("commit", "-qa", "--amend", "--no-edit")


def stash(repo: Sandbox) -> None:
    repo.write("new.py", source("new"))
    repo.git("add", "-A")
    repo.write("a.py", source("edited"))
    repo.git("stash", "-q")


def stash_pop(repo: Sandbox) -> None:
    stash(repo)
    repo.detent("index")
    repo.git("stash", "pop", "-q", "--index")


def reset_hard(repo: Sandbox) -> None:
    repo.write("a.py", source("lost"))
    repo.git("reset", "-q", "--hard", "HEAD~1")


def checkout_branch(repo: Sandbox) -> None:
    repo.git("checkout", "-q", "side")


def checkout_new_branch(repo: Sandbox) -> None:
    repo.git("checkout", "-q", "-b", "fresh")


def checkout_file(repo: Sandbox) -> None:
    repo.write("a.py", source("edited"))
    repo.git("checkout", "-q", "--", "a.py")


def worktree_add(repo: Sandbox) -> None:
    repo.git("worktree", "add", "-q", "../linked", "side")


def fast_forward(repo: Sandbox) -> None:
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.git("merge", "-q", "--ff-only", "side")


def pull(repo: Sandbox) -> None:
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.git("pull", "-q", "--ff-only", ".", "side")


def remote_of(repo: Sandbox) -> None:
    """Make a remote whose branch has what ``side`` has."""
    repo.git("clone", "-q", "--bare", ".", "../remote.git")
    repo.git("remote", "add", "origin", "../remote.git")
    repo.git("push", "-q", "--no-verify", "--force", "origin", "side:main")


def push(repo: Sandbox) -> None:
    remote_of(repo)
    repo.git("push", "-q", "origin", "main:topic")


def pull_and_merge(repo: Sandbox) -> None:
    remote_of(repo)
    repo.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")


def pull_and_rebase(repo: Sandbox) -> None:
    remote_of(repo)
    repo.git("pull", "-q", "--rebase", "origin", "main")


def squash(repo: Sandbox) -> None:
    repo.git("merge", "-q", "--squash", "side")


def merge(repo: Sandbox) -> None:
    repo.git("merge", "-q", "--no-edit", "side")


def conflicting(repo: Sandbox) -> None:
    repo.commit("ours", **{"b.py": source("ours"), "c.py": source("ours too")})


def resolved(repo: Sandbox) -> None:
    conflicting(repo)
    repo.git("merge", "-q", "side", check=False)
    repo.write("b.py", source("both"))
    repo.git("add", "b.py")
    repo.git("commit", "-q", "--no-edit")


def rebase(repo: Sandbox) -> None:
    repo.git("rebase", "-q", "side")


def rebase_stopped(repo: Sandbox) -> None:
    conflicting(repo)
    repo.git("rebase", "-q", "side", check=False)
    assert (repo.path / ".git/rebase-merge").is_dir()
    repo.write("b.py", source("both"))
    repo.git("add", "b.py")


def rebase_continued(repo: Sandbox) -> None:
    rebase_stopped(repo)
    repo.git("-c", "core.editor=true", "rebase", "--continue")


def rebase_by_patches(repo: Sandbox) -> None:
    repo.git("rebase", "-q", "--apply", "side")


def rebase_interactive(repo: Sandbox) -> None:
    repo.commit("dropped", **{"b.py": source("dropped")})
    repo.commit("kept", **{"new.py": source("kept")})
    repo.git("-c", "sequence.editor=sed -i /dropped/d", "rebase", "-q", "-i", "HEAD~2")
    assert not repo.git("log", "--grep=dropped")


def patch_applied(repo: Sandbox) -> None:
    patch = repo.git("format-patch", "--stdout", "-1", "side")
    repo.git("am", "-q", given=patch.encode())


def cherry_pick_continued(repo: Sandbox) -> None:
    conflicting(repo)
    repo.git("cherry-pick", "side", check=False)
    repo.write("b.py", source("both"))
    repo.git("add", "b.py")
    repo.git("-c", "core.editor=true", "cherry-pick", "--continue")


def cherry_pick(repo: Sandbox) -> None:
    repo.git("cherry-pick", "side")


def revert(repo: Sandbox) -> None:
    repo.git("revert", "--no-edit", "HEAD")


def switch_to_orphan(repo: Sandbox) -> None:
    repo.git("switch", "-q", "--orphan", "fresh")
    repo.write("d.py", source("first of all"))
    repo.git("add", "d.py")
    repo.git("commit", "-qm", "first")


class Event(NamedTuple):
    """Something that a person does, which hooks run then, and which do not."""

    do: Callable[[Sandbox], object]
    runs: set[str]
    silent: set[str]


EVENTS = [
    Event(commit_all, {"pre-commit", "post-commit"}, {"post-checkout"}),
    Event(commit_path, {"pre-commit", "post-commit"}, {"post-checkout"}),
    Event(amend, {"pre-commit", "post-commit", "post-rewrite"}, {"post-checkout"}),
    Event(stash, set(), HOOKS),
    Event(stash_pop, set(), HOOKS),
    Event(reset_hard, set(), HOOKS),
    Event(checkout_branch, {"post-checkout"}, PRE),
    Event(checkout_new_branch, {"post-checkout"}, PRE),
    Event(checkout_file, {"post-checkout"}, PRE),
    Event(worktree_add, {"post-checkout"}, PRE),
    Event(fast_forward, {"post-merge"}, PRE | POST),
    Event(pull, {"post-merge"}, PRE | POST),
    Event(pull_and_merge, {"pre-merge-commit", "post-merge"}, {"pre-commit"}),
    Event(pull_and_rebase, {"post-checkout", "post-rewrite"}, PRE),
    Event(push, {"pre-push"}, PRE | AFTER),
    Event(squash, {"post-merge"}, PRE | POST),
    Event(merge, {"pre-merge-commit", "post-merge"}, {"pre-commit"}),
    Event(resolved, {"pre-commit", "post-commit"}, {"pre-merge-commit", "post-merge"}),
    Event(rebase, {"post-checkout", "post-rewrite"}, PRE),
    Event(rebase_stopped, {"post-checkout"}, PRE),
    Event(rebase_continued, {"post-rewrite"}, PRE),
    Event(rebase_by_patches, {"post-checkout", "post-rewrite"}, PRE),
    Event(rebase_interactive, {"post-checkout", "post-rewrite"}, {"pre-merge-commit"}),
    Event(patch_applied, set(), PRE),
    Event(cherry_pick_continued, {"post-commit"}, {"pre-merge-commit"}),
    Event(cherry_pick, {"post-commit"}, PRE),
    Event(revert, {"post-commit"}, PRE),
    Event(switch_to_orphan, {"post-checkout", "pre-commit", "post-commit"}, {"post-merge"}),
]


@pytest.fixture
def recorded(repo: Sandbox, cli: Cli, tmp_path: Path) -> Sandbox:
    """A repository with two branches, whose hooks write down that they ran."""
    repo.commit("first", **{name: source(name) for name in ("a.py", "b.py", "pkg/c.py")})
    repo.git("branch", "side")
    repo.commit("main", **{"a.py": source("main"), "main.py": source("main")})
    repo.git("checkout", "-q", "side")
    repo.commit("side", **{"b.py": source("side"), "side.py": source("side")})
    repo.git("checkout", "-q", "main")
    for name in HOOKS:
        hook = repo.write(f".git/hooks/{name}", RECORDER.format(tmp_path / "log"))
        hook.chmod(0o755)
    assert cli("install", "--hooks", ",".join(HOOKS)).status == 0
    for view in VIEWS:
        assert cli("index", "--at", view).status == 0
    return repo


def listed(exported: str) -> naive.Entries:
    rows = [json.loads(line) for line in exported.splitlines()]
    return {row["path"].encode(): row["oid"] for row in rows if row["type"] == "file"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.do.__name__)
def test_the_next_run_is_exact(recorded: Sandbox, cli: Cli, tmp_path: Path, event: Event) -> None:
    log = tmp_path / "log"
    event.do(recorded)
    ran = set(log.read_text().split()) if log.exists() else set()
    assert event.runs <= ran
    assert not event.silent & ran
    for view in VIEWS:
        kept = cli("export", "--at", view)
        assert kept == cli("export", "--at", view, "--store", "memory:")
        assert listed(kept.out) == naive.entries(recorded, view)


#: All that ends with a hook of detent, but for a rebase that has not ended.
FOLLOWED = [one for one in EVENTS if one.runs & AFTER and one.do is not rebase_stopped]


@pytest.mark.parametrize("event", FOLLOWED, ids=lambda event: event.do.__name__)
def test_the_hooks_keep_the_views_up_to_date(recorded: Sandbox, kept: Index, event: Event) -> None:
    event.do(recorded)
    repo = git.discover_repo(str(recorded.path), recorded.env)
    for view in VIEWS:
        stored = load_entries(kept, views.View(repo, view).stored_name)
        assert stored == naive.entries(recorded, view)


def test_each_work_tree_is_followed(
    recorded: Sandbox, cli: Cli, kept: Index, tmp_path: Path
) -> None:
    recorded.git("worktree", "add", "-q", str(tmp_path / "linked"), "side")
    linked = recorded._replace(path=tmp_path / "linked")
    for view in VIEWS:
        assert cli("index", "--at", view, at=linked.path).status == 0
    for one in (linked, recorded):
        one.write("b.py", source(one.path.name))
        one.git("commit", "-qam", "in a work tree")
        for tree in (linked, recorded):
            repo = git.discover_repo(str(tree.path), tree.env)
            for view in VIEWS:
                stored = load_entries(kept, views.View(repo, view).stored_name)
                assert stored == naive.entries(tree, view)


def test_a_rebase_is_followed_when_it_ends(recorded: Sandbox, kept: Index) -> None:
    name = views.View(git.discover_repo(str(recorded.path), recorded.env), views.STAGED).stored_name
    conflicting(recorded)
    recorded.detent("index")
    before = kept.open_reader().load_view(name)
    recorded.git("rebase", "-q", "side", check=False)
    assert kept.open_reader().load_view(name) == before
    recorded.git("rebase", "--abort")
    assert load_entries(kept, name) == naive.staged(recorded)


@pytest.mark.parametrize("do", [checkout_new_branch, checkout_file], ids=lambda do: do.__name__)
def test_where_nothing_differs_nothing_is_done(
    recorded: Sandbox, cli: Cli, do: Callable[[Sandbox], object]
) -> None:
    (index,) = (recorded.path / ".git/detent").glob("index-*")
    before = index.read_bytes()
    do(recorded)
    for view in VIEWS:
        said = json.loads(cli("index", "--at", view, "--format", "json").out)
        assert (said["changed"], said["deleted"], said["analysed"]) == (0, 0, 0)
    assert index.read_bytes() == before


def test_an_unresolved_rebase_leaves_the_view(recorded: Sandbox, cli: Cli) -> None:
    before = cli("export", "--at", "HEAD").out
    conflicting(recorded)
    recorded.git("rebase", "-q", "side", check=False)
    answer = cli("check")
    assert answer.status == 3
    assert answer.err.startswith("detent: b.py has conflicts")
    recorded.git("checkout", "-q", "--ours", "b.py")
    assert cli("hook", "pre-commit").status == 3
    recorded.git("rebase", "--abort")
    recorded.git("reset", "-q", "--hard", "HEAD~1")
    assert cli("export").out == before


def test_python_is_started_only_where_something_may_have_moved(
    recorded: Sandbox, tmp_path: Path
) -> None:
    starts, python = tmp_path / "starts", tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$4" >>"{starts}"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name in AFTER:
        hook = recorded.path / ".git/hooks" / name
        text = hook.read_text()
        assert f"python='{sys.executable}'" in text
        hook.write_text(text.replace(f"python='{sys.executable}'", f"python='{python}'"))
    checkout_new_branch(recorded)
    assert not starts.exists()
    for number in range(3):
        recorded.commit(f"{number}", **{f"n{number}.py": source(f"{number}")})
    starts.unlink()
    rebase(recorded)
    assert starts.read_text().split() == ["post-rewrite"]
    checkout_branch(recorded)
    assert starts.read_text().split() == ["post-rewrite", "post-checkout"]
