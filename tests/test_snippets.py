"""What the pages tell a reader to copy works word for word, from a fresh clone.

The address ``https://github.com/OWNER/detent``, which stands for wherever this repository is
published, leads git to the clone. Everything is installed by the real pip, pre-commit and prek.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conftest import SOURCE, Sandbox, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]
ADDRESS = "https://github.com/OWNER/detent"
#: A finding for every hook id: no rule is needed for a missing docstring.
BARE = "def f(a):\n    return a\n"

pytestmark = [
    pytest.mark.skipif(not (SOURCE / ".git").exists(), reason="a source archive has no clone"),
    pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell"),
]


def blocks(language: str, pattern: str) -> list[tuple[str, str]]:
    """Give the fenced blocks of all pages in which a pattern occurs, with the name of the page."""
    found = []
    for path in PAGES:
        texts = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", path.read_text("utf-8"))
        found += [(path.name, text) for text in texts if re.search(pattern, text)]
    return found


CONFIGURATIONS = blocks("yaml", r"- id: detent-")
INSTALLATIONS = blocks("sh", r"pip install [^.]*(OWNER|\./detent)")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a fresh clone in it, which the address leads to as well."""
    found = tmp_path_factory.mktemp("snippets")
    repo = Sandbox(found, sandbox_environment(found))
    repo.git("clone", "-q", "--no-hardlinks", str(SOURCE), "detent")
    repo.git("config", "--global", f"url.file://{found}/detent.insteadOf", ADDRESS)
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", "x", "hatchling"]
    if subprocess.run(command, cwd=found, env=repo.env, check=False).returncode:
        pytest.skip("no package index can be reached")
    return found


def sandbox_environment(home: Path) -> dict[str, str]:
    """Give the environment of the sandboxes, with what package installers know of the network."""
    known = re.compile(r"(PIP|UV|SSL|REQUESTS|CURL)_\w+|(https?|all|no)_proxy", re.IGNORECASE)
    settings = {name: value for name, value in os.environ.items() if known.fullmatch(name)}
    return {**environment(home), **settings}


@pytest.fixture
def project(place: Path) -> Iterator[Sandbox]:
    """A repository beside the clone, with one module."""
    path = place / "project"
    path.mkdir()
    repo = Sandbox(path, sandbox_environment(place))
    repo.git("init", "-q", "-b", "main")
    repo.commit(**{"old.py": BARE})
    yield repo
    subprocess.run(["rm", "-rf", str(path)], check=True)


def test_every_page_with_a_configuration_is_tried() -> None:
    pages = {"README.md", "quick-start.md", "hooks.md"}
    pages |= {f"from-{name}.md" for name in ("numpydoc", "pydoclint", "interrogate")}
    assert {page for page, _ in CONFIGURATIONS} == pages
    assert {page for page, _ in INSTALLATIONS} >= {"README.md", "quick-start.md"}


@pytest.mark.parametrize("framework", ["pre_commit", "prek"])
@pytest.mark.parametrize(("page", "text"), CONFIGURATIONS, ids=[page for page, _ in CONFIGURATIONS])
def test_a_configuration_works_as_written(
    project: Sandbox, page: str, text: str, framework: str
) -> None:
    project.write(".pre-commit-config.yaml", text)
    command = [sys.executable, "-m", framework, "install"]
    subprocess.run(command, cwd=project.path, env=project.env, check=True, capture_output=True)
    project.write("new.py", BARE)
    project.git("add", "-A")
    done = commit(project)
    assert done.returncode == 1, done.stderr
    assert "new.py:1" in done.stdout + done.stderr
    assert "GL08" in done.stdout + done.stderr
    project.write("new.py", '"""Do."""\n')
    project.git("add", "-A")
    done = commit(project)
    assert done.returncode == 0, done.stdout + done.stderr


def commit(repo: Sandbox) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "commit", "-q", "-m", "x"],
        cwd=repo.path, env=repo.env, check=False, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["pre_commit autoupdate", "prek update"])
def test_the_newest_commit_can_be_written_down(project: Sandbox, command: str) -> None:
    page, text = CONFIGURATIONS[0]
    assert page == "README.md"
    project.write(".pre-commit-config.yaml", text)
    subprocess.run(
        [sys.executable, "-m", *command.split(), "--bleeding-edge"],
        cwd=project.path, env=project.env, check=True, capture_output=True,
    )  # fmt: skip
    newest = Sandbox(project.path.parent / "detent", project.env).git("rev-parse", "HEAD")
    written = (project.path / ".pre-commit-config.yaml").read_text()
    assert re.search(rf"(?m)^    rev: '?{newest.strip()}'?\b", written)


@pytest.mark.parametrize(("page", "text"), INSTALLATIONS, ids=[page for page, _ in INSTALLATIONS])
def test_an_installation_works_as_written(
    place: Path, tmp_path: Path, page: str, text: str
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "own"], cwd=tmp_path, check=True)
    env = sandbox_environment(place)
    env["PATH"] = f"{tmp_path}/own/bin:{env['PATH']}"
    (tmp_path / "my-project").mkdir()
    script = f"set -e\n{text}\ndetent --version"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path, env=env, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "detent 0." in done.stdout
