"""Queries of other people: what they can see, and that there is no way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from conftest import SOURCE
from detent.audit.analyze import analyze_file
from detent.core.errors import MeasurementError
from detent.core.model import BlobKey
from detent.index.handle import list_fact_versions
from detent.store import MEMORY, open_store
from detent.store.sqlite.schema import TABLES
from detent.store.user_queries import FUNCTIONS, SETTINGS_LIMITS, VIEWS, load_files, run_user_query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from detent.store.protocol import Store

CODE = {
    "src/a.py": '''"""Do."""
import os.path as p


def f(x, y):
    """Do.

    Examples
    --------
    >>> f(1, 2)
    """
    if x and y:
        return p.join(x, y)


def g():
    pass


class C:
    """Be."""

    def _h(self):
        g()
''',
    "b.py": "def unseen(): pass\n",
    "c.py": "",
}
KEYS = {name: BlobKey(name.rpartition("/")[2][0] * 40, "python") for name in CODE}
FILES = {name: KEYS[name] for name in ("src/a.py", "c.py")}


NUMBERS = "with recursive t(n) as (select 1 union all select n + 1 from t {})"
LONG = f"replace('{'a' * 400}', 'a', '{'b' * 400}')"
BIG = (
    f"with recursive t(n, s) as (select 1, {LONG} union all select n + 1, s || '' from t "
    "limit 99999)"
)
REPLACED = "replace(replace('{0}', 'a', '{0}'), 'a', '{0}')"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An index of three files, on disk or in memory."""
    path = str(tmp_path / "index.sqlite") if request.param == "file" else MEMORY
    store = open_store(path, write=True, versions=list_fact_versions())
    with store.open_session() as session:
        session.persist((KEYS[name], analyze_file(code.encode())) for name, code in CODE.items())
    yield store
    store.close()


def run_query(store: Store, query: str, files: dict[str, BlobKey]) -> list[Any]:
    return run_user_query(load_files(store, files), query).rows


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select path, package, bytes > 0, lines from file order by 1", 2),
        ("select count(*) from symbol", [(6,)]),
        ("select name from public_symbol", [("f",), ("g",), ("C",)]),
        ("select count(*) from public_symbol where has_examples = 0", [(2,)]),
        ("select name from symbol where has_docstring order by line", [("",), ("f",), ("C",)]),
        ("select complexity, nesting, parameters, lines from symbol where name = 'f'", 1),
        ("select name, symbol from call", [("p.join", "f"), ("g", "C._h")]),
        ("select name, module, target, symbol from imported", [("p", "os.path", "", "")]),
        ("select symbol from finding where code = 'GL08' order by 1", [("C._h",), ("g",)]),
        ("with t as (select 1 as a union all select 2) select sum(a) from t", [(3,)]),
        (f"{NUMBERS.format('where n < 9')} select max(n) from t", [(9,)]),
        ("select kind, count(*) from symbol group by kind having count(*) > 1 order by 1", 2),
        ("select row_number() over (order by path) from file", [(1,), (2,)]),
        ("select upper(name) from symbol where name like 'F' and name glob '[a-f]'", [("F",)]),
        ("select 1 where 0", []),
    ],
)
def test_what_can_be_asked(store: Store, query: str, rows: int | list[tuple[object]]) -> None:
    found = run_query(store, query, FILES)
    assert (len(found) if isinstance(rows, int) else found) == rows


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_has_the_columns_that_are_described(store: Store, view: str) -> None:
    described = VIEWS["symbol" if "…" in VIEWS[view] else view]
    assert run_query(store, f"select {', '.join(described)} from {view} limit 0", FILES) == []
    assert all(
        len(row) == len(described) for row in run_query(store, f"select * from {view}", FILES)
    )


