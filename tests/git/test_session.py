from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.core.errors import GitError, MeasurementError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Sandbox

    Gits = Callable[[], list[int]]

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of processes")


def opened(repo: Sandbox) -> AbstractContextManager[git.Repo]:
    return git.open_repo(str(repo.path), repo.env)


def children() -> list[int]:
    """List the processes that this one has started, those too that nobody waited for."""
    threads = Path("/proc/self/task").glob("*/children")
    return [int(pid) for path in threads for pid in path.read_text().split()]


@pytest.fixture
def gits() -> Gits:
    """Give what lists the processes that have been started since."""
    before = set(children())
    return lambda: [pid for pid in children() if pid not in before]


@pytest.fixture
def oids(repo: Sandbox) -> list[str]:
    """Blobs of a byte each, but for the second, which no pipe holds."""
    repo.commit(a="a", b="b" * 500_000, c="c")
    return [repo.git("rev-parse", f"HEAD:{name}").strip() for name in "abc"]


CONTENTS = [b"a", b"b" * 500_000, b"c"]


def test_answers_are_remembered_in_one_session_only(repo: Sandbox) -> None:
    first = repo.commit(a="1")
    with opened(repo) as here:
        assert git.resolve_revision(here, "HEAD") == first
        second = repo.commit(a="2")
        assert git.resolve_revision(here, "HEAD") == first
        assert here.session
        here.session.invalidate()
        assert git.resolve_revision(here, "HEAD") == second
        other = here.with_variables(GIT_INDEX_FILE="no index")
        assert git.list_staged_changes(here, f"{first}^{{tree}}")
        with pytest.raises(MeasurementError):
            git.list_staged_changes(other, f"{first}^{{tree}}")
    third = repo.commit(a="3")
    assert git.resolve_revision(here, "HEAD") == third
    with git.open_session(here) as later:
        assert git.resolve_revision(later, "HEAD") == third
    fresh = git.discover_repo(str(repo.path), repo.env)
    assert git.resolve_revision(fresh, "HEAD") == third
    assert git.resolve_revision(fresh, "HEAD") != repo.commit(a="4")
    assert git.resolve_revision(fresh, "HEAD") != third


@linux
def test_a_session_inside_of_another_ends_alone(repo: Sandbox, oids: list[str], gits: Gits) -> None:
    head = repo.git("rev-parse", "HEAD").strip()
    with opened(repo) as outer:
        assert git.resolve_revision(outer, "HEAD") == head
        assert [content for _, content in git.read_blobs(outer, oids)] == CONTENTS
        before = gits()
        repo.commit(a="later")
        with git.open_session(outer) as inner:
            assert git.resolve_revision(inner, "HEAD") != head
            assert [content for _, content in git.read_blobs(inner, oids)] == CONTENTS
            assert len(gits()) == 2
        assert git.resolve_revision(outer, "HEAD") == head
        assert [content for _, content in git.read_blobs(outer, oids)] == CONTENTS
        assert gits() == before
    assert gits() == []


def test_two_repositories_in_two_threads_do_not_mix(
    repo: Sandbox, oids: list[str], tmp_path: Path
) -> None:
    other = repo._replace(path=tmp_path / "other")
    repo.git("init", "-q", "-b", "main", str(other.path))
    other.commit(a="other")
    both = threading.Barrier(2)

    def ask(sandbox: Sandbox) -> list[tuple[str, list[bytes | None]]]:
        found = []
        with opened(sandbox) as here:
            for _ in range(20):
                both.wait(60)
                blobs = [content for _, content in git.read_blobs(here, ["HEAD:a"])]
                found.append((git.resolve_revision(here, "HEAD"), blobs))
        return found

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, [repo, other]))
    for sandbox, content, found in zip((repo, other), (b"a", b"other"), answers, strict=True):
        assert found == [(sandbox.git("rev-parse", "HEAD").strip(), [content])] * 20


@linux
def test_one_process_reads_for_all_who_ask_in_a_session(
    repo: Sandbox, oids: list[str], gits: Gits
) -> None:
    with opened(repo) as here:
        assert gits() == []
        for oid, content in zip(oids, CONTENTS, strict=True):
            assert list(git.read_blobs(here, [oid])) == [(oid, content)]
            assert list(git.read_blobs(here, [])) == []
            assert next(git.read_blobs(here, [oid, *oids][:1])) == (oid, content)
            assert len(gits()) == 1
        (process,) = gits()
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS
        assert gits() == [process]
    assert gits() == []
    assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS
    assert gits() == []
    alone = git.discover_repo(str(repo.path), repo.env)
    assert [content for _, content in git.read_blobs(alone, oids)] == CONTENTS
    assert gits() == []


