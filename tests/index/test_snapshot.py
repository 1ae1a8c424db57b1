from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpydoc
import pytest

import naive
from conftest import export_snapshot
from detent import git
from detent.audit import matching
from detent.audit.analyze import analyze_content, analyze_file
from detent.audit.selection.select import DEFAULT_MISSING, Selection
from detent.config import Override
from detent.core.errors import StoreError
from detent.core.model import FindingRow
from detent.index import views
from detent.index.findings import select_findings
from detent.index.handle import Index
from detent.index.inherited import resolve_inherited
from detent.index.refresh import refresh_view
from detent.index.snapshot import Snapshot, take_snapshot
from situations import source, start

if TYPE_CHECKING:
    from conftest import Sandbox
    from detent.store.protocol import StoredView


def taken(repo: Sandbox, index: Index, view: str) -> Snapshot:
    return take_snapshot(index, views.View(git.discover_repo(str(repo.path), repo.env), view))


def refreshed(repo: Sandbox, index: Index, view: str) -> None:
    refresh_view(index, views.View(git.discover_repo(str(repo.path), repo.env), view))
    index.close()


def state(repo: Sandbox) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (repo.path / ".git").rglob("*") if path.is_file()}


@pytest.mark.parametrize("view", ["staged", "worktree", "HEAD"])
@pytest.mark.parametrize("indexed", [False, True])
def test_an_index_that_is_behind_is_made_up_for_without_writing(
    repo: Sandbox, kept: Index, view: str, indexed: bool
) -> None:
    start(repo)
    if indexed:
        refreshed(repo, kept, view)
    before = state(repo)
    repo.write("a.py", source("a", "edited"))
    repo.write("copy.py", source("a", "edited"))
    (repo.path / "b.py").unlink()
    repo.write(".gitattributes", "c.py ident\n")
    repo.write("c.py", "'''$Id: 1 $'''\n")
    now = taken(repo, kept, view)
    expected = naive.committed(repo) if view == "HEAD" else naive.entries(repo, view)
    assert naive.drop_languages(now.entries) == expected
    assert list(now.entries) == sorted(expected)
    assert now.different == (3 if view == "worktree" else 0)
    paths = Counter(path for path, _ in now.load_files())
    assert paths == Counter(list(expected))
    edited = 2 if view == "worktree" else 0
    assert len(now.view.facts) == (edited if indexed else len(set(expected.values())))
    if view == "worktree":
        assert dict(now.load_files(full=True))[b"c.py"] == analyze_file(b"'''$Id$'''\n")
    kept.close()
    assert state(repo) == before


def test_files_with_the_same_content_are_all_there(repo: Sandbox, kept: Index) -> None:
    repo.commit("first", **{"a.py": "x", "b.py": "x", "c.py": "c"})
    refreshed(repo, kept, "staged")
    repo.commit("second", **{"d.py": "new", "e.py": "new", "f.py": "x"})
    now = taken(repo, kept, "staged")
    assert sorted(path for path, _ in now.load_files()) == sorted(naive.staged(repo))
    assert len(now.view.facts) == 1
    assert sorted(map(len, now.group_paths().values())) == [1, 2, 3]


RICH = b'''"""Do much."""

@overload
def f(a): ...

def f(a, b):
    """Know it

    Parameters
    ----------
    c : int
    """
    return g(lambda: None)

class _Inner:
    def __init__(self, a): """Await."""

    def much(self, a):
        """much: nobody knows."""
        def test_nested(b):
            return 1
        return test_nested
'''
DERIVED = """class Base:
    def f(self, x):
        '''Do.

        Parameters
        ----------
        x : int
            It.
        '''

class Derived(Base):
    def f(self, y): ...
    def g(self): ...
"""
SELECTIONS = {
    "default": Selection(),
    "tests too": Selection(exclude=(), missing=frozenset({"private", "test", "init"})),
    "numpydoc": Selection(
        select=("ALL",),
        exclude=(),
        numpydoc=True,
        exclude_names=(r"\._", "Inner"),
        docstring_overrides={"PR01": ("much",), "SS03": ("^Do", "Await"), "RT01": ("Know",)},
    ),
    "overrides": Selection(missing=DEFAULT_MISSING | {"override"}),
    "otherwise": Selection(
        exclude=(),
        overrides=(
            Override(kinds=("private", "nested"), select=("GL08", "EX01", "PR01")),
            Override(("pkg/**",), symbols=("*._*",), ignore=("GL08",)),
            Override(("*.py",), select=("SA01",), ignore=("SS",)),
        ),
    ),
    "decorators": Selection(exclude=(), doc_decorators=frozenset({"other", "d.deco"})),
    "all": Selection(select=("ALL",), exclude=()),
    "inherited": Selection(select=("DT110", "PR"), exclude=()),
    "few": Selection(select=("PR01", "GL08", "DT"), ignore=("GL",)),
}


def shown(finding: FindingRow) -> tuple[object, ...]:
    return finding[: FindingRow._fields.index("docstring_text")]


