from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from detent import git
from git_version import needs_git

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox


def discovered(repo: Sandbox, place: Path | None = None) -> git.Repo:
    return git.discover_repo(str(place or repo.path), repo.env)


def stored(repo: Sandbox, content: bytes) -> str:
    name = "to be hashed"
    repo.write(name, content)
    return repo.git("hash-object", "-w", "--no-filters", name).strip()


def objects(repo: Sandbox) -> set[Path]:
    return set((repo.path / ".git/objects").rglob("*"))


def test_blobs_come_in_the_order_asked_for(repo: Sandbox) -> None:
    contents = [b"", b"\n", b"a\nb", b"\0" * 10, b"1 blob 2\n", b"x" * 2_000_000]
    oids = [stored(repo, content) for content in contents]
    missing = "0" * 39 + "1"
    asked = [*oids, missing, *reversed(oids), oids[0]]
    expected = [*contents, None, *reversed(contents), contents[0]]
    assert list(git.read_blobs(discovered(repo), asked)) == list(zip(asked, expected, strict=True))
    assert list(git.read_blobs(discovered(repo), [])) == []


def test_more_blobs_than_a_pipe_holds_and_a_reader_who_stops(repo: Sandbox) -> None:
    oid = stored(repo, b"x" * 1000)
    found = git.read_blobs(discovered(repo), [oid] * 50_000)
    assert next(found) == (oid, b"x" * 1000)
    found.close()  # type: ignore[attr-defined]
    assert sum(1 for _ in git.read_blobs(discovered(repo), [oid] * 5_000)) == 5_000


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.99])
def test_a_damaged_object_costs_itself_and_no_other(repo: Sandbox, kept: float) -> None:
    oids = [stored(repo, bytes(range(256)) * 500 + os.urandom(5000 * n)) for n in range(4)]
    for oid in oids[1:3]:
        path = repo.path / f".git/objects/{oid[:2]}/{oid[2:]}"
        path.chmod(0o644)
        raw = path.read_bytes()
        path.write_bytes(raw[: int(kept * len(raw)) if isinstance(kept, float) else kept])
    found = dict(git.read_blobs(discovered(repo), oids))
    assert [oid for oid, content in found.items() if content is None] == oids[1:3]


def test_replaced_objects_keep_their_content(repo: Sandbox) -> None:
    one, other = stored(repo, b"one"), stored(repo, b"other")
    repo.git("replace", one, other)
    assert dict(git.read_blobs(discovered(repo), [one])) == {one: b"one"}


@pytest.fixture
def partial(repo: Sandbox, tmp_path: Path) -> Sandbox:
    """A clone that has the trees of two commits, and the blobs of none."""
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.commit("first", **{"a.py": "a", "b.py": "b"})
    repo.commit("second", **{"a.py": "a2"})
    clone = repo._replace(path=tmp_path / "clone")
    url = f"file://{repo.path}"
    repo.git("clone", "-q", "--filter=blob:none", "--no-checkout", url, str(clone.path))
    return clone


def test_trees_of_a_partial_clone_are_compared_without_its_blobs(
    repo: Sandbox, partial: Sandbox
) -> None:
    repo.path.rename(repo.path.with_name("gone"))
    found = discovered(partial)
    old, new = git.resolve_tree(found, "HEAD~1"), git.resolve_tree(found, "HEAD")
    assert [change.path for change in git.list_tree_changes(found, old, new)] == [b"a.py"]
    assert len(git.list_tree_changes(found, found.empty_tree, new)) == 2
    oids = [change.new or "" for change in git.list_tree_changes(found, found.empty_tree, new)]
    assert list(git.read_blobs(found, oids)) == [(oid, None) for oid in oids]


@needs_git(2, 44)
def test_a_partial_clone_fetches_nothing(partial: Sandbox) -> None:
    found = discovered(partial)
    oid = partial.git("rev-parse", "HEAD:a.py").strip()
    before = objects(partial)
    assert list(git.read_blobs(found, [oid])) == [(oid, None)]
    assert objects(partial) == before


def test_what_a_partial_clone_lacks_costs_itself_and_no_other(partial: Sandbox) -> None:
    found = discovered(partial)
    lacking = [partial.git("rev-parse", f"HEAD:{name}").strip() for name in ("a.py", "b.py")]
    here = [stored(partial, content) for content in (b"one", b"two")]
    asked = [here[0], lacking[0], here[1], lacking[1], here[0]]
    with git.open_session(found) as session:
        for _ in range(2):
            assert list(git.read_blobs(session, here)) == [(here[0], b"one"), (here[1], b"two")]
            assert list(git.read_blobs(session, lacking[:1])) == [(lacking[0], None)]
            assert dict(git.read_blobs(session, asked)) == {
                **dict.fromkeys(lacking),
                here[0]: b"one",
                here[1]: b"two",
            }
    # The same by path: of the two, the second is here.
    stored(partial, b"b")
    names = ["HEAD:a.py", "HEAD:b.py"]
    assert list(git.read_blobs(found, names)) == [(names[0], None), (names[1], b"b")]
