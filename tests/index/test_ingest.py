from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.audit.analyze import analyze_file
from detent.index.executors import choose_executor
from detent.index.executors.base import AnalysisFailure, BuildStats
from detent.index.executors.serial import SerialExecutor
from detent.index.ingest import (
    PreviousFacts,
    analyze_edited_blobs,
    analyze_git_blobs,
    persist_outcomes,
)
from detent.languages import get_language
from detent.store import MEMORY, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sandbox
    from detent.core.model import FileFacts
    from detent.index.ingest import BlobResult
    from detent.store.protocol import Session


class Batches:
    """A session that only counts."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def persist(self, facts: list[tuple[str, FileFacts]]) -> None:
        self.sizes.append(len(facts))


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (64, [64]), (65, [64, 1]), (200, [64, 64, 64, 8])]
)
def test_facts_are_written_in_bounded_batches(count: int, sizes: list[int]) -> None:
    session = Batches()
    facts = analyze_file(b"")
    outcomes: list[BlobResult] = [(str(n), facts) for n in range(count)]
    outcomes.insert(count // 2, ("bad", AnalysisFailure("why")))
    assert persist_outcomes(session, iter(outcomes)) == {"bad": "why"}  # type: ignore[arg-type]
    assert session.sizes == sizes


def test_what_was_written_before_an_interruption_stays() -> None:
    def outcomes() -> Iterator[BlobResult]:
        for number in range(100):
            yield f"{number:040}", analyze_file(b"")
        raise KeyboardInterrupt

    store = open_store(MEMORY, write=True)
    session: Session = store.begin_session()
    with pytest.raises(KeyboardInterrupt):
        persist_outcomes(session, outcomes())
    assert len(store.find_known_blobs([f"{number:040}" for number in range(100)])) == 64
    store.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_blob_is_read_once_and_counted(repo: Sandbox, jobs: int) -> None:
    contents = [f"'''Do {n}.'''\n".encode() for n in range(30)]
    repo.commit("first", **{f"f{n}.py": content for n, content in enumerate(contents)})
    oids = [repo.git("rev-parse", f"HEAD:f{n}.py").strip() for n in range(30)]
    missing = "0" * 40
    found = git.discover_repo(str(repo.path), repo.env)
    told: list[tuple[int, int]] = []
    outcomes = dict(
        analyze_git_blobs(
            found,
            [*oids, missing],
            executor=choose_executor(jobs, 30),
            progress=lambda *two: told.append(two),
        )
    )
    assert isinstance(outcomes.pop(missing), AnalysisFailure)
    assert outcomes == {
        oid: analyze_file(content) for oid, content in zip(oids, contents, strict=True)
    }
    assert list(outcomes) == sorted(oids)
    assert told == [(n + 1, 31) for n in range(30)]


def test_what_git_lacks_is_read_from_disk_and_what_is_not_on_disk_from_git(repo: Sandbox) -> None:
    repo.commit("first", **{"a.py": "a", "b.py": "b", "c.py": "c"})
    kept = repo.git("rev-parse", "HEAD:b.py").strip()
    repo.write("a.py", "'''On disk.'''")
    (repo.path / "b.py").unlink()
    oid = repo.git("hash-object", "a.py").strip()
    gone = "1" * 40
    found = git.discover_repo(str(repo.path), repo.env)
    outcomes = dict(
        analyze_git_blobs(
            found, [oid, kept, gone], disk={oid: b"a.py", kept: b"b.py", gone: b"c.py"}
        )
    )
    assert outcomes[oid] == analyze_file(b"'''On disk.'''")
    assert outcomes[kept] == analyze_file(b"b")
    assert isinstance(outcomes[gone], AnalysisFailure)


def test_what_edited_blobs_were_before_makes_no_difference(repo: Sandbox) -> None:
    body = "".join(f"    g(a, {n})\n" for n in range(9))
    first = "".join(f"def f{n}(a):\n{body}    return {n}\n\n\n" for n in range(20))
    second = first.replace("return 3", "return 3 + a")
    third = second.replace("return 7", "return g(7)")
    repo.commit("all", **{"a.py": first, "b.py": second, "c.py": "x = 1\n"})
    one, two, other = (repo.git("rev-parse", f"HEAD:{name}.py").strip() for name in "abc")
    repo.write("d.py", third)
    three = repo.git("hash-object", "d.py").strip()
    gone, lost = "1" * 40, "2" * 40
    found = git.discover_repo(str(repo.path), repo.env)
    before = {two: one, three: two, other: gone, gone: one}
    oids, disk = [three, two, other, gone, lost], {three: b"d.py", lost: b"e.py"}
    facts: dict[str, FileFacts] = {}
    for facts in ({}, {one: analyze_file(first.encode())}):
        outcomes = analyze_edited_blobs(
            found,
            oids,
            pasts=PreviousFacts(before, facts),
            disk=disk,
        )
        assert dict(outcomes) == dict(analyze_git_blobs(found, oids, disk=disk))
    # Of both that were edited little is looked at, also of the one whose past is among them.
    stats = BuildStats()
    outcomes = analyze_edited_blobs(
        found,
        [three, two],
        pasts=PreviousFacts(before, facts),
        disk=disk,
        executor=SerialExecutor(stats),
    )
    assert len(list(outcomes)) == 2
    assert stats.parsed.nodes < get_language("python").analyze(first.encode()).stats.nodes
