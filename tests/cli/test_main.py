"""Every way in which a run can end: the exit status, and what is said."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detent.cli.commands import check
from detent.cli.main import main
from detent.cli.parser import COMMANDS
from detent.core.errors import DetentError

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

BARE = '"""Do things."""\n\n\ndef f(a):\n    return a\n'
CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
QUESTIONS = [
    ["check"],
    ["index"],
    ["audit"],
    ["coverage"],
    ["budget"],
    ["sym", "f"],
    ["symlist"],
    ["calls", "f"],
    ["refs", "f"],
    ["edges"],
    ["impact", "f"],
    ["cycles"],
    ["hotspots"],
    ["clusters"],
    ["sql", "select count(*) from file"],
    ["diff", "HEAD"],
    ["history", "f"],
    ["ctx", "f"],
    ["stats"],
    ["verify"],
    ["export"],
]
everywhere = pytest.mark.parametrize("command", QUESTIONS, ids=[one[0] for one in QUESTIONS])


def test_the_table_above_is_complete() -> None:
    others = {
        "config",
        "init",
        "rule",
        "install",
        "uninstall",
        "hook",
        "gc",
        "doctor",
        "lint",
        "ci",
        "completion",
        "stages",
        "search",  # tests/api/test_search.py
        "mcp",  # tests/server/test_mcp.py
    }
    assert {one[0] for one in QUESTIONS} | others == set(COMMANDS)


# ---- statuses


def test_clean_and_held_back(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN})
    assert cli("check").status == 0
    repo.write("a.py", BARE)
    repo.git("add", "-A")
    answer = cli("check")
    assert answer.status == 1
    assert answer.err == ""
    assert answer.out.startswith("a.py:4:1: GL08 ")


@pytest.mark.parametrize(
    "arguments",
    [["check", "--gate", "some"], ["sym"], ["index", "--jobs", "x"], ["budget", "chekc"]],
)
def test_wrong_arguments(cli: Cli, arguments: list[str]) -> None:
    answer = cli(*arguments)
    assert answer.status == 2
    assert answer.err.startswith("usage: detent ")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["check", "--baze", "main"], "did you mean '--base'?"),
        (["audit", "--new_since=main"], "did you mean '--new-since'?"),
        (["budget", "explain", "--frmat", "json"], "did you mean '--format'?"),
        (["audit", "--nothing"], "`detent audit --help` lists the options"),
        (["sym", "f", "g"], "`detent sym --help` lists the options"),
    ],
)
def test_unknown_arguments(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["chekc"], "unknown 'chekc': did you mean 'check'?"),
        (["xyz"], "unknown 'xyz': choose from check, index, "),
        (["budget", "explian"], "unknown 'explian': did you mean 'explain'?"),
        (["check", "--gate", "alll"], "unknown 'alll': did you mean 'all'?"),
        (["audit", "--format", "jsno"], "unknown 'jsno': did you mean 'json'?"),
    ],
)
def test_unknown_words(arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "usage"),
    [
        ([], "usage: detent [-h]"),
        (["help"], "usage: detent [-h]"),
        (["help", "audit"], "usage: detent audit [-h]"),
        (["help", "budget", "explain"], "usage: detent budget explain [-h]"),
    ],
)
def test_help(arguments: list[str], usage: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith(usage)


def test_options_before_the_command(
    repo: Sandbox, cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit(**{"audit/a.py": BARE})
    assert cli("index", "--at", "worktree").status == 0
    capsys.readouterr()
    after = main(["sym", "f", "-C", str(repo.path)]), capsys.readouterr().out
    assert (main(["-C", str(repo.path), "sym", "f"]), capsys.readouterr().out) == after
    # The value of an option is no command.
    there = str(repo.path / "audit")
    assert (main(["-C", there, "--color", "auto", "sym", "f"]), capsys.readouterr().out) == after
    assert main(["-C", str(tmp_path / "gone"), "sym", "f"]) == 3


@pytest.mark.parametrize(
    ("variables", "arguments", "is_coloured"),
    [
        ({}, [], False),  # no terminal
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({}, ["--color", "always"], True),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({"FORCE_COLOR": "1"}, ["--color=auto"], True),
    ],
)
def test_colours(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str], arguments: list[str], *, is_coloured: bool,
) -> None:  # fmt: skip
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.setenv(name, variables.get(name, ""))
    repo.commit(**{"a.py": BARE})
    answer = cli("audit", *arguments)
    assert answer.status == 1
    assert ("\x1b[" in answer.out) == is_coloured


@pytest.mark.parametrize(
    "command",
    [["check", "--gate", "all"], ["audit"], ["ci", "--gate=all", "--base=HEAD~1"]],
)
def test_a_report_without_failing(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    repo.commit(**{"a.py": BARE})
    repo.commit(**{"b.py": BARE})
    plain = cli(*command, "-q")
    assert plain.status == 1
    quiet = cli(*command, "-q", "--exit-zero")
    assert (quiet.status, quiet.out) == (0, plain.out)
    assert cli(command[0], "--at", "nowhere", "--exit-zero").status == 3


@pytest.mark.parametrize("arguments", [["chek"], ["--no"]])
def test_no_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: detent" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (KeyError("x"), 4)])
def test_a_run_that_is_cut_short(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int
) -> None:
    def fail(namespace: object) -> int:
        raise error

    monkeypatch.setattr(check, "run", fail)
    answer = cli("check")
    assert answer.status == status
    assert answer.err.startswith("detent: ")
    assert "Traceback" not in answer.err


@everywhere
def test_no_repository(cli: Cli, tmp_path: Path, command: list[str]) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        answer = cli(*command, at=place)
        assert answer.status == 3
        assert str(place) in answer.err


@everywhere
def test_settings_that_cannot_be_followed(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    repo.commit(**{"detent.toml": "gaet = 'new'", "a.py": CLEAN})
    answer = cli(*command)
    if command[0] in ("check", "audit", "coverage", "budget"):
        assert answer.status == 2
        assert "did you mean 'gate'?" in answer.err
    else:
        assert (answer.status, answer.err) == (0, "")


@everywhere
@pytest.mark.parametrize("revision", ["nothing", "--output=x", "-p", "HEAD^{blob}", "HEAD~9"])
def test_unknown_revisions(repo: Sandbox, cli: Cli, command: list[str], revision: str) -> None:
    repo.commit(**{"a.py": CLEAN})
    answer = cli(*command, f"--at={revision}")
    assert answer.status == 3
    assert "no such revision" in answer.err
    assert repr(revision) in answer.err
    assert sorted(path.name for path in repo.path.iterdir()) == [".git", "a.py"]


@pytest.mark.parametrize("option", ["--base", "--new-since"])
def test_a_base_that_a_shallow_clone_lacks(
    repo: Sandbox, cli: Cli, tmp_path: Path, option: str
) -> None:
    first = repo.commit(**{"a.py": CLEAN})
    repo.git("branch", "old")
    repo.commit(**{"a.py": BARE})
    url = repo.path.as_uri()
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", url, str(tmp_path / "shallow"))
    command = "check" if option == "--base" else "audit"
    for base in (first, "origin/old"):
        answer = cli(command, option, base, at=tmp_path / "shallow")
        if answer.status != 3:
            assert base == first  # the object came along with the branch, and is no ancestor here
        assert answer.status == 3
        assert "git fetch --unshallow" in answer.err


@everywhere
def test_an_unmerged_index(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    repo.commit(**{"a.py": CLEAN})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit(**{"a.py": CLEAN + "x = 1\n"})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"a.py": CLEAN + "x = 2\n"})
    repo.git("merge", "-q", "side", check=False)
    answer = cli(*command)
    assert answer.status == 3
    assert answer.err.startswith("detent: a.py has conflicts")


@everywhere
def test_a_repository_without_anything(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    answer = cli(*command)
    assert answer.status == (
        1 if command[0] in ("sym", "calls", "refs", "history", "ctx", "impact") else 0
    )
    assert answer.err == ""


# ---- the index on disk


def stored(repo: Sandbox) -> Path:
    (found,) = (repo.path / ".git/detent").glob("index-*.sqlite")
    return found


@everywhere
def test_a_corrupt_index(repo: Sandbox, cli: Cli, command: list[str]) -> None:
    repo.commit(**{"a.py": CLEAN})
    assert cli("index").status == 0
    stored(repo).write_bytes(b"no database at all" * 999)
    answer = cli(*command)
    assert "is damaged" in answer.err
    if command[0] == "verify":  # it only reads
        assert answer.status == 3
        assert "detent index --full" in answer.err
    else:
        assert answer.status == 0
        assert cli("verify").status == 0


@everywhere
def test_a_file_of_someone_else_is_left_alone(
    repo: Sandbox, cli: Cli, tmp_path: Path, command: list[str]
) -> None:
    repo.commit(**{"a.py": CLEAN})
    database, text = tmp_path / "other.db", tmp_path / "notes"
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE mine (x)")
    connection.commit()
    connection.close()
    text.write_bytes(b"dear diary\n" * 99)
    for path in (database, text):
        before = path.read_bytes()
        answer = cli(*command, "--store", str(path))
        assert answer.status in (0, 3)
        assert str(path) in answer.err
        assert path.read_bytes() == before
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"home", "repo", "other.db", "notes"}


@everywhere
def test_a_directory_as_store(repo: Sandbox, cli: Cli, tmp_path: Path, command: list[str]) -> None:
    repo.commit(**{"a.py": CLEAN})
    answer = cli(*command, "--store", str(tmp_path))
    assert answer.status in (0, 3)
    assert str(tmp_path) in answer.err


def test_full_build_spares_what_is_not_an_index(repo: Sandbox, cli: Cli, tmp_path: Path) -> None:
    repo.commit(**{"a.py": CLEAN})
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    cli("index", "--full", "--store", str(precious))
    assert precious.read_text() == "years of work"


# ---- places where output goes


def test_a_reader_that_goes_away(repo: Sandbox) -> None:
    repo.commit(**{f"a{n}.py": BARE * 30 for n in range(40)})
    for command in (["audit"], ["sym", "f"], ["export"]):
        with subprocess.Popen(
            [sys.executable, "-m", "detent", *command],
            cwd=repo.path,
            env=repo.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == (1 if command == ["audit"] else 0)


@everywhere
def test_an_ascii_terminal_without_a_home(repo: Sandbox, command: list[str]) -> None:
    name = "b\u00fc\u4e2d.py"
    repo.commit(**{name: BARE.replace("f(", "\u00fc("), "a.py": BARE})
    env = {name: value for name, value in repo.env.items() if name not in ("HOME", "LC_ALL")}
    done = subprocess.run(
        [sys.executable, "-m", "detent", *command],
        cwd=repo.path,
        env={**env, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == (1 if command[0] == "audit" else 0)
    assert done.stderr == b""
    assert done.stdout.isascii()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
@pytest.mark.parametrize("command", [["audit"], ["index"], ["audit", "--explain", "PR01"]])
def test_a_full_disk_is_told(repo: Sandbox, command: list[str]) -> None:
    repo.commit(**{"a.py": CLEAN})
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "detent", *command],
            cwd=repo.path,
            env=repo.env,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.startswith(b"detent: the output cannot be written: ")
    assert len(done.stderr.splitlines()) == 2


def test_the_verdict_stands_though_nobody_reads_it(repo: Sandbox) -> None:
    repo.write("a.py", BARE)
    repo.git("add", "-A")
    command = f"'{sys.executable}' -m detent hook pre-commit; echo $? >status"
    # `true` ends at once; waiting for the file that follows it makes sure that it has.
    script = f"{{ while [ ! -e gone ]; do sleep 0.01; done; {command}; }} | exec true & "
    done = subprocess.run(
        ["sh", "-c", f"{script} sleep 0.1; : >gone; wait"],
        cwd=repo.path,
        env=repo.env,
        check=True,
        capture_output=True,
    )
    assert done.stderr == b""
    assert (repo.path / "status").read_text() == "1\n"


# ---- what repositories hold

HUGE = b"x = 1\n" * 900_000
BAD_FILES = [
    # The bytes, the problems that are told of the file, and whether its function is found.
    (b"\x7fELF\x00\x01\x02\x03" * 50, "DT901", False),
    (BARE.replace("return a", "return '\u00fc'").encode("latin-1"), "DT903", True),
    (BARE.encode().replace(b"return a", b"return '\0'"), "DT902 DT904", True),
    (b"# coding: nonsense\n# \xc3\xbc\n" + BARE.encode(), "DT903", True),
    (("# coding: latin-1\n" + BARE).replace("a\n", "'\u00fc'\n").encode("latin-1"), "", True),
    (b"\xef\xbb\xbf" + BARE.encode(), "", True),
    (b"def (:\n\n\n" + BARE.encode(), "DT902", True),
    (BARE.encode() + b"\nX = " + b" + ".join([b"1"] * 3000) + b"\n", "", True),
    (BARE.encode() + b"\nX = " + b"(" * 2000 + b"1" + b")" * 2000 + b"\n", "", True),
    (BARE.encode() + b"\nX = " + b"[" * 2000, "DT902", True),
    (HUGE, "DT905", False),
    (b"", "", False),
    (b"\xff", "DT902 DT903", False),
]


@pytest.mark.parametrize(("content", "problems", "found"), BAD_FILES)
def test_bad_files_cost_nothing_but_themselves(
    repo: Sandbox, cli: Cli, content: bytes, problems: str, found: bool
) -> None:
    repo.write("bad.py", content)
    repo.commit(**{"a.py": BARE, "z.py": BARE})
    assert cli("index").status == 0
    answer = cli("audit")
    assert answer.err == ""
    assert answer.status == 1
    lines = answer.out.splitlines()
    assert lines[0].startswith("a.py:4:1: GL08")
    assert lines[-2].startswith("z.py:4:1: GL08")
    told = {line.split(" ")[1] for line in lines if line.startswith("bad.py")}
    assert {code for code in told if code.startswith("DT")} == set(problems.split())
    assert ("bad.py" in cli("sym", "f").out) == found
    assert cli("verify").status == 0


STEER = "\x1b[31mred\x1b[0m\n::error file=x::y\r\u202e\u2066"
NAMES = [
    "::error file=app.py,line=1::owned.py",
    "  ::warning::x.py",
    "##[error]owned.py",
    "##vso[task.complete]x.py",
    "new\nline.py",
    "\x1b[2Jclear.py",
    "\u202eyp.txt.py",
    "quote\"'`$(x).py",
    "-n.py",
]
UNSAFE = "\x1b\r\x07\u202e\u2066\u2028"


@pytest.fixture
def hostile(repo: Sandbox) -> Sandbox:
    """Names and docstrings that try to steer whoever prints them."""
    text = f'"""Do {STEER} things."""\n\n\ndef f(a):\n    """Do {STEER}\n\n    Parameters\n'
    text += (
        f'    ----------\n    {STEER.replace(chr(10), "")} : int\n    ::error::x : int\n    """\n'
    )
    text += "\ndef g(a): return a\n"
    repo.commit(**{f"{name}": text for name in NAMES}, **{os.fsdecode(b"\xff.py"): text})
    return repo


