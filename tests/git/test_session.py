from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
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


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


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


def test_what_git_said_stands_for_one_block_only(repo: Sandbox) -> None:
    first = repo.commit(a="1")
    here = git.discover_repo(str(repo.path), repo.env)
    with git.session():
        assert git.resolve_revision(here, "HEAD") == first
        second = repo.commit(a="2")
        assert git.resolve_revision(here, "HEAD") == first
        git.invalidate()
        assert git.resolve_revision(here, "HEAD") == second
        other = here._replace(env={**here.env, "GIT_INDEX_FILE": "no index"})
        assert git.list_staged_changes(here, f"{first}^{{tree}}")
        with pytest.raises(MeasurementError):
            git.list_staged_changes(other, f"{first}^{{tree}}")
    third = repo.commit(a="3")
    assert git.resolve_revision(here, "HEAD") == third


@linux
def test_one_process_reads_for_all_who_ask_in_a_block(
    repo: Sandbox, oids: list[str], gits: Gits
) -> None:
    here = discovered(repo)
    with git.session():
        git.expect_blobs(here)
        (process,) = gits()
        git.expect_blobs(here)
        for oid, content in zip(oids, CONTENTS, strict=True):
            assert list(git.read_blobs(here, [oid])) == [(oid, content)]
            assert list(git.read_blobs(here, [])) == []
            assert next(git.read_blobs(here, [oid, *oids][:1])) == (oid, content)
            assert gits() == [process]
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS
        assert gits() == [process]
    assert gits() == []
    assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS
    git.expect_blobs(here)
    assert gits() == []


def test_two_readers_do_not_get_the_answers_of_each_other(repo: Sandbox, oids: list[str]) -> None:
    here = discovered(repo)
    with git.session():
        both = zip(git.read_blobs(here, oids), git.read_blobs(here, oids[::-1]), strict=True)
        assert [(one, other) for (_, one), (_, other) in both] == list(
            zip(CONTENTS, CONTENTS[::-1], strict=True)
        )
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS


@linux
def test_who_stops_reading_leaves_nothing_to_the_next(
    repo: Sandbox, oids: list[str], gits: Gits
) -> None:
    here = discovered(repo)
    with git.session():
        reader = git.read_blobs(here, oids)
        assert next(reader) == (oids[0], b"a")
        del reader
        assert gits() == []
        assert [content for _, content in git.read_blobs(here, oids[::-1])] == CONTENTS[::-1]


def test_what_cannot_be_asked_by_lines_is_not_here(repo: Sandbox, oids: list[str]) -> None:
    here = discovered(repo)
    names = [f"{oids[0]}\n{oids[1]}", "\n", "", "a b", "x blob 1", "HEAD:", "HEAD:\nb", "HEAD:a\n"]
    with git.session():
        answers = list(git.read_blobs(here, [*names, "HEAD:c", *oids]))
        assert [name for name, _ in answers] == [*names, "HEAD:c", *oids]
        contents = [content for _, content in answers]
        assert contents[:5] == [None] * 5
        assert contents[5]  # a tree
        assert contents[6:] == [None, None, b"c", *CONTENTS]
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS


def test_no_question_is_too_long_and_none_too_many(repo: Sandbox, oids: list[str]) -> None:
    here = discovered(repo)
    long = "x" * 300_000
    names = [oids[0], long, oids[1], *([oids[2]] * 1000), long, long, oids[0]]
    expected = [b"a", None, CONTENTS[1], *([b"c"] * 1000), None, None, b"a"]
    with git.session():
        assert [content for _, content in git.read_blobs(here, names)] == expected
        assert [content for _, content in git.read_blobs(here, oids)] == CONTENTS


@linux
def test_a_process_that_was_killed_costs_nothing(
    repo: Sandbox, oids: list[str], gits: Gits
) -> None:
    here = discovered(repo)
    with git.session():
        git.expect_blobs(here)
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


def test_a_repository_that_is_gone_is_told(repo: Sandbox, oids: list[str]) -> None:
    here = discovered(repo)
    (repo.path / ".git/HEAD").unlink()
    with git.session(), pytest.raises(GitError, match="no git repository"):
        list(git.read_blobs(here, oids))


