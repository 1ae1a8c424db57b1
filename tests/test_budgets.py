"""What budgets are for, in real repositories: what is worse fails, and nothing else does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from conftest import SOURCE, Sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli

RATCHETS = """
[[budget.limit]]
metric = "docstring.issues"
by = ["code"]
ratchet = "never-worse"
[[budget.limit]]
metric = "docstring.undocumented"
by = ["package", "kind"]
ratchet = "never-worse"
[[budget.limit]]
metric = "docstring.issues.*"
max_increase = 0
[[budget.limit]]
metric = "code.import_cycles"
ratchet = "never-worse"
"""
HEAD = '"""Do things."""\n'
DOC = '    """Do it.\n\n    Parameters\n    ----------\n    b : int\n        Some.\n    """\n'


def function(name: str, doc: str = DOC) -> str:
    return f"\n\ndef {name}(a, b):\n{doc}    print({name!r}, a, b)\n"


FULL = DOC.replace("b : int", "a, b : int")
FIXED = function("f", FULL)


@pytest.fixture
def held(repo: Sandbox) -> Sandbox:
    """A repository with findings (PR01 on f and g, GL08 on h) and limits."""
    files = {
        "src/a.py": HEAD + function("f") + function("g") + function("h", ""),
        "lib/b.py": HEAD + function("k", FULL),
        "detent.toml": RATCHETS,
    }
    repo.commit(**files)
    return repo


def stage(repo: Sandbox, **files: str) -> None:
    for name, text in files.items():
        repo.write(name, text)
    repo.git("add", "-A")


def broken(answer_out: str) -> set[str]:
    entries = json.loads(answer_out)["budget"]
    return {f"{one['metric']} {one['group']}" for one in entries if one["status"] == "exceeded"}


def test_what_is_mended_does_not_pay_for_the_same_elsewhere(held: Sandbox, cli: Cli) -> None:
    stage(held, **{"src/a.py": HEAD + FIXED + function("g") + function("h", "") + function("n")})
    answer = cli("budget", "--format", "json")
    assert answer.status == 1
    assert broken(answer.out) == {"docstring.issues PR01"}
    assert cli("check", "--gate", "none").status == 1
    assert cli("hook", "pre-commit").status == 1


def test_an_undocumented_symbol_is_not_paid_for_either(held: Sandbox, cli: Cli) -> None:
    code = HEAD + function("f") + function("g") + function("h", FULL) + function("n", "")
    stage(held, **{"src/a.py": code})
    answer = cli("budget", "--format", "json")
    assert broken(answer.out) == {"docstring.issues GL08", "docstring.undocumented src function"}


@pytest.mark.parametrize(
    "files",
    [
        # what is documented goes, and with it half of the coverage
        {"lib/b.py": HEAD},
        {"src/a.py": HEAD + function("f") + function("h", "")},
        # code moves: in its file, to another, under another name, with an edit beside it
        {"src/a.py": HEAD + function("h", "") + function("g") + function("f")},
        {
            "src/a.py": HEAD + function("f") + function("g"),
            "lib/b.py": HEAD + function("k", FULL) + function("h", ""),
        },
        {
            "src/a.py": HEAD + function("g"),
            "new/c.py": HEAD + function("h", "") + function("f"),
        },
        {"src/a.py": HEAD + FIXED + function("g") + function("h", "")},
    ],
)
@pytest.mark.parametrize("gate", ["new", "none"])
def test_what_is_no_regression(held: Sandbox, cli: Cli, files: dict[str, str], gate: str) -> None:
    stage(held, **files)
    answer = cli("budget")
    assert (answer.status, answer.err) == (0, "")
    assert cli("check", "--gate", gate).status == 0
    assert cli("hook", "pre-commit").status == 0


def test_a_file_that_is_renamed_is_no_regression(held: Sandbox, cli: Cli) -> None:
    held.git("mv", "src", "source")
    assert cli("budget").status == 0
    held.git("mv", "source/a.py", "lib/z.py")
    assert cli("budget").status == 0


def test_a_cycle_is_a_regression(held: Sandbox, cli: Cli) -> None:
    stage(held, **{"lib/b.py": HEAD + "import lib.c\n" + function("k", FULL), "lib/c.py": HEAD})
    assert cli("budget").status == 0
    stage(held, **{"lib/c.py": HEAD + "from lib.b import k\n"})
    assert broken(cli("budget", "--format", "json").out) == {"code.import_cycles "}


def test_branches_that_mend_findings_merge(held: Sandbox, cli: Cli) -> None:
    before = held.git("ls-files")
    for branch, code in {
        "one": HEAD + FIXED + function("g") + function("h", ""),
        "two": HEAD + function("f") + function("g") + function("h", FULL),
    }.items():
        held.git("checkout", "-q", "-b", branch, "main")
        stage(held, **{"src/a.py": code})
        assert cli("check").status == 0
        held.commit(branch)
    held.git("merge", "-q", "--no-edit", "one")
    assert held.git("ls-files") == before
    answer = cli("budget", "--at", "HEAD", "--base", "main")
    assert answer.status == 0
    # What was mended on either side stays mended.
    stage(held, **{"src/a.py": HEAD + FIXED + function("g") + function("h", "")})
    assert cli("check").status == 1


@pytest.mark.parametrize("command", ["budget", "check", "ci"])
def test_a_shallow_clone_without_the_base(
    held: Sandbox, cli: Cli, tmp_path: Path, command: str
) -> None:
    held.git("checkout", "-q", "-b", "topic")
    held.commit(**{"src/a.py": HEAD + FIXED})
    held.git("checkout", "-q", "main")
    held.commit(**{"lib/b.py": HEAD})
    shallow = tmp_path / "shallow"
    url = held.path.as_uri()
    held.git("clone", "-q", "--depth=1", "--no-single-branch", "-b", "topic", url, str(shallow))
    answer = cli(command, "--base", "origin/main", at=shallow)
    assert answer.status == 3
    assert "`git fetch --unshallow`" in answer.err
    Sandbox(shallow, held.env).git("fetch", "-q", "--unshallow")
    assert cli(command, "--base", "origin/main", at=shallow).status == 0


# ---- the budget itself

HELD = '[[budget.limit]]\nmetric = "docstring.undocumented"\nmax = {}\n'


def test_a_limit_that_is_loosened_is_told(held: Sandbox, cli: Cli) -> None:
    stage(held, **{"detent.toml": HELD.format(1) + RATCHETS})
    assert "loosened" not in cli("budget").out
    held.commit()
    stage(held, **{"detent.toml": HELD.format(2), "lib/b.py": HEAD + "x = 1\n"})
    line = "budget loosened: docstring.undocumented: max raised from 1 to 2"
    for command in (["budget"], ["check"], ["hook", "pre-commit"], ["ci", "--base", "HEAD"]):
        answer = cli(*command)
        assert answer.status == 0
        if command[0] != "ci":
            assert f"detent.toml:3: {line}" in answer.out.splitlines()
            assert "budget loosened: docstring.issues: limit removed" in answer.out
    told = json.loads(cli("check", "--format", "json").out)["loosened"]
    assert f"detent.toml:3: {line}" in told
    held.git("rm", "-q", "-f", "detent.toml")
    assert "docstring.undocumented: limit removed" in cli("budget").out


def test_settings_of_the_base_that_cannot_be_read_hold_nobody(held: Sandbox, cli: Cli) -> None:
    held.commit(**{"detent.toml": "[[budget.limit]]\nmetric = 3\n"})
    stage(held, **{"detent.toml": RATCHETS})
    assert (cli("budget").status, "loosened" in cli("budget").out) == (0, False)


EXEMPT = '[[budget.exempt]]\nmetric = "{}"\nreason = "a reason"\nexpires = {}\n'


@pytest.mark.parametrize(
    ("exemption", "status", "text"),
    [
        (EXEMPT.format("docstring.undocumented", "2999-12-31"), 0, ""),
        (EXEMPT.format("docstring.undoc*", "2999-12-31T10:00:00"), 0, ""),
        (EXEMPT.format("docstring.undocumented", "2020-12-31"), 1, "expired on 2020-12-31"),
        (EXEMPT.format("docstring.coverage", "2999-12-31"), 1, "is not needed"),
        (EXEMPT.format("docstring.undocumented", "'2999-12-31'"), 1, "has no date"),
        (EXEMPT.format("docstring.undocumented", "2999-12-31\nx = 1"), 1, "not ['x']"),
        (EXEMPT.format("docstring.undocumented", "12:00:00"), 1, "has no date"),
        ('[[budget.exempt]]\nmetric = "x"\nexpires = 2999-12-31\n', 1, "has no reason"),
        ('[[budget.exempt]]\nreason = "x"\nexpires = 2999-12-31\n', 1, "has no metric"),
    ],
)
def test_exemptions(held: Sandbox, cli: Cli, exemption: str, status: int, text: str) -> None:
    held.write("detent.toml", HELD.format(0) + exemption)
    for command in (["budget"], ["check"]):
        answer = cli(*command)
        assert answer.status == status
        assert text in answer.err
        assert bool(text) == ("detent.toml:4 budget.exempt 1" in answer.err)
        exempt = "1 symbol (max 0): src/a.py:26 h GL08; exempt until 2999-12-31"
        assert (exempt in answer.out) == (status == 0)


# ---- limits in SQL

SQL = """
[[budget.limit]]
metric = "sql.{}"
sql = "{}"
{}
"""
BARE = "select count(*) from public_symbol where not has_docstring"


@pytest.mark.parametrize(
    ("query", "bound", "status", "value"),
    [
        (BARE, "max = 2", "pass", 2),
        (BARE, "max = 1", "exceeded", 2),
        (BARE, "ratchet = 'never-worse'", "exceeded", 1),
        (BARE, "ratchet = 'never-worse'\npaths = ['src']", "pass", 0),
        (BARE, "max = 1\npaths = ['lib/**']", "pass", 1),
        (BARE, "max_increase = '100%'", "pass", 2),
        (BARE, "max_ratio = 1.5", "exceeded", 2),
        ("select path, count(*) from symbol group by path", "max = 7", "pass", 7),
        ("select max(lines) from file where path = 'x'", "max = 0", "pass", 0),
        ("select name from symbol", "max = 9", "not measurable", None),
        ("select 1, 2, 3", "max = 9", "not measurable", None),
        ("select 'x'", "max = 9", "not measurable", None),
        ("select count(*) from main.view", "max = 9", "not measurable", None),
    ],
)
@pytest.mark.parametrize("store", [[], ["--store", "memory:"]], ids=["file", "memory"])
def test_sql(
    held: Sandbox, cli: Cli, *, query: str, bound: str, status: str, value: float, store: list[str]
) -> None:
    held.commit(**{"tests/test_x.py": HEAD + function("not_audited", "")})
    stage(held, **{"lib/b.py": HEAD + function("n", "") + function("k", FULL)})
    held.write("detent.toml", SQL.format("bare", query, bound))
    answer = cli("budget", "--format", "json", *store)
    (one,) = json.loads(answer.out)["budget"]
    assert (one["status"], one["value"]) == (status, value)
    assert answer.status == {"pass": 0, "exceeded": 1, "not measurable": 3}[status]


def test_sql_in_a_hook_reads_all_files(held: Sandbox, cli: Cli) -> None:
    held.write("detent.toml", SQL.format("bare", BARE, "max = 0"))
    stage(held, **{"lib/b.py": HEAD})
    answer = cli("hook", "pre-commit")
    assert answer.status == 1
    assert "budget exceeded: sql.bare: 1 (max 0)" in answer.out


BLOCKS = re.findall(
    r"```toml\n(.*?)```", (SOURCE / "docs/budgets.md").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize("block", BLOCKS)
def test_the_examples_of_the_page_are_limits(held: Sandbox, cli: Cli, block: str) -> None:
    held.git("rm", "-q", "detent.toml")
    held.commit(**{"pyproject.toml": block})
    answer = cli("budget", "--format", "json")
    entries = json.loads(answer.out)["budget"]
    assert {one["status"] for one in entries} <= {"pass", "exceeded"}
