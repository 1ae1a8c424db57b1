from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from conftest import load_entries
from detent.core.errors import StoreError
from detent.core.model import BlobKey
from detent.index.handle import Index, list_fact_versions
from detent.store import MEMORY, ForeignStore, OtherVersion, open_store
from detent.store.protocol import ViewUpdate

OID = "a" * 40
SPOILT = b"SQLite format 3\0" + b"rubbish" * 1000


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The usual place of an index; nothing is there yet."""
    return tmp_path / ".git/detent/index-1.sqlite"


def publish(index: Index) -> str:
    """Write a view, and say where."""
    key = BlobKey(OID, "python")
    with index.open_writer().open_session() as session:
        done = session.publish(ViewUpdate("/staged", "0", 0, "", {b"a": key}, [], {}))
    return f"{done} {load_entries(index, '/staged')} {index.path}"


def test_reading_creates_nothing_and_writing_does(own: Path) -> None:
    with closing(Index(str(own))) as index:
        assert index.open_reader().load_view("/staged") is None
        assert index.size == 0
        assert not own.parent.exists()
        assert publish(index) == f"True {{b'a': '{OID}'}} {own}"
        assert index.exists
        assert index.size >= own.stat().st_size > 0
    with closing(Index(str(own))) as index:
        assert load_entries(index, "/staged") == {b"a": OID}
        with pytest.raises(StoreError), index.open_reader().open_session() as session:
            session.persist([])


def test_the_writer_reads_what_it_writes(own: Path) -> None:
    for place in (str(own), MEMORY):
        with closing(Index(place)) as index:
            assert index.open_writer() is index.open_writer() is index.open_reader()
            assert index.exists == (place != MEMORY)


def test_what_another_made_in_the_meantime_is_kept(own: Path) -> None:
    with closing(Index(str(own))) as late, closing(Index(str(own))) as early:
        assert late.open_reader().load_view("/staged") is None
        publish(early)
        assert publish(late).startswith("False {b'a'")


def test_without_a_place_the_index_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "detent").write_text("a file")
    with closing(Index(str(tmp_path / "detent/index-1.sqlite"))) as index:
        assert publish(index).endswith("} memory:")
        assert publish(index).startswith("False {b'a'")
        assert [note.endswith("in memory") for note in index.notes] == [True]
    assert (tmp_path / "detent").read_text() == "a file"


@pytest.mark.parametrize("content", [SPOILT, b"text", b"SQLite"])
def test_a_damaged_index_of_our_own_is_built_anew(own: Path, content: bytes) -> None:
    own.parent.mkdir(parents=True)
    own.write_bytes(content)
    Path(f"{own}-wal").write_bytes(content)
    with closing(Index(str(own))) as index:
        assert index.with_recovery(lambda: publish(index)) == f"True {{b'a': '{OID}'}} {own}"
        assert [note.endswith("is built again") for note in index.notes] == [True]
        assert index.open_reader().inspect(deep=True).problems == []


def test_what_only_shows_in_use_is_healed_too(own: Path) -> None:
    publish(first := Index(str(own)))
    first.close()
    whole = own.read_bytes()
    own.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with closing(Index(str(own))) as index:
        assert index.with_recovery(lambda: publish(index)) == f"True {{b'a': '{OID}'}} {own}"


def test_an_index_of_another_version_is_built_anew_in_our_place_only(tmp_path: Path) -> None:
    for place in (tmp_path / "detent/index-0.sqlite", tmp_path / "mine.sqlite"):
        with closing(Index(str(place))) as index:
            publish(index)
        with place.open("r+b") as file:
            file.seek(60)
            file.write(b"\0\0\0\x7f")  # a version that there is not
        before = place.read_bytes()
        with closing(Index(str(place))) as index:
            if "detent" in place.parts[-2:]:
                assert index.with_recovery(lambda: publish(index)).startswith("True")
                continue
            with pytest.raises(OtherVersion):
                index.with_recovery(lambda: publish(index))
            assert place.read_bytes() == before
            index.delete_files()
            assert not place.exists()


def test_a_file_that_a_person_named_is_not_touched(tmp_path: Path) -> None:
    precious = tmp_path / "notes.txt"
    precious.write_text("precious\n" * 100)
    with closing(Index(str(precious))) as index:
        with pytest.raises(ForeignStore, match="is no index"):
            index.with_recovery(lambda: publish(index))
        with pytest.raises(StoreError, match="is no index"):
            index.delete_files()
    with closing(Index(str(tmp_path))) as index, pytest.raises(StoreError, match="is no index"):
        index.delete_files()
    assert precious.read_text() == "precious\n" * 100


def test_what_cannot_be_written_is_done_in_memory_and_said_once(own: Path) -> None:
    publish(first := Index(str(own)))
    first.close()
    before = own.read_bytes()
    calls = []

    def work() -> str:
        calls.append(index.path)
        if index.path != MEMORY:
            index.open_writer()
            raise StoreError("the disk is full")
        return publish(index)

    with closing(Index(str(own))) as index:
        assert index.with_recovery(work) == f"True {{b'a': '{OID}'}} memory:"
        assert index.notes == ["the disk is full; this run keeps its index in memory"]
        assert calls == [str(own), MEMORY]
    assert own.read_bytes() == before


def test_work_that_fails_in_memory_too_fails(own: Path) -> None:
    def work() -> None:
        raise StoreError("the disk is full")

    with closing(Index(str(own))) as index, pytest.raises(StoreError):
        index.with_recovery(work)


def test_discarding_what_is_not_there(own: Path) -> None:
    for place in (str(own), MEMORY):
        with closing(Index(place)) as index:
            index.delete_files()
    with (
        closing(open_store(str(own), write=True, versions=list_fact_versions())) as store,
        closing(Index(str(own))) as index,
    ):
        assert store.inspect(deep=True).problems == []
        index.delete_files()
    assert not own.exists()
