"""Where facts come from: the store, memory, or a fresh analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.audit.analyze import analyze_file
from detent.core.model import BlobKey, drop_docstring_sources
from detent.core.outline import derive_outline
from detent.index import ingest
from detent.index.facts import FactSource
from detent.index.refresh import refresh_view
from detent.index.views import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sandbox
    from detent.core.model import FileFacts
    from detent.index.handle import Index

CONTENTS = {name: f"def {name}():\n    return {number}\n" for number, name in enumerate("abcd")}
ABSENT = BlobKey("0" * 40, "python")


def fill(repo: Sandbox, *names: str) -> dict[str, BlobKey]:
    """Commit some files; give the blob of each."""
    repo.commit(**{f"{name}.py": CONTENTS[name] for name in names})
    oids = {name: repo.git("rev-parse", f"HEAD:{name}.py").strip() for name in names}
    return {name: BlobKey(oid, "python") for name, oid in oids.items()}


def view_of(repo: Sandbox) -> View:
    return View(git.discover_repo(str(repo.path), repo.env), "staged")


@pytest.fixture
def analyzed(monkeypatch: pytest.MonkeyPatch) -> list[set[BlobKey]]:
    """The blobs of each analysis."""
    calls: list[set[BlobKey]] = []
    analyze = ingest.analyze_blobs

    def noted(reader: View, keys: set[BlobKey], **options: int) -> Iterator[object]:
        calls.append(set(keys))
        return analyze(reader, keys, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ingest, "analyze_blobs", noted)
    return calls


@pytest.mark.parametrize("writes", [False, True])
def test_what_the_store_lacks_is_analyzed(
    repo: Sandbox, index: Index, analyzed: list[set[BlobKey]], writes: bool
) -> None:
    first = fill(repo, "a", "b")
    refresh_view(index, view_of(repo))
    analyzed.clear()
    keys = {**first, **fill(repo, "c", "d")}
    view = view_of(repo)
    view.facts[keys["c"]] = analyze_file(CONTENTS["c"].encode())
    source = FactSource(index, view, writes=writes)
    for _ in range(2):
        found = dict(source.load_facts([*keys.values(), ABSENT], full=True))
        expected = {keys[name]: analyze_file(text.encode()) for name, text in CONTENTS.items()}
        bare = drop_docstring_sources
        assert {k: bare(f) for k, f in found.items()} == {k: bare(f) for k, f in expected.items()}
        assert "not in this clone" in source.failures[ABSENT]
    # The one in memory is not analyzed, and the one that failed is not tried again.
    assert analyzed[0] == {keys["d"], ABSENT}
    assert analyzed[1:] == ([] if writes else [{keys["d"]}])
    known = index.open_reader().find_known(keys.values())
    assert known == {keys[name] for name in ("abd" if writes else "ab")}


def test_all_forms_of_facts_are_complete(repo: Sandbox, index: Index) -> None:
    first = fill(repo, "a", "b")
    refresh_view(index, view_of(repo))
    keys = {**first, **fill(repo, "c", "d")}
    source = FactSource(index, view_of(repo))
    facts: dict[BlobKey, FileFacts] = dict(source.load_facts(keys.values(), full=True))
    assert dict(source.load_outlines(keys.values())) == {
        key: derive_outline(file_facts) for key, file_facts in facts.items()
    }
    found = sorted(
        (key, symbol.name) for key, symbol in source.find_symbols(keys.values(), "[a-c]")
    )
    assert found == sorted((keys[name], name) for name in "abc")
    assert not list(source.find_symbols([keys["d"]], "a"))


def test_unknown_blobs_go_into_the_store_or_into_memory(repo: Sandbox, index: Index) -> None:
    keys = set(fill(repo, "a", "b").values())
    view = view_of(repo)
    source = FactSource(index, view)
    source.analyze_unknown(keys)
    assert (set(view.facts), source.analyzed) == (keys, 2)
    assert not index.open_reader().find_known(keys)
    view = view_of(repo)
    source = FactSource(index, view, writes=True)
    source.analyze_unknown(keys)
    source.analyze_unknown(keys)
    assert (view.facts, source.analyzed) == ({}, 2)
    assert index.open_reader().find_known(keys) == keys


def test_edits_are_analyzed_with_what_was_before(repo: Sandbox, index: Index) -> None:
    text = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(20))
    repo.commit(**{"a.py": text})
    refresh_view(index, view_of(repo))
    old = BlobKey(repo.git("rev-parse", "HEAD:a.py").strip(), "python")
    repo.commit(**{"a.py": text.replace("return 7", "return g(7)")})
    new = BlobKey(repo.git("rev-parse", "HEAD:a.py").strip(), "python")
    view = view_of(repo)
    ((key, outcome),) = FactSource(index, view).analyze([new], {new: old})
    assert (key, set(view.facts)) == (new, {old, new})
    assert outcome == dict(FactSource(index, view_of(repo)).analyze([new]))[new]
