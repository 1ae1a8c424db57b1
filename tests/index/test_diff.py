"""The two sides of a change: which blobs are looked at, and how often."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.index import views
from detent.index.diff import Files, ViewDiff, diff_view
from detent.index.handle import Index
from detent.index.ingest import persist_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sandbox
    from detent.index.executors.base import Outcome
    from detent.store.protocol import Session

ONE, TWO, THREE = "X = 1\n", "def f():\n    return 2\n", "def g():\n    return 3\n"


def compare(repo: Sandbox, index: Index, view: str, *bases: str) -> ViewDiff:
    found = git.discover_repo(str(repo.path), os.environ, explicit=True)
    trees = [git.resolve_tree(found, base) for base in bases or ["HEAD"]]
    return diff_view(index, views.View(found, view), parents=trees)


def names(files: Files) -> list[str]:
    return [path.decode() for path, _ in files]


def test_only_what_differs_is_analysed(repo: Sandbox, index: Index) -> None:
    repo.commit(**{"a.py": ONE, "b.py": TWO, "c.py": THREE, "notes": ONE})
    repo.write("a.py", THREE)
    repo.write("notes", TWO)
    (repo.path / "b.py").unlink()
    repo.git("add", "-A")
    two = compare(repo, index, views.STAGED)
    assert names(two.head) == ["a.py"]
    assert [names(base) for base in two.bases] == [["a.py", "b.py"]]
    assert (two.paths, two.analyzed, two.failures) == (2, 3, {})
    assert compare(repo, index, views.STAGED).analyzed == 0


@pytest.mark.parametrize(
    ("view", "symbol"), [(views.STAGED, "f"), (views.WORKTREE, "g"), ("HEAD", None)]
)
def test_each_view_has_its_own_bytes(
    repo: Sandbox, index: Index, view: str, symbol: str | None
) -> None:
    repo.commit(**{"a.py": ONE})
    repo.write("a.py", TWO)
    repo.git("add", "-A")
    repo.write("a.py", THREE)
    head = compare(repo, index, view).head
    assert [facts.symbols[-1].name for _, facts in head] == ([symbol] if symbol else [])


def test_a_rename_is_followed_with_edits(repo: Sandbox, index: Index) -> None:
    text = "".join(f"X{n} = {n}\n" for n in range(20))
    repo.commit(**{"a.py": text, "n.txt": text * 2})
    repo.git("mv", "a.py", "b.py")
    repo.git("mv", "n.txt", "n.py")
    repo.write("b.py", text + TWO)
    repo.git("add", "-A")
    two = compare(repo, index, views.STAGED)
    assert two.renames == {b"b.py": b"a.py"}
    repo.commit()
    assert compare(repo, index, "HEAD", "HEAD~1").renames == two.renames


def test_a_merge_looks_at_what_differs_from_both_sides(repo: Sandbox, index: Index) -> None:
    repo.commit(**{"both.py": ONE, "ours.py": ONE, "theirs.py": ONE, "z.py": ONE * 9})
    repo.git("checkout", "-q", "-b", "side")
    repo.git("mv", "z.py", "moved.py")
    repo.commit(**{"both.py": TWO + ONE, "theirs.py": TWO})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"both.py": ONE + THREE, "ours.py": TWO, "z.py": ONE * 9 + TWO})
    repo.git("merge", "-q", "--no-commit", "side", check=False)
    repo.write("both.py", TWO + ONE + THREE)
    repo.git("add", "-A")
    two = compare(repo, index, views.STAGED, "HEAD", "side")
    assert names(two.head) == ["both.py", "moved.py"]
    assert [names(base) for base in two.bases] == [["both.py", "z.py"], ["both.py", "moved.py"]]
    assert two.renames == {b"moved.py": b"z.py"}
    assert two.paths == 2


def test_what_is_no_file_is_no_side(repo: Sandbox, index: Index) -> None:
    repo.commit(**{"a.py": ONE, "b.py": TWO})
    (repo.path / "a.py").unlink()
    (repo.path / "a.py").symlink_to("b.py")
    repo.git("add", "-A")
    two = compare(repo, index, views.STAGED)
    assert (names(two.head), names(two.bases[0])) == ([], ["a.py"])


def test_a_blob_that_is_missing_is_told(repo: Sandbox, index: Index) -> None:
    repo.commit(**{"a.py": ONE, "b.py": ONE})
    repo.write("a.py", TWO)
    repo.git("add", "-A")
    oid = repo.git("rev-parse", ":a.py").strip()
    (repo.path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    two = compare(repo, index, views.STAGED)
    assert list(two.failures) == [b"a.py"]
    assert names(two.head) == []


def test_what_is_forgotten_meanwhile_is_worked_out_again(
    repo: Sandbox, kept: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": ONE})
    repo.write("b.py", TWO)
    repo.git("rm", "-q", "a.py")
    repo.git("add", "-A")

    def forgotten(session: Session, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        yield from persist_outcomes(session, outcomes)
        with closing(Index(kept.path)) as other:
            assert other.open_writer().collect_garbage([], []) == 2

    monkeypatch.setattr("detent.index.ingest.persist_outcomes", forgotten)
    two = compare(repo, kept, views.STAGED)
    assert (names(two.head), names(two.bases[0]), two.failures) == (["b.py"], ["a.py"], {})
    assert [facts.symbols[-1].name for _, facts in two.head] == ["f"]
