"""In the place of `numpydoc lint`: its own tests, its settings, and what it trips over."""

from __future__ import annotations

import io
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpydoc
import pytest

from conftest import Answer, Cli, Sandbox
from detent.audit.selection.select import KINDS
from detent.cli.main import main

HOOK_TESTS = Path(numpydoc.__file__).parent / "tests/hooks/test_validate_hook.py"
ENGINE = 'engine = "numpydoc"\n'
BARE = "def f(a):\n    return a\n"
FULL = '"""Do."""\n\n\ndef f():\n    """Do.\n\n    More.\n    """\n'

Lint = Callable[..., Answer]


@pytest.fixture
def lint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Lint:
    """Run `detent lint` in a directory of its own, outside of any repository."""
    place = tmp_path / "plain"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))

    def run(*arguments: str) -> Answer:
        try:
            status = main(["lint", *arguments])
        except SystemExit as stop:
            status = int(stop.code or 0)
        return Answer(status, *capsys.readouterr())

    return run


def codes(answer: Answer) -> list[tuple[str, int, str]]:
    """Path, line and code of each finding; the form is that of numpydoc."""
    assert answer.out == ""
    found = re.findall(r"(?m)^\n(\S+):(\d+): ([A-Z]{2}\d+) \S.*\n", answer.err)
    return [(path, int(line), code) for path, line, code in found]


