"""The raw pre-commit hook starts Python only where it must, and never lets through too much."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from conftest import SOURCE, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a\n\n\n"
GOOD = 'def {}():\n    """Do nothing."""\n\n\n'
BASE = '''"""Do things."""


class Base:
    """Be one."""

    def f(self):
        {}
'''
DERIVED = '''"""Do things."""

from .base import Base


class Derived(Base):
    """Be more."""

    def f(self):
        return 1
'''


class Hooked(NamedTuple):
    """A repository with the raw hook, and the list of how often the hook started Python."""

    repo: Sandbox
    starts: Path

    def commit(self, *arguments: str, more: Sequence[str] = (), **env: str) -> tuple[int, int]:
        """Begin a commit, give it up when asked for a message; give the hook's word, and starts."""
        before = self.started()
        done = subprocess.run(
            ["git", *arguments, "commit", "-q", "--allow-empty", *more],
            cwd=self.repo.path,
            env={**self.repo.env, "GIT_EDITOR": "echo asked >&2; false", **env},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert done.returncode == 1
        assert "cannot create" not in done.stderr
        return int("asked" not in done.stderr), self.started() - before

    def started(self) -> int:
        return len(self.starts.read_text().split())

    def stage(self, **files: str) -> None:
        for name, content in files.items():
            self.repo.write(name, content)
        self.repo.git("add", "-A")


PASSES, HELD = 0, 1
WITHOUT, WITH = 0, 1


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory into which detent is installed as pip does it."""
    place = tmp_path_factory.mktemp("site-packages")
    shutil.copytree(
        SOURCE / "src/detent", place / "detent", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(SOURCE / "hooks", place / "detent/hooks", dirs_exist_ok=True)
    (place / "git_detent-0.1.0.dist-info").mkdir()
    (place / "git_detent-0.1.0.dist-info/RECORD").write_text("detent/__init__.py,sha256=x,1\n")
    return place


@pytest.fixture
def hooked(repo: Sandbox, packages: Path, tmp_path: Path) -> Hooked:
    """A repository with a finding in it, and a hook of an installed detent."""
    repo = repo._replace(env={**repo.env, "PYTHONPATH": str(packages)})
    repo.commit(**{"pkg/__init__.py": "", "pkg/old.py": MODULE + BARE.format("old")})
    assert repo.detent("install").returncode == 0
    starts, python = tmp_path / "starts", tmp_path / "python"
    starts.touch()
    python.write_text(f'#!/bin/sh\necho x >>"{starts}"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    hook = repo.path / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text().replace(f"python='{sys.executable}'", f"python='{python}'"))
    return Hooked(repo, starts)


# ---- where no Python is started


def test_what_has_passed_passes_again(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f"), "notes": "x"})
    assert hooked.commit() == (PASSES, WITH)
    assert hooked.commit() == (PASSES, WITHOUT)
    assert hooked.commit("-c", "core.quotePath=false", "-c", "diff.relative=true") == (
        PASSES,
        WITHOUT,
    )
    hooked.repo.git("add", "--renormalize", "-A")
    (hooked.repo.path / "pkg/a.py").touch()
    hooked.repo.git("update-index", "--refresh")
    assert hooked.commit() == (PASSES, WITHOUT)
    hooked.stage(notes="y")
    assert hooked.commit() == (PASSES, WITH)


def test_what_is_not_staged_does_not_count(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    assert hooked.commit() == (PASSES, WITH)
    hooked.repo.write("pkg/a.py", MODULE + BARE.format("f"))
    assert hooked.commit() == (PASSES, WITHOUT)


@pytest.mark.parametrize("arguments", [["-a"], ["pkg/a.py"], ["-i", "pkg/a.py"]])
def test_what_is_committed_counts(hooked: Hooked, arguments: list[str]) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    assert hooked.commit() == (PASSES, WITH)
    hooked.repo.write("pkg/a.py", MODULE + BARE.format("f"))
    assert hooked.commit(more=arguments) == (HELD, WITH)
    assert hooked.commit() == (PASSES, WITHOUT)
    hooked.repo.write("pkg/a.py", MODULE + GOOD.format("f"))
    assert hooked.commit(more=arguments) == (PASSES, WITHOUT)


def test_commits_without_python(hooked: Hooked) -> None:
    assert hooked.commit() == (PASSES, WITH)
    for text in "ab":
        hooked.stage(**{"notes": text, "caf\u00e9 'x'.txt": text})
        assert hooked.commit() == (PASSES, WITHOUT)
        hooked.repo.git("commit", "-qm", text)
    assert hooked.started() == 1
    hooked.repo.git("mv", "pkg/old.py", "pkg/new.py")
    assert hooked.commit() == (PASSES, WITH)


def test_amending_a_message(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    hooked.repo.git("commit", "-qm", "x")
    hooked.repo.git("commit", "-q", "--amend", "-m", "y")
    assert hooked.started() == 1


def test_the_gate_all_passes_again_only_with_the_same(hooked: Hooked) -> None:
    hooked.repo.git("rm", "-q", "pkg/old.py")
    hooked.stage(**{"detent.toml": "gate = 'all'\n", "pkg/a.py": MODULE + GOOD.format("f")})
    assert hooked.commit() == (PASSES, WITH)
    assert hooked.commit() == (PASSES, WITHOUT)
    hooked.stage(notes="x")
    assert hooked.commit() == (PASSES, WITH)


def test_each_work_tree_has_its_own(hooked: Hooked, tmp_path: Path) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    assert hooked.commit() == (PASSES, WITH)
    linked = tmp_path / "linked"
    hooked.repo.git("worktree", "add", "-q", str(linked))
    other = hooked._replace(repo=hooked.repo._replace(path=linked))
    other.stage(**{"pkg/a.py": MODULE + BARE.format("f")})
    assert other.commit() == (HELD, WITH)
    other.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    assert other.commit() == (PASSES, WITH)
    assert other.commit() == (PASSES, WITHOUT)
    assert hooked.commit() == (PASSES, WITHOUT)


# ---- where it must be


def a_finding(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f") + BARE.format("g")})


def a_finding_in_an_odd_name(hooked: Hooked) -> None:
    hooked.stage(**{'pkg/\u00e9"\n .py': MODULE + BARE.format("g")})


def a_finding_behind_a_soft_reset(hooked: Hooked) -> None:
    """What was one commit's is in the index now, and HEAD is another."""
    a_finding(hooked)
    hooked.repo.git("commit", "-q", "--no-verify", "-m", "bad")
    hooked.repo.git("reset", "-q", "--soft", "HEAD~1")


def another_base(hooked: Hooked) -> None:
    """The index differs from HEAD as before, but both have lost what was inherited."""
    staged = hooked.repo.git("write-tree").strip()
    hooked.repo.git("reset", "-q", "--hard")
    hooked.repo.commit(**{"pkg/base.py": BASE.format("pass")})
    hooked.repo.git("checkout", "-q", staged, "--", "pkg", ".gitattributes")
    hooked.repo.git("checkout", "-q", "HEAD", "--", "pkg/base.py")


def stricter_settings(hooked: Hooked) -> None:
    hooked.repo.write("detent.toml", "select = ['ALL']\n")


def settings_that_cannot_be_read(hooked: Hooked) -> None:
    hooked.repo.write("pyproject.toml", "[tool.detent")


def settings_of_numpydoc(hooked: Hooked) -> None:
    hooked.repo.write("setup.cfg", "[tool:numpydoc_validation]\nchecks = all\n")


def settings_that_are_gone(hooked: Hooked) -> None:
    (hooked.repo.path / "detent.toml").unlink()


def attributes_of_this_clone(hooked: Hooked) -> None:
    hooked.repo.write(".git/info/attributes", "*.py -linguist-generated\n")


def a_file_that_is_no_longer_generated(hooked: Hooked) -> None:
    hooked.stage(**{".gitattributes": "pkg/generated.py -linguist-generated\n"})


MUTATIONS = [
    a_finding,
    a_finding_in_an_odd_name,
    a_finding_behind_a_soft_reset,
    another_base,
    stricter_settings,
    settings_that_cannot_be_read,
    settings_of_numpydoc,
    settings_that_are_gone,
    attributes_of_this_clone,
    a_file_that_is_no_longer_generated,
]


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda one: one.__name__)
def test_never_a_wrong_pass(hooked: Hooked, mutate: Callable[[Hooked], None]) -> None:
    settings = "exclude = ['pkg/excluded.py']\n"
    hooked.repo.commit(**{"pkg/base.py": BASE.format('"""Do it."""'), "detent.toml": settings})
    assert hooked.commit() == (PASSES, WITH)  # so that nothing to judge is known to pass
    hooked.stage(
        **{
            ".gitattributes": "pkg/generated.py linguist-generated\n",
            "pkg/a.py": MODULE + GOOD.format("f"),
            "pkg/derived.py": DERIVED,
            "pkg/excluded.py": BARE.format("g"),
            "pkg/generated.py": BARE.format("g"),
        }
    )
    assert hooked.commit() == (PASSES, WITH)
    assert hooked.commit() == (PASSES, WITHOUT)
    mutate(hooked)
    assert hooked.commit() == (HELD, WITH)


