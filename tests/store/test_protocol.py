"""What `detent.store.protocol` promises, for every store."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from samples import RICH, SOURCES, facts_of, outline

import situations
from detent.audit.analyze import analyze_file
from detent.core.outline import derive_outline
from detent.store import MEMORY, open_store
from detent.store.protocol import Store, View, ViewUpdate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from detent.core.model import FileFacts

#: What a store says of rows that cannot be: the database's own word, for it is a defect of ours.
UNFIT = sqlite3.Error

STORES = {"sqlite": "index.sqlite", "memory": MEMORY}
A, B, C = (letter * 40 for letter in "abc")
EMPTY = analyze_file(b"")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    place = STORES[request.param]
    found = open_store(place if place == MEMORY else str(tmp_path / place), write=True)
    yield found
    assert found.find_problems() == []
    found.close()


def persist(store: Store, *oids: str, facts: FileFacts = EMPTY) -> None:
    session = store.begin_session()
    session.persist((oid, facts) for oid in oids)
    session.close()


def publish(store: Store, generation: int = 0, name: str = "/staged", **change: object) -> bool:
    whole = {"tree": C, "changed": {}, "deleted": [], "differences": {}, **change}
    session = store.begin_session()
    done = session.publish(ViewUpdate(name=name, generation=generation, **whole))  # type: ignore[arg-type]
    session.close()
    return done


@pytest.mark.parametrize("name", SOURCES)
def test_facts_come_back_as_they_were(store: Store, name: str) -> None:
    persist(store, A, facts=analyze_file(SOURCES[name]))
    expected = facts_of(SOURCES[name])
    assert dict(store.load_facts([A], full=True)) == {A: expected}
    assert dict(store.load_facts([A])) == {A: outline(expected)}
    assert dict(store.load_outlines([A, B])) == {A: derive_outline(expected)}


def test_facts_come_in_the_order_of_object_ids(store: Store) -> None:
    oids = [f"{n * 7919 % 1000:040x}" for n in range(700)]
    session = store.begin_session()
    session.persist((oid, EMPTY._replace(size=int(oid, 16))) for oid in oids)
    session.close()
    asked = [*oids[:600], "f" * 40, oids[0]]
    found = list(store.load_facts(asked))
    assert [oid for oid, _ in found] == sorted(set(oids[:600]))
    assert all(facts.size == int(oid, 16) for oid, facts in found)
    assert store.find_known_blobs(asked) == set(oids[:600])
    assert (store.find_known_blobs([]), list(store.load_facts([]))) == (set(), [])


def test_facts_are_written_once(store: Store) -> None:
    first = analyze_file(RICH)
    persist(store, A, facts=first)
    persist(store, A, B, A, facts=EMPTY)
    assert dict(store.load_facts([A, B], full=True)) == {A: facts_of(RICH), B: EMPTY}
    assert len(list(store.find_symbols("m"))) == 1


def test_a_batch_is_written_whole_or_not_at_all(store: Store) -> None:
    def batch() -> Iterator[tuple[str, FileFacts]]:
        yield A, analyze_file(RICH)
        raise KeyboardInterrupt

    session = store.begin_session()
    session.persist([(B, EMPTY)])
    with pytest.raises(KeyboardInterrupt):
        session.persist(batch())
    session.abort()
    assert store.find_known_blobs([A, B]) == {B}
    assert list(store.find_symbols("*m*")) == []
    persist(store, A)
    assert dict(store.load_facts([A])) == {A: EMPTY}


def test_a_batch_with_facts_that_cannot_be_kept_leaves_nothing(store: Store) -> None:
    (symbol,) = EMPTY.symbols
    bad = EMPTY._replace(symbols=(symbol, symbol._replace(name=None)))  # type: ignore[arg-type]
    session = store.begin_session()
    with pytest.raises(UNFIT):
        session.persist([(A, EMPTY), (B, bad)])
    session.abort()
    assert store.find_known_blobs([A, B]) == set()


def test_a_view_is_what_was_published(store: Store) -> None:
    assert store.load_view("/staged") is None
    assert store.load_entries("/staged") == {}
    persist(store, A)
    changed = {b"a.py": A, b"b.py": B, b"c.py": A}
    assert publish(store, changed=changed, differences={b"a.py": None, b"gone.py": C})
    differences = {b"a.py": None, b"gone.py": C}
    assert store.load_view("/staged") == View(C, 1, differences, 3, frozenset({B}))
    assert store.load_entries("/staged") == changed
    persist(store, B)
    assert publish(store, 1, tree=A, changed={b"a.py": B, b"d.py": A}, deleted=[b"b.py", b"no.py"])
    assert store.load_view("/staged") == View(A, 2, {}, 3, frozenset())
    assert store.load_entries("/staged") == {b"a.py": B, b"c.py": A, b"d.py": A}
    assert store.load_entries("/staged", [b"d.py", b"b.py", b"a.py"]) == {b"a.py": B, b"d.py": A}
    assert store.load_entries("/staged", []) == {}


@pytest.mark.parametrize("generation", [0, 2, -1])
def test_a_change_of_a_view_that_has_moved_on_is_refused(store: Store, generation: int) -> None:
    assert publish(store, changed={b"a.py": A}, differences={b"a.py": B})
    before = store.load_view("/staged"), store.load_entries("/staged")
    change: dict[str, Any] = {"changed": {b"b.py": B}, "deleted": [b"a.py"], "tree": A}
    assert not publish(store, generation, **change)
    assert (store.load_view("/staged"), store.load_entries("/staged")) == before
    assert not publish(store, 1, name="/worktree", **change)
    assert store.load_view("/worktree") is None


def test_a_view_whose_facts_are_gone_is_refused(store: Store) -> None:
    persist(store, A)
    assert publish(store, changed={b"a.py": A}, failed=[])
    store.begin_session().collect_garbage([], [])
    assert store.load_view("/staged") is None
    change: dict[str, Any] = {"changed": {b"a.py": A, b"b.py": B}}
    for failed in ([], [B], [C, "", B]):
        assert not publish(store, failed=failed, **change)
        assert (store.load_view("/staged"), store.load_entries("/staged")) == (None, {})
    persist(store, A)
    assert publish(store, failed=[C, B], **change)
    found = store.load_view("/staged")
    assert found is not None
    assert found.missing_facts == frozenset({B})


def test_a_publication_that_fails_leaves_the_view_whole(store: Store) -> None:
    publish(store, changed={b"a.py": A}, differences={b"a.py": B})
    before = store.load_view("/staged"), store.load_entries("/staged")
    with pytest.raises(UNFIT):
        publish(store, 1, changed={b"b.py": B, b"c.py": None}, deleted=[b"a.py"])
    assert (store.load_view("/staged"), store.load_entries("/staged")) == before
    assert publish(store, 1, changed={b"b.py": B})


def test_views_do_not_touch_each_other(store: Store) -> None:
    names = ["/staged", "/worktree", f"@{A}", "worktrees/x/staged", "'; DELETE FROM view; --"]
    for number, name in enumerate(names):
        assert publish(store, name=name, changed={b"a.py": f"{number:040}", b"b.py": B})
    publish(store, 1, name="/staged", deleted=[b"a.py"], differences={b"a.py": A})
    for number, name in enumerate(names[1:], 1):
        assert store.load_entries(name, [b"a.py"]) == {b"a.py": f"{number:040}"}
        view = store.load_view(name)
        assert view is not None
        assert (view.generation, view.differences) == (1, {})


def test_any_path_of_git_is_kept(store: Store) -> None:
    paths = [os.fsencode(name) for name in situations.ODD] + [b"%", b"\x01", b"a\xcc\x81", b"\xc3"]
    changed = {path: f"{number:040}" for number, path in enumerate(paths)}
    publish(store, changed=changed, differences=dict.fromkeys(paths))
    assert store.load_entries("/staged") == changed
    for path, oid in changed.items():
        assert store.load_entries("/staged", [path]) == {path: oid}
    view = store.load_view("/staged")
    assert view is not None
    assert view.differences == dict.fromkeys(paths)
    publish(store, 1, deleted=paths[::2])
    assert set(store.load_entries("/staged")) == set(paths[1::2])


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("m", ["m"]),
        ("[fm]", ["f", "m"]),
        ("inn?r", ["inner"]),
        ("*", ["", "C", "f", "inner", "m"]),
        ("M", []),
        ("%", []),
        ("' OR ''='", []),
        ("[", []),
    ],
)
def test_symbols_by_name(store: Store, pattern: str, names: list[str]) -> None:
    persist(store, B, facts=analyze_file(RICH))
    found = list(store.find_symbols(pattern))
    assert sorted(symbol.name for _, symbol in found) == names
    assert [symbol for _, symbol in found] == [s for s in facts_of(RICH).symbols if s.name in names]
    persist(store, A, facts=analyze_file(RICH))
    assert [oid for oid, _ in store.find_symbols(pattern)] == [A] * len(names) + [B] * len(names)


def test_what_a_session_wrote_stays_when_it_is_aborted(store: Store) -> None:
    session = store.begin_session()
    session.persist([(A, EMPTY)])
    session.publish(ViewUpdate("/staged", C, 0, {b"a.py": A}, [], {}))
    session.abort()
    assert store.find_known_blobs([A]) == {A}
    assert store.load_entries("/staged") == {b"a.py": A}
