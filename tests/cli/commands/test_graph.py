"""impact, cycles, hotspots and clusters: the answers, and that what is kept changes none."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import detent
from detent.api.call_graph import pack_edges, unpack_edges

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

FILES = {
    "pkg/__init__.py": "",
    "pkg/base.py": "class Model:\n    def fit(self):\n        return helper(1)\n\n\n"
    "def helper(n):\n    return helper(n - 1) if n else unused\n\n\ndef unused(): ...\n",
    "use.py": "from pkg.base import Model\n\n\ndef run(m: Model):\n    m.fit()\n\n\n"
    "def main():\n    run(Model())\n",
    "tests/test_use.py": "from use import main\n\n\ndef test_main():\n    main()\n",
    "one.py": "import two\n",
    "two.py": "import one\n\n\ndef a():\n    b()\n\n\ndef b():\n    a()\n",
}


@pytest.fixture(autouse=True)
def _filled(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**FILES)
    assert cli("index").status == 0


QUESTIONS = {
    ("impact", "helper"): [
        "  1  pkg/base.py:Model.fit -> pkg/base.py:helper",
        "  2  use.py:run -> pkg/base.py:Model.fit",
        "  3  use.py:main -> use.py:run",
        "  4  tests/test_use.py:test_main -> use.py:main [test]",
        "4 definitions in 2 files and 1 of tests reach 1 definition",
    ],
    ("impact", "helper", "--hops", "1"): [
        "  1  pkg/base.py:Model.fit -> pkg/base.py:helper",
        "1 definition in 1 file and 0 of tests reach 1 definition",
    ],
    ("impact", "run", "--tests"): [
        "  2  tests/test_use.py:test_main -> use.py:main [test]",
        "1 definition in 0 files and 1 of tests reach 1 definition",
    ],
    ("impact", "use.py"): [
        "  1  tests/test_use.py:test_main -> use.py:main [test]",
        "1 definition in 0 files and 1 of tests reach 2 definitions",
    ],
    ("impact", "fit", "--min", "exact"): [
        "0 definitions in 0 files and 0 of tests reach 1 definition"
    ],
    ("impact", "helper", "--prefix", "pkg"): [
        "  1  pkg/base.py:Model.fit -> pkg/base.py:helper",
        "1 definition in 1 file and 0 of tests reach 1 definition",
    ],
    ("cycles",): ["pkg/base.py:helper", "two.py:a and two.py:b", "2 cycles"],
    ("cycles", "--prefix", "two.py", "--limit", "1"): ["two.py:a and two.py:b", "1 cycle"],
    ("cycles", "--imports"): ["one.py and two.py", "1 cycle"],
}  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_found(question: tuple[str, ...], cli: Cli) -> None:
    for _ in range(2):  # the second answer comes from what the first one has kept
        *lines, stamp = cli(*question).out.splitlines()
        assert [*lines, stamp.partition(" · ")[0]] == QUESTIONS[question]


def test_an_unknown_name(cli: Cli) -> None:
    said = cli("impact", "helpr")
    assert said.status == 1
    assert "did you mean 'helper'?" in said.err


def test_the_impact_of_a_change(repo: Sandbox, cli: Cli) -> None:
    assert "0 definitions" in cli("impact").out
    changed = FILES["pkg/base.py"].replace("helper(1)", "helper(2)")
    repo.write("pkg/base.py", changed)
    assert "reach 0 definitions" in cli("impact").out
    found = json.loads(cli("impact", "--at", "worktree", "--format", "json").out)
    assert [(x["name"], x["hops"], x["test"]) for x in found["reaching"]] == [
        ("run", 1, False),
        ("main", 2, False),
        ("test_main", 3, True),
    ]
    repo.git("add", "-A")
    assert json.loads(cli("impact", "--format", "json").out) == found
    repo.git("commit", "-qm", "change")
    assert "reach 0 definitions" in cli("impact").out
    said = cli("impact", "--at", "HEAD", "--base", "HEAD~1", "--format", "json").out
    assert json.loads(said)["reaching"] == found["reaching"]


def test_a_docstring_breaks_nothing(repo: Sandbox, cli: Cli) -> None:
    repo.write("use.py", FILES["use.py"].replace("m: Model):\n", 'm: Model):\n    """Run it."""\n'))
    assert "reach 0 definitions" in cli("impact", "--at", "worktree").out


def test_hotspots(repo: Sandbox, cli: Cli) -> None:
    found = json.loads(cli("hotspots", "--format", "json").out)["hotspots"]
    assert found[0] == {
        "path": "pkg/base.py", "name": "helper", "line": 6, "complexity": 2, "callers": 2,
        "callees": 1, "commits": 1, "score": 12,
    }  # fmt: skip
    repo.commit(**{"two.py": FILES["two.py"] + "# more\n"})
    found = json.loads(cli("hotspots", "--format", "json", "--prefix", "two.py").out)["hotspots"]
    assert [(x["name"], x["commits"], x["score"]) for x in found] == [("a", 2, 6), ("b", 2, 6)]
    lines = cli("hotspots", "--limit", "1").out.splitlines()
    assert lines[0].split()[-1] == "function"
    assert "more: raise --limit" in lines[2]


def test_clusters(cli: Cli) -> None:
    found = json.loads(cli("clusters", "--format", "json").out)["clusters"]
    groups = [{member["name"] for member in x["members"]} for x in found]
    assert {"a", "b"} in groups
    assert sum(map(len, groups)) == len(set().union(*groups)) == 8
    assert sum(x["inner"] for x in found) + sum(x["outer"] for x in found) // 2 == 6


def list_edges(path: Path, **options: str) -> list[tuple[object, ...]]:
    with detent.open(path, **options) as repository:
        return [tuple(edge) for edge in repository.list_edges().edges]


def test_edges_after_each_commit_are_those_of_a_fresh_store(repo: Sandbox) -> None:
    chance = random.Random(3)
    for number in range(8):
        name = chance.choice(["use.py", "two.py", "new.py", "pkg/base.py"])
        called = chance.choice(["run(1)", "Model().fit()", "helper(2)", "a()"])
        text = FILES.get(name, "from pkg.base import *\nfrom two import a\nfrom use import run\n")
        repo.commit(**{name: f"{text}\n\ndef more{number}():\n    {called}\n"})
        kept = list_edges(repo.path)
        assert list_edges(repo.path) == kept
        assert list_edges(repo.path, store="memory:") == kept


def test_what_was_kept_is_checked(repo: Sandbox) -> None:
    edges = list_edges(repo.path)
    (place,) = (repo.path / ".git/detent").glob("*-edges")
    for packed in (b"", b"x", b"\0" * 100, None, pack_edges([])[:-3]):
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute("UPDATE edges SET packed = coalesce(?, 5)", (packed,))
        assert list_edges(repo.path) == edges
    for content in (b"", b"no database at all, but long enough to have a header" * 9):
        place.write_bytes(content)
        assert list_edges(repo.path) == edges
        assert list_edges(repo.path) == edges
    with closing(sqlite3.connect(place)) as connection:
        assert len(connection.execute("SELECT key FROM edges").fetchall()) == 1


@pytest.mark.parametrize("value", [[], [[]], [[], [0]], [[["a"]], [0], [0], [0], [1], [1]], 5, {}])
def test_wrong_values_are_no_edges(value: object) -> None:
    assert not unpack_edges(zlib.compress(json.dumps(value).encode()))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written_is_left_as_it_is(repo: Sandbox, cli: Cli) -> None:
    place = repo.path / ".git/detent"
    before = sorted(place.iterdir())
    place.chmod(0o500)
    try:
        assert "2 cycles" in cli("cycles").out
    finally:
        place.chmod(0o700)
    assert sorted(place.iterdir()) == before