def test_a_sparse_index_of_another_commit(hooked: Hooked) -> None:
    hooked.repo.commit(**{"top.py": MODULE, "out/there.py": MODULE})
    hooked.repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "pkg")
    assert hooked.commit() == (PASSES, WITH)
    assert hooked.commit() == (PASSES, WITHOUT)
    blob = hooked.repo.git("hash-object", "-w", "--stdin", given=BARE.format("g").encode()).strip()
    tree = hooked.repo.git("ls-tree", "HEAD").replace(
        hooked.repo.git("rev-parse", "HEAD:out").strip(),
        hooked.repo.git("mktree", given=f"100644 blob {blob}\tthere.py\n".encode()).strip(),
    )
    tree = hooked.repo.git("mktree", given=tree.encode()).strip()
    bad = hooked.repo.git("commit-tree", "-p", "HEAD", "-m", "bad", tree).strip()
    hooked.repo.git("reset", "-q", "--hard", bad)
    hooked.repo.git("reset", "-q", "--soft", "HEAD~1")
    assert hooked.commit() == (HELD, WITH)


def test_another_detent_judges_again(hooked: Hooked, packages: Path, tmp_path: Path) -> None:
    here = tmp_path / "site-packages"
    shutil.copytree(packages, here)
    hook = hooked.repo.path / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text().replace(str(packages), str(here)))
    hooked.stage(notes="x")
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITHOUT)]
    (here / "git_detent-0.1.0.dist-info/RECORD").write_text("detent/__init__.py,sha256=y,1\n")
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITHOUT)]
    assert hooked.commit(PYTHONPATH=f"{packages}:{here}") == (PASSES, WITH)
    shutil.rmtree(here / "git_detent-0.1.0.dist-info")
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITH)]


