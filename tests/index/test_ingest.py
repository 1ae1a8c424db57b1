from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.audit.analyze import analyze_file
from detent.core.model import BlobKey
from detent.index.executors.base import AnalysisFailure, BuildStats
from detent.index.handle import list_fact_versions
from detent.index.ingest import analyze_blobs, analyze_edits, persist_outcomes
from detent.index.views import View
from detent.languages import get_language
from detent.store import MEMORY, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sandbox
    from detent.core.model import FileFacts
    from detent.index.executors.base import Outcome

BAD = BlobKey("bad", "python")


def make_key(oid: str) -> BlobKey:
    return BlobKey(oid, "python")


class Batches:
    """A session that only counts."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def persist(self, facts: list[tuple[BlobKey, FileFacts]]) -> None:
        self.sizes.append(len(facts))


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (64, [64]), (65, [64, 1]), (200, [64, 64, 64, 8])]
)
def test_facts_are_written_in_bounded_batches(count: int, sizes: list[int]) -> None:
    session = Batches()
    facts = analyze_file(b"")
    outcomes: list[Outcome] = [(make_key(str(n)), facts) for n in range(count)]
    outcomes.insert(count // 2, (BAD, AnalysisFailure("why")))
    assert list(persist_outcomes(session, outcomes)) == outcomes  # type: ignore[arg-type]
    assert session.sizes == sizes


def test_what_was_written_before_an_interruption_stays() -> None:
    def outcomes() -> Iterator[Outcome]:
        for number in range(100):
            yield make_key(f"{number:040}"), analyze_file(b"")
        raise KeyboardInterrupt

    store = open_store(MEMORY, write=True, versions=list_fact_versions())
    with pytest.raises(KeyboardInterrupt), store.open_session() as session:
        list(persist_outcomes(session, outcomes()))
    assert len(store.find_known([make_key(f"{number:040}") for number in range(100)])) == 64
    store.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_blob_is_read_once_and_counted(repo: Sandbox, jobs: int) -> None:
    contents = [f"'''Do {n}.'''\n".encode() for n in range(30)]
    repo.commit("first", **{f"f{n}.py": content for n, content in enumerate(contents)})
    keys = [make_key(repo.git("rev-parse", f"HEAD:f{n}.py").strip()) for n in range(30)]
    missing = make_key("0" * 40)
    found = git.discover_repo(str(repo.path), repo.env)
    told: list[tuple[int, int]] = []
    outcomes = dict(
        analyze_blobs(
            View(found, "HEAD"),
            [*keys, missing],
            jobs=jobs,
            progress=lambda *two: told.append(two),
        )
    )
    assert isinstance(outcomes.pop(missing), AnalysisFailure)
    assert outcomes == {
        key: analyze_file(content) for key, content in zip(keys, contents, strict=True)
    }
    assert list(outcomes) == sorted(keys)
    assert told == [(n + 1, 31) for n in range(30)]


def test_what_git_lacks_is_read_from_disk_and_what_is_not_on_disk_from_git(repo: Sandbox) -> None:
    repo.commit("first", **{"a.py": "a", "b.py": "b", "c.py": "c"})
    kept = make_key(repo.git("rev-parse", "HEAD:b.py").strip())
    repo.write("a.py", "'''On disk.'''")
    (repo.path / "b.py").unlink()
    key = make_key(repo.git("hash-object", "a.py").strip())
    gone = make_key("1" * 40)
    view = View(git.discover_repo(str(repo.path), repo.env), "worktree")
    assert view.disk == {key: b"a.py"}
    view.disk = {key: b"a.py", kept: b"b.py", gone: b"c.py"}
    outcomes = dict(analyze_blobs(view, [key, kept, gone]))
    assert outcomes[key] == analyze_file(b"'''On disk.'''")
    assert outcomes[kept] == analyze_file(b"b")
    assert isinstance(outcomes[gone], AnalysisFailure)


def test_what_edited_blobs_were_before_makes_no_difference(repo: Sandbox) -> None:
    body = "".join(f"    g(a, {n})\n" for n in range(9))
    first = "".join(f"def f{n}(a):\n{body}    return {n}\n\n\n" for n in range(20))
    second = first.replace("return 3", "return 3 + a")
    third = second.replace("return 7", "return g(7)")
    repo.commit("all", **{"a.py": first, "b.py": second, "c.py": "x = 1\n"})
    one, two, other = (make_key(repo.git("rev-parse", f"HEAD:{name}.py").strip()) for name in "abc")
    repo.write("d.py", third)
    three = make_key(repo.git("hash-object", "d.py").strip())
    gone, lost = make_key("1" * 40), make_key("2" * 40)
    view = View(git.discover_repo(str(repo.path), repo.env), "worktree")
    before = {two: one, three: two, other: gone, gone: one}
    keys, view.disk = [three, two, other, gone, lost], {three: b"d.py", lost: b"e.py"}
    for view.facts in ({}, {one: analyze_file(first.encode())}):
        assert dict(analyze_edits(view, keys, before)) == dict(analyze_blobs(view, keys))
    # Of both that were edited little is looked at, also of the one whose past is among them.
    stats = BuildStats()
    view.facts = {one: analyze_file(first.encode())}
    assert len(list(analyze_edits(view, [three, two], before, stats=stats))) == 2
    assert stats.parsed.nodes < get_language("python").analyze(first.encode()).stats.nodes
