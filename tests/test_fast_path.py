"""The raw pre-commit hook starts Python only where something is staged that detent reads."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from detent.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import Sandbox

MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a\n\n\n"
GOOD = 'def {}():\n    """Do nothing."""\n\n\n'


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
        assert "fatal" not in done.stderr
        return int("asked" not in done.stderr), self.started() - before

    def started(self) -> int:
        return len(self.starts.read_text().split())

    def stage(self, **files: str) -> None:
        for name, content in files.items():
            self.repo.write(name, content)
        self.repo.git("add", "-A")


PASSES, FAILS = 0, 1
WITHOUT, WITH = 0, 1


@pytest.fixture
def hooked(repo: Sandbox, tmp_path: Path) -> Hooked:
    """A repository with a finding in it, and the hook."""
    repo.commit(**{"pkg/__init__.py": "", "pkg/old.py": MODULE + BARE.format("old"), "notes": ""})
    assert repo.detent("install").returncode == 0
    starts, python = tmp_path / "starts", tmp_path / "python"
    starts.touch()
    python.write_text(f'#!/bin/sh\necho x >>"{starts}"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name in ("pre-commit", "pre-merge-commit"):
        hook = repo.path / ".git/hooks" / name
        hook.write_text(
            hook.read_text().replace(f"python='{sys.executable}'", f"python='{python}'")
        )
    return Hooked(repo, starts)


# ---- where no Python is started


def test_commits_without_python(hooked: Hooked) -> None:
    assert hooked.commit() == (PASSES, WITHOUT)
    hooked.repo.write("pyproject.toml", "[project]\nname = 'x'\n")
    for text in "ab":
        hooked.stage(**{"notes": text, "caf\u00e9 'x'.txt": text, "sub/py": text})
        hooked.repo.git("reset", "-q", "pyproject.toml")
        assert hooked.commit("-c", "core.quotePath=false") == (PASSES, WITHOUT)
        hooked.repo.git("commit", "-qm", text)
    hooked.repo.git("rm", "-q", "notes")
    assert hooked.commit() == (PASSES, WITHOUT)


def test_what_is_not_staged_does_not_count(hooked: Hooked) -> None:
    hooked.repo.write("pkg/a.py", MODULE + BARE.format("f"))
    hooked.repo.write("pkg/old.py", MODULE + BARE.format("old") + BARE.format("g"))
    assert hooked.commit() == (PASSES, WITHOUT)
    assert hooked.commit(more=["-a"]) == (FAILS, WITH)


def test_amending_a_message(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    hooked.repo.git("commit", "-qm", "x")
    assert hooked.started() == 1
    hooked.stage(notes="more")
    hooked.repo.git("commit", "-q", "--amend", "-m", "y")
    assert hooked.started() == 1


def test_in_a_linked_work_tree(hooked: Hooked, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    hooked.repo.git("worktree", "add", "-q", str(linked))
    other = hooked._replace(repo=hooked.repo._replace(path=linked))
    hooked.stage(**{"pkg/a.py": MODULE + BARE.format("f")})
    other.stage(notes="x")
    assert other.commit() == (PASSES, WITHOUT)
    assert hooked.commit() == (FAILS, WITH)


@pytest.mark.parametrize(("name", "starts"), [("notes.txt", 0), ("pkg/theirs.py", 1)])
def test_a_merge(hooked: Hooked, name: str, starts: int) -> None:
    hooked.repo.git("checkout", "-q", "-b", "side")
    hooked.repo.commit(**{name: BARE.format("f")})
    hooked.repo.git("checkout", "-q", "main")
    hooked.repo.commit(notes="ours")
    hooked.repo.git("merge", "-q", "side", "-m", "merge")
    assert hooked.started() == starts


# ---- where it must be


def a_finding(hooked: Hooked) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f") + BARE.format("g")})


def a_finding_in_an_odd_name(hooked: Hooked) -> None:
    hooked.stage(**{'pkg/\u00e9"\n .py': MODULE + BARE.format("g")})


def a_finding_in_a_renamed_file(hooked: Hooked) -> None:
    hooked.repo.git("mv", "notes", "notes.py")
    hooked.stage(**{"notes.py": BARE.format("g")})


def a_finding_behind_a_soft_reset(hooked: Hooked) -> None:
    """What was one commit's is in the index now, and HEAD is another."""
    a_finding(hooked)
    hooked.repo.git("commit", "-q", "--no-verify", "-m", "bad")
    hooked.repo.git("reset", "-q", "--soft", "HEAD~1")