UNSEEN = [table for table in TABLES if table not in VIEWS]
ESCAPES = [
    # tables that are not for queries, by every name
    *(f"select * from {schema}{table}" for table in UNSEEN for schema in ("", "main.")),
    *(f"select count(*) from main.{table}" for table in UNSEEN),
    "select count(*) from blob",
    "select * from temp.blob",
    "select * from sqlite_master",
    "select * from sqlite_schema",
    "select * from sqlite_temp_master",
    "select count(*) from temp.sqlite_master",
    # a name of their own does not make them views of ours
    "with file as materialized (select * from main.view) select * from file",
    "select * from (select * from main.view) as public_symbol",
    "select (select tree from main.view) from symbol",
    "select * from symbol where exists (select 1 from main.entry)",
    # more than one statement, or another one
    "select 1; select 2",
    "delete from symbol",
    "delete from main.symbol",
    "delete from blob",
    "insert into blob values (9, 'x', 1, 1, null)",
    "insert into file values ('x', 'x', 1, 1)",
    "update blob set oid = 'x'",
    "update symbol set name = 'x'",
    "replace into main.view values (1, 'x', 'x', 1, 1, '')",
    "drop table blob",
    "drop view temp.symbol",
    "alter table main.blob rename to x",
    "create table main.x (a)",
    "create temp table x (a)",
    "create view x as select 1",
    "create temp trigger x instead of delete on symbol begin select 1; end",
    "create virtual table temp.x using fts5(a)",
    "create index main.x on blob (oid)",
    "attach '{tmp}/x.db' as x",
    "attach ':memory:' as x",
    "detach main",
    "vacuum",
    "vacuum into '{tmp}/x.db'",
    "analyze",
    "reindex",
    "begin",
    "commit",
    "rollback",
    "savepoint x",
    "pragma user_version",
    "pragma query_only = off",
    "pragma writable_schema = on",
    "pragma journal_mode = delete",
    "pragma temp_store_directory = '{tmp}'",
    "select * from pragma_database_list",
    "select * from pragma_table_info('blob')",
    "select count(*) from pragma_function_list",
    "explain query plan select 1; vacuum",
    # functions that reach out, or differ from run to run
    "select load_extension('x')",
    "select readfile('/etc/passwd')",
    "select writefile('{tmp}/x.db', 'x')",
    "select edit('x')",
    "select fts3_tokenizer('simple')",
    "select sqlite_version()",
    "select random()",
    "select hex(randomblob(9))",
    "select date('now')",
    "select strftime('%s', 'now')",
    "select changes()",
    "select last_insert_rowid()",
    "select * from json_each('[1]')",
    "select count(*) from json_tree('[1]')",
    "select * from generate_series(1, 9)",
    "select * from dbstat",
    "select * from sqlite_dbpage",
    "select * from fsdir('/')",
    # much of little
    "select zeroblob(1000000000)",
    "select printf('%1000000000d', 1)",
    "select format('%.*c', 1000000000, 'x')",
    "select group_concat(name) from symbol",
    f"select {REPLACED.format('a' * 90)}",
    "with recursive t(n) as (select 'x' union all select n || n from t) select count(*) from t",
    f"select '{'a' * 90}' like '{'%a' * 51}'",
    f"select '{'a' * 90}' glob '{'*a' * 51}'",
    "select " + "(" * 2000 + "1" + ")" * 2000,
    "select " + "1 + " * 2000 + "1",
    "select " + ", ".join("1" * 200),
    " union all ".join(["select 1"] * 100),
    f"select 1 -- {'x' * 10_000}",
    "with recursive t(n) as (select 1 union all select n + 1 from t) select n from t",
    # no question at all
    "",
    "-- nothing",
    "select",
    "select nothing from symbol",
    "select ?",
    "select :x",
    "\ud800",
    "select '\0'",
]


@pytest.mark.parametrize("query", ESCAPES)
def test_no_way_out(store: Store, tmp_path: Path, query: str) -> None:
    before = store.inspect(deep=True)
    with pytest.raises(MeasurementError):
        run_query(store, query.replace("{tmp}", str(tmp_path)), FILES)
    assert not (tmp_path / "x.db").exists()
    assert store.inspect(deep=True) == before
    assert run_query(store, "select count(*) from symbol", FILES) == [(6,)]


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ("instr('abc', 'c')", 3),
        ("instr('abc', 'd')", 0),
        ("instr(NULL, 'd')", None),
        ("instr(123, 3)", 3),
        ("replace('abab', 'b', 'x')", "axax"),
        ("replace('abab', '', 'x')", "abab"),
        ("trim('  a ')", "a"),
        ("ltrim('xyaxy', 'yx')", "axy"),
        ("rtrim('xyaxy', 'yx')", "xya"),
        ("trim('xyaxy', '')", "xyaxy"),
    ],
)
def test_functions_of_text_are_those_of_sqlite(
    store: Store, call: str, result: str | int | None
) -> None:
    assert run_query(store, f"select {call}", FILES) == [(result,)]
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(f"select {call}").fetchone() == (result,)


# Two texts of 100,000 characters.
TEN = " " * 10
LONG = (
    "with t(s, u) as (select replace(d, ' ', 'aaaaaaaaaa'), replace(d, ' ', 'aaaaaaaaab') from "
    f"(select replace(replace(replace('{TEN}', ' ', '{TEN}'), ' ', '{TEN}'), ' ', '{TEN}') as d))"
)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (f"{NUMBERS.format('')} select max(n) from t", "steps"),
        (f"select count(*) from {', '.join(f'symbol x{n}' for n in range(12))}", "steps"),
        (f"{BIG} select count(*) from (select s || n as q from t order by q)", "bytes"),
        (f"{NUMBERS.format(f'limit {SETTINGS_LIMITS.rows + 1}')} select n from t", "rows"),
        *(
            (f"{LONG} select {call} from t", "characters")
            for call in (
                "ltrim(s, u)",
                "rtrim(s, u)",
                "trim(s, u)",
                "instr(s, u)",
                "replace(s, u, s)",
            )
        ),
        (f"{LONG} select replace(s, 'a', 'aaaaaaaa') from t", "bytes"),
    ],
)
def test_a_query_that_takes_too_much_is_stopped(store: Store, query: str, message: str) -> None:
    with pytest.raises(MeasurementError, match=f"more than .* {message}"):
        run_query(store, query, FILES)
    assert run_query(store, "select count(*) from file", FILES) == [(2,)]


def test_nothing_is_left_behind(store: Store, tmp_path: Path) -> None:
    run_query(store, "select count(*) from symbol", FILES)
    assert {path.name for path in tmp_path.iterdir()} <= {"index.sqlite", "index.sqlite-wal",
                                                          "index.sqlite-shm"}  # fmt: skip


def test_hostile_paths_are_data(store: Store) -> None:
    files = {"'; drop table blob; --\x1b": FILES["src/a.py"]}
    assert run_query(store, "select distinct path from symbol", files) == [(next(iter(files)),)]


def test_the_page_names_every_view_column_and_function() -> None:
    text = (SOURCE / "docs" / "budgets.md").read_text("utf-8")
    for view, columns in VIEWS.items():
        assert f"### {view}\n" in text
        for column, meaning in columns.items():
            assert f"| `{column}` | {meaning} |" in text or column == "…"
    assert all(f"`{name}`" in text for name in FUNCTIONS)
