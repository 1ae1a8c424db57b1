"""When a text came and went, against a plain comparison of all commits with their parents."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from detent.api import open_repository
from detent.api.search import SearchOptions
from detent.core.errors import MeasurementError, UsageError

if TYPE_CHECKING:
    from conftest import Sandbox

Event = tuple[str, str, str]


def compare_commits(repo: Sandbox, text: str, revision: str) -> set[tuple[Event, int]]:
    """Give commit, change and line of all that came and went, with how often."""
    found: Counter[Event] = Counter()
    for commit in repo.git("rev-list", "--no-merges", *revision.split()).split():
        parents = repo.git("log", "-1", "--format=%P", commit).split()
        before, after = (
            Counter(repo.git("grep", "-h", "-F", "-e", text, tree, check=False).splitlines())
            for tree in (
                parents[0]
                if parents
                else repo.git("hash-object", "-t", "tree", "/dev/null").strip(),
                commit,
            )
        )
        for change, surplus in (("added", after - before), ("removed", before - after)):
            found.update({(commit, change, line): count for line, count in surplus.items()})
    return set(found.items())


def list_events(repo: Sandbox, text: str, **arguments: str) -> set[tuple[Event, int]]:
    with open_repository(repo.path) as repository:
        found = repository.search(text, options=SearchOptions(history=True), **arguments)
    assert found.failures == {}
    return set(Counter((x.commit, x.change, x.text) for x in found.matches).items())


@pytest.fixture
def commits(repo: Sandbox) -> list[str]:
    """Random edits, moves and deletions on two branches."""
    chooser = random.Random(3)
    words = ["pear", "plum", "pear plum", "quince", "apple"]
    made = []
    for number in range(25):
        name = f"f{chooser.randrange(4)}.txt"
        lines = chooser.choices(words, k=chooser.randrange(5))
        repo.env["GIT_COMMITTER_DATE"] = f"2026-01-01T00:{number:02}:00+0000"
        if number == 12:
            repo.git("checkout", "-q", "-b", "side")
        if number % 7 == 6 and (repo.path / name).exists():
            repo.git("mv", "-f", name, "moved.txt")
        made.append(repo.commit(**{name: "".join(f"{line}\n" for line in lines)}))
    repo.git("checkout", "-q", "main")
    made.append(repo.commit(**{"main.txt": "plum\n"}))
    return made


def test_what_came_and_went(repo: Sandbox, commits: list[str]) -> None:
    for text in ("pear", "plum", "quince", "pl", "nowhere"):
        assert list_events(repo, text) == compare_commits(repo, text, "--all")
    assert list_events(repo, "plum", at="main") == compare_commits(repo, "plum", "main")
    between = f"{commits[3]}..{commits[9]}"
    assert list_events(repo, "pear", at=between) == compare_commits(repo, "pear", between)


def test_a_line_that_moves_is_not_listed(repo: Sandbox) -> None:
    first = repo.commit(**{"a.txt": "pear\nplum\n"})
    repo.git("mv", "a.txt", "b.txt")
    repo.commit()
    last = repo.commit(**{"c.txt": "pear\n"})
    with open_repository(repo.path) as repository:
        found = repository.search("pear", options=SearchOptions(history=True)).matches
        assert [(x.commit, x.path, x.change) for x in found] == [
            (last, b"c.txt", "added"),
            (first, b"a.txt", "added"),
        ]
        below = repository.search(
            "pear", paths=[repo.path / "c.txt"], options=SearchOptions(history=True, limit=1)
        )
        assert [x.path for x in below.matches] == [b"c.txt"]
        assert below.is_complete


def test_what_has_no_history(repo: Sandbox) -> None:
    repo.commit(**{"a.txt": "pear\n"})
    with open_repository(repo.path) as repository:
        with pytest.raises(UsageError, match="not ranked"):
            repository.search("pear", options=SearchOptions("ranked", history=True))
        with pytest.raises(MeasurementError, match="no such commit"):
            repository.search("pear", at="v9..main", options=SearchOptions(history=True))
