"""Two searches that add text at once, and one that is interrupted."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from detent.api import open_repository
from detent.api.search import SearchOptions
from detent.index.text import coverage, passages
from detent.store.text.store import TextStore

if TYPE_CHECKING:
    from conftest import Sandbox

FILES = {f"f{number}.md": f"pear number {number}\n" * 50 for number in range(60)}


@pytest.mark.parametrize("syntax", ["--word", "--ranked"])
def test_several_searches_at_once(repo: Sandbox, syntax: str) -> None:
    repo.commit(**FILES)
    command = [sys.executable, "-m", "detent", "search", syntax, "number", "--at", "HEAD"]
    running = [
        subprocess.Popen(command, cwd=repo.path, env=repo.env, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    answers = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert answers == {repo.detent(*command[3:]).stdout.encode()}
    store = TextStore(str(repo.path / ".git/detent/text-3.sqlite"), write=False)
    ((documents,),) = store.select("SELECT count(*) FROM document")
    ((passages_,),) = store.select("SELECT count(*) FROM passage")
    store.close()
    assert (documents, passages_) == ((60, 0) if syntax == "--word" else (0, 60))


class KilledError(Exception):
    """Stands for the end of a process."""


@pytest.mark.parametrize("syntax", ["literal", "ranked"])
def test_an_interrupted_build_goes_on(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch, syntax: str
) -> None:
    repo.commit(**FILES)
    with open_repository(repo.path, store="memory:") as repository:
        expected = repository.search("number", at="HEAD", options=SearchOptions(syntax))
    monkeypatch.setattr(coverage, "_BATCH_BYTES", 5_000)
    monkeypatch.setattr(passages, "_BATCH_BYTES", 5_000)
    classify = coverage.classify_text
    for left in (1, 30, 59, 7):  # in the order of the files

        def stop(raw: bytes, left: int = left) -> int:
            if f"number {left}\n".encode() in raw:
                raise KilledError
            return classify(raw)

        with monkeypatch.context() as patch, open_repository(repo.path) as repository:
            for module in (coverage, passages):
                patch.setattr(module, "classify_text", stop)
            with pytest.raises(KilledError):
                repository.search("number", at="HEAD", options=SearchOptions(syntax))
    with open_repository(repo.path) as repository:
        found = repository.search("number", at="HEAD", options=SearchOptions(syntax))
    assert found == expected