@everywhere
def test_nothing_of_a_repository_steers_a_terminal(
    hostile: Sandbox, cli: Cli, command: list[str]
) -> None:
    hostile.write("a.py", "x = 1\n")
    answer = cli(*command)
    said = answer.out + answer.err
    assert answer.status in (0, 1, 2)  # several symbols have one name
    assert not [character for character in UNSAFE if character in said]
    if command[0] != "export":
        for line in said.splitlines():
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
            assert "##vso[" not in line
    assert not [line for line in said.splitlines() if line.startswith("line.py")]


def test_errors_do_not_steer_a_terminal_either(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"detent.toml": '"\\u001b[31m\\n::error::x" = 1', "a.py": ""})
    answer = cli("check")
    assert answer.status == 2
    assert "\x1b" not in answer.err
    assert len(answer.err.splitlines()) == 2
    assert cli("check", "--at", "\x1b[31m\n::error::x").err.isprintable() is False
    assert "\x1b" not in cli("check", "--at", "\x1b[31m\n::error::x").err


# ---- the hot path

LIGHT = {
    "detent",
    "detent.api.access",
    "detent.api.questions",
    "detent.api",
    "detent.api.hook_names",
    "detent.api.incoming",
    "detent.api.repository",
    "detent.cli",
    "detent.cli.commands",
    "detent.cli.commands.hook",
    "detent.cli.main",
    "detent.cli.run_deadline",
    "detent.config",
    "detent.config.amounts",
    "detent.config.audit",
    "detent.config.budget",
    "detent.config.lines",
    "detent.config.numpydoc",
    "detent.config.values",
    "detent.core",
    "detent.core.errors",
    "detent.core.escape",
    "detent.core.globs",
    "detent.core.namedtuple",
    "detent.core.signals",
    "detent.git",
    "detent.git.attributes",
    "detent.git.changes",
    "detent.git.disk",
    "detent.git.blobs",
    "detent.git.revisions",
    "detent.git.process",
    "detent.git.push_range",
    "detent.git.session",
    "detent.index",
    "detent.index.handle",
    "detent.index.views",
    "detent.languages",
    "detent.report",
    "detent.report.console",
    "detent.store",
    "detent.store.errors",
    "detent.store.sqlite",
    "detent.store.sqlite.schema",
}