def write(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# ---- numpydoc's own tests of its hook

PLUGIN = f"""
from pathlib import Path
from numpydoc.hooks import validate_docstrings
from detent.cli.main import main

def run_hook(files, *, config=None, ignore=None):
    place = Path(config or ".")
    place.mkdir(exist_ok=True)
    (place / "detent.toml").write_text({ENGINE!r})
    chosen = ["--config", str(config)] if config else []
    return main(["lint", *chosen, *(f"--ignore={{code}}" for code in ignore or []), *files])

validate_docstrings.run_hook = run_hook
"""


@pytest.mark.skipif(not HOOK_TESTS.is_file(), reason="this numpydoc has no tests beside it")
def test_numpydocs_own_tests_of_its_hook_pass(tmp_path: Path) -> None:
    (tmp_path / "in_its_place.py").write_text(PLUGIN)
    own = ["-p", "in_its_place", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *own, "-c", os.devnull, str(HOOK_TESTS)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "GIT_CEILING_DIRECTORIES": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0, done.stdout
    assert passed
    assert int(passed[1]) >= 11


# ---- without settings, and with numpydoc's


def test_every_symbol_is_judged_by_numpydocs_codes(lint: Lint) -> None:
    write("a.py", '"""Do."""\n\n\ndef _f(a=1):\n    """This does it."""\n')
    write("tests/test_b.py", "def test_b(): pass\n")
    answer = lint("a.py", "tests/test_b.py")
    assert answer.status == 1
    assert codes(answer) == [
        ("a.py", 5, "ES01"),
        ("a.py", 5, "EX01"),
        ("a.py", 5, "PR01"),
        ("a.py", 5, "SA01"),
        ("tests/test_b.py", 1, "GL08"),
        ("tests/test_b.py", 1, "GL08"),
    ]


def test_clean(lint: Lint) -> None:
    write("a.py", FULL)
    answer = lint("--ignore", "SA01,EX01", "a.py")
    assert (answer.status, answer.out, answer.err) == (0, "", "")


@pytest.mark.parametrize(
    "ignore",
    [["--ignore", "SA01,EX01"], ["--ignore=SA01 EX01"], ["--ignore", "SA01", "--ignore", "EX01,"]],
)
def test_ignore_takes_what_numpydoc_takes(lint: Lint, ignore: list[str]) -> None:
    write("a.py", FULL)
    assert lint(*ignore, "a.py").status == 0


def test_settings_of_numpydoc(lint: Lint) -> None:
    write("setup.cfg", "[tool:numpydoc_validation]\nchecks = all,SA01,EX01\nexclude_files = b\n")
    write("a.py", FULL)
    write("b.py", BARE)
    write("sub/b.py", BARE)
    assert codes(lint("a.py", "b.py", "sub/b.py")) == [("sub/b.py", 1, "GL08")] * 2
    write("pyproject.toml", '[tool.numpydoc_validation]\nchecks = ["GL08"]\nexclude = ["f$"]\n')
    assert codes(lint("b.py")) == [("b.py", 1, "GL08")]


def test_settings_of_detent_go_before_them(lint: Lint) -> None:
    write("pyproject.toml", '[tool.numpydoc_validation]\nchecks = ["GL08"]\n[tool.detent]\n')
    write("a.py", BARE)
    assert len(codes(lint("a.py"))) == 2
    with Path("pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f'missing = {sorted(KINDS - {"module"})}\nselect = ["DT", "GL"]\n')
    assert codes(lint("a.py")) == [("a.py", 1, "GL08")]


def test_settings_elsewhere(lint: Lint, tmp_path: Path) -> None:
    write("a.py", BARE)
    write("ci/pyproject.toml", '[tool.numpydoc_validation]\nchecks = ["RT01"]\n')
    assert lint("--config", "ci", "a.py").status == 0
    assert lint("--config", str(Path("ci").absolute()), "a.py").status == 0
    assert lint("--config", "nowhere", "a.py").status == 2


def test_settings_do_not_depend_on_which_files_come_together(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pyproject.toml", '[tool.numpydoc_validation]\nchecks = ["RT01"]\n')
    write("sub/pyproject.toml", '[tool.numpydoc_validation]\nchecks = ["GL08"]\n')
    write("sub/a.py", BARE)
    write("b.py", BARE)
    found = [("sub/a.py", 1, "GL08")] * 2
    assert codes(lint("sub/a.py")) == codes(lint("sub/a.py", "b.py")) == found
    monkeypatch.chdir("sub")
    assert lint("a.py").status == 1


@pytest.mark.parametrize("arguments", [[], ["--ignore", "all", "a.py"], ["--ignore", "pr01", "a"]])
def test_wrong_arguments(lint: Lint, arguments: list[str]) -> None:
    assert lint(*arguments).status == 2


# ---- what numpydoc trips over


BAD: dict[str, str | bytes] = {
    "bom.py": b"\xef\xbb\xbf'''Do.'''\n",
    "latin.py": "# -*- coding: latin-1 -*-\n'''Caf\xe9.'''\n".encode("latin-1"),
    "utf-8.py": "'''\N{SNOWMAN}.'''\n",
    "nul.py": "'''Do.'''\nx = '\0'\n",
    "syntax.py": "'''Do.'''\ndef f(:\n",
    "new.py": "'''Do.'''\ntype X = int\n",
    "see_also.py": "def f(\n):\n  '''Do.\n\n  See Also\n  --------\n  `foo` bar\n  '''\n",
    "twice.py": "'''Do.\n\nNotes\n-----\nA.\n\nNotes\n-----\nB.\n'''\n",
    "receives.py": "'''Do.\n\nReceives\n--------\nint\n    A.\n'''\n",
    "deep.py": "'''Do.'''\ndef f():\n    'Do.'\n    return " + "+".join("1" * 3000) + "\n",
    "binary.py": b"\x00\xff\xfe" * 99,
}


@pytest.mark.parametrize("engine", ["", ENGINE])
@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_does_not_cost_the_rest(lint: Lint, name: str, engine: str) -> None:
    write("detent.toml", engine)
    write(name, BAD[name])
    write("last.py", BARE)
    answer = lint(name, "last.py")
    assert answer.status == 1
    assert "defect" not in answer.err
    assert [one for one in codes(answer) if one[0] == "last.py"] == [("last.py", 1, "GL08")] * 2
    if name in ("nul.py", "syntax.py", "twice.py", "see_also.py", "binary.py"):
        assert any(path == name for path, _, _ in codes(answer))


@pytest.mark.parametrize("engine", ["", ENGINE])
def test_an_ascii_locale(tmp_path: Path, engine: str) -> None:
    (tmp_path / "detent.toml").write_text(engine)
    (tmp_path / "a.py").write_text("'''\N{SNOWMAN} x'''\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "detent", "lint", "a.py"],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"a.py:1: SS03" in done.stderr


def test_what_is_no_file(lint: Lint, tmp_path: Path) -> None:
    write("sub/a.py", BARE)
    os.mkfifo("pipe.py")
    write("last.py", FULL)
    answer = lint("nothing.py", "pipe.py", "last.py", "--ignore", "SA01,EX01")
    assert answer.status == 3
    assert answer.err.split("\n\n") == [
        "\nnothing.py: cannot be read: No such file or directory",
        "pipe.py: is not a regular file\n",
    ]
    assert lint("nothing.py", "sub/a.py").status == 1


def test_directories_and_standard_input(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sub/b.py", "sub/a.py", "sub/deep/c.py", "sub/.hidden/d.py", "sub/text.txt"):
        write(name, BARE)
    Path("sub/link").symlink_to("deep")
    found = codes(lint("sub"))
    assert sorted({path for path, _, _ in found}) == ["sub/a.py", "sub/b.py", "sub/deep/c.py"]
    assert found == codes(lint("sub/a.py", "sub/b.py", "sub/deep/c.py"))
    assert codes(lint("sub/")) == found
    for given in (BARE.encode(), "é = 1\n".encode("latin-1")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        write("same.py", given)
        answer = lint("-")
        assert answer.status == 1
        assert answer.err.replace("-:", "same.py:") == lint("same.py").err
    assert lint("sub", "--exit-zero").status == 0
    assert lint("sub", "nothing.py", "--exit-zero", "--ignore=GL08").status == 3


def test_a_pointer_of_git_lfs_is_told_and_holds_nothing_back(lint: Lint) -> None:
    oid = f"oid sha256:{'0' * 64}"
    write("a.py", f"version https://git-lfs.github.com/spec/v1\n{oid}\nsize 9\n")
    for engine in ("", ENGINE):
        write("detent.toml", engine)
        answer = lint("a.py")
        assert answer.status == 0
        assert codes(answer) == [("a.py", 1, "DT906")]


def test_hostile_names(lint: Lint) -> None:
    write("a\x1b[31m\n.py", "'''Do\x1b[31m.'''\ndef f(a\n):\n    '''D.'''\n")
    answer = lint("a\x1b[31m\n.py", "--ignore", "GL08")
    assert answer.status == 1
    assert "\x1b" not in answer.err
    assert "a\\x1b[31m\\n.py:" in answer.err


def test_nothing_is_imported(lint: Lint) -> None:
    write("a.py", 'raise SystemExit("ran")\n')
    write("numpydoc/__init__.py", 'raise SystemExit("ran")\n')
    for engine in ("", ENGINE):
        write("detent.toml", engine)
        done = subprocess.run(
            [sys.executable, "-m", "detent", "lint", "a.py"], capture_output=True, check=False
        )
        assert done.returncode == 1
        assert b"ran" not in done.stderr


# ---- in a repository


@pytest.fixture
def inside(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    monkeypatch.chdir(repo.path)
    return repo


def test_the_settings_are_those_of_the_root(
    lint: Lint, inside: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside.commit(**{"sub/a.py": BARE, "detent.toml": 'exclude = ["sub/a.py"]\n'})
    assert lint("sub/a.py").status == 0
    monkeypatch.chdir(inside.path / "sub")
    assert lint("a.py").status == 0
    assert lint(str(inside.path / "sub/a.py")).status == 0
    inside.write("sub/b.py", BARE)
    assert codes(lint("b.py")) == [("b.py", 1, "GL08")] * 2


def test_what_is_on_disk_is_judged_and_nothing_is_written(lint: Lint, inside: Sandbox) -> None:
    inside.commit(**{"a.py": FULL})
    inside.write("a.py", BARE)
    assert codes(lint("a.py")) == [("a.py", 1, "GL08")] * 2
    assert not (inside.path / ".git/detent").exists()


def test_the_index_is_used_where_it_knows_the_content(
    lint: Lint, inside: Sandbox, cli: Cli
) -> None:
    inside.commit(**{"a.py": BARE})
    assert cli("index").status == 0
    (stored,) = (inside.path / ".git/detent").glob("index-*.sqlite")
    connection = sqlite3.connect(stored)
    connection.execute("UPDATE finding SET message = 'from the index'")
    connection.commit()
    connection.close()
    assert lint("a.py").err.count("from the index") == 2
    inside.write("a.py", BARE + "x = 1\n")
    assert "from the index" not in lint("a.py").err
    stored.write_bytes(b"no database at all" * 999)
    inside.write("a.py", BARE)
    assert codes(lint("a.py")) == [("a.py", 1, "GL08")] * 2


def test_a_warning_is_told_and_no_reason_to_fail(lint: Lint) -> None:
    Path("a.py").write_text(FULL.replace("    Do.\n", "    do.\n").replace('"""Do.\n', '"""do.\n'))
    Path("detent.toml").write_text('ignore = ["SA", "EX"]\n[severity]\nSS02 = "warning"\n')
    answer = lint("a.py")
    assert "SS02" in answer.err
    assert answer.status == 0
