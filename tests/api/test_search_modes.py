"""Modes of a search: code, prose, prose in code, records; and passages by their words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from detent.api import open_repository
from detent.api.search import SearchOptions
from detent.core.errors import UsageError
from detent.index.text import passages
from detent.query.text.passages import split_passages
from detent.query.text.spans import list_spans

if TYPE_CHECKING:
    from conftest import Sandbox
    from detent.api import Repository
    from detent.store.text.words import Passage

CODE = '''"""Weigh things."""

import os  # weigh less


def weigh(apple):
    """Weigh an apple.

    On a scale.
    """
    text = "weigh"
    call(
        """weigh inside of a call"""
    )
    # weigh it
    return text + 'weigh # no comment'


class HeavyBox:
    'weigh a box'

    def lift(self):
        r"""Lift what others weigh."""
'''
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "code", "metadata": {}, "source": ["weigh()\n", "# weigh"]},
            {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "we weigh\n", "x"]},
        ],
        "metadata": {},
    },
    indent=1,
)
FILES = {
    "a.py": CODE,
    "README.md": "# Weights\n\nHow to weigh pears.\n\n## Boats\n\nFloating on the water.\n",
    "doc/guide.rst": "Scales\n======\n\nTo weigh plums, wait.\n",
    "note.ipynb": NOTEBOOK + "\n",
    "data.csv": "fruit,weigh\n" + "plum,1\n" * 150 + "quince,2\n",
    "run.log": "weigh started\n",
    "rows.jsonl": '{"weigh": 1}\n{"weigh": 2}\n',
    "tests/test_weigh.py": "def test_weigh(apple):\n    assert apple\n",
    "other.c": "int weigh; // weigh\n",
}
Place = tuple[str, int]


def find(repository: Repository, text: str, **options: str) -> list[Place]:
    found = repository.search(text, at="HEAD", options=SearchOptions(**options))  # type: ignore[arg-type]
    return [(match.path.decode(), match.line) for match in found.matches]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("code", [("a.py", line) for line in (3, 6, 11, 13, 15, 16, 20, 23)]),
        ("extracted-prose", [("a.py", line) for line in (3, 15, 20, 23)]),
        ("prose", [("README.md", 3), ("doc/guide.rst", 4), ("note.ipynb", 16)]),
        ("records", [("data.csv", 1), ("rows.jsonl", 1), ("rows.jsonl", 2), ("run.log", 1)]),
    ],
)
@pytest.mark.parametrize("syntax", ["literal", "regex"])
def test_lines_of_a_mode(repo: Sandbox, mode: str, expected: list[Place], syntax: str) -> None:
    repo.commit(**FILES)
    with open_repository(repo.path) as repository:
        text = "weigh" if syntax == "literal" else "w.igh"
        found = find(repository, text, syntax=syntax, mode=mode)
        assert [place for place in found if place[0][:5] != "tests"] == expected
        assert len(find(repository, "weigh")) > 15


def test_a_line_of_which_a_part_matches_is_shown_as_a_whole(repo: Sandbox) -> None:
    repo.commit(**FILES)
    with open_repository(repo.path) as repository:
        options = SearchOptions(mode="extracted-prose", context=1)
        (match,) = repository.search("weigh less", at="HEAD", options=options).matches
    assert (match.text, match.column) == ("import os  # weigh less", 14)
    assert (match.before, match.after) == (("",), ("",))


def test_an_unknown_mode(repo: Sandbox) -> None:
    repo.commit(**FILES)
    with open_repository(repo.path) as repository, pytest.raises(UsageError, match="unknown mode"):
        find(repository, "weigh", mode="cod")


@pytest.mark.parametrize(
    "raw", [b'"""never closed', b"'''x\\", b'"a\\', b"#", b"((((", b"'\n'''x'''"]
)
def test_prose_of_broken_code(raw: bytes) -> None:
    spans = list_spans(raw, "python", "extracted-prose") or []
    assert all(0 <= start < end <= len(raw) for start, end in spans)


# ---- ranked


def test_the_passages_that_fit_best(repo: Sandbox) -> None:
    repo.commit(**FILES)
    with open_repository(repo.path) as repository:
        options = SearchOptions("ranked")
        found = repository.search("weighing apples", at="HEAD", options=options)
        assert (found.matches[0].path, found.matches[0].name) == (b"a.py", "weigh")
        assert found.matches[0].text == "def weigh(apple):"
        # A test with the same words comes later.
        places = [match.path for match in found.matches]
        assert places.index(b"tests/test_weigh.py") > 0
        boats = repository.search("float on waters", at="HEAD", options=options).matches[0]
        assert (boats.path, boats.line, boats.name) == (b"README.md", 7, "Boats")
        box = repository.search("box", at="HEAD", options=options).matches[0]
        assert box.name == "HeavyBox"
        rows = repository.search("quince", at="HEAD", options=options._replace(mode="records"))
        assert [(row.line, row.name) for row in rows.matches] == [(101, "fruit,weigh")]
        assert repository.search("zeppelin", at="HEAD", options=options).matches == []


def test_what_else_is_indexed_does_not_change_an_answer(repo: Sandbox) -> None:
    first = repo.commit(**FILES)
    options = SearchOptions("ranked")
    with open_repository(repo.path) as repository:
        expected = repository.search("weigh apple box", at=first, options=options)
    repo.commit(**{f"b{number}.py": f"def weigh_{number}(apple): pass\n" for number in range(30)})
    with open_repository(repo.path) as repository:
        assert repository.search("weigh apple box", at="HEAD", options=options) != expected
        assert repository.search("weigh apple box", at=first, options=options) == expected
    with open_repository(repo.path, store="memory:") as repository:
        assert repository.search("weigh apple box", at=first, options=options) == expected


def test_only_new_contents_are_split(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(**FILES)
    options = SearchOptions("ranked")
    with open_repository(repo.path) as repository:
        repository.search("weigh", at="HEAD", options=options)
    split: list[bytes] = []

    def note_split(raw: bytes, *rest: Any) -> list[Passage]:
        split.append(raw)
        return split_passages(raw, *rest)

    monkeypatch.setattr(passages, "split_passages", note_split)
    repo.write("README.md", "How to sail.\n")
    with open_repository(repo.path) as repository:
        (found,) = repository.search("sail", options=options).matches
    assert (found.path, found.line) == (b"README.md", 1)
    assert split == [b"How to sail.\n"]


def test_after_many_edits_the_passages_are_those_of_a_fresh_database(repo: Sandbox) -> None:
    for number in range(12):
        repo.commit(
            **{f"f{number % 3}.py": f"def weigh_{number}(pear): pass\n", "a.md": f"pear {number}\n"}
        )
        with open_repository(repo.path) as repository:
            found = repository.search("pear", at="HEAD", options=SearchOptions("ranked"))
    (repo.path / ".git/detent/text-3.sqlite").unlink()
    with open_repository(repo.path) as repository:
        assert repository.search("pear", at="HEAD", options=SearchOptions("ranked")) == found
