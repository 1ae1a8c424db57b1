"""Nothing of a repository is run: its modules have the names of all that Python could import."""

from __future__ import annotations

import importlib.metadata
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from conftest import SOURCE, Sandbox, environment
from detent.api.hook_names import HOOKS
from detent.cli.parser import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = sorted(
    {*sys.stdlib_module_names, *importlib.metadata.packages_distributions()}
    | {"detent", "sitecustomize", "usercustomize", "conftest", "setup", "noxfile"}
)
PLACES = ("", "src", "pkg/inner")
BUILD = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'


class Marked:
    """A repository whose modules leave a mark where they are imported."""

    def __init__(self, repo: Sandbox, place: Path) -> None:
        self.mark = place / "imported"
        code = f"with open({str(self.mark)!r}, 'a') as mark: mark.write(__file__ + '\\n')\n"
        for folder in PLACES:
            for name in NAMES:
                repo.write(f"{folder}/{name}.py".lstrip("/"), code)
                repo.write(f"{folder}/{name}/__init__.py".lstrip("/"), code)
            for name in ("evil.pth", "distutils-precedence.pth", "python311._pth"):
                line = f"import sys; open({str(self.mark)!r}, 'a').write('.pth')\n"
                repo.write(f"{folder}/{name}".lstrip("/"), line)
        repo.write("pyproject.toml", f"{BUILD}[project]\nname = 'evil'\nversion = '1'\n")
        repo.write("setup.cfg", "[options]\npackages = find:\n")
        self.program = place / "bin/detent"
        self.program.parent.mkdir()
        # As pip writes it.
        self.program.write_text(
            f"#!{sys.executable}\nimport sys\nfrom detent.cli.main import entry\n"
            "if __name__ == '__main__':\n    sys.exit(entry())\n"
        )
        self.program.chmod(0o755)
        self.repo = repo._replace(
            env={
                **repo.env,
                "PATH": f"{self.program.parent}{os.pathsep}{repo.env['PATH']}",
                "PYTHONDONTWRITEBYTECODE": "1",
            }
        )

    def run(self, *command: str, at: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command; it must leave no mark."""
        done = subprocess.run(
            command, cwd=self.repo.path / at, env={**self.repo.env, **env}, input="",
            capture_output=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
        marks = self.mark.read_text().splitlines() if self.mark.exists() else []
        self.mark.unlink(missing_ok=True)
        assert marks == [], (command, at, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        return done


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """A repository with all those modules, shared by the tests here, which add commits to it."""
    place = tmp_path_factory.mktemp("marked")
    (place / "home").mkdir()
    (place / "repo").mkdir()
    repo = Sandbox(place / "repo", environment(place / "home"))
    repo.git("init", "-q", "-b", "main")
    found = Marked(repo, place)
    repo.commit(**{"pkg/a.py": CLEAN})
    repo.commit(**{"pkg/b.py": CLEAN})
    return found


FILE = ":(top)"  # replaced by the path of a file
ARGUMENTS = {
    "index": ["--jobs", "2", "--full"],
    "audit": ["--new-since", "HEAD~1"],
    "lint": [FILE],
    "coverage": ["--badge", "../badge.svg"],
    "ci": ["--base", "HEAD~1", "--report", "sarif=../out.sarif", "--store", "memory:"],
    "sym": ["f"],
    "symlist": [FILE],
    "calls": ["f"],
    "refs": ["f"],
    "search": ["f"],
    "impact": ["f"],
    "diff": ["HEAD~1"],
    "history": ["pkg.a.f"],
    "ctx": ["f"],
    "sql": ["select count(*) from file"],
    "completion": ["bash"],
    "rule": ["PR01"],
}


def list_commands() -> Iterator[list[str]]:
    for name in COMMANDS:
        if name not in ("hook", "budget"):
            yield [name, *ARGUMENTS.get(name, [])]
    yield ["--help"]
    yield ["--version"]
    yield ["check", "--at", "HEAD", "--store", "memory:", "--gate", "all", "-q"]
    yield ["audit", "--fix", "--at", "worktree", FILE]
    yield ["audit", "--explain", "GL08"]
    yield ["lint", "--config", ".", FILE]
    yield ["budget", "check"]
    yield ["budget", "explain", "docstring.issues"]
    yield ["budget", "suggest"]
    yield ["budget", "history", "docstring.issues", "--since", "HEAD~1"]
    prepared = ["--base", "HEAD~1", "--prepare", "detent index"]
    yield ["budget", "measure", *prepared, "--", "detent", "sym", "f"]
    for hook in (*HOOKS, "background"):
        yield ["hook", hook]


@pytest.mark.parametrize("place", PLACES)
def test_no_command_imports_from_a_repository(marked: Marked, place: str) -> None:
    path = str(marked.repo.path / "pkg/a.py")
    for command in list_commands():
        if "measure" in command and place:
            continue  # it runs the same in another directory, and takes long
        done = marked.run("detent", *(path if word == FILE else word for word in command), at=place)
        assert done.returncode in (0, 1), (command, done.stderr)


def test_the_commands_are_all_of_detent() -> None:
    assert {command[0] for command in list_commands()} >= {*COMMANDS}


@pytest.mark.parametrize("place", PLACES)
def test_as_a_module_detent_imports_what_python_has_imported_before_it(
    marked: Marked, place: str
) -> None:
    folder = marked.repo.path / place
    # Python imports some modules for `-m` before detent can do anything; with -P not from here.
    code = "import runpy, sys; print(*sys.modules)"
    done = marked.run(sys.executable, "-I", "-S", "-c", code)
    early = {"detent", *done.stdout.split()} & {*NAMES}
    paths = [path for name in early for path in (folder / name, folder / f"{name}.py")]
    for command in (["check"], ["sym", "f"], ["index", "--full", "--jobs", "2"]):
        marked.run(sys.executable, "-P", "-m", "detent", *command, at=place)
        for path in paths:
            path.rename(f"{path}-away")
        try:
            marked.run(sys.executable, "-m", "detent", *command, at=place)
        finally:
            for path in paths:
                Path(f"{path}-away").rename(path)


def test_no_hook_imports_from_a_repository(marked: Marked) -> None:
    repo = marked.repo
    marked.run("detent", "install", "--hooks", ",".join(HOOKS))
    repo.git("init", "-q", "--bare", "../remote.git")
    for place in PLACES:
        branch = f"work-{place or 'top'}".replace("/", "-")
        name = f"pkg/{branch}.py"
        for number, command in enumerate(
            [
                ["switch", "-q", "-c", branch],
                ["add", "-A", "."],
                ["commit", "-q", "-m", "work", "--", str(repo.write(name, CLEAN))],
                ["commit", "-q", "--amend", "-m", "work again"],
                ["push", "-q", str(repo.path.parent / "remote.git"), f"{branch}:{branch}"],
                ["switch", "-q", "main"],
                ["merge", "-q", "--no-ff", "-m", "merge", branch],
                ["rebase", "-q", "--force-rebase", "HEAD~1"],
            ]
        ):
            if number == 2:
                repo.git("add", name)
            done = marked.run("git", *command, at=place)
            assert done.returncode == 0, (command, done.stderr)
        marked.run("detent", "hook", "background", at=place)
        marked.run("detent", "doctor", at=place)
    marked.run("detent", "uninstall")


def test_no_entry_of_a_framework_imports_from_a_repository(marked: Marked) -> None:
    for hook in yaml.safe_load((SOURCE / ".pre-commit-hooks.yaml").read_text("utf-8")):
        files = [] if hook.get("pass_filenames") is False else ["pkg/a.py", "src/json.py"]
        refs = {"PRE_COMMIT_FROM_REF": "HEAD~1", "PRE_COMMIT_TO_REF": "HEAD"}
        done = marked.run(*shlex.split(hook["entry"]), *files, **refs)
        assert done.returncode in (0, 1), done.stderr


# ---- the steps of the services

BACKEND = r"""
import zipfile

INFO = "git_detent-1.dist-info/"
METADATA = "Metadata-Version: 2.1\nName: git-detent\nVersion: 1\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

def build_wheel(target, config_settings=None, metadata_directory=None):
    name = "git_detent-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{target}/{name}", "w") as wheel:
        wheel.writestr(INFO + "METADATA", METADATA)
        wheel.writestr(INFO + "WHEEL", WHEEL)
        script = zipfile.ZipInfo("git_detent-1.data/scripts/detent")
        script.external_attr = 0o100755 << 16
        wheel.writestr(script, "#!python\n" + SCRIPT)
        wheel.writestr(INFO + "RECORD", "")
    return name
