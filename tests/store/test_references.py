"""References in a store: what is written comes back, and goes when nothing needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import SOURCES

from detent.core.model import REFERENCES, BlobKey
from detent.core.references import list_words
from detent.index.handle import list_fact_versions
from detent.languages.python.references import extract_references
from detent.store import MEMORY, open_store
from detent.store.packing import pack_references, unpack_references

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from detent.store.protocol import Store

VERSIONS = list_fact_versions()
A, B = (BlobKey(letter * 40, "python") for letter in "ab")


@pytest.fixture(params=["index.sqlite", MEMORY, "index.duckdb", "index.log"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    place = request.param if request.param == MEMORY else str(tmp_path / request.param)
    found = open_store(place, write=True, versions=VERSIONS)
    yield found
    assert found.inspect(deep=True).problems == []
    found.close()


@pytest.mark.parametrize("name", SOURCES)
def test_references_come_back(store: Store, name: str) -> None:
    references = extract_references(SOURCES[name])
    assert unpack_references(pack_references(references)) == references
    store.references.persist_references([(A, references), (A, references)])
    assert dict(store.references.load_references([A, B])) == {A: references}
    assert store.references.find_stored([A, B]) == {A}


def test_names_are_found(store: Store) -> None:
    store.references.persist_references(
        [(A, extract_references(b"import os.path as p\np.join(x)\n"))]
    )
    store.references.persist_references([(B, extract_references(b"def unused(): join = 1\n"))])
    assert store.references.find_mentions("join") == {A, B}
    assert store.references.find_mentions("path") == {A}
    assert store.references.find_mentions("unused") == set()


def test_garbage_goes_with_its_names(store: Store) -> None:
    for key in (A, B):
        source = f"f({key.oid[0]})".encode()
        store.references.persist_references([(key, extract_references(source))])
    store.collect_garbage([], [A])
    assert store.references.find_stored([A, B]) == {A}
    assert store.references.find_mentions("b") == set()
    assert store.references.find_mentions("f") == {A}
    counts = store.inspect().counts
    assert (counts["reference"], counts["word"], counts["mention"]) == (1, 2, 2)


def test_other_versions_are_missing(tmp_path: Path) -> None:
    path = str(tmp_path / "index.sqlite")
    store = open_store(path, write=True, versions=VERSIONS)
    store.references.persist_references([(A, extract_references(b"f()"))])
    store.close()
    newer = {**VERSIONS, ("python", REFERENCES): 1_000}
    store = open_store(path, write=True, versions=newer)
    assert store.references.find_stored([A]) == store.references.find_mentions("f") == set()
    assert not list(store.references.load_references([A]))
    store.references.persist_references([(A, extract_references(b"g()"))])
    assert store.references.find_mentions("g") == {A}
    store.collect_garbage([], [A])
    assert store.inspect().counts["reference"] == 1
    store.close()


def test_words_are_those_of_references() -> None:
    source = b"from .a.b import c as d\n@e.f\ndef g(h: i = j): k.l = m\n"
    assert list_words(extract_references(source)) == set("abcefijklm")
