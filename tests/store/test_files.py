"""The index as a file: who may create, read, change and remove it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from samples import RICH

from detent.audit.analyze import analyze_file
from detent.core.errors import StoreError
from detent.store import (
    DamagedStore,
    ForeignStore,
    OtherVersion,
    default_index_path,
    delete_index_files,
    is_index,
    is_managed_index,
    open_store,
)
from detent.store.protocol import ViewUpdate
from detent.store.sqlite.schema import APPLICATION_ID, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

OIDS = [f"{number:040x}" for number in range(300)]
FACTS = analyze_file(RICH)
KILLED = """
import os, signal, sys
from detent.audit.analyze import analyze_file
from detent.store import open_store
store = open_store(sys.argv[1], write=True)
store.begin_session().persist([("f" * 40, analyze_file(b""))])
os.kill(os.getpid(), signal.SIGKILL)
"""
READ = """
import sys
from detent.store import open_store
store = open_store(sys.argv[1], write=False)
print(len(store.find_known_blobs(["f" * 40, "0" * 40])))
"""

State = dict[str, tuple[bytes, int]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index with facts and a view."""
    found = tmp_path / "place/index.sqlite"
    with closing(open_store(str(found), write=True)) as store:
        session = store.begin_session()
        session.persist((oid, FACTS) for oid in OIDS)
        session.publish(ViewUpdate("/staged", "0", 0, dict.fromkeys([b"a"], OIDS[0]), [], {}))
        session.close()
    return found


def state(directory: Path) -> State:
    return {
        str(one): (one.read_bytes(), one.stat().st_mtime_ns)
        for one in directory.rglob("*")
        if one.is_file()
    }


def read(path: Path) -> set[str]:
    with closing(open_store(str(path), write=False)) as store:
        assert store.find_problems() == []
        return store.find_known_blobs([*OIDS, "f" * 40])


def test_reading_changes_nothing(path: Path) -> None:
    before = state(path.parent)
    assert list(before) == [str(path)]
    with closing(open_store(str(path), write=False)) as one:
        assert read(path) == one.find_known_blobs(OIDS) == set(OIDS)
        with pytest.raises(StoreError):
            one.begin_session().persist([("f" * 40, FACTS)])
        with pytest.raises(StoreError):
            one.begin_session().publish(ViewUpdate("/staged", "1", 1, {}, [], {}))
    assert state(path.parent) == before


def test_reading_what_is_not_there_creates_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere/index.sqlite") == set()
    (tmp_path / "blank").touch()
    assert read(tmp_path / "blank") == set()
    assert {one.name: one.stat().st_size for one in tmp_path.iterdir()} == {"blank": 0}
    with closing(open_store(str(tmp_path / "blank"), write=True)) as store:
        store.begin_session().persist([(OIDS[0], FACTS)])
    assert read(tmp_path / "blank") == {OIDS[0]}


