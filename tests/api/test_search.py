"""A search finds exactly the lines of `git grep`, in each version of a repository."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from detent.api import open_repository
from detent.api.search import SearchOptions
from detent.core.errors import MeasurementError, UsageError
from detent.index.executors import search_pool
from detent.index.text import coverage
from detent.query.text.expressions import ParsedExpression
from detent.store import DamagedStore
from detent.store.text.store import TextStore
from detent.store.text.trigrams import write_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sandbox
    from detent.api import Repository

NUL_LATE = b"x" * 9_000 + b"\nname = 1\0\nname = 2\n"
FILES: dict[str, str | bytes] = {
    "a.py": 'import os\n\n\ndef name(value):\n    """Give a name."""\n    return "name"\n',
    "sub/b.py": "from a import name\n\n\nnames = [name(1), name(2)]\n",
    "sub/c.txt": "name at the end without a newline",
    "sub/copy.txt": "name at the end without a newline",
    "windows.txt": b"one name\r\n\r\nname\r\n",
    "latin.txt": "caf\xe9 name\nna\xefve\n".encode("latin-1"),
    "utf8.md": "caf\xe9 \u540d\u524d name\n",
    "wide.txt": "name\n".encode("utf-16"),
    "late.bin": NUL_LATE,
    "empty.txt": "",
    'odd "name".txt': "say \"name\" and 'name' AND OR NOT name* ^name\n",
    "new\nline.txt": "name\n",
    "script": "#!/usr/bin/env python3\nname = 1\n",
    "zeros.dat": b"\0name\n",
}
LITERALS = [
    *(
        "name",
        "na",
        "n",
        '"name"',
        "AND OR",
        "name*",
        "caf\xe9",
        "\xe9",
        "\xef",
        "\u540d\u524d",
        " ",
    ),
    *("\r", "\t", "name(1), name(2)", "    return", "nowhere", "name = 2"),
]
Row = tuple[bytes, int, bytes]


def grep(repo: Sandbox, *arguments: str | bytes) -> list[Row]:
    """Ask git, which gives path, number and text of each line."""
    out = repo.git("grep", "-I", "-n", "-z", "--full-name", *arguments, check=False)
    raw = out.encode("utf-8", "surrogateescape")
    rows = re.findall(rb"(?s)([^\0]+)\0(\d+)\0([^\n]*)\n", raw)
    return [(path, int(line), text) for path, line, text in rows]


def find(repository: Repository, text: str, at: str, syntax: str = "literal") -> list[Row]:
    found = repository.search(text, at=at, options=SearchOptions(syntax))
    assert found.failures == {}
    lines = [(one.path, one.line, one.text) for one in found.matches]
    for match in found.matches:
        assert syntax != "literal" or match.text[match.column - 1 :].startswith(text)
    return [(path, line, text.encode("utf-8", "surrogateescape")) for path, line, text in lines]


@pytest.fixture
def versions(repo: Sandbox) -> dict[str, list[str]]:
    """A repository whose views all differ; gives what git is asked for each of them."""
    (repo.path / "link.txt").symlink_to("a.py")
    first = commit(repo, FILES)
    (repo.path / "script").chmod(0o755)
    repo.commit(**{"a.py": "name = 3\n", "later.txt": "a name\n"})
    repo.write("sub/b.py", "staged name\n")
    repo.git("add", "-A")
    repo.git("rm", "-q", "--cached", "later.txt")
    repo.write("sub/b.py", "edited name\nname\n")
    repo.write("later.txt", "name that git does not track\n")
    (repo.path / "windows.txt").unlink()
    return {"HEAD": ["HEAD"], first: [first], "staged": ["--cached"], "worktree": []}


def commit(repo: Sandbox, files: dict[str, str | bytes]) -> str:
    for name, content in files.items():
        repo.write(name, content)
    return repo.commit()


def strip_revision(rows: list[Row], revision: str) -> list[Row]:
    return [(path.removeprefix(f"{revision}:".encode()), *rest) for path, *rest in rows]  # type: ignore[misc]


@pytest.mark.parametrize("syntax", ["literal", "word"])
def test_the_lines_are_those_of_git(
    repo: Sandbox, versions: dict[str, list[str]], syntax: str
) -> None:
    flags = ["-F", *(["-w"] if syntax == "word" else [])]
    with open_repository(repo.path) as repository:
        for at, asked in versions.items():
            for literal in LITERALS:
                expected = grep(repo, *flags, "-e", literal, *asked)
                found = find(repository, literal, at, syntax)
                assert found == sorted(strip_revision(expected, at)), (at, literal)
        assert len(find(repository, "name", "HEAD")) > 10


def test_random_texts(repo: Sandbox) -> None:
    """Texts of few letters, so that many of their trigrams occur in other places."""
    chooser = random.Random(1)
    letters = 'ab\u00e9 "'
    files = {
        f"f{number}.txt": "".join(chooser.choices(letters + "\n", k=chooser.randrange(200)))
        for number in range(40)
    }
    repo.commit(**files)
    with open_repository(repo.path) as repository:
        for _ in range(60):
            text = "".join(chooser.choices(letters, k=chooser.randrange(1, 9)))
            expected = strip_revision(grep(repo, "-F", "-e", text, "HEAD"), "HEAD")
            assert find(repository, text, "HEAD") == sorted(expected), text


EXPRESSIONS = [
    *(
        "name",
        "^name",
        "name$",
        r"\bname\b",
        r"na(m|n)e",
        "names? = ",
        "[^a]name",
        r"\s+name",
        r"\Aname",
    ),
    *(
        r"name\Z",
        r"^\s*$",
        "^$",
        ".",
        r"name\W",
        r"(?i)NAME",
        "(?s)n.*e",
        "a{2,}|e{2}",
        "caf. name",
    ),
    *(
        "(?<=def )name",
        "(?!name)na",
        "(?:n|x)ame(?=s)",
        r"(na)m\1?",
        "x*",
        "nowhere|never",
        "[^x]$",
    ),
    *(
        r"\d+\)?$",
        "(?<!\\w)name",
        r'"name"|AND',
        "\u524d",
        "(?x) na  me # c",
        "(?i:NA)me",
        "n(?>am)e",
    ),
]


@pytest.mark.parametrize("at", ["HEAD", "staged", "worktree"])
def test_expressions_match_the_lines_that_git_finds(
    repo: Sandbox, versions: dict[str, list[str]], at: str
) -> None:
    """git knows no `(?s)` and the like: there each line is matched with `re` itself."""
    lines = grep(repo, "-e", "", *versions[at])
    with open_repository(repo.path) as repository:
        for expression in EXPRESSIONS:
            expected = [
                row
                for row in lines
                if re.search(expression, row[2].decode("utf-8", "surrogateescape"))
            ]
            found = find(repository, expression, at, "regex")
            assert found == sorted(strip_revision(expected, at)), expression


def test_what_an_expression_needs() -> None:
    for expression, query in [
        ("abcd", '("abc" AND "bcd")'),
        ("abc.def", '(("abc") AND ("def"))'),
        ("ab.cd", ""),
        ("abc|defg?", '((("abc")) OR (("def")))'),
        ("abc|x", ""),
        ("(?i)abc", ""),
        ("(?i:abc)def", '(("def"))'),
        ("(abc)*def", '(("def"))'),
        ("(abc)+?x", '(("abc"))'),
        (r"^abc\b", '(("abc"))'),
        ("(?!abc)def", '(("def"))'),
        ("(?<=abc)d", '(("abc"))'),
        ('a"b', '(("a""b"))'),
    ]:
        found = write_query(ParsedExpression(expression).find_need())
        assert found.strip("()") == query.strip("()"), expression


@pytest.mark.parametrize(
    "expression", ["(", "a**", "(?P<a>x)(?P<a>y)", "(?<=a+)b", "[b-a]", "x" * 10_001]
)
def test_what_is_no_expression(repo: Sandbox, expression: str) -> None:
    repo.commit(**{"a.py": "abc"})
    with open_repository(repo.path) as repository, pytest.raises(UsageError, match="not a regular"):
        repository.search(expression, options=SearchOptions("regex"))


def test_an_expression_that_takes_years_is_ended(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_pool, "CHUNK_SECONDS", 0.5)
    repo.commit(**{"a.txt": "a" * 60 + "b\n"})
    with (
        open_repository(repo.path) as repository,
        pytest.raises(MeasurementError, match=r"more than 0\.5 s for a\.txt"),
    ):
        repository.search("(a|aa)+$", options=SearchOptions("regex"))


def test_what_is_left_out_is_named(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "MAX_TEXT_BYTES", 20)
    commit(repo, {"a.txt": "name", "b.dat": b"\0name", "c.txt": "name" * 6})
    expected = {b"b.dat": "binary", b"c.txt": "larger than 8 MB"}
    with open_repository(repo.path) as repository:
        for at in ("HEAD", "worktree"):
            found = repository.search("name", at=at)
            assert [match.path for match in found.matches] == [b"a.txt"]
            assert found.left_out == expected
        repo.write("c.txt", "name")
        repo.write("a.txt", "\0")
        assert repository.search("name").left_out == {b"a.txt": "binary", b"b.dat": "binary"}
        assert repository.search("name", paths=[repo.path / "c.txt"]).left_out == {}


@pytest.mark.parametrize("text", ["", "a\nb"])
def test_no_text_of_one_line(repo: Sandbox, text: str) -> None:
    repo.commit(**{"a.py": "x"})
    with open_repository(repo.path) as repository, pytest.raises(UsageError, match="one line"):
        repository.search(text)


# ---- what is searched


@pytest.fixture
def opened(repo: Sandbox, versions: dict[str, list[str]]) -> Iterator[Repository]:
    assert versions
    with open_repository(repo.path) as repository:
        yield repository


def test_paths_languages_and_limits(repo: Sandbox, opened: Repository) -> None:
    below = opened.search("name", at="HEAD", paths=[repo.path / "sub"])
    assert {match.path for match in below.matches} == {b"sub/b.py", b"sub/c.txt", b"sub/copy.txt"}
    python = opened.search("name", at="HEAD", options=SearchOptions(language="python"))
    assert {match.path for match in python.matches} == {b"a.py", b"script", b"sub/b.py"}
    everything = opened.search("name", at="HEAD")
    assert everything.is_complete
    for limit in (0, 1, 5, len(everything.matches)):
        part = opened.search("name", at="HEAD", options=SearchOptions(limit=limit))
        assert part.matches == everything.matches[:limit]
        assert part.is_complete == (limit == len(everything.matches))
    with pytest.raises(UsageError, match="unknown language"):
        opened.search("name", options=SearchOptions(language="pyhton"))


def test_context(opened: Repository) -> None:
    options = SearchOptions(context=2, limit=1)
    (match,) = opened.search("def name", at="HEAD~1", options=options).matches
    assert (match.line, match.column) == (4, 1)
    assert match.before == ("", "")
    assert match.after == ('    """Give a name."""', '    return "name"')


# ---- the database


def test_it_is_built_once_and_read_afterwards(
    repo: Sandbox, versions: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert versions
    with open_repository(repo.path) as repository:
        first = repository.search("name", at="HEAD")
    monkeypatch.setattr(coverage, "add_blobs", None)  # a second build would fail
    with open_repository(repo.path) as repository:
        assert repository.search("name", at="HEAD") == first
        assert repository.notes == []


@pytest.mark.parametrize("damage", [b"", b"no database", b"x" * 5_000])
def test_a_damaged_database_is_built_again(repo: Sandbox, damage: bytes) -> None:
    commit(repo, FILES)
    place = repo.path / ".git/detent/text-3.sqlite"
    with open_repository(repo.path) as repository:
        first = repository.search("name", at="HEAD").matches
    raw = place.read_bytes()
    place.write_bytes(damage or raw[:8192] + b"\xff" * (len(raw) - 8192))
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    for _ in range(2):
        with open_repository(repo.path) as repository:
            assert repository.search("name", at="HEAD").matches == first
    assert repository.notes == []
    assert place.read_bytes()[:6] == b"SQLite"


def test_damage_that_shows_in_a_query_loses_no_line(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repo, FILES)
    with open_repository(repo.path) as repository:
        for options in (SearchOptions(), SearchOptions(history=True)):
            expected = repository.search("name", at="HEAD", options=options).matches
            find_documents = TextStore.find_documents

            def fail_once(store: TextStore, query: str) -> list[str]:
                monkeypatch.setattr(TextStore, "find_documents", find_documents)  # noqa: B023
                raise DamagedStore("text.sqlite is damaged")

            monkeypatch.setattr(TextStore, "find_documents", fail_once)
            assert repository.search("name", at="HEAD", options=options).matches == expected
            assert expected


def test_what_git_does_not_have_is_named_and_found_later(repo: Sandbox) -> None:
    commit(repo, {"a.txt": "a name\n", "b.txt": "b name\n"})
    oid = repo.git("rev-parse", "HEAD:b.txt").strip()
    place = repo.path / ".git/objects" / oid[:2] / oid[2:]
    moved = place.rename(repo.path.parent / "moved")
    for _ in range(2):
        with open_repository(repo.path) as repository:
            found = repository.search("name", at="HEAD")
            assert [match.path for match in found.matches] == [b"a.txt"]
            assert list(found.failures) == [b"b.txt"]
            assert repository.search("nowhere", at="HEAD").left_out == {}
    moved.rename(place)
    with open_repository(repo.path) as repository:
        assert find(repository, "name", "HEAD") == [
            (b"a.txt", 1, b"a name"),
            (b"b.txt", 1, b"b name"),
        ]


def test_without_a_database_all_files_are_read(repo: Sandbox) -> None:
    commit(repo, FILES)
    with open_repository(repo.path) as repository:
        expected = repository.search("name", at="HEAD").matches
    with open_repository(repo.path, store="memory:") as repository:
        assert repository.search("name", at="HEAD").matches == expected
    place = repo.path / ".git/detent/text-3.sqlite"
    place.unlink()
    place.mkdir()
    with open_repository(repo.path) as repository:
        assert repository.search("name", at="HEAD").matches == expected
        assert "all files are read instead" in repository.notes[0]


def test_before_the_first_commit(repo: Sandbox) -> None:
    repo.write("a.txt", "name\n")
    repo.git("add", "a.txt")
    with open_repository(repo.path) as repository:
        assert find(repository, "name", "staged") == [(b"a.txt", 1, b"name")]
        assert find(repository, "name", "worktree") == [(b"a.txt", 1, b"name")]
