"""What `detent.store.protocol` promises, for every store."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from samples import RICH, SOURCES, facts_of, outline

import situations
from detent.audit.analyze import analyze_file
from detent.core.model import FINDINGS, STRUCTURE, BlobKey, FindingFilter
from detent.core.outline import derive_outline
from detent.core.results import make_finding_row
from detent.index.handle import list_fact_versions
from detent.store import MEMORY, open_store
from detent.store.protocol import Store, StoredView, ViewUpdate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from detent.core.model import FileFacts, FindingRow

STORES = {
    "sqlite": "index.sqlite",
    "memory": MEMORY,
    "duckdb": "index.duckdb",
    "example": "index.log",
}
TREE, OTHER = "1" * 40, "2" * 40
LANGUAGES = ".py=python"
FACT_VERSIONS = list_fact_versions()
A, B, C = (BlobKey(letter * 40, "python") for letter in "abc")
EMPTY = analyze_file(b"")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    place = STORES[request.param]
    found = open_store(
        place if place == MEMORY else str(tmp_path / place), write=True, versions=FACT_VERSIONS
    )
    yield found
    assert found.inspect(deep=True).problems == []
    found.close()


def persist(store: Store, *keys: BlobKey, facts: FileFacts = EMPTY) -> None:
    with store.open_session() as session:
        session.persist((key, facts) for key in keys)


def publish(store: Store, generation: int = 0, name: str = "/staged", **change: object) -> bool:
    whole = {
        "tree": TREE,
        "languages": LANGUAGES,
        "changed": {},
        "deleted": [],
        "differences": {},
        **change,
    }
    with store.open_session() as session:
        return session.publish(ViewUpdate(name=name, generation=generation, **whole))  # type: ignore[arg-type]


def entries(store: Store, name: str, paths: list[bytes] | None = None) -> dict[bytes, BlobKey]:
    view = store.load_view(name, paths)
    return view.entries if view else {}


def findings_of(
    store: Store, keys: list[BlobKey], chosen: FindingFilter
) -> dict[BlobKey, list[FindingRow]]:
    return {key: list_findings(b"a.py") for key, list_findings in store.load_findings(keys, chosen)}


def numbered(number: int) -> BlobKey:
    return BlobKey(f"{number:040}", "python")


@pytest.mark.parametrize("name", SOURCES)
def test_facts_come_back_as_they_were(store: Store, name: str) -> None:
    persist(store, A, facts=analyze_file(SOURCES[name]))
    expected = facts_of(SOURCES[name])
    assert dict(store.load_facts([A], full=True)) == {A: expected}
    assert {key: outline(facts) for key, facts in store.load_facts([A])} == {A: outline(expected)}
    assert dict(store.load_outlines([A, B])) == {A: derive_outline(expected)}


def test_facts_come_in_the_order_of_keys(store: Store) -> None:
    keys = [BlobKey(f"{n * 7919 % 1000:040x}", "python") for n in range(700)]
    with store.open_session() as session:
        session.persist((key, EMPTY._replace(size=int(key.oid, 16))) for key in keys)
    asked = [*keys[:600], BlobKey("f" * 40, "python"), keys[0]]
    found = list(store.load_facts(asked))
    assert [key for key, _ in found] == sorted(set(keys[:600]))
    assert all(facts.size == int(key.oid, 16) for key, facts in found)
    assert store.find_known(asked) == set(keys[:600])
    assert (store.find_known([]), list(store.load_facts([]))) == (set(), [])


def test_facts_are_written_once(store: Store) -> None:
    first = analyze_file(RICH)
    persist(store, A, facts=first)
    persist(store, A, B, A, facts=EMPTY)
    assert dict(store.load_facts([A, B], full=True)) == {A: facts_of(RICH), B: EMPTY}
    assert len(list(store.find_symbols("m"))) == 1


def test_a_batch_is_written_whole_or_not_at_all(store: Store) -> None:
    def batch() -> Iterator[tuple[BlobKey, FileFacts]]:
        yield A, analyze_file(RICH)
        raise KeyboardInterrupt

    persist(store, B)
    with pytest.raises(KeyboardInterrupt), store.open_session() as session:
        session.persist(batch())
    assert store.find_known([A, B]) == {B}
    assert list(store.find_symbols("*m*")) == []
    persist(store, A)
    assert dict(store.load_facts([A])) == {A: EMPTY}


def test_a_batch_with_facts_that_cannot_be_kept_leaves_nothing(store: Store) -> None:
    bad = EMPTY._replace(symbols=(None,))  # type: ignore[arg-type]
    with pytest.raises((AttributeError, TypeError)), store.open_session() as session:
        session.persist([(A, EMPTY), (B, bad)])
    assert store.find_known([A, B]) == set()


def test_a_view_is_what_was_published(store: Store) -> None:
    assert store.load_view("/staged") is None
    assert entries(store, "/staged") == {}
    persist(store, A)
    changed = {b"a.py": A, b"b.py": B, b"c.py": A}
    assert publish(store, changed=changed, differences={b"a.py": None, b"gone.py": C})
    differences = {b"a.py": None, b"gone.py": C}
    expected = StoredView(TREE, 1, LANGUAGES, differences, 3, frozenset({B}), {})
    assert store.load_view("/staged") == expected
    assert entries(store, "/staged") == changed
    persist(store, B)
    assert publish(
        store, 1, tree=OTHER, changed={b"a.py": B, b"d.py": A}, deleted=[b"b.py", b"no.py"]
    )
    assert store.load_view("/staged") == StoredView(OTHER, 2, LANGUAGES, {}, 3, frozenset(), {})
    assert entries(store, "/staged") == {b"a.py": B, b"c.py": A, b"d.py": A}
    assert entries(store, "/staged", [b"d.py", b"b.py", b"a.py"]) == {b"a.py": B, b"d.py": A}
    assert entries(store, "/staged", []) == {}


@pytest.mark.parametrize("generation", [0, 2, -1])
def test_a_change_of_a_view_that_has_moved_on_is_refused(store: Store, generation: int) -> None:
    assert publish(store, changed={b"a.py": A}, differences={b"a.py": B})
    before = store.load_view("/staged"), entries(store, "/staged")
    change: dict[str, Any] = {"changed": {b"b.py": B}, "deleted": [b"a.py"], "tree": OTHER}
    assert not publish(store, generation, **change)
    assert (store.load_view("/staged"), entries(store, "/staged")) == before
    assert not publish(store, 1, name="/worktree", **change)
    assert store.load_view("/worktree") is None


def test_a_view_whose_facts_are_gone_is_refused(store: Store) -> None:
    persist(store, A)
    assert publish(store, changed={b"a.py": A}, failed=[])
    store.collect_garbage([], [])
    assert store.load_view("/staged") is None
    change: dict[str, Any] = {"changed": {b"a.py": A, b"b.py": B}}
    for failed in ([], [B], [C, B]):
        assert not publish(store, failed=failed, **change)
        assert (store.load_view("/staged"), entries(store, "/staged")) == (None, {})
    persist(store, A)
    assert publish(store, failed=[C, B], **change)
    found = store.load_view("/staged")
    assert found is not None
    assert found.missing_facts == frozenset({B})


def test_a_publication_that_fails_leaves_the_view_whole(store: Store) -> None:
    publish(store, changed={b"a.py": A}, differences={b"a.py": B})
    before = store.load_view("/staged"), entries(store, "/staged")
    with pytest.raises(TypeError):
        publish(store, 1, changed={b"b.py": B}, deleted=[b"a.py"], failed=0)
    assert (store.load_view("/staged"), entries(store, "/staged")) == before
    assert publish(store, 1, changed={b"b.py": B})


def test_views_do_not_touch_each_other(store: Store) -> None:
    names = ["/staged", "/worktree", f"@{A}", "worktrees/x/staged", "'; DELETE FROM view; --"]
    for number, name in enumerate(names):
        assert publish(store, name=name, changed={b"a.py": numbered(number), b"b.py": B})
    publish(store, 1, name="/staged", deleted=[b"a.py"], differences={b"a.py": A})
    for number, name in enumerate(names[1:], 1):
        assert entries(store, name, [b"a.py"]) == {b"a.py": numbered(number)}
        view = store.load_view(name)
        assert view is not None
        assert (view.generation, view.differences) == (1, {})


def test_any_path_of_git_is_kept(store: Store) -> None:
    paths = [os.fsencode(name) for name in situations.ODD] + [b"%", b"\x01", b"a\xcc\x81", b"\xc3"]
    changed = {path: numbered(number) for number, path in enumerate(paths)}
    publish(store, changed=changed, differences=dict.fromkeys(paths))
    assert entries(store, "/staged") == changed
    for path, key in changed.items():
        assert entries(store, "/staged", [path]) == {path: key}
        found = store.load_view("/staged", keys=[key, key._replace(language="x")])
        assert found is not None
        assert found.entries == {path: key}
    view = store.load_view("/staged")
    assert view is not None
    assert view.differences == dict.fromkeys(paths)
    publish(store, 1, deleted=paths[::2])
    assert set(entries(store, "/staged")) == set(paths[1::2])


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
    assert [key for key, _ in store.find_symbols(pattern)] == [A] * len(names) + [B] * len(names)


def test_what_a_session_wrote_is_kept_when_an_exception_ends_it(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt), store.open_session() as session:  # noqa: PT012
        session.persist([(A, EMPTY)])
        session.publish(ViewUpdate("/staged", TREE, 0, LANGUAGES, {b"a.py": A}, [], {}))
        raise KeyboardInterrupt
    assert store.find_known([A]) == {A}
    assert entries(store, "/staged") == {b"a.py": A}


def test_the_same_bytes_have_facts_in_each_language(tmp_path: Path) -> None:
    versions = {**FACT_VERSIONS, ("other", STRUCTURE): 3, ("other", FINDINGS): 11}
    twin = BlobKey(A.oid, "other")
    with closing(open_store(str(tmp_path / "x"), write=True, versions=versions)) as store:
        persist(store, A, facts=analyze_file(RICH))
        assert store.find_known([A, twin]) == {A}
        assert list(store.load_outlines([twin])) == []
        persist(store, twin)
        assert dict(store.load_facts([A, twin], full=True)) == {A: facts_of(RICH), twin: EMPTY}
        assert dict(store.load_facts([twin])) == {twin: EMPTY}
        assert [key for key, _ in store.load_outlines([A])] == [A]
        assert {key for key, _ in store.find_symbols("*")} == {A, twin}
        assert publish(store, changed={b"a": A, b"b": twin}, differences={b"a": twin}, failed=[])
        view = store.load_view("/staged", None)
        assert view is not None
        assert (view.entries, view.differences) == ({b"a": A, b"b": twin}, {b"a": twin})
        assert publish(store, 1, deleted=[b"b"])
        assert store.collect_garbage(["/staged"], []) == 1
        assert store.find_known([A, twin]) == {A}


def test_findings_are_those_of_the_facts(store: Store) -> None:
    facts = analyze_file(RICH)
    persist(store, A, B, facts=facts)
    nothing = frozenset[str]()
    everything = FindingFilter(nothing, nothing, nothing, nothing, with_decorators=False)
    rows = [
        make_finding_row(b"a.py", finding, facts.symbols[finding.symbol])._replace(
            body="", symbol_line=0, docstring_line=0
        )
        for finding in facts.findings
    ]
    bare = [row._replace(docstring_text=None, decorators=()) for row in rows]
    assert findings_of(store, [A, C], everything) == {A: bare}
    codes = frozenset(row.code for row in rows[1:])
    quoted = everything._replace(quoted_codes=codes, with_decorators=True)
    told = [row if row.code in codes else row._replace(docstring_text=None) for row in rows]
    assert findings_of(store, [B], quoted) == {B: told}
    fewer = everything._replace(codes=codes)
    rest = [row for row in bare if row.code not in codes]
    assert findings_of(store, [A], fewer) == ({A: rest} if rest else {})
    roles = frozenset({"method"})
    milder = everything._replace(roles=roles, addition_codes=codes)
    rest = [
        row
        for row in bare
        if not (row.role in roles and (row.requires_addition or row.code in codes))
    ]
    assert findings_of(store, [A], milder) == {A: rest}


NEWER = {**FACT_VERSIONS, ("python", FINDINGS): FACT_VERSIONS["python", FINDINGS] + 1}


def test_facts_of_another_version_are_missing_and_left_alone(tmp_path: Path) -> None:
    place = str(tmp_path / "index.sqlite")
    with (
        closing(open_store(place, write=True, versions=FACT_VERSIONS)) as old,
        closing(open_store(place, write=True, versions=NEWER)) as new,
    ):
        persist(old, A, facts=analyze_file(RICH))
        assert publish(old, changed={b"a.py": A}, failed=[])
        assert new.find_known([A], [STRUCTURE]) == {A}
        assert new.find_known([A]) == new.find_known([A], [FINDINGS]) == set()
        assert dict(new.load_facts([A])) == {}
        assert dict(new.find_symbols("*")) == {}
        view = new.load_view("/staged")
        assert view is not None
        assert view.missing_facts == {A}
        assert not publish(new, 1, failed=[])
        persist(new, A)
        assert publish(new, 1, failed=[])
        for store, facts in ((old, facts_of(RICH)), (new, EMPTY)):
            assert dict(store.load_facts([A], full=True)) == {A: facts}
            view = store.load_view("/staged")
            assert view is not None
            assert view.missing_facts == set()
        persist(old, B)
        assert publish(new, 2, changed={b"b.py": B}, failed=[B])
        found = [store.load_view("/staged") for store in (old, new)]
        assert [view and view.missing_facts for view in found] == [frozenset(), frozenset({B})]


def test_garbage_of_other_versions_is_collected(tmp_path: Path) -> None:
    place = str(tmp_path / "index.sqlite")
    with (
        closing(open_store(place, write=True, versions=FACT_VERSIONS)) as old,
        closing(open_store(place, write=True, versions=NEWER)) as new,
    ):
        persist(old, A, B)
        persist(new, A)
        assert publish(old, changed={b"a.py": A, b"b.py": B}, failed=[])
        assert new.collect_garbage(["/staged"], []) == 2
        assert (new.find_known([A, B]), old.find_known([A, B])) == ({A}, set())
        found = [store.load_view("/staged") for store in (old, new)]
        assert [view and view.missing_facts for view in found] == [
            frozenset({A, B}),
            frozenset({B}),
        ]