def test_what_a_killed_writer_committed_is_read(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.with_name(f"{path.name}-wal").stat().st_size
    assert read(path) == {*OIDS, "f" * 40}


def test_readers_see_what_a_writer_commits_while_it_works(path: Path) -> None:
    with (
        closing(open_store(str(path), write=True)) as writer,
        closing(open_store(str(path), write=False)) as reader,
    ):
        writer.begin_session().persist([("f" * 40, FACTS)])
        assert reader.find_known_blobs(["f" * 40]) == {"f" * 40}


@pytest.mark.parametrize("log", [False, True])
def test_reading_where_nobody_can_write(path: Path, log: bool) -> None:
    command = [sys.executable, "-c", READ, str(path)]
    if os.geteuid() == 0:
        if not (drop := shutil.which("setpriv")):
            pytest.skip("root may write everywhere, and setpriv is missing")
        command = [drop, "--bounding-set=-dac_override", *command]
    if log:
        subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
        path.with_name(f"{path.name}-shm").unlink()
    before = state(path.parent)
    path.parent.chmod(0o555)
    path.chmod(0o444)
    done = subprocess.run(command, capture_output=True, check=False)
    path.parent.chmod(0o755)
    # What is only in the log cannot be had; that is an error, and never a wrong answer.
    assert (done.stdout, done.returncode) == ((b"", 1) if log else (b"1\n", 0))
    assert (b"StoreError" in done.stderr) == log
    assert state(path.parent) == before


def test_many_who_create_and_fill_it_at_once(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def work(place: str, barrier: threading.Barrier, name: str) -> None:
        try:
            barrier.wait()
            with closing(open_store(place, write=False)) as reader:
                reader.load_view(name)
            with closing(open_store(place, write=True)) as store:
                session = store.begin_session()
                for start in range(0, 30, 10):
                    session.persist((oid, FACTS) for oid in OIDS[start : start + 10])
                assert session.publish(ViewUpdate(name, "0", 0, {b"a": OIDS[0]}, [], {}))
        except BaseException as error:
            errors.append(error)

    for number in range(10):
        place = tmp_path / str(number) / "index.sqlite"
        barrier = threading.Barrier(4)
        threads = [
            threading.Thread(target=work, args=(str(place), barrier, f"view {n}")) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert read(place) == set(OIDS[:30])
        with closing(open_store(str(place), write=False)) as store:
            assert all(store.load_view(f"view {n}") for n in range(4))
            assert len(list(store.find_symbols("m"))) == 30


def test_one_of_two_publishers_is_refused(path: Path) -> None:
    with (
        closing(open_store(str(path), write=True)) as one,
        closing(open_store(str(path), write=True)) as other,
    ):
        change = ViewUpdate("/staged", "1", 1, {b"b": OIDS[1]}, [b"a"], {})
        assert one.begin_session().publish(change)
        assert not other.begin_session().publish(change._replace(changed={b"c": OIDS[2]}))
        assert other.load_entries("/staged") == {b"b": OIDS[1]}


def header(path: Path, offset: int, value: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(value.to_bytes(4, "big"))


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE blob (oid)")
        connection.execute("INSERT INTO blob VALUES ('precious')")
        connection.commit()


def only_marked(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 42")
        connection.execute("PRAGMA user_version = 1")


def is_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "precious").write_text("precious")


#: What can be at the place of an index, and how it is refused.
UNFIT: dict[str, tuple[Callable[[Path], object], type[StoreError]]] = {
    "text": (lambda path: path.write_text("import precious\n" * 100), DamagedStore),
    "two bytes": (lambda path: path.write_bytes(b"xy"), DamagedStore),
    "a byte": (lambda path: path.write_bytes(b"x"), DamagedStore),
    "other database": (foreign, ForeignStore),
    "other mark": (only_marked, ForeignStore),
    "directory": (is_directory, StoreError),
    "newer": (lambda path: header(path, 60, VERSION + 1), OtherVersion),
    "other facts": (lambda path: header(path, 60, VERSION - 1), OtherVersion),
    "no version": (lambda path: header(path, 60, 0), OtherVersion),
}


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("name", UNFIT)
def test_what_is_no_index_is_refused_and_stays(path: Path, name: str, write: bool) -> None:
    spoil, error = UNFIT[name]
    spoil(path)
    before = state(path.parent)
    with pytest.raises(StoreError, match=str(path)) as caught:
        open_store(str(path), write=write)
    assert type(caught.value) is error
    assert caught.value.hint
    assert state(path.parent) == before


@pytest.mark.parametrize("size", [2, 50, 99, 4096, 8192, 40_960, -4096])
@pytest.mark.parametrize("write", [False, True])
def test_a_truncated_index_is_known_to_be_damaged(path: Path, size: int, write: bool) -> None:
    raw = path.read_bytes()
    assert len(raw) > 100_000
    path.write_bytes(raw[:size])
    faults: list[str] = []
    try:
        with closing(open_store(str(path), write=write)) as store:
            faults = store.find_problems()
    except DamagedStore as error:
        faults = [error.message]
    assert faults


def test_an_index_with_a_spoilt_page_is_known_to_be_damaged(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096, 3):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)

    def use() -> None:
        with closing(open_store(str(path), write=False)) as store:
            assert store.find_problems()
            list(store.load_facts(OIDS, full=True))

    with pytest.raises(DamagedStore, match=str(path)):
        use()


@pytest.mark.parametrize(
    "name", ["a b.sqlite", "50%20.sqlite", "a?mode=memory", "a#b", "\udce9.x", "'"]
)
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with closing(open_store(str(tmp_path / name), write=True)) as store:
        store.begin_session().persist([(OIDS[0], FACTS)])
    assert read(tmp_path / name) == {OIDS[0]}
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_place_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(StoreError, match="cannot be used"):
        open_store(str(tmp_path / "file/index.sqlite"), write=True)
    assert (tmp_path / "file").read_text() == "precious"


def test_whose_a_file_is(path: Path, tmp_path: Path) -> None:
    own = default_index_path(str(tmp_path / ".git"))
    assert is_managed_index(own)
    assert str(VERSION) in Path(own).name
    assert is_index(str(path))
    header(path, 60, VERSION + 1)
    assert is_index(str(path))
    foreign(path)
    assert not any(
        (is_managed_index(str(path)), is_index(str(path)), is_index(own), is_index(str(tmp_path)))
    )


def test_nothing_of_a_discarded_index_is_left(path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    path.with_name("other.sqlite").touch()
    delete_index_files(str(path))
    delete_index_files(str(path))
    assert [one.name for one in path.parent.iterdir()] == ["other.sqlite"]


def test_the_mark_is_where_the_format_says(path: Path) -> None:
    assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big") == b"dtnt"
