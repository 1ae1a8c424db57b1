"""What `detent.store.protocol` promises, for every store."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from samples import RICH, SOURCES, facts_of, outline

import situations
from detent.core.outline import outline_of
from detent.index.executors.process_pool import examine
from detent.store import MEMORY, open_store
from detent.store.protocol import Publication, Store, View

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from detent.core.model import FileFacts

#: What a store says of rows that cannot be: the database's own word, for it is a defect of ours.
UNFIT = sqlite3.Error

STORES = {"sqlite": "index.sqlite", "memory": MEMORY}
A, B, C = (letter * 40 for letter in "abc")
EMPTY = examine(b"")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    place = STORES[request.param]
    found = open_store(place if place == MEMORY else str(tmp_path / place), write=True)
    yield found
    assert found.problems() == []
    found.close()


def persist(store: Store, *oids: str, facts: FileFacts = EMPTY) -> None:
    session = store.begin()
    session.persist((oid, facts) for oid in oids)
    session.close()


def publish(store: Store, generation: int = 0, name: str = "/staged", **change: object) -> bool:
    whole = {"tree": C, "changed": {}, "deleted": [], "differences": {}, **change}
    session = store.begin()
    done = session.publish(Publication(name=name, generation=generation, **whole))  # type: ignore[arg-type]
    session.close()
    return done


@pytest.mark.parametrize("name", SOURCES)
def test_facts_come_back_as_they_were(store: Store, name: str) -> None:
    persist(store, A, facts=examine(SOURCES[name]))
    expected = facts_of(SOURCES[name])
    assert dict(store.load([A], full=True)) == {A: expected}
    assert dict(store.load([A])) == {A: outline(expected)}
    assert dict(store.outlines([A, B])) == {A: outline_of(expected)}


def test_facts_come_in_the_order_of_object_ids(store: Store) -> None:
    oids = [f"{n * 7919 % 1000:040x}" for n in range(700)]
    session = store.begin()
    session.persist((oid, EMPTY._replace(size=int(oid, 16))) for oid in oids)
    session.close()
    asked = [*oids[:600], "f" * 40, oids[0]]
    found = list(store.load(asked))
    assert [oid for oid, _ in found] == sorted(set(oids[:600]))
    assert all(facts.size == int(oid, 16) for oid, facts in found)
    assert store.known(asked) == set(oids[:600])
    assert (store.known([]), list(store.load([]))) == (set(), [])


def test_facts_are_written_once(store: Store) -> None:
    first = examine(RICH)
    persist(store, A, facts=first)
    persist(store, A, B, A, facts=EMPTY)
    assert dict(store.load([A, B], full=True)) == {A: facts_of(RICH), B: EMPTY}
    assert len(list(store.named("m"))) == 1


def test_a_batch_is_written_whole_or_not_at_all(store: Store) -> None:
    def batch() -> Iterator[tuple[str, FileFacts]]:
        yield A, examine(RICH)
        raise KeyboardInterrupt

    session = store.begin()
    session.persist([(B, EMPTY)])
    with pytest.raises(KeyboardInterrupt):
        session.persist(batch())
    session.abort()
    assert store.known([A, B]) == {B}
    assert list(store.named("*m*")) == []
    persist(store, A)
    assert dict(store.load([A])) == {A: EMPTY}


def test_a_batch_with_facts_that_cannot_be_kept_leaves_nothing(store: Store) -> None:
    (symbol,) = EMPTY.symbols
    bad = EMPTY._replace(symbols=(symbol, symbol._replace(name=None)))  # type: ignore[arg-type]
    session = store.begin()
    with pytest.raises(UNFIT):
        session.persist([(A, EMPTY), (B, bad)])
    session.abort()
    assert store.known([A, B]) == set()


def test_a_view_is_what_was_published(store: Store) -> None:
    assert store.view("/staged") is None
    assert store.entries("/staged") == {}
    persist(store, A)
    changed = {b"a.py": A, b"b.py": B, b"c.py": A}
    assert publish(store, changed=changed, differences={b"a.py": None, b"gone.py": C})
    differences = {b"a.py": None, b"gone.py": C}
    assert store.view("/staged") == View(C, 1, differences, 3, frozenset({B}))
    assert store.entries("/staged") == changed
    persist(store, B)
    assert publish(store, 1, tree=A, changed={b"a.py": B, b"d.py": A}, deleted=[b"b.py", b"no.py"])
    assert store.view("/staged") == View(A, 2, {}, 3, frozenset())
    assert store.entries("/staged") == {b"a.py": B, b"c.py": A, b"d.py": A}
    assert store.entries("/staged", [b"d.py", b"b.py", b"a.py"]) == {b"a.py": B, b"d.py": A}
    assert store.entries("/staged", []) == {}


@pytest.mark.parametrize("generation", [0, 2, -1])
def test_a_change_of_a_view_that_has_moved_on_is_refused(store: Store, generation: int) -> None:
    assert publish(store, changed={b"a.py": A}, differences={b"a.py": B})
    before = store.view("/staged"), store.entries("/staged")
    change: dict[str, Any] = {"changed": {b"b.py": B}, "deleted": [b"a.py"], "tree": A}
    assert not publish(store, generation, **change)
    assert (store.view("/staged"), store.entries("/staged")) == before
    assert not publish(store, 1, name="/worktree", **change)
    assert store.view("/worktree") is None


def test_a_view_whose_facts_are_gone_is_refused(store: Store) -> None:
    persist(store, A)
    assert publish(store, changed={b"a.py": A}, failed=[])
    store.begin().collect([], [])
    assert store.view("/staged") is None
    change: dict[str, Any] = {"changed": {b"a.py": A, b"b.py": B}}
    for failed in ([], [B], [C, "", B]):
        assert not publish(store, failed=failed, **change)
        assert (store.view("/staged"), store.entries("/staged")) == (None, {})
    persist(store, A)
    assert publish(store, failed=[C, B], **change)
    found = store.view("/staged")
    assert found is not None
    assert found.lacking == frozenset({B})


def test_a_publication_that_fails_leaves_the_view_whole(store: Store) -> None:
    publish(store, changed={b"a.py": A}, differences={b"a.py": B})
    before = store.view("/staged"), store.entries("/staged")
    with pytest.raises(UNFIT):
        publish(store, 1, changed={b"b.py": B, b"c.py": None}, deleted=[b"a.py"])
    assert (store.view("/staged"), store.entries("/staged")) == before
    assert publish(store, 1, changed={b"b.py": B})


def test_views_do_not_touch_each_other(store: Store) -> None:
    names = ["/staged", "/worktree", f"@{A}", "worktrees/x/staged", "'; DELETE FROM view; --"]
    for number, name in enumerate(names):
        assert publish(store, name=name, changed={b"a.py": f"{number:040}", b"b.py": B})
    publish(store, 1, name="/staged", deleted=[b"a.py"], differences={b"a.py": A})
    for number, name in enumerate(names[1:], 1):
        assert store.entries(name, [b"a.py"]) == {b"a.py": f"{number:040}"}
        view = store.view(name)
        assert view is not None
        assert (view.generation, view.differences) == (1, {})


def test_any_path_of_git_is_kept(store: Store) -> None:
    paths = [os.fsencode(name) for name in situations.ODD] + [b"%", b"\x01", b"a\xcc\x81", b"\xc3"]
    changed = {path: f"{number:040}" for number, path in enumerate(paths)}
    publish(store, changed=changed, differences=dict.fromkeys(paths))
    assert store.entries("/staged") == changed
    for path, oid in changed.items():
        assert store.entries("/staged", [path]) == {path: oid}
    view = store.view("/staged")
    assert view is not None
    assert view.differences == dict.fromkeys(paths)
    publish(store, 1, deleted=paths[::2])
    assert set(store.entries("/staged")) == set(paths[1::2])


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
    persist(store, B, facts=examine(RICH))
    found = list(store.named(pattern))
    assert sorted(symbol.name for _, symbol in found) == names
    assert [symbol for _, symbol in found] == [s for s in facts_of(RICH).symbols if s.name in names]
    persist(store, A, facts=examine(RICH))
    assert [oid for oid, _ in store.named(pattern)] == [A] * len(names) + [B] * len(names)


def test_what_a_session_wrote_stays_when_it_is_aborted(store: Store) -> None:
    session = store.begin()
    session.persist([(A, EMPTY)])
    session.publish(Publication("/staged", C, 0, {b"a.py": A}, [], {}))
    session.abort()
    assert store.known([A]) == {A}
    assert store.entries("/staged") == {b"a.py": A}