def imported(repo: Sandbox) -> set[str]:
    """What a hook imports for what is staged, above a bare interpreter."""
    script = (
        "import sys; from detent.cli.main import main; status = main(['hook', 'pre-commit'])\n"
        "print(*sorted(sys.modules)); sys.exit(status)"
    )
    bare, hook = (
        subprocess.run(
            [sys.executable, "-c", code], cwd=repo.path, env=repo.env, check=True,
            capture_output=True, text=True,
        ).stdout
        for code in ("import sys; print(*sys.modules)", script)
    )  # fmt: skip
    return set(hook.split()) - set(bare.split())


def test_a_hook_with_nothing_to_do_imports_next_to_nothing(repo: Sandbox) -> None:
    repo.commit(**{"a.py": BARE, "pyproject.toml": "[tool.detent]\ngate = 'new'\n"})
    repo.write("notes.txt", "x")
    repo.git("add", "-A")
    modules = imported(repo)
    foreign = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    assert foreign == {"detent"}
    assert {name for name in modules if name.startswith("detent")} == LIGHT
    assert not modules & {"sqlite3", "json", "difflib", "traceback", "concurrent.futures"}


def test_a_hook_that_has_to_judge_imports_none_of_what_is_slow_and_not_needed(
    repo: Sandbox,
) -> None:
    repo.commit(**{"a.py": CLEAN})
    repo.detent("index")
    repo.write("a.py", CLEAN.replace("nothing", "something"))
    repo.git("add", "-A")
    modules = imported(repo)
    assert "detent.languages.python.extract" in modules
    slow = {"argparse", "gettext", "typing", "pathlib", "dataclasses", "inspect"}
    assert modules & slow == set()


@pytest.mark.parametrize("name", ["json.py", "sqlite3/__init__.py", "argparse.py"])
def test_modules_of_the_repository_are_not_imported(repo: Sandbox, name: str) -> None:
    repo.commit(**{"a.py": BARE})
    repo.write(name, 'raise SystemExit("the wrong module")\n')
    done = repo.detent("audit")
    assert (done.returncode, done.stderr) == (1, "")


def test_every_error_has_a_slug_and_a_status_that_is_documented() -> None:
    found = [DetentError]
    for one in found:
        found += one.__subclasses__()
    assert {one.status for one in found} == {2, 3}
    slugs = [one.slug for one in found]
    assert len(set(slugs)) == len(slugs)
