"""Whatever is spoilt in an index, `verify` says so and names it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from detent.store import default_index_path
from detent.store.sqlite.schema import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

RICH = '''"""Do much."""

import os
from cli.commands.sub import thing as other

__all__ = ["f", "C"]


@overload
def f(a, *args: int, b=1) -> int:
    """Know it

    Parameters
    ----------
    c : int
    """
    raise ValueError(other(os.getcwd()))


class C(Base):
    def method(self): yield 1  # numpydoc ignore=PR01
'''


def columns(table: str) -> list[str]:
    """List the columns of a table, as the database itself says."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


@pytest.fixture
def path(repo: Sandbox, cli: Cli) -> Path:
    files = {f"m{n}.py": RICH + f"X = {n}\n" for n in range(5)}
    repo.commit(**files, **{"rich.py": RICH})
    assert cli("index").status == 0
    found = repo.path / default_index_path(".git")
    assert found.exists()
    return found


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


BLOB = "(SELECT id FROM blob JOIN entry USING (oid) WHERE path = 'm3.py')"
DIFFERENT = "^m3.py: the index and a fresh analysis differ$"
#: What is said of columns without which the rest is not read.
SAID = {
    "number": "are not numbered one by one$",
    **dict.fromkeys(("language", "structure", "findings"), "^m3.py: not analysed$"),
}
#: What the other columns cannot be, as their own text with a letter more can.
OTHER = {
    **dict.fromkeys(("decorators", "bases", "params", "raises", "attributes"), '["q"]'),
    "directives": '[[1, 1, ["q"]]]',
    "exports": '["q"]',
    "calls": "[]",
    "bindings": "[]",
}


@pytest.mark.parametrize("table", ["blob", "symbol", "finding"])
@pytest.mark.parametrize("full", [[], ["--full"]])
def test_each_column_counts(path: Path, cli: Cli, table: str, full: list[str]) -> None:
    assert cli("verify", *full).status == 0
    whole = path.read_bytes()
    key = "id" if table == "blob" else "blob"
    for column in columns(table):
        if column in ("id", "blob", "oid"):
            continue
        with closing(sqlite3.connect(path)) as connection:
            query = f"SELECT max({column}) FROM {table} WHERE {key} = {BLOB}"
            (value,) = connection.execute(query).fetchone()
            more = value + 1000 if isinstance(value, int) else f"{value}q"
            is_bool = column in ("requires_addition", "numpydoc_only")
            other = 1 - value if is_bool else OTHER.get(column, more)
            chosen = f"{key} = {BLOB} AND {column} IS ?"
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {chosen}", (other, value))
            connection.commit()
        answer = cli("verify", *full)
        assert answer.status == 3, column
        assert re.search(SAID.get(column, DIFFERENT), answer.out, re.MULTILINE)
        path.write_bytes(whole)
    assert cli("verify", *full).status == 0


@pytest.mark.parametrize("table", ["symbol", "finding"])
def test_a_fact_that_is_gone(path: Path, cli: Cli, table: str) -> None:
    last = f"(SELECT max(number) FROM {table} WHERE blob = {BLOB})"
    spoil(path, f"DELETE FROM {table} WHERE blob = {BLOB} AND number = {last}")
    answer = cli("verify")
    assert answer.status == 3
    assert "m3.py: the index and a fresh analysis differ" in answer.out


VIEWS = {
    "an entry that is gone": "DELETE FROM entry WHERE path = 'm3.py'",
    "an entry of another blob": "UPDATE entry SET oid = (SELECT oid FROM entry WHERE path = "
    "'m1.py') WHERE path = 'm3.py'",
    "an entry that is nobody's": "INSERT INTO entry "
    "SELECT view, 'm3.py/x', oid, language FROM entry LIMIT 1",
}


@pytest.mark.parametrize("what", VIEWS)
def test_a_view_that_is_not_gits(path: Path, cli: Cli, what: str) -> None:
    spoil(path, VIEWS[what])
    answer = cli("verify")
    assert answer.status == 3, answer
    assert [line for line in answer.out.splitlines() if line.startswith("m3.py")], answer


def test_a_view_that_miscounts_itself(path: Path, cli: Cli) -> None:
    spoil(path, "UPDATE view SET size = 99")
    answer = cli("verify")
    assert (answer.status, answer.out.split(" entries")[0]) == (3, "the staged view has 6")


def test_blobs_without_facts(path: Path, cli: Cli) -> None:
    spoil(
        path,
        "PRAGMA foreign_keys = ON",
        "DELETE FROM blob WHERE oid = (SELECT oid FROM entry WHERE path = 'm3.py')",
    )
    answer = cli("verify")
    assert (answer.status, answer.out.splitlines()[0]) == (3, "m3.py: not analysed")


@pytest.mark.parametrize("table", ["symbol", "finding", "entry", "difference"])
def test_rows_that_belong_to_nothing(path: Path, cli: Cli, table: str) -> None:
    owner = "view" if table in ("entry", "difference") else "blob"
    if table == "difference":
        spoil(path, "INSERT INTO difference VALUES (999, 'x.py', NULL, NULL)")
    else:
        spoil(
            path,
            f"UPDATE {table} SET {owner} = 999 WHERE {owner} = (SELECT max({owner}) FROM {table})",
        )
    answer = cli("verify")
    assert answer.status == 3
    assert answer.out.startswith(f"table {table}: ")
    assert "belongs to nothing" in answer.out


def test_each_page_counts(path: Path, cli: Cli) -> None:
    whole = path.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    for page in range(1, len(whole) // size):
        start = page * size
        path.write_bytes(whole[:start] + b"\xa5" * size + whole[start + size :])
        answer = cli("verify")
        assert answer.status == 3, page
        assert str(path) in answer.err or "`detent index --full`" in answer.out
    path.write_bytes(whole)
    assert cli("verify").status == 0


def test_files_are_counted_and_not_contents(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{f"m{n}.py": RICH for n in range(3)}, **{"rich.py": f"{RICH}X = 1\n"})
    assert cli("verify").out == "index OK: 4 files analysed again, no difference\n"


def test_a_sample_is_not_larger_than_it_says(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detent.api.verify.SAMPLE_SIZE", 3)
    repo.commit(**{f"m{n}.py": f"X = {n}\n" for n in range(5)})
    assert cli("verify").out == "index OK: 3 files analysed again, no difference\n"
    assert cli("verify", "--full").out == "index OK: 5 files analysed again, no difference\n"