"""


@pytest.fixture
def source(marked: Marked, tmp_path: Path) -> Path:
    """A small project in the place of detent's source, which pip can install without a network."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source/pyproject.toml").write_text(
        f"{BUILD}[project]\nname = 'git-detent'\nversion = '1'\n"
    )
    script = f"import os, sys\nos.execv({str(marked.program)!r}, ['detent', *sys.argv[1:]])\n"
    (tmp_path / "source/backend.py").write_text(f"SCRIPT = {script!r}\n{BACKEND}")
    return tmp_path / "source"


def run_steps(marked: Marked, lines: str, **env: str) -> None:
    done = marked.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", lines, **env)
    assert done.returncode in (0, 1), done.stderr


def test_no_step_of_the_action_imports_from_a_repository(
    marked: Marked, source: Path, tmp_path: Path
) -> None:
    document = yaml.safe_load((SOURCE / "action.yml").read_text("utf-8"))
    steps = [step for step in document["runs"]["steps"] if "run" in step]
    assert len(steps) == 2
    variables = tmp_path / "variables"
    env = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(source)}
    env |= {"GITHUB_ENV": str(variables), "GITHUB_ACTIONS": "true"}
    for step in steps:
        given = dict.fromkeys(step.get("env", {}), "") | {"DIRECTORY": ".", "BASE": "HEAD~1"}
        run_steps(marked, step["run"], **env, **given)
        env |= dict(line.split("=", 1) for line in variables.read_text("utf-8").splitlines())
    assert (tmp_path / "detent/bin/detent").is_file()


def test_no_step_on_gitlab_imports_from_a_repository(
    marked: Marked, source: Path, tmp_path: Path
) -> None:
    job = yaml.safe_load((SOURCE / "docs/gitlab-ci.yml").read_text("utf-8"))["detent"]
    subprocess.run([sys.executable, "-I", "-m", "venv", tmp_path / "image"], check=True)
    env = {name: value for name, value in job["variables"].items() if name.startswith("PIP")}
    env |= {"PATH": f"{tmp_path / 'image/bin'}{os.pathsep}{marked.repo.env['PATH']}"}
    env |= {"DETENT_SOURCE": str(source), "GITLAB_CI": "true"}
    env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = marked.repo.git("rev-parse", "HEAD~1").strip()
    run_steps(marked, "\n".join(job["script"]), **env)
    assert (tmp_path / "image/bin/detent").is_file()
