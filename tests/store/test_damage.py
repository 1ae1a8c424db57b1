"""An index from a cache that others can write: wrong in any way, it is damaged and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from samples import RICH

from detent.audit.analyze import analyze_file
from detent.core.model import BlobKey, FindingFilter
from detent.index.handle import list_fact_versions
from detent.languages.python.references import extract_references
from detent.store import DamagedStore, default_index_path, open_store
from detent.store.lock import try_lock
from detent.store.protocol import ViewUpdate
from detent.store.sqlite.schema import SCHEMA, TABLES

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

KEY = BlobKey("a" * 40, "python")
FACTS = analyze_file(RICH)
NONE = frozenset[str]()
QUOTED = frozenset(finding.code for finding in FACTS.findings)
JSON = ("decorators", "bases", "raises", "attributes", "directives", "exports")
KEYS = ("id", "blob", "view", "number", "structure", "findings", "path")
SCOPE = [-1, "module", "", "", 1, 1, [], "", [], [], ""]
CALL: list[Any] = [
    ["call", "f", "name", ""],
    [[2, 0], [1, 3], [0, 0]],
    [[[], [1]], [0, 0], [1, 1, -1], []],
]
#: References that detent never writes.
DOCUMENTS: list[Any] = [
    [],
    {},
    [[], [], [], [], []],
    [["x", 1], [], [[], [], [], []], [SCOPE], None],
    [[], [], [[], [], [], []], [SCOPE], [1]],
    [[], [], [[], [], [], []], [SCOPE[:3]], None],
    [[], [], [[], [], [], []], [[0, *SCOPE[1:]]], None],
    [[], [], [[], [], [], []], [[*SCOPE[:6], [0], "n", [], [], ""]], None],
    [[], [], [[], [], [], []], [[*SCOPE[:8], ["x"], [], ""]], None],
    [*CALL, [], None],
    [CALL[0], CALL[1], [[[1], [1]], *CALL[2][1:]], [SCOPE], None],
    [CALL[0], CALL[1], [[[], []], *CALL[2][1:]], [SCOPE], None],
    [["define", "9", ""], [[0], [1], [2]], [[[]], [0], [1, 1], []], [SCOPE], None],
    [["define", "x", ""], [[0], [1], [2]], [[[]], [0], [1, 1], []], [SCOPE], None],
    [["name", "x", ""], [[0], [1], [7]], [[[]], [0], [1, 1], []], [SCOPE], None],
    [["name", "x", ""], [[0], [1], [2]], [[[]], [0], [1], []], [SCOPE], None],
    [["name", "x", ""], [[0], [1], [2]], [[[]], [5], [1, 1], []], [SCOPE], None],
    [
        ["name", "x", ""],
        [[0], [1], [2]],
        [[[]], [0], [1, 1], [[0], [3], [0], [0], [0]]],
        [SCOPE],
        None,
    ],
]


def pack_document(document: Any) -> bytes:
    return zlib.compress(json.dumps(document).encode())


#: Values that detent never writes, by column.
WRONG: dict[str, list[Any]] = {
    "INTEGER": ["x", 1.5, -7, b"1"],
    "BLOB": ["x", b"x", 1, *map(pack_document, DOCUMENTS), zlib.compress(b" " * 300_000_000)],
    "TEXT": [b"x", b"\xff"],
    **{name: ["[[", '["a", ["b"]]', "[" * 100_000, '{"a": 1}', "7"] for name in JSON},
    "calls": [
        "[[",
        "{}",
        "[3]",
        '["abcd"]',
        '[[0, "f", 1]]',
        '[[9999, "f", 1, 1]]',
        "[[0, 1, 1, 1]]",
    ],
    "bindings": [
        "7",
        '[[0, "f", "m", "t"]]',
        '[["0", "f", "m", "t", 1]]',
        '[[9999, "", "", "", 1]]',
    ],
    "params": ["[[", "[[[]]]", "[3]", '[["a", "b", 3, 4]]', "[" * 100_000],
    **{name: ["--output=mine", "HEAD", "a b"] for name in ("oid", "tree")},
    "missing": ["x", "x y z,x"],
}
LARGE = ("size", "generation")


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("intact") / "index.sqlite"
    update = ViewUpdate("/staged", "1" * 40, 0, "", {b"a.py": KEY}, [], {b"b.py": KEY})
    with closing(open_index(path, write=True)) as store, store.open_session() as session:
        session.persist([(KEY, FACTS)])
        store.references.persist_references([(KEY, extract_references(RICH))])
        assert session.publish(update)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


@pytest.fixture
def path(intact: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(intact, tmp_path))


def open_index(path: Path, *, write: bool = False) -> Any:
    return open_store(str(path), write=write, versions=list_fact_versions())


def read_all(path: Path) -> None:
    """Read everything in each way that there is."""
    every = FindingFilter(NONE, NONE, NONE, QUOTED, with_decorators=True)
    with closing(open_index(path)) as store:
        list(store.load_facts([KEY]))
        list(store.load_facts([KEY], full=True))
        list(store.load_outlines([KEY]))
        list(store.find_symbols("*"))
        store.references.find_mentions("Base")
        assert list(store.references.load_references([KEY]))
        rows = [find(b"a.py") for _, find in store.load_findings([KEY], every)]
        assert (rows, store.load_view("/staged", None)) != ([], None)


def list_columns() -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        rows = [
            (table, name, kind)
            for table in TABLES
            for _, name, kind, *_ in connection.execute(f"PRAGMA table_info ({table})")
        ]
    keys = {("blob", "oid"), ("blob", "language"), ("view", "name")}
    # With other keys, references are only not found.
    keys |= {("reference", name) for name in ("oid", "language", "version")}
    keys |= {("word", "text"), ("mention", "word"), ("mention", "reference")}
    return [row for row in rows if row[1] not in KEYS and row[:2] not in keys]


@pytest.mark.parametrize(("table", "column", "kind"), list_columns())
def test_a_value_that_detent_does_not_write_is_damage(
    path: Path, table: str, column: str, kind: str
) -> None:
    read_all(path)
    intact = path.read_bytes()
    values = [*WRONG[kind], *WRONG.get(column, ())]
    values += [2**62] if kind == "INTEGER" and column not in LARGE else []
    for value in values:
        path.write_bytes(intact)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
            connection.commit()
        with pytest.raises(DamagedStore, match="is damaged"):
            read_all(path)


MUTATIONS = {
    "a view for a table": "DROP TABLE finding; CREATE VIEW finding AS WITH RECURSIVE "
    "c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS blob FROM c",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON blob BEGIN DELETE FROM finding; END",
    "one more table": "CREATE TABLE mine (x)",
    "one more index": "CREATE INDEX mine ON finding (code)",
    "one table less": "DROP TABLE difference",
    "one index less": "DROP INDEX symbol_name",
    "one more column": "ALTER TABLE finding ADD COLUMN mine",
    "one column less": "ALTER TABLE finding DROP COLUMN message",
    "a generated column": "ALTER TABLE finding ADD COLUMN x AS (abs(line))",
    "another key": "DROP TABLE difference; CREATE TABLE difference (view, path, oid, language)",
    "another table of that name": "DROP TABLE entry; CREATE VIRTUAL TABLE entry USING fts5 (path)",
}


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("write", [True, False])
def test_another_schema_is_damage(path: Path, name: str, write: bool) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(MUTATIONS[name])
    with pytest.raises(DamagedStore, match="is damaged"):
        open_index(path, write=write)


def test_what_belongs_to_no_symbol_is_damage(path: Path) -> None:
    intact = path.read_bytes()
    for query in (
        "UPDATE finding SET symbol = 999",
        "UPDATE symbol SET parent = number",
        "DELETE FROM symbol",
    ):
        path.write_bytes(intact)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(query)
            connection.commit()
        with pytest.raises(DamagedStore, match="wrong values"):
            read_all(path)


def test_rows_in_the_way_of_new_ones_are_damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE symbol SET blob = 2")
        connection.commit()
    with (
        closing(open_index(path, write=True)) as store,
        store.open_session() as session,
        pytest.raises(DamagedStore, match=str(path)),
    ):
        session.persist([(BlobKey("b" * 40, "python"), FACTS)])


@pytest.mark.parametrize("write", [True, False])
def test_a_journal_removes_no_file(path: Path, tmp_path: Path, write: bool) -> None:
    """What SQLite calls a super-journal is a file that it deletes after a rollback."""
    (other := tmp_path / "precious").write_text("a letter\n")
    name = os.fsencode(other)
    total = sum(byte - 256 if byte > 127 else byte for byte in name) % 2**32
    header = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + (0).to_bytes(4, "big") + bytes(4)
    header += (path.stat().st_size // 4096).to_bytes(4, "big") + (512).to_bytes(4, "big")
    header += (4096).to_bytes(4, "big")
    pointer = (0x40000000 // 4096 + 1).to_bytes(4, "big") + name
    pointer += len(name).to_bytes(4, "big") + total.to_bytes(4, "big") + header[:8]
    Path(f"{path}-journal").write_bytes(header.ljust(512, b"\0") + pointer)
    with pytest.raises(DamagedStore, match="journal"):
        open_index(path, write=write)
    with try_lock(str(path)):
        pass
    assert other.exists()


ENDLESS = """
import signal, sys, time
from detent.core.signals import install_handlers
from detent.index.handle import list_fact_versions
from detent.store import open_store
install_handlers()
store = open_store(sys.argv[1], write=True, versions=list_fact_versions())
print("ready", flush=True)
store._select_rows(
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
)
"""
HEED_INTERRUPTS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
ENDLESS_QUERY = """
from unittest import mock
from detent.core.signals import install_handlers
from detent.store import user_queries
install_handlers()
print("ready", flush=True)
user_queries.run_user_query(
    [], "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
    user_queries.SETTINGS_LIMITS._replace(steps=1e12, seconds=1e12),
)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("script", [ENDLESS, ENDLESS_QUERY])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 1)])
def test_a_signal_ends_a_query(tmp_path: Path, script: str, number: int, status: int) -> None:
    with subprocess.Popen(
        # A job in the background of a shell starts with the interrupt ignored.
        [sys.executable, "-c", f"{HEED_INTERRUPTS}{script}", str(tmp_path / "index.sqlite")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            process.send_signal(number)
            _, complaint = process.communicate(timeout=60)
        finally:
            process.kill()
    ended = process.returncode
    assert ended == status or (number == signal.SIGINT and b"KeyboardInterrupt" in complaint)


BARE = "def f(a):\n    return a\n"


@pytest.mark.parametrize(
    "query",
    [
        MUTATIONS["a view for a table"],
        MUTATIONS["one more column"],
        "UPDATE finding SET line = 4611686018427387904",
        "UPDATE finding SET message = x'ff'",
        "UPDATE finding SET message = CAST(x'ff' AS TEXT)",
        "UPDATE finding SET qualname = zeroblob(100)",
        "UPDATE symbol SET params = '[{}]'",
        "UPDATE symbol SET parent = number + 1",
        "UPDATE entry SET oid = 'HEAD:m.py'",
        "UPDATE view SET tree = '--output=mine'",
        "UPDATE view SET missing = 'x'",
        "DELETE FROM blob",
    ],
)
@pytest.mark.parametrize("command", ["check", "audit", "hook", "coverage", "sym"])
def test_a_damaged_index_is_built_again(repo: Sandbox, cli: Cli, query: str, command: str) -> None:
    repo.commit(**{"m.py": BARE, "n.py": '"""Do."""\n'})
    repo.write("n.py", BARE)
    repo.git("add", "n.py")
    more = {"hook": ["pre-commit"], "sym": ["f"]}.get(command, [])
    expected = cli(command, *more)
    assert cli("check").status == 1
    assert cli("check", "--at", "HEAD").status == 1
    place = Path(default_index_path(str(repo.path / ".git")))
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript(query)
    answer = cli(command, *more)
    assert answer.status == expected.status, answer
    assert answer.out.splitlines()[:1] == expected.out.splitlines()[:1]
    assert answer.err in expected.err or answer.err.count("it is built again") == 1, answer.err
    assert not (repo.path / "mine").exists()