def test_two_readers_do_not_get_the_answers_of_each_other(repo: Sandbox, oids: list[str]) -> None:
    with opened(repo) as here:
        both = zip(git.read_blobs(here, oids), git.read_blobs(here, oids[::-1]), strict=True)
        assert [(one, other) for (_, one), (_, other) in both] == list(
            zip(CONTENTS, CONTENTS[::-1], strict=True)
        )
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS


@linux
def test_who_stops_reading_leaves_nothing_to_the_next(
    repo: Sandbox, oids: list[str], gits: Gits
) -> None:
    with opened(repo) as here:
        reader = git.read_blobs(here, oids)
        assert next(reader) == (oids[0], b"a")
        del reader
        assert gits() == []
        assert [content for _, content in git.read_blobs(here, oids[::-1])] == CONTENTS[::-1]


def test_what_cannot_be_asked_by_lines_is_not_here(repo: Sandbox, oids: list[str]) -> None:
    names = [f"{oids[0]}\n{oids[1]}", "\n", "", "a b", "x blob 1", "HEAD:", "HEAD:\nb", "HEAD:a\n"]
    with opened(repo) as here:
        answers = list(git.read_blobs(here, [*names, "HEAD:c", *oids]))
        assert [name for name, _ in answers] == [*names, "HEAD:c", *oids]
        contents = [content for _, content in answers]
        assert contents[:5] == [None] * 5
        assert contents[5]  # a tree
        assert contents[6:] == [None, None, b"c", *CONTENTS]
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS


def test_no_question_is_too_long_and_none_too_many(repo: Sandbox, oids: list[str]) -> None:
    long = "x" * 300_000
    names = [oids[0], long, oids[1], *([oids[2]] * 1000), long, long, oids[0]]
    expected = [b"a", None, CONTENTS[1], *([b"c"] * 1000), None, None, b"a"]
    with opened(repo) as here:
        assert [content for _, content in git.read_blobs(here, names)] == expected
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS


@linux
def test_a_process_that_was_killed_costs_nothing(
    repo: Sandbox, oids: list[str], gits: Gits
) -> None:
    with opened(repo) as here:
        list(git.read_blobs(here, oids[:1]))
        for _ in range(2):
            (process,) = gits()
            os.kill(process, signal.SIGKILL)
            assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS
        # In the middle of an answer, and with others before it that have been read.
        reader = git.read_blobs(here, [oids[0], *oids * 3])
        assert next(reader) == (oids[0], b"a")
        (process,) = gits()
        os.kill(process, signal.SIGKILL)
        assert [content for _, content in reader] == CONTENTS * 3
    assert gits() == []


def test_a_repository_that_is_gone_is_an_error(repo: Sandbox, oids: list[str]) -> None:
    with opened(repo) as here:
        (repo.path / ".git/HEAD").unlink()
        with pytest.raises(GitError, match="no git repository"):
            list(git.read_blobs(here, oids))


def test_other_places_are_not_read_by_the_same_process(repo: Sandbox, tmp_path: Path) -> None:
    objects = tmp_path / "objects"
    (objects / "info").mkdir(parents=True)
    (objects / "info/alternates").write_text(f"{repo.path}/.git/objects\n")
    env = {**repo.env, "GIT_OBJECT_DIRECTORY": str(objects)}
    only_there = repo._replace(env=env)
    oid = only_there.git("hash-object", "-w", "--stdin", given=b"there").strip()
    with opened(repo) as here:
        there = here.with_variables(GIT_OBJECT_DIRECTORY=str(objects))
        for _ in range(2):
            assert list(git.read_blobs(here, [oid])) == [(oid, None)]
            assert list(git.read_blobs(there, [oid])) == [(oid, b"there")]


@linux
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OSError])
def test_whatever_ends_a_session_ends_its_processes(
    repo: Sandbox, oids: list[str], gits: Gits, error: type[BaseException]
) -> None:
    readers: list[Iterator[tuple[str, bytes | None]]] = []

    def work(here: git.Repo) -> None:
        readers.extend([git.read_blobs(here, oids), git.read_blobs(here, oids)])
        for reader in readers:
            assert next(reader) == (oids[0], b"a")
        assert len(gits()) == 2
        list(git.read_blobs(here, oids))
        assert len(gits()) == 3
        raise error

    with pytest.raises(error), opened(repo) as here:
        work(here)
    assert gits() == []
    assert len(readers) == 2  # nobody has closed them


@linux
def test_no_other_process_holds_the_pipes(repo: Sandbox, oids: list[str]) -> None:
    before = inheritable()
    with opened(repo) as here:
        list(git.read_blobs(here, oids))
        assert inheritable() == before


def inheritable() -> set[int]:
    found = set()
    for name in Path("/dev/fd").iterdir():
        with suppress(OSError):  # the one by which the list is read
            if os.get_inheritable(int(name.name)):
                found.add(int(name.name))
    return found
