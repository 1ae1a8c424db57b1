"""End to end: real commits, with the raw hook, with pre-commit and with prek."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import yaml

from conftest import SOURCE, Cli, Sandbox
from detent.api.hook_names import HOOKS

if TYPE_CHECKING:
    from pathlib import Path

MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a\n\n\n"
FULL = '''def {}(a):
    """Give it back.

    Parameters
    ----------
    a : int
        Anything.

    Returns
    -------
    int
        The same.
    """
    return a


'''
PART = 'def {}(a):\n    """Give it back."""\n    return a + 1\n\n\n'
#: A file with three findings, which are nobody's fault.
LEGACY = MODULE + BARE.format("old") + PART.format("older")
BAD, GOOD = LEGACY + BARE.format("fresh"), LEGACY + FULL.format("fresh")
FRESH = [("pkg/a.py", "GL08", "fresh")]

Findings = list[tuple[str, str, str]]


def attempt(repo: Sandbox, *arguments: str, cwd: Path | None = None, **env: str) -> str | None:
    """Try to commit; gives what was said where the commit was held back, else None."""
    done = subprocess.run(
        ["git", "commit", "-q", "-m", "change", *arguments],
        cwd=cwd or repo.path,
        env={**repo.env, **env},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    return said if done.returncode else None


def findings(said: str | None) -> Findings:
    assert said is not None, "the commit was let through"
    return re.findall(r"(?m)^ *(\S+):\d+:\d+: ([A-Z]{2}\d+) .*\[(\S+)\]", said)


@pytest.fixture
def hooked(repo: Sandbox, cli: Cli) -> Sandbox:
    """A repository with findings in it, and the hook."""
    repo.commit(**{"pkg/a.py": LEGACY, "pkg/b.py": MODULE})
    assert cli("install").status == 0
    return repo


def test_only_what_a_commit_brings_in_stops_it(hooked: Sandbox) -> None:
    hooked.write("pkg/a.py", BAD)
    hooked.git("add", "-A")
    said = attempt(hooked)
    assert findings(said) == FRESH
    assert said
    assert "failed: 1 new finding in 1 changed file" in said
    hooked.write("pkg/a.py", GOOD)
    hooked.git("add", "-A")
    assert attempt(hooked) is None
    assert "Give it back" in hooked.git("show", "HEAD")


def test_a_badly_documented_function_may_move(hooked: Sandbox) -> None:
    hooked.write("pkg/a.py", MODULE + BARE.format("old"))
    hooked.write("pkg/b.py", MODULE + PART.format("older"))
    assert attempt(hooked, "-a") is None


def test_commit_all_takes_what_is_not_staged(hooked: Sandbox) -> None:
    hooked.write("pkg/a.py", BAD)
    assert findings(attempt(hooked, "-a")) == FRESH
    assert hooked.git("status", "--porcelain").split() == ["M", "pkg/a.py"]
    hooked.write("pkg/a.py", GOOD)
    assert attempt(hooked, "-a") is None


def test_commit_of_a_path_leaves_out_what_else_is_staged(hooked: Sandbox) -> None:
    hooked.write("pkg/a.py", BAD)
    hooked.git("add", "-A")
    hooked.write("pkg/b.py", MODULE + FULL.format("other"))
    assert attempt(hooked, "pkg/b.py") is None
    assert findings(attempt(hooked, "pkg/a.py")) == FRESH


def test_only_the_staged_bytes_count(hooked: Sandbox) -> None:
    hooked.write("pkg/a.py", BAD)
    hooked.git("add", "-A")
    hooked.write("pkg/a.py", GOOD)
    assert findings(attempt(hooked)) == FRESH
    hooked.git("add", "-A")
    hooked.write("pkg/a.py", BAD)
    assert attempt(hooked) is None
    assert hooked.git("show", "HEAD:pkg/a.py") == GOOD


@pytest.mark.parametrize(("answers", "held"), [("y\nn\n", True), ("n\ny\n", False)])
def test_hunks_that_are_staged_one_by_one(hooked: Sandbox, answers: str, held: bool) -> None:
    gap = "".join(f"X{n} = {n}\n" for n in range(20))
    hooked.commit(**{"pkg/a.py": MODULE + gap})
    hooked.write("pkg/a.py", MODULE + BARE.format("fresh") + gap + FULL.format("last"))
    command = ["git", "add", "-p"]
    subprocess.run(
        command, cwd=hooked.path, env=hooked.env, input=answers.encode(), check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert hooked.git("diff", "--name-only") == "pkg/a.py\n"
    said = attempt(hooked)
    assert findings(said) == FRESH if held else said is None


def test_the_first_commit_is_all_new(repo: Sandbox, cli: Cli) -> None:
    cli("install")
    repo.write("a.py", BARE.format("first"))
    repo.git("add", "-A")
    said = attempt(repo)
    assert said
    assert "a.py:1:1: GL08" in said
    assert findings(said) == [("a.py", "GL08", "first")]
    repo.write("a.py", MODULE + FULL.format("first"))
    repo.git("add", "-A")
    assert attempt(repo) is None


def test_a_fresh_clone_judges_like_a_full_index(hooked: Sandbox, cli: Cli, tmp_path: Path) -> None:
    assert cli("index").status == 0
    hooked.git("clone", "-q", ".", str(tmp_path / "clone"))
    clone = hooked._replace(path=tmp_path / "clone")
    assert cli("install", at=clone.path).status == 0
    for repo in (hooked, clone):
        repo.write("pkg/b.py", MODULE + PART.format("older") + BARE.format("fresh"))
        repo.write("pkg/a.py", MODULE)
        repo.git("add", "-A")
    said = [findings(attempt(repo)) for repo in (hooked, clone)]
    assert said == [[("pkg/b.py", "GL08", "fresh")]] * 2


BASE = '''{}class Base:
    """Be one."""

    def f(self):
        {}

    def g(self):
        {}
'''
DERIVED = '''{}from .base import Base


class Derived(Base):
    """Be more."""

    def f(self):
        return 1

    def g(self):
        return 2
'''
DO = '"""Do it."""'


@pytest.mark.parametrize("indexed", [False, True])
def test_a_docstring_may_be_inherited_from_a_file_that_is_not_in_the_commit(
    hooked: Sandbox, cli: Cli, indexed: bool
) -> None:
    hooked.commit(**{"pkg/__init__.py": "", "pkg/base.py": BASE.format(MODULE, DO, "pass")})
    if indexed:
        assert cli("index").status == 0
    hooked.write("pkg/derived.py", DERIVED.format(MODULE))
    hooked.git("add", "-A")
    assert findings(attempt(hooked)) == [("pkg/derived.py", "GL08", "Derived.g")]
    hooked.write("pkg/base.py", BASE.format(MODULE, DO, DO))
    assert findings(attempt(hooked)) == [("pkg/derived.py", "GL08", "Derived.g")], "not staged"
    hooked.git("add", "-A")
    assert attempt(hooked) is None
    hooked.write("pkg/base.py", BASE.format(MODULE, "pass", DO))
    hooked.write("pkg/derived.py", DERIVED.format(MODULE) + "\n    x = 1\n")
    expected = [("pkg/base.py", "GL08", "Base.f"), ("pkg/derived.py", "GL08", "Derived.f")]
    assert findings(attempt(hooked, "-a")) == expected


def test_a_commit_from_a_subdirectory(hooked: Sandbox) -> None:
    hooked.write("pkg/a.py", BAD)
    assert findings(attempt(hooked, "-a", cwd=hooked.path / "pkg")) == FRESH
    hooked.write("pkg/a.py", GOOD)
    assert attempt(hooked, "a.py", cwd=hooked.path / "pkg") is None


def test_a_commit_in_a_linked_work_tree(hooked: Sandbox, cli: Cli, tmp_path: Path) -> None:
    hooked.write("pkg/a.py", BAD)
    hooked.git("add", "-A")
    linked = tmp_path / "linked tree"
    hooked.git("worktree", "add", "-q", "-b", "side", str(linked))
    (linked / "pkg/b.py").write_text(MODULE + BARE.format("there"))
    assert findings(attempt(hooked, "-a", cwd=linked)) == [("pkg/b.py", "GL08", "there")]
    (linked / "pkg/b.py").write_text(MODULE + FULL.format("there"))
    assert attempt(hooked, "-a", cwd=linked) is None
    assert findings(attempt(hooked)) == FRESH


def test_amending_is_judged_against_what_is_amended(hooked: Sandbox) -> None:
    hooked.commit(**{"pkg/a.py": BAD})
    assert attempt(hooked, "--amend") is None
    hooked.write("pkg/b.py", MODULE + BARE.format("more"))
    assert findings(attempt(hooked, "--amend", "-a")) == [("pkg/b.py", "GL08", "more")]


def test_commits_without_new_python(hooked: Sandbox) -> None:
    hooked.write("README", "text")
    hooked.git("add", "-A")
    assert attempt(hooked) is None
    hooked.git("rm", "-q", "pkg/a.py")
    assert attempt(hooked) is None
    hooked.git("rm", "-rq", "pkg")
    assert attempt(hooked) is None


def test_a_renamed_file_with_edits(hooked: Sandbox) -> None:
    hooked.git("mv", "pkg/a.py", "pkg/c.py")
    assert attempt(hooked) is None
    hooked.git("mv", "pkg/c.py", "pkg/d.py")
    hooked.write("pkg/d.py", BAD)
    assert findings(attempt(hooked, "-a")) == [("pkg/d.py", "GL08", "fresh")]


def conflict(repo: Sandbox, ours: dict[str, str], theirs: dict[str, str]) -> None:
    """Make a merge that stops, with all its files resolved by what each side has."""
    repo.commit(note="base\n")
    repo.git("checkout", "-q", "-b", "side")
    repo.commit(**{"note": "theirs\n", **theirs})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"note": "ours\n", **ours})
    repo.git("merge", "-q", "side", check=False)
    assert repo.git("ls-files", "--unmerged")
    repo.write("note", "both\n")


def test_a_merge_answers_only_for_itself(hooked: Sandbox) -> None:
    theirs = BARE.format("theirs") + "X = 1\n" * 9
    ours = "Y = 1\n" * 9 + BARE.format("ours")
    hooked.commit(**{"pkg/c.py": MODULE + "Z = 1\n" * 9})
    conflict(
        hooked,
        {"pkg/c.py": MODULE + "Z = 1\n" * 9 + ours},
        {"pkg/c.py": MODULE + theirs + "Z = 1\n" * 9, "pkg/d.py": BARE.format("new")},
    )
    merged = (hooked.path / "pkg/c.py").read_text()
    assert "ours" in merged
    assert "theirs" in merged
    hooked.write("pkg/c.py", merged + BARE.format("neither"))
    hooked.git("add", "-A")
    assert findings(attempt(hooked)) == [("pkg/c.py", "GL08", "neither")]
    hooked.write("pkg/c.py", merged)
    hooked.git("add", "-A")
    assert attempt(hooked) is None
    assert len(hooked.git("rev-parse", "HEAD^@").split()) == 2


def test_a_merge_of_a_renamed_and_edited_file(hooked: Sandbox) -> None:
    hooked.git("checkout", "-q", "-b", "side")
    hooked.git("mv", "pkg/a.py", "pkg/z.py")
    hooked.commit(note="theirs\n")
    hooked.git("checkout", "-q", "main")
    hooked.commit(**{"note": "ours\n", "pkg/a.py": BAD})
    hooked.git("merge", "-q", "side", check=False)
    assert "fresh" in (hooked.path / "pkg/z.py").read_text()
    hooked.write("note", "both\n")
    hooked.git("add", "-A")
    assert attempt(hooked) is None


# ---- what `detent install` puts in place


def test_the_hook_that_was_there_goes_first(repo: Sandbox, cli: Cli) -> None:
    hook = repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho before >> log\nexit $(cat code)\n")
    hook.chmod(0o755)
    repo.write("code", "7")
    assert cli("install").status == 0
    repo.write("a.py", BARE.format("f"))
    repo.git("add", "a.py")
    assert findings(attempt(repo)) == []
    repo.write("code", "0")
    assert findings(attempt(repo)) == [("a.py", "GL08", "f")]
    assert (repo.path / "log").read_text() == "before\nbefore\n"


def test_a_python_that_is_gone_stops_the_commit_and_says_what_to_do(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/it's/python")
    cli("install")
    said = attempt(repo, "--allow-empty")
    assert said is not None
    assert "/nowhere/it's/python" in said
    assert "detent install" in said
    assert attempt(repo, "--allow-empty", "--no-verify") is None


def wrapped(path: Path, *flags: str) -> str:
    """Make a program that runs this Python."""
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\nexec '{sys.executable}' {' '.join(flags)} \"$@\"\n")
    path.chmod(0o755)
    return str(path)


def test_a_python_without_detent_says_what_to_do(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", wrapped(tmp_path / "bin/python", "-I", "-S"))
    cli("install")
    said = attempt(repo, "--allow-empty")
    assert said is not None
    assert said.startswith("detent: No module named 'detent' for ")
    assert len(said.splitlines()) == 2


def test_a_short_path_and_a_strange_interpreter(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = tmp_path / 'it\'s a "$HOME" `dir`' / "py thon"
    monkeypatch.setattr(sys, "executable", wrapped(strange))
    assert cli("install").status == 0
    monkeypatch.undo()
    repo.write("a.py", BARE.format("f"))
    repo.git("add", "-A")
    git = shutil.which("git")
    assert git
    (tmp_path / "bin").mkdir()
    for name in ("git", "sh", "env", "dirname", "basename", "sed", "uname"):
        found = shutil.which(name)
        if found:
            (tmp_path / "bin" / name).symlink_to(found)
    said = attempt(repo, PATH=str(tmp_path / "bin"))
    assert findings(said) == [("a.py", "GL08", "f")]


@pytest.mark.parametrize("name", ["json.py", "detent/__init__.py", "argparse.py"])
def test_modules_of_the_repository_are_not_imported(hooked: Sandbox, name: str) -> None:
    hooked.write(name, MODULE + 'raise SystemExit("the wrong module")\n')
    hooked.write("pkg/a.py", BAD)
    hooked.git("add", "-A")
    assert findings(attempt(hooked)) == FRESH


# ---- frameworks


Framework = Callable[[Sandbox], None]
HOOK = {
    "id": "detent",
    "name": "detent",
    "entry": f"'{sys.executable}' -m detent hook pre-commit",
    "language": "system",
    "pass_filenames": False,
    "always_run": True,
    "require_serial": True,
    "stages": ["pre-commit", "pre-merge-commit"],
}


@pytest.fixture(params=["pre_commit", "prek"])
def framework(request: pytest.FixtureRequest, repo: Sandbox) -> Sandbox:
    """A repository in which a framework runs detent."""
    settings = {"repos": [{"repo": "local", "hooks": [HOOK]}]}
    repo.write(".pre-commit-config.yaml", yaml.safe_dump(settings))
    repo.commit(**{"pkg/a.py": LEGACY, "pkg/b.py": MODULE})
    kinds = ["-t", "pre-commit", "-t", "pre-merge-commit"]
    command = [sys.executable, "-m", str(request.param), "install", *kinds]
    subprocess.run(command, cwd=repo.path, env=repo.env, check=True, capture_output=True)
    return repo


def test_a_framework_holds_back_and_lets_through(framework: Sandbox) -> None:
    framework.write("pkg/a.py", BAD)
    framework.git("add", "-A")
    framework.write("pkg/a.py", GOOD)
    framework.write("pkg/b.py", MODULE + BARE.format("later"))
    said = attempt(framework)
    assert findings(said) == FRESH, said
    assert (framework.path / "pkg/a.py").read_text() == GOOD
    framework.git("add", "pkg/a.py")
    assert attempt(framework) is None
    assert framework.git("diff", "--name-only") == "pkg/b.py\n"
    assert framework.git("show", "HEAD:pkg/a.py") == GOOD


def test_a_framework_runs_detent_where_files_only_go(framework: Sandbox) -> None:
    framework.write("detent.toml", "[[budget.limit]]\nmetric = 'docstring.issues.new'\nmin = 1\n")
    framework.git("rm", "-q", "pkg/b.py")
    said = attempt(framework)
    assert said
    assert "budget exceeded: docstring.issues.new" in said
    framework.write("detent.toml", "")
    assert attempt(framework) is None


def test_a_clean_merge_brings_in_nothing_of_its_own(framework: Sandbox) -> None:
    framework.git("checkout", "-q", "-b", "side")
    framework.commit(**{"pkg/a.py": BAD})
    framework.git("checkout", "-q", "main")
    framework.commit(**{"pkg/b.py": MODULE + BARE.format("ours")})
    framework.git("merge", "-q", "--no-edit", "side")
    assert len(framework.git("rev-parse", "HEAD^@").split()) == 2


LINT = {
    "id": "lint",
    "name": "lint",
    "entry": f"'{sys.executable}' -m detent lint",
    "language": "system",
    "types": ["python"],
}
NUMPYDOC = """
[tool.numpydoc_validation]
checks = ["GL08", "RT01", "ES01"]
exclude_files = ["gone/"]
"""


@pytest.fixture(params=["pre_commit", "prek"])
def linting(request: pytest.FixtureRequest, repo: Sandbox) -> Sandbox:
    """A repository that has put detent in the place of numpydoc's hook, with its settings."""
    settings = {"repos": [{"repo": "local", "hooks": [{**LINT, "args": ["--ignore", "ES01"]}]}]}
    repo.write(".pre-commit-config.yaml", yaml.safe_dump(settings))
    repo.commit(**{"pkg/a.py": LEGACY, "pkg/b.py": MODULE, "pyproject.toml": NUMPYDOC})
    command = [sys.executable, "-m", str(request.param), "install"]
    subprocess.run(command, cwd=repo.path, env=repo.env, check=True, capture_output=True)
    return repo


