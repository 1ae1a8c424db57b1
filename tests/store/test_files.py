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
from detent.core.model import BlobKey
from detent.index.handle import list_fact_versions
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
from detent.store.protocol import Store, ViewUpdate
from detent.store.sqlite.schema import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = [BlobKey(f"{number:040x}", "python") for number in range(300)]
LAST = BlobKey("f" * 40, "python")
FACTS = analyze_file(RICH)
KILLED = """
import os, signal, sys
from detent.audit.analyze import analyze_file
from detent.core.model import BlobKey
from detent.index.handle import list_fact_versions
from detent.store import open_store
store = open_store(sys.argv[1], write=True, versions=list_fact_versions())
with store.open_session() as session:
    session.persist([(BlobKey("f" * 40, "python"), analyze_file(b""))])
os.kill(os.getpid(), signal.SIGKILL)
"""
READ = """
import sys
from detent.core.model import BlobKey
from detent.index.handle import list_fact_versions
from detent.store import open_store
store = open_store(sys.argv[1], write=False, versions=list_fact_versions())
print(len(store.find_known([BlobKey(letter * 40, "python") for letter in "f0"])))
"""


def open_index(place: str, *, write: bool) -> Store:
    return open_store(place, write=write, versions=list_fact_versions())


def persist(store: Store, *keys: BlobKey) -> None:
    with store.open_session() as session:
        session.persist((key, FACTS) for key in keys)


def publish(store: Store, change: ViewUpdate) -> bool:
    with store.open_session() as session:
        return session.publish(change)


def update(
    generation: int, changed: dict[bytes, BlobKey], *deleted: bytes, name: str = "/staged"
) -> ViewUpdate:
    return ViewUpdate(name, str(generation), generation, "", changed, deleted, {})


State = dict[str, tuple[bytes, int]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index with facts and a view."""
    found = tmp_path / "place/index.sqlite"
    with closing(open_index(str(found), write=True)) as store, store.open_session() as session:
        session.persist((key, FACTS) for key in KEYS)
        session.publish(update(0, {b"a": KEYS[0]}))
    return found


def state(directory: Path) -> State:
    return {
        str(one): (one.read_bytes(), one.stat().st_mtime_ns)
        for one in directory.rglob("*")
        if one.is_file()
    }


def read(path: Path) -> set[BlobKey]:
    with closing(open_index(str(path), write=False)) as store:
        assert store.inspect(deep=True).problems == []
        return store.find_known([*KEYS, LAST])


def test_reading_changes_nothing(path: Path) -> None:
    before = state(path.parent)
    assert list(before) == [str(path)]
    with closing(open_index(str(path), write=False)) as one:
        assert read(path) == one.find_known(KEYS) == set(KEYS)
        with pytest.raises(StoreError):
            persist(one, LAST)
        with pytest.raises(StoreError):
            publish(one, update(1, {}))
    assert state(path.parent) == before


def test_reading_what_is_not_there_creates_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere/index.sqlite") == set()
    (tmp_path / "blank").touch()
    assert read(tmp_path / "blank") == set()
    assert {one.name: one.stat().st_size for one in tmp_path.iterdir()} == {"blank": 0}
    with closing(open_index(str(tmp_path / "blank"), write=True)) as store:
        persist(store, KEYS[0])
    assert read(tmp_path / "blank") == {KEYS[0]}


def test_what_a_killed_writer_committed_is_read(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.with_name(f"{path.name}-wal").stat().st_size
    assert read(path) == {*KEYS, LAST}


def test_readers_see_what_a_writer_commits_while_it_works(path: Path) -> None:
    with (
        closing(open_index(str(path), write=True)) as writer,
        closing(open_index(str(path), write=False)) as reader,
    ):
        persist(writer, LAST)
        assert reader.find_known([LAST]) == {LAST}


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
            with closing(open_index(place, write=False)) as reader:
                reader.load_view(name)
            with closing(open_index(place, write=True)) as store:
                for start in range(0, 30, 10):
                    persist(store, *KEYS[start : start + 10])
                assert publish(store, update(0, {b"a": KEYS[0]}, name=name))
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
        assert read(place) == set(KEYS[:30])
        with closing(open_index(str(place), write=False)) as store:
            assert all(store.load_view(f"view {n}") for n in range(4))
            assert len(list(store.find_symbols("m"))) == 30


def test_one_of_two_publishers_is_refused(path: Path) -> None:
    with (
        closing(open_index(str(path), write=True)) as one,
        closing(open_index(str(path), write=True)) as other,
    ):
        assert publish(one, update(1, {b"b": KEYS[1]}, b"a"))
        assert not publish(other, update(1, {b"c": KEYS[2]}, b"a"))
        view = other.load_view("/staged", None)
        assert view is not None
        assert view.entries == {b"b": KEYS[1]}


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
    "newer": (lambda path: header(path, 60, SCHEMA_VERSION + 1), OtherVersion),
    "older": (lambda path: header(path, 60, SCHEMA_VERSION - 1), OtherVersion),
    "no version": (lambda path: header(path, 60, 0), OtherVersion),
}


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("name", UNFIT)
def test_what_is_no_index_is_refused_and_stays(path: Path, name: str, write: bool) -> None:
    spoil, error = UNFIT[name]
    spoil(path)
    before = state(path.parent)
    with pytest.raises(StoreError, match=str(path)) as caught:
        open_index(str(path), write=write)
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
        with closing(open_index(str(path), write=write)) as store:
            faults = store.inspect(deep=True).problems
    except DamagedStore as error:
        faults = [error.message]
    assert faults


def test_an_index_with_a_spoilt_page_is_known_to_be_damaged(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096, 3):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)

    def use() -> None:
        with closing(open_index(str(path), write=False)) as store:
            assert store.inspect(deep=True).problems
            list(store.load_facts(KEYS, full=True))

    with pytest.raises(DamagedStore, match=str(path)):
        use()


@pytest.mark.parametrize(
    "name", ["a b.sqlite", "50%20.sqlite", "a?mode=memory", "a#b", "\udce9.x", "'"]
)
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with closing(open_index(str(tmp_path / name), write=True)) as store:
        persist(store, KEYS[0])
    assert read(tmp_path / name) == {KEYS[0]}
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_place_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(StoreError, match="cannot be used"):
        open_index(str(tmp_path / "file/index.sqlite"), write=True)
    assert (tmp_path / "file").read_text() == "precious"


def test_whose_a_file_is(path: Path, tmp_path: Path) -> None:
    own = default_index_path(str(tmp_path / ".git"))
    assert is_managed_index(own)
    assert str(SCHEMA_VERSION) in Path(own).name
    assert is_index(str(path))
    header(path, 60, SCHEMA_VERSION + 1)
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