@pytest.mark.parametrize("name", SELECTIONS)
def test_a_list_of_findings_is_that_of_the_whole_facts(
    repo: Sandbox, kept: Index, name: str
) -> None:
    real: dict[str, str | bytes] = {
        path.name: path.read_bytes() for path in Path(numpydoc.__file__).parent.glob("*.py")
    }
    repo.commit("first", **{"pkg/a.py": RICH, "b/test_c.py": RICH, "empty.py": b"", **real})
    refreshed(repo, kept, "staged")
    repo.write("derived.py", DERIVED)
    repo.commit(
        "second", **{"a.py": RICH + b"\n", "d.py": b"def _f(a): 'Do.'\n", "broken.py": b"("}
    )
    now, selection = taken(repo, kept, "staged"), SELECTIONS[name]
    expected = matching.locate_findings(
        resolve_inherited(now.load_files(), now.open_outlines(), selection), selection
    )
    found = select_findings(
        now.load_findings(selection.finding_filter), selection, now.open_outlines()
    )
    assert len(found) > 30
    missing = {one.qualname for one in found if one.code == "GL08"}
    assert ("Derived.f" in missing) == (name == "overrides")
    assert ("Derived.g" in missing) == (name not in {"tests too", "inherited"})
    wrong = {one.code for one in found} & {"DT110", "DT111"}
    assert len(wrong) == {"all": 2, "few": 2, "numpydoc": 2, "inherited": 1}.get(name, 0)
    assert [shown(one) for one in found] == [shown(one) for one in expected]


def test_what_is_not_indexed_is_analysed_however_much_it_is(repo: Sandbox, kept: Index) -> None:
    repo.commit("first", **{f"f{n}.py": f"{n}" for n in range(201)})
    for view in ("staged", "HEAD"):
        assert len(taken(repo, kept, view).entries) == 201


def test_what_cannot_be_analysed_is_named(
    repo: Sandbox, kept: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("first", **{"a.py": "a", "bad.py": "bad", "bad2.py": "bad"})

    def fails(raw: bytes, language: str, previous: object = None) -> object:
        return analyze_content(raw, language) if raw != b"bad" else 1 / 0

    monkeypatch.setattr("detent.index.executors.base.analyze_content", fails)
    now = taken(repo, kept, "staged")
    assert set(now.failures) == {b"bad.py", b"bad2.py"}
    assert [path for path, _ in now.load_files()] == [b"a.py"]
    assert set(now.entries) == {b"a.py", b"bad.py", b"bad2.py"}


def test_an_answer_is_of_one_moment_whoever_publishes_meanwhile(
    repo: Sandbox, kept: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(repo, "HEAD.py")
    found = git.discover_repo(str(repo.path), repo.env)
    refresh_view(kept, views.View(found, "staged"))
    path_sets = views.View.compute_path_sets

    def disturbed(view: views.View, stored: StoredView | None) -> views.PathSets:
        sets = path_sets(view, stored)
        monkeypatch.setattr(views.View, "compute_path_sets", path_sets)
        repo.write("a.py", source("a", "meanwhile"))
        repo.git("rm", "-q", "b.py")
        repo.git("add", "a.py")
        with closing(Index(kept.path)) as other:
            refresh_view(other, views.View(found, "staged"))
        return sets

    expected = naive.staged(repo)
    monkeypatch.setattr(views.View, "compute_path_sets", disturbed)
    taken = [take_snapshot(kept, views.View(found, "staged")).entries for _ in range(2)]
    assert list(map(naive.drop_languages, taken)) == [expected, naive.staged(repo)]
    assert naive.staged(repo) != expected


@pytest.mark.parametrize("view", ["staged", "worktree", "HEAD"])
@pytest.mark.parametrize("written", [False, True])
def test_what_is_forgotten_meanwhile_is_worked_out_again(
    repo: Sandbox, kept: Index, view: str, written: bool
) -> None:
    start(repo)
    refreshed(repo, kept, view)
    repo.write("a.py", source("a", "edited"))
    if written:
        refresh_view(kept, views.View(git.discover_repo(str(repo.path), repo.env), view))
    now = taken(repo, kept, view)

    def told() -> list[object]:
        selection = Selection()
        listed = select_findings(
            now.load_findings(selection.finding_filter), selection, now.open_outlines()
        )
        return [
            [*export_snapshot(now)],
            [*map(shown, listed)],
            sorted((path, symbol.line) for path, symbol in now.find_symbols("f*")),
            sorted(now._load_full_facts(now.entries.values())),
        ]

    expected = told()
    assert all(expected)
    with closing(Index(kept.path)) as other:
        assert other.open_writer().collect_garbage([], []) > 5
    assert not kept.open_reader().find_known({*now.entries.values()})
    assert told() == expected


def test_what_git_has_forgotten_too_cannot_be_told(repo: Sandbox, kept: Index) -> None:
    repo.write("a.py", source("a"))
    repo.git("add", "a.py")
    refreshed(repo, kept, "staged")
    now = taken(repo, kept, "staged")
    repo.git("rm", "-q", "--cached", "a.py")
    repo.git("prune", "--expire=now")
    with closing(Index(kept.path)) as other:
        other.open_writer().collect_garbage([], [])
    with pytest.raises(StoreError, match="deleted content"):
        list(now.load_files())
