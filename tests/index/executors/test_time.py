"""A file that takes too long costs itself, in every executor: the rest is judged."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from detent.audit.analyze import analyze_content
from detent.core.model import BlobKey
from detent.core.signals import TimeLimitExceeded, limit_time
from detent.index import executors
from detent.index.executors import base, process_pool
from detent.index.executors.base import WorkItem
from detent.index.executors.process_pool import ProcessPool
from detent.index.executors.serial import SerialExecutor
from detent.languages.base import PreviousVersion

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

#: Its analysis takes seconds, all of it in C.
ENDLESS = [b"class A(" * 150_000, b"class A(" * 230_000]
CLEAN = b'"""Do things."""\n'


@pytest.fixture(autouse=True)
def _little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "FILE_SECONDS", 1.0)
    monkeypatch.setattr(process_pool, "_GRACE_SECONDS", 0.5)


def make_items(*contents: bytes) -> list[WorkItem]:
    return [
        WorkItem(BlobKey(f"{number:040x}", "python"), raw) for number, raw in enumerate(contents)
    ]


def list_codes(outcome: Any) -> list[str]:
    return [finding.code for finding in outcome[1].findings]


@pytest.mark.parametrize("raw", ENDLESS, ids=len)
@pytest.mark.parametrize("executor", [SerialExecutor(), ProcessPool(2)])
def test_a_file_that_takes_hours_is_a_finding(executor: base.Executor, raw: bytes) -> None:
    items = make_items(CLEAN, raw, CLEAN)
    outcomes = list(executor.run(iter(items)))
    assert [outcome[0] for outcome in outcomes] == [item.key for item in items]
    assert list(map(list_codes, outcomes)) == [[], ["DT908"], []]


def test_work_in_python_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(raw: bytes, *_: object) -> Any:
        while raw == b"slow":
            time.sleep(0.01)
        return analyze_content(raw, "python")

    monkeypatch.setattr(base, "analyze_content", work)
    outcomes = list(SerialExecutor().run(make_items(CLEAN, b"slow", CLEAN)))
    assert list(map(list_codes, outcomes)) == [[], ["DT908"], []]


def wait_for_alarm() -> None:
    begin = time.monotonic()
    with limit_time(0.05):
        while time.monotonic() - begin < 60:
            time.sleep(0.01)


def test_a_system_without_alarms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "setitimer", raising=False)
    with pytest.raises(TimeLimitExceeded):
        wait_for_alarm()
    with limit_time(0.05):
        pass
    time.sleep(0.2)  # the alarm is off


def test_the_facts_of_a_slow_file_are_no_previous_version() -> None:
    (item,) = make_items(b"def f():\n    pass\n" * 3)
    slow = base.make_slow_facts(item)
    edited = item._replace(raw=item.raw + b"\n\nX = 1\n", previous=PreviousVersion(item.raw, slow))
    (_, outcome), _ = base.analyze_item(edited)
    assert outcome == analyze_content(edited.raw, "python").facts


def test_a_check_names_the_file_and_judges_the_rest(repo: Sandbox, cli: Cli) -> None:
    assert executors.choose_jobs(1) == 1
    repo.commit(**{"a.py": CLEAN.decode()})
    repo.write("slow.py", ENDLESS[0])
    repo.write("bad.py", "def f():\n    pass\n")
    repo.git("add", ".")
    for command in (["hook", "pre-commit"], ["check"], ["audit"]):
        answer = cli(*command)
        assert answer.status == 1, answer
        assert "slow.py:1:1: DT908 the analysis takes more than " in answer.out
        assert "bad.py:1:1: " in answer.out
