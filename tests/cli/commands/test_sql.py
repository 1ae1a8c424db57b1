"""`detent sql`: questions of a person in SQL."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

SOURCE = 'def f(a):\n    """Do it, \x1b[31mred."""\n    return g(a)\n\n\ndef g(b):\n    pass\n'
QUERY = "select path, name, docstring, line from symbol where kind = 'function' order by line"


@pytest.fixture(autouse=True)
def _committed(repo: Sandbox) -> None:
    repo.commit(**{"pkg/a.py": SOURCE, "b.py": "x = 1\n"})


def test_a_table(cli: Cli) -> None:
    said = cli("sql", 'select path, lines, null as "none" from file order by path')
    lines = said.out.splitlines()
    assert lines[0].split() == ["path", "lines", "none"]
    assert [line.split() for line in lines[1:3]] == [["b.py", "1"], ["pkg/a.py", "7"]]
    assert lines[3].startswith("2 rows · work tree at ")
    assert cli("sql", "select 1 where 0").out.splitlines()[0] == "1"


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
def test_nothing_steers_a_terminal(cli: Cli, form: str) -> None:
    said = cli("sql", QUERY, "--format", form)
    assert said.status == 0
    assert "\x1b" not in said.out
    assert "red" in said.out


def test_other_forms_have_every_value(cli: Cli) -> None:
    expected = [["pkg/a.py", "f"], ["pkg/a.py", "g"]]
    answer = json.loads(cli("sql", QUERY, "--format", "json").out)
    assert answer["schema"] == "detent.sql/1"
    assert answer["columns"] == ["path", "name", "docstring", "line"]
    assert [row[:2] for row in answer["rows"]] == expected
    assert answer["rows"][1][2:] == [None, 6]
    rows = [json.loads(line) for line in cli("sql", QUERY, "--format", "jsonl").out.splitlines()]
    assert [[row["path"], row["name"]] for row in rows] == expected
    table = list(csv.reader(io.StringIO(cli("sql", QUERY, "--format", "csv").out)))
    assert [row[:2] for row in table] == [["path", "name"], *expected]


def test_only_what_is_asked_for(repo: Sandbox, cli: Cli) -> None:
    count = "select count(*) from file"
    assert cli("sql", count, "pkg").out.splitlines()[1].strip() == "1"
    repo.write("c.py", "y = 2\n")
    repo.git("add", "-A")
    for at, number in (("HEAD", "2"), ("staged", "3")):
        assert cli("sql", count, "--at", at).out.splitlines()[1].strip() == number


@pytest.mark.parametrize(
    "query", ["delete from symbol", "select * from blob", "select load_extension('x')", "nonsense"]
)
def test_a_query_reads_the_views_and_no_more(cli: Cli, query: str) -> None:
    said = cli("sql", query)
    assert said.status == 3
    assert "docs/budgets.md says what a query may do" in said.err
