"""A language is a module and a row of the table; its facts are beside those of others."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from detent import git
from detent.core.model import BlobKey
from detent.index.refresh import refresh_view
from detent.index.views import View
from detent.languages import (
    LANGUAGES,
    SUFFIXES,
    LanguageEntry,
    detect_language,
    fingerprint_languages,
    get_language,
)

if TYPE_CHECKING:
    from conftest import Sandbox
    from detent.index.handle import Index

SOURCE = b"def f(a):\n    return a\n\n\nclass A:\n    def g(self):\n        pass\n"
ENTRY = LanguageEntry("trial", "languages.trial", (b".trial",), version=1)


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LANGUAGES, "trial", ENTRY)
    monkeypatch.setitem(SUFFIXES, b".trial", "trial")


def test_the_table_is_consistent() -> None:
    assert all(language.name == name for name, language in LANGUAGES.items())
    assert {suffix: SUFFIXES[suffix] for suffix in SUFFIXES} == {
        suffix: name for name, language in LANGUAGES.items() for suffix in language.suffixes
    }


def test_names_and_versions_load_no_language() -> None:
    script = (
        "import sys; from detent.languages import LANGUAGES, detect_language, get_language\n"
        "assert detect_language(b'a.py') == 'python' and get_language('python').version\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "detent.languages" in loaded
    assert not [name for name in loaded if "tree_sitter" in name or "languages.python" in name]


@pytest.mark.usefixtures("trial")
def test_the_same_bytes_have_the_facts_of_each_language() -> None:
    assert detect_language(b"a.trial") == "trial"
    facts = {name: get_language(name).analyze(SOURCE).facts for name in ("python", "trial")}
    names = {name: [symbol.name for symbol in found.symbols] for name, found in facts.items()}
    assert names == {"python": ["", "f", "A", "g"], "trial": ["", "trial_f", "trial_g"]}


def test_facts_of_two_languages_are_beside_each_other(
    repo: Sandbox, kept: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.trial"):
        repo.write(name, SOURCE)
    repo.commit(**{"c.trial": "def h(): pass\n"})
    found = git.discover_repo(str(repo.path), repo.env)
    oid = repo.git("rev-parse", "HEAD:a.py").strip()
    python, trial = BlobKey(oid, "python"), BlobKey(oid, "trial")
    before = fingerprint_languages()
    assert refresh_view(kept, View(found, "staged")).analyzed == 1
    with monkeypatch.context() as table:
        table.setitem(LANGUAGES, "trial", ENTRY)
        table.setitem(SUFFIXES, b".trial", "trial")
        kept.close()
        assert fingerprint_languages() != before
        done = refresh_view(kept, View(found, "staged"))
        assert (done.analyzed, done.reused) == (2, 1)
        store = kept.open_reader()
        assert store.find_known([python, trial]) == {python, trial}
        loaded = dict(store.load_facts([python, trial]))
        assert [symbol.name for symbol in loaded[python].symbols] == ["", "f", "A", "g"]
        assert [symbol.name for symbol in loaded[trial].symbols] == ["", "trial_f", "trial_g"]
        # The rules judge docstrings of Python only.
        assert loaded[python].findings
        assert loaded[trial].findings == ()
        view = store.load_view(done.name, None)
        assert view is not None
        assert view.entries.keys() == {b"a.py", b"b.trial", b"c.trial"}
        assert view.entries[b"b.trial"] == trial
        kept.close()
    again = refresh_view(kept, View(found, "staged"))
    view = kept.open_reader().load_view(again.name, None)
    assert view is not None
    assert view.entries == {b"a.py": python}
    assert again.analyzed == 0
