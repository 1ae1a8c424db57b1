"""The end of a run that takes too long: in time, with what it had, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detent.api import Repository
from detent.cli import context
from detent.cli.commands import hook, lint
from detent.cli.main import main
from detent.cli.run_deadline import enforce_deadline
from detent.core.errors import MeasurementError
from detent.git import process
from situations import source

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

#: Its analysis takes seconds, all of it in C.
ENDLESS = b"class A(" * 230_000
PROGRAM = """import sys
from detent.api import Repository
from detent.cli import context
from detent.cli.commands import hook, lint
from detent.cli.main import main
from detent.cli.run_deadline import enforce_deadline
with enforce_deadline({}, alone=True):
    {}
"""
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is only one process")


def run(seconds: float, body: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM.format(seconds, body)]
    return subprocess.run(command, capture_output=True, check=False, text=True)


@pytest.fixture
def slow(repo: Sandbox) -> Sandbox:
    """A repository with an index, and with a file staged of which nobody sees the end."""
    repo.write("detent.toml", "deadline = 2\n")
    repo.commit(**{f"m{n}.py": source(str(n)) for n in range(5)})
    assert repo.detent("index").returncode == 0
    repo.write("a.py", source("a", "new"))
    repo.write("endless.py", ENDLESS)
    repo.git("add", "-A")
    return repo


def left(repo: Sandbox) -> set[str]:
    return {path.name for path in (repo.path / ".git/detent").iterdir()}


@posix
def test_a_hook_ends_though_its_work_does_not(slow: Sandbox, tmp_path: Path) -> None:
    before = left(slow)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = slow.detent("hook", "pre-commit", TMPDIR=str(temporary))
    assert (done.returncode, done.stdout) == (3, "")
    first, second = done.stderr.splitlines()
    assert first == "detent: the deadline of 2 s passed: no verdict"
    assert "`detent index`" in second
    assert not list((slow.path / ".git").rglob("*.lock"))
    assert not list(temporary.iterdir())
    assert left(slow) - {f"{name}{end}" for name in before for end in ("-wal", "-shm")} == before
    verified = slow.detent("verify", "--at", "HEAD")
    assert verified.returncode == 0, verified
    slow.git("rm", "-q", "--cached", "endless.py")
    assert slow.detent("hook", "pre-commit").returncode == 1


def test_the_time_that_is_not_needed_changes_nothing(repo: Sandbox, cli: Cli) -> None:
    repo.write("a.py", source("a"))
    repo.git("add", "-A")
    expected = repo.detent("hook", "pre-commit")
    repo.write("detent.toml", "deadline = 1000\n")
    done = repo.detent("hook", "pre-commit")
    assert done.returncode == expected.returncode == 1
    assert done.stdout.splitlines()[:-1] == expected.stdout.splitlines()[:-1] != []
    assert cli("hook", "pre-commit").status == 1


def test_work_in_python_ends_where_it_is() -> None:
    undone = []

    def work() -> None:
        try:
            while True:
                time.sleep(0.01)
        except Exception:
            undone.append("taken for an error")
        finally:
            undone.append("undone")

    with (
        pytest.raises(MeasurementError, match="the deadline of"),
        enforce_deadline(0.05, alone=False),
    ):
        work()
    assert undone == ["undone"]


def test_the_alarm_is_off_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with enforce_deadline(0.2, alone=False):
        pass
    time.sleep(0.4)
    assert signal.getsignal(signal.SIGTERM) == before


@posix
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("sys.exit(0)", 0),
        ("sys.exit(3)", 3),
        ("1 / 0", 1),
        ("__import__('os').kill(__import__('os').getpid(), 9)", 137),
        ("__import__('time').sleep(99)", 1),
    ],
)
def test_the_status_is_that_of_the_work(body: str, status: int) -> None:
    done = run(1 if "sleep" in body else 60, body)
    assert done.returncode == status
    assert ("the deadline of 1 s passed" in done.stderr) == ("sleep" in body)


@posix
def test_what_the_work_has_started_ends_too() -> None:
    # Deaf to all but the last signal, as a process that is busy in C.
    script = "trap '' TERM; while :; do sleep 0.1; done"
    body = f"import subprocess, time; subprocess.Popen(['sh', '-c', {script!r}]); time.sleep(99)"
    # This returns when nobody holds the pipes any more.
    assert run(2, body).returncode == 1


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_one_that_waits_ends_both(slow: Sandbox, number: signal.Signals) -> None:
    slow.write("detent.toml", "deadline = 900\n")
    slow.git("rm", "-q", "--cached", "endless.py")
    slow.git("config", "core.fsync", "none")
    for n in range(400):
        slow.write(f"n{n}.py", source(str(n), "new") * 20)
    slow.git("add", "n*.py")
    process = subprocess.Popen(
        [sys.executable, "-m", "detent", "hook", "pre-commit"],
        cwd=slow.path,
        env=slow.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and not children.read_text().split():
        time.sleep(0.01)
    process.send_signal(number)
    _, said = process.communicate()  # the child holds the other end of it too
    assert process.returncode in (128 + number, 1)
    assert b"Traceback" not in said
    assert slow.detent("verify", "--at", "HEAD").returncode == 0


@posix
@pytest.mark.parametrize(
    "command",
    [["check"], ["audit"], ["index"], ["coverage"], ["symlist", "a.py"], ["ci", "--base", "HEAD"]],
)
def test_every_command_has_a_deadline(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    repo.write("detent.toml", "deadline = 1\n")
    repo.write("a.py", ENDLESS)
    repo.git("add", ".")
    if command[0] == "ci":
        repo.git("commit", "-qm", "x")
    begin = time.monotonic()
    answer = cli(*command)
    assert answer.status == 3, answer
    assert "detent: the deadline of 1 s passed: no verdict" in answer.err
    assert time.monotonic() - begin < 25  # a file alone has 30 s


def test_there_is_a_deadline_where_none_is_set(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    for place in (context, hook, lint):
        monkeypatch.setattr(place, "RUN_SECONDS", 0.2)
    monkeypatch.setattr(lint, "lint_files", lambda *_, **__: time.sleep(60))
    monkeypatch.setattr(Repository, "check", lambda *_, **__: time.sleep(60))
    monkeypatch.setattr(Repository, "check_incoming", lambda *_: time.sleep(60))
    for command in (["check"], ["hook", "pre-commit"]):
        answer = cli(*command)
        assert answer.status == 3
        assert "the deadline of 0.2 s passed" in answer.err
    monkeypatch.chdir(repo.path)
    assert main(["lint", "a.py"]) == 3


@posix
def test_no_command_waits_forever_for_git(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    (program := tmp_path / "bin/git").parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(process, "_MOST_SECONDS", 0.3)
    answer = cli("check")
    assert answer.status == 3
    assert answer.err.startswith("detent: git has not answered for 0.3 s: ")
