"""What is special about DuckDB: one writer at a time, few statements, files that are not ours."""

from __future__ import annotations

import importlib
import random
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from samples import RICH

from detent.audit.analyze import analyze_file
from detent.core.errors import StoreError
from detent.core.model import BlobKey
from detent.index.handle import Index, list_fact_versions
from detent.store import DamagedStore, ForeignStore, OtherVersion, is_index, open_store
from detent.store.protocol import ViewUpdate

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
pytest.importorskip("nanoarrow", reason="nanoarrow is not installed")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Cli, Sandbox

VERSIONS = list_fact_versions()
FACTS = analyze_file(RICH)


def make_keys(count: int) -> list[BlobKey]:
    return [BlobKey(f"{number:040x}", "python") for number in range(count)]


def fill(path: str, count: int = 3) -> list[BlobKey]:
    keys = make_keys(count)
    changed = {b"a%d.py" % number: key for number, key in enumerate(keys)}
    with (
        closing(open_store(path, write=True, versions=VERSIONS)) as store,
        store.open_session() as session,
    ):
        session.persist((key, FACTS) for key in keys)
        assert session.publish(ViewUpdate("/staged", "1" * 40, 0, "", changed, [], {}, []))
    return keys


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "index.duckdb")


def test_the_number_of_statements_does_not_depend_on_that_of_rows(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module: Any = importlib.import_module("detent.store.duckdb.session")
    statements: list[str] = []
    original = module.open_transaction

    @contextmanager
    def watch(place: str) -> Iterator[Any]:
        with original(place) as connection:

            class Watched:
                def execute(self, query: str, *values: object) -> Any:
                    statements.append(query)
                    return connection.execute(query, *values)

                def __getattr__(self, name: str) -> Any:
                    return getattr(connection, name)

            yield Watched()

    monkeypatch.setattr(module, "open_transaction", watch)
    counts = []
    for count in (2, 200):
        statements.clear()
        fill(f"{path}{count}.duckdb", count)
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0


def test_nothing_is_loaded_from_elsewhere(path: str) -> None:
    from detent.store.duckdb.connection import Reader

    fill(path)
    with closing(Reader(path)) as reader, reader.use_connection() as connection:
        for name in ("autoinstall_known_extensions", "autoload_known_extensions",
                     "enable_external_access"):  # fmt: skip
            found = connection.execute(f"SELECT current_setting('{name}')").fetchall()
            assert found == [(False,)]


def test_a_damaged_file_is_said_to_be_damaged_or_read_as_it_was(path: str) -> None:
    keys = fill(path)
    whole = Path(path).read_bytes()
    chance = random.Random(7)
    damaged = [whole[: chance.randrange(len(whole))] for _ in range(6)]
    for _ in range(10):
        copy = bytearray(whole)
        copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
        damaged.append(bytes(copy))
    for content in damaged:
        Path(path).write_bytes(content)
        try:
            with closing(open_store(path, write=False, versions=VERSIONS)) as store:
                found = dict(store.load_facts(keys, full=True))
                view = store.load_view("/staged", None)
        except (DamagedStore, ForeignStore, OtherVersion):
            continue
        if found:
            assert set(found) <= set(keys)
            assert view is None or set(view.entries.values()) <= set(keys)


def test_only_an_index_is_one(path: str, tmp_path: Path) -> None:
    assert not is_index(path)
    with closing(duckdb.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x INTEGER)")
    assert not is_index(path)
    with pytest.raises(ForeignStore):
        open_store(path, write=True, versions=VERSIONS)
    other = str(tmp_path / "other.duckdb")
    fill(other)
    assert is_index(other)
    with closing(duckdb.connect(other)) as connection:
        connection.execute("UPDATE detent_index SET version = 0")
    assert is_index(other)
    with pytest.raises(OtherVersion):
        open_store(other, write=False, versions=VERSIONS)
    text = tmp_path / "text.duckdb"
    text.write_text("no database at all, but long enough to have a header\n")
    with pytest.raises(DamagedStore):
        open_store(str(text), write=False, versions=VERSIONS)


HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
connection.close()
"""


def test_another_writer_is_waited_for(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from detent.store.duckdb import connection as module

    keys = fill(path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"ready\n"
        with monkeypatch.context() as patch:
            patch.setattr(module, "_TIMEOUT", 0.0)
            with pytest.raises(StoreError, match="lock"):
                open_store(path, write=False, versions=VERSIONS)
        holder.stdin.write(b"\n")
        holder.stdin.flush()
        with closing(open_store(path, write=True, versions=VERSIONS)) as store:
            assert store.find_known(keys) == set(keys)


def test_a_reader_lets_others_write_after_a_while(path: str) -> None:
    keys = fill(path)
    with closing(open_store(path, write=False, versions=VERSIONS)) as reader:
        assert reader.find_known(keys) == set(keys)
        script = f"import duckdb; duckdb.connect({path!r}).execute('DELETE FROM blob')"
        wait = "import time; time.sleep(1)\n"
        subprocess.run([sys.executable, "-c", wait + script], check=True)
        assert reader.find_known(keys) == set()


def test_a_repository_answers_the_same_from_each_store(
    repo: Sandbox, cli: Cli, tmp_path: Path
) -> None:
    source = "import os\n\n\ndef f(a):\n    '''do it'''\n    return g(a)\n\n\ndef g(b):\n    pass\n"
    repo.commit(**{"a.py": source, "b.py": "from a import g\n\n\ng(1)\n"})
    places = [str(tmp_path / "i.sqlite"), str(tmp_path / "i.duckdb"), "memory:"]
    for place in places:
        cli("index", "--store", place)
    repo.write("b.py", "from a import f\n\n\nf(1)\n")
    repo.git("add", "-A")
    for command in (
        ("export",),
        ("audit", "--format", "json"),
        ("sym", "f"),
        ("symlist",),
        ("calls", "g", "--incoming"),
        ("refs", "f"),
    ):
        answers = [cli(*command, "--store", place) for place in places]
        assert answers[0].out
        assert answers[1:] == answers[:1] * 2, command


def test_the_extra_is_named_where_it_is_missing(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(StoreError) as caught:
        open_store(path, write=True, versions=VERSIONS)
    assert "pip install duckdb" in (caught.value.hint or "")


def test_an_index_is_built_again_where_it_is_damaged(tmp_path: Path) -> None:
    place = tmp_path / "detent" / "index-1.duckdb"
    place.parent.mkdir()
    fill(str(place))
    place.write_bytes(place.read_bytes()[:5000])
    with closing(Index(str(place))) as index:
        known = index.with_recovery(lambda: index.open_writer().find_known(make_keys(3)))
        assert known == set()
        assert index.notes == [note for note in index.notes if "built again" in note] != []
        assert place.exists()