@pytest.mark.parametrize(
    "settings",
    [
        "[[budget.limit]]\nmetric = 'docstring.coverage'\nmin = 1\n",  # not measured: no index yet
        "[[budget.limit]]\nmetric = 'index.bytes'\nmax = 1000000000\n",
        "severity = {GL08 = 'warning'}\n",  # said each time
        "engine = 'numpydoc'\n",
    ],
)
def test_what_may_end_otherwise_is_judged_again(hooked: Hooked, settings: str) -> None:
    hooked.stage(**{"detent.toml": settings, "pkg/a.py": MODULE + BARE.format("f")})
    if "GL08" not in settings:
        hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITH)]


def test_a_merge_is_judged_each_time(hooked: Hooked) -> None:
    hooked.repo.git("checkout", "-q", "-b", "side")
    hooked.repo.commit(**{"pkg/a.py": MODULE + GOOD.format("f"), "note": "theirs"})
    hooked.repo.git("checkout", "-q", "main")
    hooked.repo.commit(note="ours")
    hooked.repo.git("merge", "-q", "side", check=False)
    hooked.stage(note="both")
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITH)]


def test_half_a_record_is_none(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f"), "pkg/b.py": MODULE})
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITHOUT)]
    same = hooked.repo.path / ".git/detent/same"
    idle = hooked.repo.path / ".git/detent/idle"
    lines = same.read_text().splitlines(keepends=True)
    assert lines.pop() == "end\n"
    assert "pkg/b.py" in lines.pop()
    hooked.repo.git("reset", "-q", "pkg/b.py")
    same.write_text("".join(lines))
    assert hooked.commit() == (PASSES, WITH)
    hooked.repo.git("reset", "-q")
    idle.write_text(idle.read_text().rstrip("\n"))
    assert hooked.commit() == (PASSES, WITH)


def test_what_changes_meanwhile_is_not_written_down(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    python = hooked.starts.with_name("python")
    python.write_text(python.read_text() + "git add pkg\n")
    text = python.read_text().replace("exec ", "").replace("git add", "status=$?; git add")
    python.write_text(text + "exit $status\n")
    hooked.repo.write("pkg/a.py", MODULE + BARE.format("f"))
    assert hooked.commit() == (PASSES, WITH)
    assert not (hooked.repo.path / ".git/detent/same").exists()


def test_a_git_directory_that_cannot_be_written(hooked: Hooked) -> None:
    hooked.stage(notes="x")
    (hooked.repo.path / ".git/detent").write_text("a file in the way")
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITH)]


def test_before_the_first_commit(hooked: Hooked) -> None:
    hooked.repo.git("checkout", "-q", "--orphan", "fresh")
    assert hooked.commit() == (HELD, WITH)
    hooked.repo.git("rm", "-rqf", ".")
    assert [hooked.commit(), hooked.commit()] == [(PASSES, WITH), (PASSES, WITH)]
