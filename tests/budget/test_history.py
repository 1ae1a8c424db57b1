"""Metrics of past commits are those that each commit has by itself."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detent import config, git
from detent.api.check import make_metric_source
from detent.api.diff import load_audited_diff
from detent.api.view import load_audited_files
from detent.budget.history import has_history, measure_history
from detent.budget.limits import HEAD
from detent.budget.metrics import METRICS
from detent.config import Limit
from detent.index.handle import Index
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.index.views import View

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

NAMES = [name for name, metric in METRICS.items() if has_history(metric)]
#: Classes that inherit from each other across files, or not, with documented methods and without.
TEXTS = [
    'class B:\n    """Be."""\n\n    def f(self):\n        """Do."""\n',
    "class B:\n    def f(self): ...\n",
    "from base import B\nclass C(B):\n    def f(self, a): ...\n",
    "from pkg.base import B\nclass C(B):\n    def f(self):\n        if self: pass\n",
    "from .base import *\nclass D(B):\n    def f(self): ...\n    def g(self): ...\n",
    "from base import B\nfrom m import C\nclass D(C, B):\n    def f(self): ...\n",
    "def h(a, b):\n    for x in a:\n        while b: return x\n",
    "",
]
PATHS = [
    "base.py",
    "m.py",
    "pkg/__init__.py",
    "pkg/base.py",
    "pkg/d.py",
    "tests/test_m.py",
    "x.txt",
]
EDIT = st.tuples(st.sampled_from(PATHS), st.none() | st.sampled_from(TEXTS))
COMMITS = st.lists(st.lists(EDIT, max_size=3), min_size=2, max_size=7)


def measured(place: Path, revision: str) -> tuple[float, ...]:
    """Measure one commit by itself, with the whole of it indexed."""
    repo = git.discover_repo(str(place), os.environ, explicit=True)
    index = Index("memory:")
    project = Project(repo, config.load_config(repo.top), index)
    view = View(repo, revision)
    refresh_view(index, view)
    files, _ = load_audited_files(project, view)
    diff = load_audited_diff(project, view, None)
    source = make_metric_source(project, view, diff=diff, files=files)
    values = tuple(
        METRICS[name].fold(source.list_items(METRICS[name], Limit(name), HEAD)) for name in NAMES
    )
    index.close()
    return values


@given(COMMITS)
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_history_is_what_each_commit_says(
    tmp_path_factory: pytest.TempPathFactory,
    repo: Sandbox,
    commits: list[list[tuple[str, str | None]]],
) -> None:
    place = repo._replace(path=tmp_path_factory.mktemp("repo"))
    place.git("init", "-q", "-b", "main")
    place.commit(**{"base.py": TEXTS[0], "detent.toml": 'preset = "strict"\n'})
    for edits in commits:
        for name, text in edits:
            if text is not None:
                place.write(name, text)
            elif (place.path / name).exists():
                (place.path / name).unlink()
        place.commit()
    found = git.discover_repo(str(place.path), os.environ, explicit=True)
    project = Project(found, config.load_config(found.top), Index("memory:"))
    points = measure_history(project, [METRICS[name] for name in NAMES], f"HEAD~{len(commits)}")
    project.index.close()
    assert len(points) == len(commits) + 1
    for back, point in enumerate(reversed(points)):
        assert point.commit == place.git("rev-parse", f"HEAD~{back}").strip()
        assert point.values == pytest.approx(measured(place.path, point.commit))


BARE = "def f{}(): pass\n"


def test_only_first_parents_count(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BARE.format(1)})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit(**{"b.py": BARE.format(2)})
    repo.commit(**{"b.py": BARE.format(2) + BARE.format(3)})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"c.py": BARE.format(4)})
    repo.git("merge", "-q", "--no-ff", "--no-edit", "topic")
    command = ["history", "code.symbols", "--since", "HEAD~2", "--format", "json"]
    document = json.loads(cli("budget", *command).out)
    assert document["schema"] == "detent.history/1"
    assert [one["value"] for one in document["points"]] == [1, 2, 4]
    assert document["points"][-1]["commit"] == repo.git("rev-parse", "HEAD").strip()
    text = cli("budget", "history", "code.symbols", "--since", "HEAD~2").out.splitlines()
    assert [line.split()[2:4] for line in text[1:-1]] == [["1"], ["2", "+1"], ["4", "+2"]]
    assert text[-2].endswith("Merge branch 'topic'")
    assert text[-1] == "2 commits: +3"


def test_a_history_from_the_first_commit_on(repo: Sandbox, cli: Cli) -> None:
    first = repo.commit(**{"a.py": BARE.format(1)})
    repo.commit(**{"a.py": BARE.format(1) + BARE.format(2)})
    command = ["history", "code.symbols", "--since", first, "--format", "json"]
    points = json.loads(cli("budget", *command).out)["points"]
    assert [one["value"] for one in points] == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["docstring.undocumentd", "--since", "HEAD~1"], 2, "did you mean 'docstring.undocumen"),
        (["index.bytes", "--since", "HEAD~1"], 2, "has no history"),
        (["docstring.issues.new", "--since", "HEAD~1"], 2, "has no history"),
        (["code.lines", "--since", "HEAD~9"], 3, "`git fetch --unshallow`"),
        (["code.lines", "--since", "--all"], 2, ""),
        (["code.lines", "--since", "HEAD"], 3, "no commits between 'HEAD' and 'HEAD'"),
    ],
)
def test_histories_that_there_are_not(
    repo: Sandbox, cli: Cli, arguments: list[str], status: int, message: str
) -> None:
    repo.commit(**{"a.py": ""})
    repo.commit(**{"a.py": "x = 1\n"})
    answer = cli("budget", "history", *arguments)
    assert answer.status == status
    assert message in answer.err


def test_what_is_suggested_holds(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BARE.format(1), "b.py": '"""Do."""\n'})
    repo.commit(**{"a.py": '"""Do."""\n' + BARE.format(1) + BARE.format(2)})
    toml = cli("budget", "suggest").out
    assert "# 40 % now, from 33.3333 to 40 in the last 1 commits" not in toml
    repo.write("pyproject.toml", toml)
    answer = cli("budget", "--at", "HEAD", "--base", "HEAD")
    assert answer.status == 0
    assert len(answer.out.splitlines()) == toml.count("[[tool.detent.budget.limit]]") == 7
    document = json.loads(cli("budget", "suggest", "--format", "json").out)
    assert (document["schema"], document["commits"]) == ("detent.suggest/1", 1)
    bounds = {one["metric"]: one["bound"] for one in document["limits"]}
    assert bounds["docstring.undocumented"] == 'ratchet = "never-worse"'
    assert bounds["code.nesting.max"] == "max = 0"


# ---- explain


def test_what_made_it_worse(repo: Sandbox, cli: Cli) -> None:
    doc = '    """Do."""\n'
    repo.commit(**{"a.py": f"def f():\n{doc}def g(): pass\n", "b.py": '"""Do."""\nclass K: pass\n'})
    repo.git("mv", "b.py", "c.py")
    repo.write("a.py", f"def f(): pass\ndef g():\n{doc}    if g: pass\n")
    repo.git("add", "-A")
    text = cli("budget", "explain", "docstring.undocumented").out.splitlines()
    assert text == [
        "docstring.undocumented: 3 symbols, 3 in the base: +0",
        "        +1  a.py:1 GL08 f (new)",
        "        -1  a.py:3 GL08 g (removed)",
    ]
    answer = json.loads(cli("budget", "explain", "code.complexity", "--format", "json").out)
    assert answer.pop("schema") == "detent.explain/1"
    part = {
        "path": "a.py",
        "name": "g",
        "code": "",
        "line": 2,
        "before": 1,
        "after": 2,
        "change": 1,
    }
    assert answer == {
        "metric": "code.complexity",
        "unit": "decisions",
        "before": 2,
        "after": 3,
        "parts": [part],
        "files": {"a.py": 1},
    }


@pytest.mark.parametrize("name", [*METRICS, "docstring.issues.GL08"])
def test_the_parts_are_the_difference(repo: Sandbox, cli: Cli, name: str) -> None:
    repo.commit(**{"a.py": TEXTS[2], "base.py": TEXTS[0], "m.py": TEXTS[6]})
    for path, text in {"a.py": TEXTS[5], "m.py": TEXTS[2], "n.py": TEXTS[6]}.items():
        repo.write(path, text)
    repo.git("add", "-A")
    answer = json.loads(cli("budget", "explain", name, "--format", "json").out)
    changes = sum(one["change"] for one in answer["parts"])
    assert changes == pytest.approx(sum(answer["files"].values()))
    if name.startswith(("docstring.issues", "docstring.und")) or METRICS[name].is_additive:
        assert changes == pytest.approx(answer["after"] - (answer["before"] or 0))


def test_one_is_singular(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BARE.format(1)})
    repo.commit(**{"b.py": BARE.format(2)})
    assert cli("budget", "history", "code.files").out.splitlines()[-1] == "1 commit: +1"
    repo.commit(**{"a.py": '"""Do."""\n', "b.py": '"""Do."""\nx = 1\n'})
    repo.commit(**{"b.py": "x = 1\n"})
    suggested = cli("budget", "suggest").out
    assert "# 1 symbol now, from 0 to " in suggested
    assert " 1 commits" not in suggested
    assert "does not block" in cli("init").out.split("# 1 finding of other rules", 1)[-1]
