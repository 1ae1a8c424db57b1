"""sym, symlist, index, export and verify: what they answer about which view."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

SOURCE = '''"""Do things."""


class Model(Base, metaclass=Meta):
    """Be a model."""

    def fit(self, x, /, *, y=None, **more) -> "Model":
        """Fit."""

    def _fit(self): ...


def refit(*args): ...
'''


@pytest.fixture
def filled(repo: Sandbox) -> Sandbox:
    repo.commit(**{"a.py": SOURCE, "pkg/b.py": "def fit(): ...\n", "notes.txt": "def fit(): ..."})
    return repo


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fit", ["a.py:7:5: method Model.fit", "pkg/b.py:1:1: function fit"]),
        ("Model.fit", ["a.py:7:5: method Model.fit"]),
        ("*fit", ["a.py:7:5: method Model.fit", "a.py:10:5: method Model._fit",
                  "a.py:13:1: function refit", "pkg/b.py:1:1: function fit"]),
        ("?efit", ["a.py:13:1: function refit"]),
        ("M*.fit", ["a.py:7:5: method Model.fit"]),
        ("Model", ["a.py:4:1: class Model"]),
        ("model", []),
        ("del.fit", []),
        ("fi", []),
        ("'; DROP TABLE symbol; --", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indexed", [False, True])
def test_symbols_by_name(
    filled: Sandbox, cli: Cli, name: str, expected: list[str], indexed: bool
) -> None:
    if indexed:
        cli("index", "--at", "worktree")
    answer = cli("sym", name)
    assert [line.partition("(")[0] for line in answer.out.splitlines()[:-1]] == expected
    assert answer.status == (0 if expected else 1)
    assert answer.out.splitlines()[-1].startswith(f"{len(expected)} symbol")


def test_signatures_are_shown_as_written(filled: Sandbox, cli: Cli) -> None:
    assert cli("sym", "Model.fit").out.splitlines()[0].endswith('(self, x, y, **more) -> "Model"')
    assert "class Model(Base, metaclass=Meta)" in cli("sym", "Model").out


def test_an_answer_is_never_stale(filled: Sandbox, cli: Cli) -> None:
    cli("index", "--at", "worktree")
    filled.write("pkg/b.py", "X = 1\n\n\ndef fit(): ...\n")
    answer = cli("sym", "fit")
    assert "pkg/b.py:4:1:" in answer.out
    assert "1 file differs from it" in answer.out
    value = json.loads(cli("sym", "fit", "--format", "json").out)
    assert value["different"] == 1
    assert [(one["path"], one["line"]) for one in value["symbols"]] == [
        ("a.py", 7),
        ("pkg/b.py", 4),
    ]
    assert "pkg/b.py:1:1:" in cli("sym", "fit", "--at", "HEAD").out
    filled.git("rm", "-qf", "pkg/b.py")
    assert "pkg/b.py" not in cli("sym", "fit").out


def test_a_question_does_not_write(filled: Sandbox, cli: Cli) -> None:
    for command in (["sym", "fit"], ["symlist"]):
        assert cli(*command).status == 0
    assert not (filled.path / ".git/detent").exists()


@pytest.mark.parametrize(
    "command",
    [
        "sym f",
        "symlist",
        "audit",
        "coverage",
        "budget",
        "export",
        "budget explain code.lines",
    ],
)
def test_every_question_is_answered_at_any_commit(repo: Sandbox, cli: Cli, command: str) -> None:
    sources = {f"m{number}.py": f"def f():\n    return {number}\n" for number in range(201)}
    repo.commit(**sources)
    repo.git("tag", "old")
    repo.git("rm", "-q", "-r", ".")
    repo.commit(**{"a.py": "X = 1\n"})
    answer = cli(*command.split(), "--at", "old")
    assert answer.err == ""
    assert answer.status in (0, 1)
    assert answer.out == cli(*command.split(), "--at", "old").out


def test_the_symbols_of_a_file(filled: Sandbox, cli: Cli) -> None:
    lines = cli("symlist", "a.py").out.splitlines()
    assert [line.split(" ")[2].partition("(")[0] for line in lines[:-1]] == [
        "Model", "Model.fit", "Model._fit", "refit",
    ]  # fmt: skip
    assert "_fit" not in cli("symlist", "--public", "a.py").out.replace("refit", "")
    value = json.loads(cli("symlist", "--format", "json", "pkg").out)
    assert value["symbols"] == [
        {
            "path": "pkg/b.py", "line": 1, "column": 1, "end_line": 1, "kind": "function",
            "name": "fit", "visibility": "public", "documented": False,
        }
    ]  # fmt: skip


def test_an_index_is_brought_up_to_date_and_not_built_twice(filled: Sandbox, cli: Cli) -> None:
    def counts(*arguments: str) -> tuple[int, ...]:
        value = json.loads(cli("index", "--format", "json", *arguments).out)
        return tuple(value[name] for name in ("analysed", "reused", "changed", "deleted"))

    assert counts() == (2, 0, 2, 0)
    assert counts() == (0, 2, 0, 0)
    filled.git("mv", "a.py", "c.py")
    assert counts() == (0, 2, 1, 1)
    filled.write("c.py", "X = 1\n")
    assert counts() == (0, 2, 0, 0)
    assert counts("--at", "worktree") == (1, 1, 2, 0)
    assert counts("--at", "HEAD") == (0, 2, 2, 0)
    assert counts("--full", "--jobs", "2") == (2, 0, 2, 0)


def test_an_export_is_the_same_bytes_however_it_was_made(filled: Sandbox, cli: Cli) -> None:
    fresh = cli("export", "--store", "memory:").out
    filled.write("a.py", "X = 1\n")
    cli("index", "--at", "worktree")
    assert cli("export").out == fresh
    cli("index", "--full", "--jobs", "2")
    assert cli("export").out == fresh
    rows = [json.loads(line) for line in fresh.splitlines()]
    assert fresh.isascii()
    assert [row["path"] for row in rows if row["type"] == "file"] == ["a.py", "pkg/b.py"]
    assert {row["type"] for row in rows} == {"file", "symbol", "finding"}
    only = cli("export", "pkg").out
    assert only
    assert only in fresh


def test_a_bent_index_is_found_out(filled: Sandbox, cli: Cli) -> None:
    cli("index")
    (path,) = (filled.path / ".git/detent").glob("index-*.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE symbol SET line = 99 WHERE name = 'refit'")
    connection.close()
    answer = cli("verify")
    assert answer.status == 3
    assert "1:" not in answer.out.splitlines()[0]
    assert "detent index --full" in answer.out
    value = json.loads(cli("verify", "--format", "json").out)
    assert len(value["faults"]) == 1
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM entry WHERE path = 'pkg/b.py'")
    connection.close()
    answer = cli("verify", "--full")
    assert "pkg/b.py: the view and git differ" in answer.out
    cli("index", "--full")
    answer = cli("verify")
    assert answer == (0, "index OK: 2 files analysed again, no difference\n", "")
