"""The text that git no longer has is forgotten, and what comes later inherits nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detent.api import open_repository
from detent.api.search import SearchOptions
from detent.store.text.garbage import list_blobs
from detent.store.text.store import TextStore

if TYPE_CHECKING:
    from conftest import Sandbox

RANKED = SearchOptions("ranked")
DATABASE = ".git/detent/text-3.sqlite"


def search_both(repo: Sandbox, text: str) -> list[list[bytes]]:
    with open_repository(repo.path) as repository:
        return [
            [match.path for match in repository.search(text, at="HEAD", options=options).matches]
            for options in (SearchOptions(), RANKED)
        ]


def list_documents(repo: Sandbox) -> set[str]:
    store = TextStore(str(repo.path / DATABASE), write=False)
    try:
        return list_blobs(store)
    finally:
        store.close()


def forget(repo: Sandbox, *paths: str) -> None:
    """Have git forget the last commit with some files, and then detent."""
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")
    done = repo.detent("gc")
    assert f"the text of {len(paths)} contents that git no longer has is deleted" in done.stderr


def test_what_git_forgets_is_forgotten(repo: Sandbox) -> None:
    repo.commit(**{f"a{number}.md": f"pear {number}\n" for number in range(30)})
    repo.commit(**{"secret.md": "quince and plum\n"})
    secret = repo.git("rev-parse", "HEAD:secret.md").strip()
    assert search_both(repo, "quince") == [[b"secret.md"], [b"secret.md"]]
    assert secret in list_documents(repo)
    forget(repo, "secret.md")
    assert secret not in list_documents(repo)
    # Its ids are not used again: the new file has none of its words.
    repo.commit(**{"new.md": "medlar\n"})
    assert search_both(repo, "medlar") == [[b"new.md"], [b"new.md"]]
    assert search_both(repo, "quince") == [[], []]


def test_a_database_with_little_left_is_deleted(repo: Sandbox) -> None:
    repo.commit(**{"a.md": "pear\n"})
    repo.commit(**{"b.md": "plum\n"})
    assert search_both(repo, "plum") == [[b"b.md"], [b"b.md"]]
    forget(repo, "b.md")
    assert not (repo.path / DATABASE).exists()
    assert search_both(repo, "pear") == [[b"a.md"], [b"a.md"]]
