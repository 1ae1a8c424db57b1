"""Which path was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detent.api.paths import suggest_path

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

FILES = ["src/pkg/core.py", "src/pkg/util.py", "src/other/util.py", "tests/test_core.py"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("scr", "src"),
        ("scr/pkg/util.py", "src/pkg/util.py"),
        ("src/pkg/utils.py", "src/pkg/util.py"),
        ("src/pgk/utl.py", "src/pkg/util.py"),
        ("core.py", "src/pkg/core.py"),
        ("lib/core.py", "src/pkg/core.py"),
        ("zzz", ""),
        ("src/pkg/zzz", ""),
    ],
)
def test_the_nearest_path(path: str, meant: str) -> None:
    assert suggest_path(path, FILES) == (f"did you mean {meant!r}?" if meant else "")


@pytest.mark.parametrize("command", ["audit", "symlist", "export", "coverage"])
@pytest.mark.parametrize("view", ["HEAD~1", "staged", "worktree"])
def test_a_misspelt_path_is_an_error_in_every_view(
    repo: Sandbox, cli: Cli, command: str, view: str
) -> None:
    repo.commit(**{"src/a.py": "", "src/gone.py": ""})
    repo.git("rm", "-q", "src/gone.py")
    repo.commit(**{"README.md": "x"})
    answer = cli(command, "--at", view, "src/aa.py")
    assert answer.status == 2
    where = view if view == "HEAD~1" else "the repository"
    assert (
        answer.err == f"detent: no such path in {where}: 'src/aa.py'\n  did you mean 'src/a.py'?\n"
    )
    assert cli(command, "--at", view, "src/a.py").status == 0
    assert cli(command, "--at", view, "src").status == 0
    assert cli(command, "--at", view, "src/gone.py").status == (0 if view == "HEAD~1" else 2)


def test_what_is_staged_and_not_on_disk_is_there(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"src/a.py": "def f():\n    return 1\n"})
    (repo.path / "src/a.py").unlink()
    assert cli("audit", "--at", "staged", "src/a.py").status == 1
    assert cli("audit", "--at", "staged", "src").status == 1