def a_finding_that_a_replacement_hides(hooked: Hooked) -> None:
    head = hooked.repo.git("rev-parse", "HEAD").strip()
    a_finding(hooked)
    hooked.repo.git("commit", "-q", "--no-verify", "-m", "bad")
    bad = hooked.repo.git("rev-parse", "HEAD").strip()
    hooked.repo.git("reset", "-q", "--soft", head)
    hooked.repo.git("replace", head, bad)


def settings_that_are_wrong(hooked: Hooked) -> None:
    hooked.stage(**{"detent.toml": "select = 3\n"})


def settings_that_cannot_be_read(hooked: Hooked) -> None:
    hooked.stage(**{"pyproject.toml": "[tool.detent"})


def settings_of_numpydoc(hooked: Hooked) -> None:
    hooked.stage(**{"setup.cfg": "[tool:numpydoc_validation]\nexclude = (\n"})


def the_gate_all(hooked: Hooked) -> None:
    hooked.repo.write("detent.toml", "gate = 'all'\n")


def the_gate_all_by_an_escape(hooked: Hooked) -> None:
    hooked.repo.write("pyproject.toml", '[tool.detent]\n"g\\u0061te" = "all"\n')


def no_commit_yet(hooked: Hooked) -> None:
    hooked.repo.git("checkout", "-q", "--orphan", "fresh")


MUTATIONS = [
    a_finding,
    a_finding_in_an_odd_name,
    a_finding_in_a_renamed_file,
    a_finding_behind_a_soft_reset,
    a_finding_that_a_replacement_hides,
    settings_that_are_wrong,
    settings_that_cannot_be_read,
    settings_of_numpydoc,
    the_gate_all,
    the_gate_all_by_an_escape,
    no_commit_yet,
]


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_never_a_wrong_pass(hooked: Hooked, mutate: Callable[[Hooked], None]) -> None:
    assert hooked.commit() == (PASSES, WITHOUT)
    mutate(hooked)
    assert hooked.commit() == (FAILS, WITH)


@pytest.mark.parametrize("name", ["pkg/old.py", "sub/.gitattributes", "pkg/gone.py"])
def test_what_passes_is_checked_too(hooked: Hooked, name: str) -> None:
    hooked.repo.commit(**{"pkg/gone.py": MODULE})
    if name == "pkg/gone.py":
        hooked.repo.git("rm", "-q", name)
    else:
        hooked.stage(**{name: "# comment\n" + MODULE + BARE.format("old")})
    assert hooked.commit() == (PASSES, WITH)
    assert hooked.commit() == (PASSES, WITH)


@pytest.mark.parametrize("arguments", [["-a"], ["pkg/a.py"], ["-i", "pkg/a.py"]])
def test_what_is_committed_counts(hooked: Hooked, arguments: list[str]) -> None:
    hooked.stage(**{"pkg/a.py": MODULE + GOOD.format("f")})
    assert hooked.commit() == (PASSES, WITH)
    hooked.repo.write("pkg/a.py", MODULE + BARE.format("f"))
    assert hooked.commit(more=arguments) == (FAILS, WITH)
    assert hooked.commit() == (PASSES, WITH)


def test_a_sparse_index_of_another_commit(hooked: Hooked) -> None:
    hooked.repo.commit(**{"top.py": MODULE, "out/there.py": MODULE})
    hooked.repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "pkg")
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
    assert hooked.commit() == (FAILS, WITH)


def test_before_the_first_commit(hooked: Hooked) -> None:
    hooked.repo.git("checkout", "-q", "--orphan", "fresh")
    hooked.repo.git("rm", "-rqf", ".")
    assert hooked.commit() == (PASSES, WITH)


def test_the_hook_knows_all_suffixes(hooked: Hooked) -> None:
    text = (hooked.repo.path / ".git/hooks/pre-commit").read_text()
    assert SUFFIXES
    assert all(f"*{suffix.decode()}*" in text for suffix in SUFFIXES)