def linted(said: str | None) -> set[tuple[str, str]]:
    assert said is not None, "the commit was let through"
    return set(re.findall(r"(?m)^ *(\S+):\d+: ([A-Z]{2}\d+) ", said))


def test_in_the_place_of_numpydocs_hook(linting: Sandbox) -> None:
    linting.write("pkg/b.py", MODULE + BARE.format("f"))
    linting.git("add", "-A")
    linting.write("pkg/b.py", MODULE)  # what is not staged is put away meanwhile
    assert linted(attempt(linting)) == {("pkg/b.py", "GL08")}
    assert (linting.path / "pkg/b.py").read_text() == MODULE
    linting.git("add", "-A")
    assert attempt(linting, "--allow-empty") is None
    linting.write("pkg/a.py", LEGACY + "x = 1\n")  # like numpydoc's, it judges whole files
    assert linted(attempt(linting, "-a")) == {("pkg/a.py", "GL08"), ("pkg/a.py", "RT01")}


def test_batches_in_parallel(linting: Sandbox) -> None:
    names = [f"many/{n}.py" for n in range(40)]
    for name in names:
        linting.write(name, BARE.format("f"))
    linting.write("gone/c.py", BARE.format("f"))
    linting.write("notes.txt", "no Python\n")
    linting.git("add", "-A")
    assert linted(attempt(linting)) == {(name, "GL08") for name in names}


def test_the_manifest() -> None:
    manifest = SOURCE / ".pre-commit-hooks.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(manifest)]
    subprocess.run(command, check=True)
    hooks = {hook["id"]: hook for hook in yaml.safe_load(manifest.read_text("utf-8"))}
    assert {hook["language"] for hook in hooks.values()} == {"python"}
    lint = hooks.pop("detent-numpydoc")
    assert set(hooks) == {"detent-check", "detent-push", "detent-refresh", "detent-ci"}
    stages = [stage for hook in hooks.values() for stage in hook["stages"]]
    assert sorted(stages) == sorted([*HOOKS, "manual"])
    for hook in hooks.values():
        assert hook["pass_filenames"] is False
        assert hook["always_run"] is True
        assert hook["require_serial"] is True
        assert hook["minimum_pre_commit_version"] == "3.2.0"
    assert lint["entry"] == "detent lint"
    assert lint["types"] == LINT["types"]
    assert not {"pass_filenames", "require_serial"} & set(lint)
