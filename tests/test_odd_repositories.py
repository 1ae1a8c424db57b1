"""Large repositories, and those that hold or lack what others do not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

import naive
from conftest import load_entries
from detent import git
from detent.index import views
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox
    from detent.index.handle import Index

MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a\n"
GOOD = 'def {}():\n    """Do nothing."""\n'
VIEWS = (views.STAGED, views.WORKTREE)


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


def indexed(repo: Sandbox, entries: dict[bytes, str]) -> None:
    """Put blobs into the index, without any file."""
    rows = (b"100644 %s\t%s\0" % (oid.encode(), path) for path, oid in entries.items())
    repo.git("update-index", "-z", "--index-info", given=b"".join(rows))


def blobs(repo: Sandbox, *contents: str) -> list[str]:
    return [
        repo.git("hash-object", "-w", "--stdin", given=one.encode()).strip() for one in contents
    ]


# ---- size


def test_a_directory_of_20000_files(repo: Sandbox, index: Index) -> None:
    oids = blobs(repo, *(f"X = {number}\n" for number in range(10)))
    entries = {b"flat/m%05d.py" % number: oids[number % 10] for number in range(20_000)}
    indexed(repo, entries)
    repo.git("commit", "-qm", "many")
    found = discovered(repo)
    done = refresh_view(index, views.View(found, views.STAGED))
    assert (done.changed, done.analyzed, done.reused) == (20_000, 10, 19_990)
    assert load_entries(index, done.name) == entries
    (new,) = blobs(repo, "Y = 1\n")
    change = {b"flat/m00007.py": new, b"flat/new.py": new}
    indexed(repo, change)
    repo.git("update-index", "--force-remove", "flat/m00008.py")
    stored = index.open_reader().load_view(done.name)
    assert set(views.View(found, views.STAGED).compute_path_sets(stored).present) == {
        b"flat/m00008.py", *change
    }  # fmt: skip
    done = refresh_view(index, views.View(found, views.STAGED))
    assert (done.changed, done.deleted, done.analyzed) == (2, 1, 1)
    assert load_entries(index, done.name) == naive.staged(repo)
    # All of them are on disk, and look as if they had been edited.
    repo.git("checkout-index", "-q", "-a")
    assert naive.drop_languages(
        take_snapshot(index, views.View(found, views.WORKTREE)).entries
    ) == naive.staged(repo)


def test_paths_of_4000_bytes(repo: Sandbox, cli: Cli, index: Index) -> None:
    stem = b"/".join([b"d" * 199] * 19)
    paths = [stem + b"/" + b"%03d" % n + b"f" * (4000 - len(stem) - 7) + b".py" for n in range(40)]
    assert {len(path) for path in paths} == {4000}
    oids = blobs(repo, MODULE, MODULE + BARE.format("g"))
    indexed(repo, dict.fromkeys(paths, oids[0]))
    repo.git("commit", "-qm", "long")
    refresh_view(index, views.View(discovered(repo), views.STAGED))
    indexed(repo, {paths[3]: oids[1]})
    done = refresh_view(index, views.View(discovered(repo), views.STAGED))
    assert (done.changed, done.reused) == (1, 39)
    assert load_entries(index, done.name) == naive.staged(repo)
    answer = cli("hook", "pre-commit")
    assert answer.status == 1
    assert answer.out.startswith(f"{paths[3].decode()}:4:1: GL08 No docstring [g]\n")
    # Nothing is on disk; then what the system can name at all, and it has been edited.
    assert take_snapshot(index, views.View(discovered(repo), views.WORKTREE)).entries == {}
    repo.git("checkout-index", "-q", "-a", check=False)
    now = take_snapshot(index, views.View(discovered(repo), views.WORKTREE)).entries
    assert all(naive.staged(repo)[path] == oid for path, (oid, _) in now.items())


# ---- what is no code of the project


POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
POINTED = (
    "data.py:1:1: DT906 (warning) a Git LFS pointer: its content is not in git, so it is not "
    "analysed"
)


def test_a_pointer_of_lfs_is_told_and_holds_nothing_back(repo: Sandbox, cli: Cli) -> None:
    limits = "".join(
        f"[[budget.limit]]\nmetric = 'docstring.{name}'\nmax = 0\n"
        for name in ("issues", "issues.new", "undocumented")
    )
    repo.commit(**{"a.py": MODULE, "detent.toml": limits})
    repo.write("data.py", POINTER)
    repo.git("add", "-A")
    for command in (["hook", "pre-commit"], ["check"], ["check", "--gate", "all"]):
        answer = cli(*command)
        assert (answer.status, answer.err) == (0, "")
        assert answer.out.splitlines()[0] == POINTED
        judged = "0 findings in 2 files" if "all" in command else "0 new findings in 1 changed file"
        assert f"clean: {judged}" in answer.out
    assert cli("audit").out == f"{POINTED}\n0 findings in 0 files\n"
    assert cli("audit").status == cli("audit", "--new-since", "HEAD").status == 0
    for name in ("audit", "check"):
        value = json.loads(cli(name, "--at", "staged", "--format", "json").out)
        assert [one["code"] for one in value["notes"]] == ["DT906"]
    assert json.loads(cli("check", "--format", "json").out)["coverage"] == 100
    repo.write("detent.toml", f"ignore = ['DT906']\n{limits}")
    answer = cli("hook", "pre-commit")
    assert (answer.status, answer.err) == (0, "")
    assert "Git LFS" not in answer.out


def test_what_lfs_keeps_elsewhere_is_judged_as_git_has_it(repo: Sandbox, cli: Cli) -> None:
    repo.git("config", "filter.lfs.clean", f"cat >/dev/null; printf '{POINTER}'")
    repo.git("config", "filter.lfs.smudge", f"cat >/dev/null; printf '{BARE.format('f')}'")
    repo.commit(**{".gitattributes": "data.py filter=lfs\n", "data.py": BARE.format("f")})
    assert repo.git("show", "HEAD:data.py") == POINTER
    repo.write("data.py", BARE.format("f") + BARE.format("g"))
    for view in VIEWS:
        answer = cli("audit", "--at", view)
        assert (answer.status, answer.out.splitlines()[0]) == (0, POINTED)


MARKED = (
    "gen/** linguist-generated\nbought/** linguist-vendored\nbought/own.py -linguist-vendored\n"
)


def test_generated_and_vendored_files_are_indexed_and_not_audited(repo: Sandbox, cli: Cli) -> None:
    names = ("a.py", "gen/b.py", "bought/c.py", "bought/own.py")
    repo.commit(**{".gitattributes": MARKED, **dict.fromkeys(names, MODULE)})
    for name in names:
        repo.write(name, MODULE + BARE.format("f"))
    repo.write("gen/broken.py", "def (:\n")
    assert cli("audit").out.count("GL08") == 2
    repo.git("add", "-A")
    for command in (["hook", "pre-commit"], ["check"], ["audit"], ["audit", "--new-since=HEAD"]):
        answer = cli(*command)
        assert answer.status == 1
        told = [line.split(":")[0] for line in answer.out.splitlines() if " GL08 " in line]
        assert told == ["a.py", "bought/own.py"]
        assert "broken" not in answer.out
    for command in (["check"], ["coverage", "--at", "staged"]):
        assert json.loads(cli(*command, "--format", "json").out)["coverage"] == 50
    assert len(cli("sym", "f").out.splitlines()) == 5
    repo.git("commit", "-qm", "all", "--no-verify")
    assert cli("check", "--at", "HEAD").out.count(" GL08 ") == 2
    # Whoever takes the mark away answers for what comes to light with an edit.
    repo.write(".gitattributes", "")
    repo.write("gen/b.py", MODULE + BARE.format("f") + BARE.format("g"))
    repo.git("add", "-A")
    answer = cli("hook", "pre-commit")
    assert [line.split()[-1] for line in answer.out.splitlines() if " GL08 " in line] == ["[g]"]


# ---- names


def test_names_that_only_other_systems_take_for_one(repo: Sandbox, cli: Cli) -> None:
    nfc, nfd = (unicodedata.normalize(form, "caf\u00e9.py") for form in ("NFC", "NFD"))
    names = [nfc, nfd, "Pkg/a.py", "pkg/a.py", "pkg/A.py"]
    repo.commit(**dict.fromkeys(names, MODULE))
    for setting in ("core.ignoreCase", "core.precomposeUnicode"):
        repo.git("config", setting, "true")
    oids = blobs(repo, *(MODULE + BARE.format(f"f{number}") for number in range(5)))
    indexed(repo, {name.encode(): oid for name, oid in zip(names, oids, strict=True)})
    answer = cli("hook", "pre-commit")
    listed = [line for line in answer.out.splitlines() if " GL08 No " in line]
    told = {line.split(":")[0]: line.split()[-1] for line in listed}
    assert told == {name: f"[f{number}]" for number, name in enumerate(names)}
    repo.git("commit", "-qm", "all", "--no-verify")
    # Who types one of them on such a system means the file that the system would open.
    for typed, count in (("PKG", 3), ("pkg/A.PY", 3), (nfd, 2), ("other", 0)):
        assert cli("audit", "--at", "HEAD", typed).out.count(" GL08 ") == count
    for setting in ("core.ignoreCase", "core.precomposeUnicode"):
        repo.git("config", setting, "false")
    for typed, count in (("PKG", 0), ("pkg", 2), ("pkg/A.py", 1), (nfd, 1)):
        assert cli("audit", "--at", "HEAD", typed).out.count(" GL08 ") == count


def test_a_new_name_that_differs_only_in_case(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"mod.py": MODULE + BARE.format("old")})
    repo.git("config", "core.ignoreCase", "true")
    repo.git("mv", "mod.py", "Mod.py")
    assert cli("hook", "pre-commit") == (0, "", "")
    repo.write("Mod.py", MODULE + BARE.format("old") + BARE.format("new"))
    repo.git("add", "-A")
    answer = cli("hook", "pre-commit")
    assert "Mod.py:6:1: GL08 No docstring [new]\n" in answer.out
    assert "\nfailed: 1 new" in answer.out


# ---- what a clone lacks


@pytest.fixture
def origin(repo: Sandbox) -> Sandbox:
    """A repository with three commits."""
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.commit(
        **{"a.py": MODULE, "b.py": MODULE + "X = 1\n", "pkg/c.py": MODULE + BARE.format("old")}
    )
    repo.git("tag", "v1")
    repo.commit(**{"a.py": MODULE + GOOD.format("f")})
    repo.commit(**{"pkg/c.py": MODULE + BARE.format("old") + GOOD.format("g")})
    return repo


def cloned(origin: Sandbox, tmp_path: Path, *flags: str) -> Sandbox:
    clone = origin._replace(path=tmp_path / "clone")
    origin.git("clone", "-q", *flags, origin.path.as_uri(), str(clone.path))
    return clone


def test_a_partial_clone_names_what_it_lacks(origin: Sandbox, cli: Cli, tmp_path: Path) -> None:
    partial = cloned(origin, tmp_path, "--filter=blob:none")
    # So that older gits, which ask the origin nonetheless, get no answer.
    away = origin.path.rename(tmp_path / "away")
    assert cli("check", at=partial.path).status == 0
    assert cli("hook", "pre-commit", at=partial.path) == (0, "", "")
    lacking = ["a.py", "pkg/c.py"]
    told = [f"{name}: not analysed: as it was before the change: " for name in lacking]
    for command in (["check", "--base", "v1"], ["audit", "--new-since", "v1"]):
        answer = cli(*command, at=partial.path)
        assert answer.status == 3
        lines = [line for line in answer.out.splitlines() if ": not analysed: " in line]
        assert [line[: len(start)] for line, start in zip(lines, told, strict=True)] == told
        assert "`git fetch --refetch --no-filter` brings it" in answer.out
        assert "clean" not in answer.out
        assert "GL08" not in answer.out
    assert cli("index", "--at", "v1", at=partial.path).status == 3
    answer = cli("audit", "--at", "v1", at=partial.path)
    assert answer.status == 3
    assert [line.split(":")[0] for line in answer.out.splitlines()[:2]] == lacking
    # What it names as the remedy is one.
    away.rename(origin.path)
    partial.git("fetch", "-q", "--refetch", "--no-filter")
    assert cli("check", "--base", "v1", at=partial.path).status == 0
    assert cli("audit", "--at", "v1", at=partial.path).out.count(" GL08 ") == 1


def test_a_partial_clone_of_which_nothing_is_checked_out(
    origin: Sandbox, cli: Cli, tmp_path: Path
) -> None:
    partial = cloned(origin, tmp_path, "--filter=blob:none", "--sparse")
    partial.git("sparse-checkout", "set", "--cone", "pkg")
    origin.path.rename(tmp_path / "away")
    partial.write("pkg/c.py", MODULE + BARE.format("old") + BARE.format("new"))
    partial.git("add", "-A")
    # b.py is the one file at the top that git did not need.
    answer = cli("hook", "pre-commit", at=partial.path)
    assert answer.status == 1
    assert "pkg/c.py:6:1: GL08 No docstring [new]\n" in answer.out
    assert "\nfailed: 1 new finding" in answer.out
    partial.git("mv", "--sparse", "pkg/c.py", "pkg/moved.py")
    assert (
        "pkg/moved.py:6:1: GL08 No docstring [new]"
        in cli("hook", "pre-commit", at=partial.path).out
    )


def test_what_is_alike_in_a_partial_clone(origin: Sandbox, cli: Cli, tmp_path: Path) -> None:
    partial = cloned(origin, tmp_path, "--filter=blob:none", "--no-checkout")
    origin.path.rename(tmp_path / "away")
    partial.git("read-tree", "HEAD")
    (new,) = blobs(partial, MODULE + BARE.format("old"))
    oid = partial.git("rev-parse", "HEAD:a.py").strip()
    partial.git("update-index", "--force-remove", "a.py", "pkg/c.py")
    indexed(partial, {b"moved.py": oid, b"other.py": new})
    found = discovered(partial)
    assert git.find_renames(found, git.resolve_tree(found, "HEAD"), None) == {b"moved.py": b"a.py"}


@pytest.mark.parametrize("present", [0, 3, 20])
def test_only_what_is_missing_is_called_missing(
    origin: Sandbox, tmp_path: Path, present: int
) -> None:
    names = [f"n{number}.py" for number in range(20)]
    origin.commit(**{name: f"# {name}\n" for name in names})
    partial = cloned(origin, tmp_path, "--filter=blob:none", "--no-checkout")
    oids = [partial.git("rev-parse", f"HEAD:{name}").strip() for name in names]
    for oid in oids[20 - present :]:
        partial.git("cat-file", "-e", oid)
    origin.path.rename(tmp_path / "away")
    found = dict(git.read_blobs(discovered(partial), oids))
    assert set(found) == set(oids)
    assert [content is not None for content in map(found.get, oids)] == [
        number >= 20 - present for number in range(20)
    ]


def test_a_shallow_clone_judges_what_it_can(origin: Sandbox, cli: Cli, tmp_path: Path) -> None:
    shallow = cloned(origin, tmp_path, "--depth=1")
    shallow.write("a.py", MODULE + BARE.format("new"))
    shallow.git("add", "-A")
    assert cli("hook", "pre-commit", at=shallow.path).status == 1
    shallow.git("reset", "-q", "--hard")
    shallow.git("fetch", "-q", "--depth=1", "origin", "tag", "v1")
    for command in (["check", "--base", "v1"], ["audit", "--new-since", "v1"]):
        answer = cli(*command, at=shallow.path)
        assert answer.status == 3
        assert "no common ancestor" in answer.err
        assert "`git fetch --unshallow`" in answer.err
    shallow.git("fetch", "-q", "--unshallow")
    assert cli("check", "--base", "v1", at=shallow.path).status == 0


def test_a_bare_repository(origin: Sandbox, cli: Cli, tmp_path: Path) -> None:
    bare = cloned(origin, tmp_path, "--bare")
    assert cli("check", at=bare.path).status == 3
    assert cli("index", "--at", "HEAD", at=bare.path).status == 0
    assert cli("export", "--at", "HEAD", at=bare.path) == cli("export", "--at", "HEAD")
    assert cli("check", "--at", "HEAD", "--base", "v1", at=bare.path).status == 0
    assert os.listdir(bare.path / "detent")  # noqa: PTH208


@pytest.mark.skipif(os.name == "nt", reason="a directory in use cannot be removed there")
def test_from_a_directory_that_is_gone(repo: Sandbox) -> None:
    repo.commit("one", **{"a.py": "def f():\n    pass\n"})
    script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    command = [sys.executable, "-m", "detent", "sym", "f", "-C", str(repo.path)]
    done = subprocess.run(
        ["sh", "-c", script, "sh", *command],
        cwd=repo.path,
        env=repo.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "function f()" in done.stdout) == (0, True), done.stderr
