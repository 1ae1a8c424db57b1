"""What a view is compared with, and what the verdict needs to see."""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.api.check import needs_all_files
from detent.api.diff import list_base_trees, load_audited_diff
from detent.budget.rules import resolve_rules
from detent.config import Config, Limit
from detent.core.errors import MeasurementError
from detent.index import views
from detent.index.project import Project

if TYPE_CHECKING:
    from conftest import Sandbox
    from detent.index.handle import Index


def bases(repo: Sandbox, view: str, base: str | None = None) -> list[str]:
    found = git.discover_repo(str(repo.path), os.environ, explicit=True)
    return list_base_trees(found, view, base)


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


@pytest.mark.parametrize(
    ("mode", "limit", "expected"),
    [
        ("all", None, True),
        ("new", None, False),
        ("touched", None, False),
        ("new", Limit("docstring.issues", most=1), True),
        ("none", Limit("docstring.coverage", least=1), True),
        ("new", Limit("docstring.issues", ratchet=True), False),
        ("new", Limit("docstring.issues.new", most=0), False),
        ("new", Limit("index.bytes", most=0), False),
    ],
)
def test_what_needs_the_whole_view(mode: str, limit: Limit | None, expected: bool) -> None:
    assert needs_all_files(mode, resolve_rules([limit] if limit else [], ())) == expected


BASE, BARE = "class B:\n    def f(self): 'Do.'\n", "class B:\n    def f(self): ...\n"
DERIVED_NAMES = ["", "C", "C.f"]
DERIVED = "from base import B\nclass C(B):\n    def f(self): ...\n"


@pytest.mark.parametrize(("committed", "staged", "edited"), [*product([BASE, BARE], repeat=3)])
@pytest.mark.parametrize("view", [views.STAGED, views.WORKTREE, "HEAD"])
def test_each_side_inherits_from_its_own_side(
    repo: Sandbox, index: Index, view: str, *, committed: str, staged: str, edited: str
) -> None:
    repo.commit(**{"base.py": BARE, "m.py": DERIVED})
    repo.commit(**{"base.py": committed, "m.py": DERIVED + "x = 1\n"})
    repo.write("base.py", staged)
    repo.write("m.py", DERIVED + "x = 2\n")
    repo.git("add", "-A")
    repo.write("base.py", edited)
    found = git.discover_repo(str(repo.path), os.environ, explicit=True)
    two = load_audited_diff(Project(found, Config(), index), view, None)
    head, base = {
        views.STAGED: (staged, committed),
        views.WORKTREE: (edited, committed),
        "HEAD": (committed, BARE),
    }[view]
    for files, expected in [(two.head, head), (two.bases[0], base)]:
        missing = [one for one in dict(files)[b"m.py"].findings if one.code == "GL08"]
        assert ("C.f" in [DERIVED_NAMES[one.symbol] for one in missing]) == (expected == BARE)
