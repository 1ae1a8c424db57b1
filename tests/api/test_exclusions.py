"""Why a file is not judged, and how quiet or talkative a run is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n'
BARE = '"""Do things."""\n\n\ndef f(a):\n    return a\n'


@pytest.fixture
def mixed(repo: Sandbox) -> Sandbox:
    repo.commit(
        **{
            "a.py": BARE,
            "README.md": "x",
            "notes.txt": "x",
            "made.py": BARE,
            "tests/test_a.py": BARE,
            ".gitattributes": "made.py linguist-generated\n",
        }
    )
    (repo.path / "link.py").symlink_to("a.py")
    repo.git("add", "-A")
    repo.git("commit", "-qnm", "link")
    repo.write("new.py", BARE)
    return repo


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("README.md", "not Python source"),
        ("made.py", ".gitattributes calls it generated or vendored"),
        ("tests/test_a.py", '`exclude` has "**/tests/**", the default'),
        ("link.py", "symbolic links are not followed"),
        ("new.py", "git does not track it: `git add` it, or run `detent lint` on it"),
    ],
)
def test_a_file_that_was_named_never_passes_for_clean(
    mixed: Sandbox, cli: Cli, path: str, why: str
) -> None:
    answer = cli("audit", path)
    assert answer.status == 0
    pending = "not checked: 1 untracked file (`git add` them, or `detent lint FILE`)\n"
    assert answer.out == (pending if path == "new.py" else "") + "0 findings in 0 files\n"
    assert answer.err == f"detent: skipped {path}: {why}\n"
    assert cli("audit", path, "--quiet")[1:] == ("", "")
    assert cli("coverage", path).err == answer.err


def test_what_is_judged_needs_no_reason(mixed: Sandbox, cli: Cli) -> None:
    assert cli("audit", "a.py").err == ""
    mixed.write("a.py", CLEAN)
    assert cli("audit", "a.py").err == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("tests", "all of its files are excluded: see `detent audit --verbose`"),
        ("sub", "it is another repository; run `detent audit -C sub`"),
        ("sub/deep", "it is in another repository; run `detent audit -C sub`"),
        ("sub/deep/a.py", "it is in another repository; run `detent audit -C sub`"),
        ("empty", "git tracks no file in it"),
    ],
)
def test_nor_does_a_directory(mixed: Sandbox, cli: Cli, path: str, why: str) -> None:
    (mixed.path / "empty").mkdir()
    mixed.git("init", "-q", "sub")
    mixed.write("sub/deep/a.py", CLEAN)
    assert cli("audit", path).err == f"detent: skipped {path}: {why}\n"
    for view in ("HEAD", "staged"):
        expected = "detent: skipped tests: all of its files are excluded"
        assert cli("audit", "--at", view, "tests").err.startswith(expected)


def test_a_directory_with_clean_files_is_judged(mixed: Sandbox, cli: Cli) -> None:
    mixed.write("pkg/b.py", CLEAN)
    mixed.write("pkg/tests/test_b.py", BARE)
    mixed.git("add", "-A")
    assert cli("audit", "pkg") == (0, "0 findings in 0 files\n", "")


def test_verbose_lists_all_that_is_left_out(mixed: Sandbox, cli: Cli) -> None:
    answer = cli("audit", "--verbose")
    assert answer.out.splitlines()[1:] == [
        "skipped made.py: .gitattributes calls it generated or vendored",
        'skipped tests/test_a.py: `exclude` has "**/tests/**", the default',
        "skipped 3 files: not Python source",
        "not checked: 1 untracked file (`git add` them, or `detent lint FILE`)",
        "1 finding in 1 file",
    ]
    assert cli("audit", "-v", "tests").out.splitlines()[0].startswith("skipped tests/test_a.py")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('exclude = ["docs/*.py", "b*.py"]\n', '`exclude` has "b*.py"'),
        (
            "[tool.numpydoc_validation]\nchecks = ['GL08']\nexclude_files = ['c', 'b+']\n",
            "numpydoc's `exclude_files` has 'b+'",
        ),
    ],
)
def test_the_setting_is_named(repo: Sandbox, cli: Cli, settings: str, why: str) -> None:
    name = "pyproject.toml" if "tool" in settings else "detent.toml"
    repo.commit(**{"b.py": BARE, name: settings})
    assert cli("audit", "b.py").err == f"detent: skipped b.py: {why}\n"


def test_what_becomes_of_each_changed_file(mixed: Sandbox, cli: Cli) -> None:
    for name in ("a.py", "README.md", "tests/test_a.py"):
        mixed.write(name, CLEAN)
    mixed.git("rm", "-q", "--cached", "made.py", "notes.txt")
    mixed.git("add", "-u")
    tree = mixed.git("rev-parse", "HEAD^{tree}").strip()
    answer = cli("check", "--verbose")
    assert answer.status == 0
    assert answer.out.splitlines()[:7] == [
        f"settings: defaults; gate: new; compared with the tree {tree[:10]}",
        "checked a.py",
        "skipped README.md: not Python source",
        "skipped made.py: it is deleted",
        "skipped notes.txt: it is deleted",
        'skipped tests/test_a.py: `exclude` has "**/tests/**", the default',
        "all other files are unchanged",
    ]
    mixed.git("commit", "-qnm", "next")
    assert "checked a.py\n" in cli("ci", "-v", "--base", "HEAD^").out


@pytest.mark.parametrize("command", [["check"], ["ci", "--base", "HEAD^"], ["audit"]])
def test_quiet_prints_nothing_but_what_fails(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    repo.commit(**{"a.py": CLEAN, "detent.toml": '[severity]\nSS = "warning"\n'})
    repo.commit(**{"a.py": '"""Do things"""\n'})
    at = ["--base", "HEAD^"] if command == ["check"] else []
    assert cli(*command, *at, "--quiet") == (0, "", "")
    assert "SS03 (warning)" in cli(*command, *at).out
    repo.commit(**{"a.py": BARE.replace("things.", "things")})
    answer = cli(*command, *at, "--quiet")
    assert (answer.status, answer.out) == (1, "a.py:4:1: GL08 No docstring [f]\n")
    assert cli(*command, *at, "--quiet", "--verbose").status == 2


def test_quiet_still_tells_of_limits(repo: Sandbox, cli: Cli) -> None:
    limit = "gate = 'none'\n[[budget.limit]]\nmetric = 'docstring.issues'\nmax = 0"
    repo.commit(**{"a.py": BARE, "detent.toml": limit})
    answer = cli("check", "-q")
    assert answer.status == 1
    assert answer.out.startswith("budget exceeded: docstring.issues: ")
    repo.write("detent.toml", "gate = 'none'\n")
    line = "detent.toml:1: budget loosened: docstring.issues: limit removed"
    assert line in cli("check").out
    assert cli("check", "-q") == (0, f"{line}\n", "")
