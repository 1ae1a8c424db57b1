"""What detent writes: where it belongs, with the right mode, and never through a symbolic link."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detent.api.hook_names import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Cli, Sandbox

CODE = '"""Do things."""\n\n\ndef f(x=1):\n    """Do nothing"""\n'
#: Commands that write a file of a name that a person gives.
NAMED = {
    "badge": ("coverage", "--badge", "{}.svg"),
    **{
        form: ("ci", "--base", "HEAD~1", "--report", f"{form}={{}}.svg")
        for form in ("sarif", "gitlab", "junit", "markdown", "json")
    },
}
needs_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture
def work(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A repository with two commits, which is the current directory."""
    repo.commit(**{"a.py": CODE})
    repo.commit(**{"a.py": CODE.replace("nothing", "something")})
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A file outside of the repository."""
    path = tmp_path / "precious/out.svg"
    path.parent.mkdir()
    path.write_text("mine")
    return path


@pytest.fixture(params=[0o022, 0o077, 0o002])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


# ---- files that a person names


@pytest.mark.parametrize("name", NAMED)
def test_a_tracked_link_at_the_destination_is_replaced(
    work: Sandbox, cli: Cli, precious: Path, name: str
) -> None:
    command, *rest = NAMED[name]
    (work.path / "out.svg").symlink_to(precious)
    work.git("add", "out.svg")
    answer = cli(command, *(word.format("out") for word in rest))
    assert answer.status in (0, 1), answer.err
    assert precious.read_text() == "mine"
    assert (work.path / "out.svg").is_file()
    assert not (work.path / "out.svg").is_symlink()


@pytest.mark.parametrize("name", NAMED)
def test_a_link_to_the_directory_is_refused(
    work: Sandbox, cli: Cli, precious: Path, name: str
) -> None:
    command, *rest = NAMED[name]
    (work.path / "reports").symlink_to(precious.parent)
    answer = cli(command, *(word.format("reports/out") for word in rest))
    assert answer.status == 3
    assert "a symbolic link leads to it" in answer.err
    assert precious.read_text() == "mine"
    # A person who means that directory can name it.
    answer = cli(command, *(word.format(precious.with_suffix("")) for word in rest))
    assert answer.status in (0, 1), answer.err
    assert precious.read_text() != "mine"


@pytest.mark.parametrize("name", NAMED)
def test_no_name_of_a_temporary_file_can_be_known_before(
    work: Sandbox, cli: Cli, precious: Path, name: str
) -> None:
    command, *rest = NAMED[name]
    for number in {os.getpid() + step for step in range(-3, 300)}:
        for ending in ("detent-new", "tmp", "new"):
            (work.path / f"out.svg.{number}.{ending}").symlink_to(precious)
    assert cli(command, *(word.format("out") for word in rest)).status in (0, 1)
    assert precious.read_text() == "mine"
    assert not list(work.path.glob(".detent-*"))


def test_a_pipe_or_a_device_is_not_replaced(work: Sandbox, cli: Cli) -> None:
    os.mkfifo(work.path / "out.svg")
    answer = cli("coverage", "--badge", "out.svg")
    assert (answer.status, "not a regular file" in answer.err) == (3, True)
    assert stat.S_ISFIFO((work.path / "out.svg").lstat().st_mode)


@needs_modes
@pytest.mark.parametrize("name", NAMED)
def test_a_report_has_the_mode_of_the_umask_or_of_the_file_before(
    work: Sandbox, cli: Cli, umask: int, name: str
) -> None:
    command, *rest = NAMED[name]
    arguments = [word.format("out") for word in rest]
    assert cli(command, *arguments).status in (0, 1)
    assert mode(work.path / "out.svg") == 0o666 & ~umask
    for kept in (0o600, 0o664, 0o644):
        (work.path / "out.svg").chmod(kept)
        assert cli(command, *arguments).status in (0, 1)
        assert mode(work.path / "out.svg") == kept


# ---- hooks


@needs_modes
def test_hooks_have_the_mode_of_the_umask(
    work: Sandbox, cli: Cli, umask: int, precious: Path
) -> None:
    folder = work.path / ".husky"
    folder.mkdir()
    work.git("config", "core.hooksPath", ".husky")
    (folder / "pre-commit").symlink_to(precious)
    assert cli("install", "--hooks", ",".join(HOOKS)).status == 0
    assert {mode(folder / name) for name in HOOKS} == {0o777 & ~umask}
    assert precious.read_text() == "mine"
    (folder / "post-merge").chmod(0o640)
    assert cli("install", "--hooks", ",".join(HOOKS)).status == 0
    assert mode(folder / "post-merge") == 0o750
    assert cli("uninstall").status == 0
    assert (folder / "pre-commit").readlink() == precious


# ---- fixes


@needs_modes
@pytest.mark.parametrize("bits", [0o644, 0o755, 0o600, 0o4755, 0o2755, 0o6755])
def test_a_fix_keeps_the_mode_but_not_the_rights_of_the_owner(
    work: Sandbox, cli: Cli, bits: int
) -> None:
    path = work.path / "a.py"
    path.chmod(bits)
    assert cli("audit", "--fix", "--select", "ALL").status in (0, 1)
    assert 'something."' in path.read_text()
    assert mode(path) == bits & 0o777


# ---- below .git


def list_modes(folder: Path) -> dict[str, set[int]]:
    assert folder.is_dir()
    paths = [folder, *folder.rglob("*")]
    kinds = {"folders": Path.is_dir, "files": Path.is_file}
    return {
        kind: {mode(path) & 0o777 for path in paths if is_one(path)}
        for kind, is_one in kinds.items()
    }


@needs_modes
@pytest.mark.parametrize("bits", [0o700, 0o750, 0o755])
def test_the_index_is_open_to_those_to_whom_the_repository_is(
    work: Sandbox, cli: Cli, umask: int, bits: int
) -> None:
    (work.path / ".git").chmod(bits)
    assert cli("index").status == 0
    assert cli("hook", "post-commit").status == 0
    found = list_modes(work.path / ".git/detent")
    assert found == {"folders": {bits & ~umask}, "files": {bits & 0o666 & ~umask}}


@needs_modes
def test_the_index_of_a_shared_repository_is_shared(work: Sandbox, cli: Cli, umask: int) -> None:
    work.git("config", "core.sharedRepository", "group")
    work.git("init", "-q", "--shared=group")
    bits = mode(work.path / ".git")
    assert bits & 0o070 == 0o070
    assert cli("index").status == 0
    folder = work.path / ".git/detent"
    assert mode(folder) & 0o070 == 0o070
    files = [*folder.glob("index-*")]
    assert files
    assert {mode(path) & 0o060 for path in files} == {0o060}


# ---- settings


@pytest.mark.parametrize("name", ["detent.toml", "pyproject.toml", "setup.cfg"])
def test_nobody_waits_for_settings_that_have_no_end(
    work: Sandbox, cli: Cli, tmp_path: Path, name: str
) -> None:
    assert cli("install", "--hooks", "pre-commit").status == 0
    os.mkfifo(tmp_path / "endless")
    (work.path / name).symlink_to(tmp_path / "endless")
    for file in ("README", "a.py"):
        work.write(file, CODE)
        work.git("add", "-A")
        command = ["git", "commit", "-q", "-m", "change"]
        subprocess.run(command, cwd=work.path, env=work.env, check=True, timeout=60)
    assert cli("ci", "--base", "HEAD~2", "--settings", "base").status == 0


# ---- an index in the work tree


def test_an_index_that_a_commit_brings_along_is_refused(work: Sandbox, cli: Cli) -> None:
    assert cli("index", "--store", "facts/index.sqlite").status == 0
    assert cli("check", "--store", "facts/index.sqlite").status == 0
    for suffix in ("-wal", "-journal", ""):
        work.git("rm", "-qr", "--cached", "--ignore-unmatch", "facts")
        work.write(f"facts/index.sqlite{suffix}", (work.path / "facts/index.sqlite").read_bytes())
        work.git("add", "-f", f"facts/index.sqlite{suffix}")
        answer = cli("check", "--store", "facts/index.sqlite")
        assert answer.status == 2
        assert "is tracked by git, so a commit could decide" in answer.err
    work.git("rm", "-qr", "--cached", "facts")
    assert cli("check", "--store", str(work.path / "facts/other.sqlite")).status == 0


@pytest.mark.parametrize("link", ["facts", "facts/index.sqlite"])
def test_an_index_behind_a_link_of_the_work_tree_is_refused(
    work: Sandbox, cli: Cli, precious: Path, link: str
) -> None:
    target = precious.parent if link == "facts" else precious.parent / "new.sqlite"
    (work.path / link).parent.mkdir(exist_ok=True)
    (work.path / link).symlink_to(target)
    answer = cli("index", "--store", "facts/index.sqlite")
    assert answer.status == 2
    assert "symbolic link" in answer.err
    assert [*precious.parent.iterdir()] == [precious]
