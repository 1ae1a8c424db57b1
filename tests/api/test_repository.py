"""The public API: its examples run, and two repositories can be open at once."""

from __future__ import annotations

import doctest
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import detent
from conftest import Sandbox, environment
from detent.api import budget, explain, repository
from detent.core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

CLEAN = '"""A module."""\n'
MORE = '"""More."""\n\ndef more():\n    return 1\n'


def make_sandbox(path: Path) -> Sandbox:
    path.mkdir()
    sandbox = Sandbox(path, environment(path))
    sandbox.git("init", "-q", "-b", "main")
    return sandbox


@pytest.mark.parametrize("module", [detent, repository, explain, budget])
def test_examples_run(module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = make_sandbox(tmp_path / "pkg")
    sandbox.commit(**{"a.py": CLEAN})
    sandbox.commit(**{"more.py": MORE})
    monkeypatch.chdir(sandbox.path.parent)
    failed, tried = doctest.testmod(module, extraglobs={"detent": detent})
    assert (failed, tried > 0) == (0, True)


def ask(path: Path) -> list[Any]:
    """Ask one repository for most of what there is."""
    with detent.open(path) as opened:
        return [
            opened.check(at="HEAD").finding_diff,
            opened.audit().findings,
            opened.measure_coverage().total,
            opened.symbols("*").symbols,
            opened.verify().problems,
        ]


def test_two_repositories_in_two_threads_answer_as_they_do_alone(
    tmp_path: Path,
) -> None:
    sandboxes = [make_sandbox(tmp_path / name) for name in ("first", "second")]
    for number, sandbox in enumerate(sandboxes):
        sandbox.commit(**{"a.py": CLEAN})
        sandbox.commit(**{f"more{i}.py": MORE.replace("more", f"f{number}_{i}") for i in range(9)})
    alone = [ask(sandbox.path) for sandbox in sandboxes]
    assert alone[0] != alone[1]
    with ThreadPoolExecutor(2) as threads:
        for _ in range(3):
            together = list(threads.map(ask, [sandbox.path for sandbox in sandboxes]))
            assert together == alone


@pytest.mark.parametrize("question", ["audit", "measure_coverage", "check"])
def test_a_limit_that_means_nothing_is_an_error_of_every_question(
    question: str, repo: Sandbox
) -> None:
    limit = '[[budget.limit]]\nmetric = "no.such"\nmax = 1\n'
    repo.commit(**{"a.py": CLEAN, "detent.toml": limit})
    with detent.open(repo.path) as opened, pytest.raises(UsageError, match=r"no\.such"):
        getattr(opened, question)()
