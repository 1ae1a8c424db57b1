"""Hostile surroundings: the hook's verdict is right, or it says what to do; it is never a guess."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import powerless
from detent.store import default_index_path

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

BARE = '"""Do things."""\n\n\ndef f(a):\n    return a\n'
CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
HOOK = (sys.executable, "-m", "detent", "hook", "pre-commit")
Spoil = Callable[[Path], object]
posix = pytest.mark.skipif(os.name == "nt", reason="these surroundings are those of POSIX")


@pytest.fixture
def indexed(repo: Sandbox, cli: Cli) -> Sandbox:
    """A repository with an index, before a commit."""
    repo.commit(**{f"m{n}.py": CLEAN + f"X{n} = {n}\n" for n in range(30)})
    assert cli("index").status == 0
    return repo


def place(repo: Sandbox) -> Path:
    return Path(default_index_path(str(repo.path / ".git")))


def stage(repo: Sandbox, content: str) -> None:
    repo.write("new.py", content)
    repo.git("add", "new.py")


# ---- what can stand where the index should be


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (x)")
        connection.commit()


def newer(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(60)
        file.write(b"\x7f\0\0\0")


def spoilt_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 3)


def cleared(path: Path) -> Path:
    path.unlink()
    return path


def replaced_by_a_file(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_text("x")


STANDS: dict[str, Spoil] = {
    "nothing": cleared,
    "no directory": lambda path: shutil.rmtree(path.parent),
    "an empty file": lambda path: cleared(path).touch(),
    "a byte": lambda path: path.write_bytes(b"x"),
    "text": lambda path: path.write_text("dear diary\n" * 99),
    "half of it": lambda path: path.write_bytes(path.read_bytes()[:20_000]),
    "a spoilt page": spoilt_page,
    "another's database": lambda path: foreign(cleared(path)),
    "a newer one": newer,
    "a directory": lambda path: cleared(path).mkdir(),
    "a file for the directory": replaced_by_a_file,
    "a broken link": lambda path: cleared(path).symlink_to("nowhere/index"),
    "a link to itself": lambda path: cleared(path).symlink_to(path.name),
}
if hasattr(os, "mkfifo"):
    STANDS["a pipe"] = lambda path: os.mkfifo(cleared(path))


@posix
@pytest.mark.parametrize("what", STANDS)
def test_whatever_stands_for_the_index_the_verdict_is_right(
    indexed: Sandbox, cli: Cli, what: str
) -> None:
    STANDS[what](place(indexed))
    stage(indexed, CLEAN)
    answer = cli("hook", "pre-commit")
    assert (answer.status, answer.out) == (0, ""), answer
    stage(indexed, BARE)
    answer = cli("hook", "pre-commit")
    assert answer.status == 1, answer
    assert answer.out.startswith("new.py:4:1: GL08 ")
    assert answer.err == "" or answer.err.splitlines()[0].startswith("detent: ")
    answer = cli("index", "--full")
    if what == "a directory":
        assert answer.status == 3
        assert "cannot be removed" in answer.err
    else:
        assert answer.status == 0, answer


NAMED: dict[str, Spoil] = {
    "a byte": lambda path: path.write_bytes(b"x"),
    "text": lambda path: path.write_text("dear diary\n" * 99),
    "another's database": foreign,
}


@pytest.mark.parametrize("what", NAMED)
@pytest.mark.parametrize("command", ["hook", "index", "check", "export", "gc", "verify", "sym"])
def test_what_a_person_named_by_mistake_stops_and_stays(
    indexed: Sandbox, cli: Cli, tmp_path: Path, what: str, command: str
) -> None:
    NAMED[what](path := tmp_path / "named")
    before = path.read_bytes()
    stage(indexed, BARE)
    more = {"hook": ["pre-commit"], "index": ["--full"], "sym": ["f"]}.get(command, [])
    answer = cli(command, "--store", str(path), *more)
    assert (answer.status, answer.out) == (3, ""), answer
    assert str(path) in answer.err
    assert len(answer.err.splitlines()) == 2  # what happened, and what helps
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"home", "repo", "named"}


@posix
@pytest.mark.parametrize("command", ["hook", "index", "gc", "verify", "sym", "doctor"])
def test_nobody_waits_for_the_other_end_of_a_pipe(
    indexed: Sandbox, tmp_path: Path, command: str
) -> None:
    os.mkfifo(tmp_path / "named")
    stage(indexed, BARE)
    more = {"hook": ["pre-commit"], "index": ["--full"], "sym": ["f"]}.get(command, [])
    done = indexed.detent(command, "--store", str(tmp_path / "named"), *more)
    assert done.returncode in (0, 1, 3)
    assert "Traceback" not in done.stderr
    assert command != "hook" or done.returncode == 1
    assert (tmp_path / "named").is_fifo()


# ---- where a process runs


def tiny(command: tuple[str, ...]) -> tuple[str, ...]:
    """Put the index where there is room for next to nothing."""
    script = 'mount -t tmpfs -o size=16k none .git/detent && exec "$@"'
    sandbox = ("unshare", "-m", "sh", "-c", script, "sh")
    try:
        probe = subprocess.run([*sandbox[:4], "mount -t tmpfs none /tmp"], check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if probe.returncode:
        pytest.skip("no file system may be mounted here")
    return (*sandbox, *command)


def run(repo: Sandbox, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=repo.path,
        env={name: value for name, value in {**repo.env, **env}.items() if value},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )


def judged(repo: Sandbox, *command: str, **env: str) -> str:
    """See that both verdicts are right; give what else was said."""
    stage(repo, CLEAN)
    done = run(repo, *command, **env)
    assert (done.returncode, done.stdout) == (0, ""), done
    stage(repo, BARE)
    done = run(repo, *command, **env)
    assert done.returncode == 1, done
    assert done.stdout.startswith("new.py:4:1: GL08 ")
    return done.stderr


@posix
def test_an_index_that_may_not_be_read(indexed: Sandbox) -> None:
    place(indexed).chmod(0)
    assert "in memory" in judged(indexed, *powerless(HOOK))


@posix
def test_a_file_system_without_room(indexed: Sandbox) -> None:
    assert "in memory" in judged(indexed, *tiny(HOOK))


@posix
@pytest.mark.parametrize("known", [True, False])
def test_files_that_may_not_grow(indexed: Sandbox, known: bool) -> None:
    if not known:
        shutil.rmtree(place(indexed).parent)
    stage(indexed, BARE)
    done = run(indexed, "sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *HOOK)
    assert done.returncode == 1, done
    assert done.stdout.startswith("new.py:4:1: GL08 ")
    assert "in memory" in done.stderr
    assert indexed.detent("verify").returncode == 0


SURROUNDINGS: dict[str, dict[str, str]] = {
    "an odd home": {"HOME": "/nonexistent/\u00fc"},
    "no PATH but git's": {"PATH": os.path.dirname(shutil.which("git") or "/usr/bin/git")},  # noqa: PTH120
    "an unknown locale": {"LC_ALL": "xx_YY.none", "TERM": "dumb"},
    "no place for temporary files": {"TMPDIR": "/nonexistent"},
}


@posix
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_environment_does_not_change_a_verdict(indexed: Sandbox, name: str) -> None:
    assert judged(indexed, *HOOK, **SURROUNDINGS[name]) == ""


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_nothing_to_read_from_or_write_to(indexed: Sandbox, closed: str) -> None:
    shutil.rmtree(place(indexed).parent)
    for content, status in ((CLEAN, 0), (BARE, 1)):
        stage(indexed, content)
        done = run(indexed, "sh", "-c", f'"$@" {closed}', "sh", *HOOK)
        assert (done.returncode, done.stderr) == (status, "")


@posix
def test_without_git_there_is_no_verdict(indexed: Sandbox) -> None:
    stage(indexed, BARE)
    done = run(indexed, *HOOK, PATH="/nonexistent")
    assert done.returncode == 3
    assert done.stderr == ("detent: the program git is not on PATH\n  install git, or fix PATH\n")