def test_other_places_are_not_read_by_the_same_process(repo: Sandbox, tmp_path: Path) -> None:
    here = discovered(repo)
    objects = tmp_path / "objects"
    (objects / "info").mkdir(parents=True)
    (objects / "info/alternates").write_text(f"{repo.path}/.git/objects\n")
    env = {**repo.env, "GIT_OBJECT_DIRECTORY": str(objects)}
    only_there = repo._replace(env=env)
    oid = only_there.git("hash-object", "-w", "--stdin", given=b"there").strip()
    there = here._replace(env={**here.env, "GIT_OBJECT_DIRECTORY": str(objects)})
    with git.session():
        for _ in range(2):
            assert list(git.read_blobs(here, [oid])) == [(oid, None)]
            assert list(git.read_blobs(there, [oid])) == [(oid, b"there")]


@linux
def test_what_is_expected_is_answered_as_if_it_were_asked(
    repo: Sandbox, oids: list[str], gits: Gits
) -> None:
    here = discovered(repo)
    repo.write("a", "a2")
    repo.git("add", "a")
    expected = git.list_staged_changes(here, "HEAD")
    assert [change.path for change in expected] == [b"a"]
    other = here._replace(env={**here.env, "GIT_INDEX_FILE": "no index"})
    with git.session():
        git.expect_staged_changes(here, "HEAD")
        (process,) = gits()
        assert [change.path for change in git.list_staged_changes(here, "HEAD^{tree}")] == [b"a"]
        with pytest.raises(MeasurementError):
            git.list_staged_changes(other, "HEAD")
        assert gits() == [process]
        assert git.list_staged_changes(here, "HEAD") == expected
        assert gits() == []
        git.expect_staged_changes(here, "nothing")
        with pytest.raises(GitError, match=r"git failed in .*nothing"):
            git.list_staged_changes(here, "nothing")
        # What another process does meanwhile is not seen, until it is looked for.
        git.expect_staged_changes(here, "HEAD")
        git.invalidate()
        assert gits() == []
        repo.git("reset", "-q")
        assert git.list_staged_changes(here, "HEAD") == []
        git.expect_staged_changes(here, "HEAD~0")
    assert gits() == []
    git.expect_staged_changes(here, "HEAD")
    assert gits() == []


@linux
@pytest.mark.parametrize("disk", [False, True])
def test_attributes_are_asked_of_the_process_that_was_expected(
    repo: Sandbox, gits: Gits, disk: bool
) -> None:
    here = discovered(repo)
    repo.commit(**{".gitattributes": "b* linguist-vendored\n", "a.py": "", "b.py": ""})
    repo.write(".gitattributes", "a* linguist-vendored\n")
    many = [b"%d.py" % number for number in range(20_000)]  # more than pipes hold
    vendored = {b"a.py" if disk else b"b.py"}
    with git.session():
        git.expect_generated_or_vendored(here, disk=disk)
        (process,) = gits()
        assert git.generated_or_vendored(here, [b"b.py", *many, b"a.py"], disk=disk) == vendored
        assert gits() == []
        assert git.generated_or_vendored(here, [b"a.py", b"b.py"], disk=disk) == vendored
        git.expect_generated_or_vendored(here, disk=disk)
        assert git.generated_or_vendored(here, [b"a.py", b"b.py"], disk=not disk) != vendored
        assert len(gits()) == 1
        assert gits() != [process]
    assert gits() == []


@linux
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OSError])
def test_whatever_ends_a_block_ends_its_processes(
    repo: Sandbox, oids: list[str], gits: Gits, error: type[BaseException]
) -> None:
    here = discovered(repo)
    readers: list[Iterator[tuple[str, bytes | None]]] = []

    def work() -> None:
        git.expect_blobs(here)
        readers.extend([git.read_blobs(here, oids), git.read_blobs(here, oids)])
        for reader in readers:
            assert next(reader) == (oids[0], b"a")
        assert len(gits()) == 2
        list(git.read_blobs(here, oids))
        assert len(gits()) == 3
        raise error

    with pytest.raises(error):
        git.session()(work)()
    assert gits() == []
    assert len(readers) == 2  # nobody has closed them


@linux
def test_no_other_process_holds_the_pipes(repo: Sandbox, oids: list[str]) -> None:
    here = discovered(repo)
    before = inheritable()
    with git.session():
        list(git.read_blobs(here, oids))
        assert inheritable() == before


def inheritable() -> set[int]:
    found = set()
    for name in Path("/dev/fd").iterdir():
        with suppress(OSError):  # the one by which the list is read
            if os.get_inheritable(int(name.name)):
                found.add(int(name.name))
    return found
