"""What a view is compared with, and what the verdict needs to see."""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.api.check import needs_all_files
from detent.api.diff import load_audited_diff
from detent.budget.rules import resolve_rules
from detent.config import Config, Limit
from detent.index import views
from detent.index.project import Project

if TYPE_CHECKING:
    from conftest import Sandbox
    from detent.index.handle import Index


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
    two = load_audited_diff(Project(found, Config(), index), views.View(found, view), None)
    head, base = {
        views.STAGED: (staged, committed),
        views.WORKTREE: (edited, committed),
        "HEAD": (committed, BARE),
    }[view]
    for files, expected in [(two.head, head), (two.bases[0], base)]:
        missing = [one for one in dict(files)[b"m.py"].findings if one.code == "GL08"]
        assert ("C.f" in [DERIVED_NAMES[one.symbol] for one in missing]) == (expected == BARE)
