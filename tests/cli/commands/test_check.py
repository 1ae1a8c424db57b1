"""The main job, as a person and a program read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
BARE = "\n\ndef {}(a):\n    return a\n"


def test_first_contact(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("g"), "b.py": CLEAN, "test_c.py": CLEAN})
    answer = cli("check")
    assert answer.status == 0
    for part in (
        "80.0% documented: 4 of 5 symbols that need a docstring",
        "1 finding in 1 file, most often:",
        "GL08",
        "detent audit ",
        "detent install ",
        "clean: 0 new findings in 0 changed files",
        "3 files: 2 analysed, 1 reused",  # two of them are equal
    ):
        assert part in answer.out
    assert "3 files: 0 analysed, 3 reused" in cli("check").out
    # What is analysed of the base is not counted: it is no file of the view.
    repo.git("rm", "-q", "--cached", "b.py", "test_c.py")
    assert "1 file: 1 analysed, 0 reused" in cli("check", "--store", "memory:").out


def test_an_answer_for_programs(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("old") + BARE.format("kept")})
    tree = repo.git("rev-parse", "HEAD^{tree}").strip()
    repo.write("a.py", CLEAN + BARE.format("kept") + BARE.format("fresh").replace("a", "b"))
    repo.git("add", "-A")
    answer = cli("check", "--format", "json")
    value = json.loads(answer.out)
    assert answer.status == 1
    assert (value["schema"], value["tree"], value["view"]) == ("detent.check/1", tree, "staged")
    assert [one["symbol"] for one in value["new"]] == ["fresh"]
    assert [one["symbol"] for one in value["fixed"]] == ["old"]
    assert value["blocking"] == value["new"]
    assert value["new"][0]["line"] == 12
    assert value["clean"] is False
    assert (value["files"], value["analysed"], value["changed_files"]) == (1, 1, 1)
    assert value["coverage"] == 50


def test_only_below_some_paths(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"pyproject.toml": "", "a/x.py": CLEAN, "b/y.py": CLEAN, "c/z.py": CLEAN})
    for name in ("a/x.py", "b/y.py"):
        repo.write(name, CLEAN + BARE.format("g"))
    repo.git("add", "-A")
    whole = json.loads(cli("check", "--format", "json").out)["blocking"]
    assert [finding["path"] for finding in whole] == ["a/x.py", "b/y.py"]
    answer = cli("check", "b", "--format", "json")
    assert answer.status == 1
    assert json.loads(answer.out)["blocking"] == whole[1:]
    assert cli("check", "c").status == 0
    assert cli("check", "b", "--gate", "all", "-q").out.count("GL08") == 1
    assert json.loads(cli("check", "a/x.py", "b", "--format", "json").out)["blocking"] == whole
    assert cli("check", "d").status == 2
    # Limits are about all files.
    limit = '[[tool.detent.budget.limit]]\nmetric = "docstring.undocumented"\nmax = 0\n'
    repo.write("pyproject.toml", limit)
    repo.git("add", "-A")
    assert cli("check", "c").status == 1


def test_formats_of_editors_and_services(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("old")})
    repo.write("a.py", CLEAN + BARE.format("old") + BARE.format("fresh"))
    repo.write("b.py", "def f(:\n")
    repo.git("add", "-A")
    plain = json.loads(cli("check", "--format", "json").out)
    for command in (["check"], ["audit"]):
        answer = cli(*command, "--format", "jsonl")
        records = [json.loads(line) for line in answer.out.splitlines()]
        assert answer.status == 1
        assert {record["kind"] for record in records} <= {"finding", "failure"}
        found = {(record["path"], record["line"], record["code"]) for record in records}
        assert {(item["path"], item["line"], item["code"]) for item in plain["new"]} <= found
        log = json.loads(cli(*command, "--format", "sarif").out)
        (run,) = log["runs"]
        listed = {
            (
                result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                result["locations"][0]["physicalLocation"]["region"]["startLine"],
                result["ruleId"],
            )
            for result in run["results"]
        }
        assert listed == found
        lines = cli(*command, "--format", "github").out.splitlines()
        assert len(lines) == sum(record["kind"] == "finding" for record in records)
        assert all(line.startswith("::error file=") for line in lines)
    (result,) = (
        result
        for result in json.loads(cli("check", "--format", "sarif").out)["runs"][0]["results"]
        if result["ruleId"] == "GL08" and "a.py" in str(result)
    )
    (place,) = result["locations"]
    assert place["logicalLocations"] == [{"fullyQualifiedName": "fresh"}]
    region = place["physicalLocation"]["region"]
    assert region == {"startLine": 12, "startColumn": 1, "endLine": 12, "endColumn": 14}
    (rule,) = (
        rule
        for rule in json.loads(cli("check", "--format", "sarif").out)["runs"][0]["tool"]["driver"][
            "rules"
        ]
        if rule["id"] == "GL08"
    )
    assert rule["helpUri"].startswith("https://numpydoc.readthedocs.io/")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--gate", "all"], 1),
        (["--gate", "none"], 0),
        (["--base", "HEAD~1"], 1),
        (["--base", "HEAD~1", "--gate", "none"], 0),
        (["--base", "HEAD"], 0),
        (["--at", "HEAD"], 1),
        (["--at", "HEAD~1"], 0),
        (["--at", "HEAD", "--base", "HEAD~1"], 1),
        (["--at", "HEAD~1", "--base", "HEAD"], 0),
        (["--at", "worktree"], 1),
    ],
)
def test_what_is_compared_with_what(
    repo: Sandbox, cli: Cli, arguments: list[str], status: int
) -> None:
    repo.commit(**{"a.py": CLEAN})
    repo.commit(**{"a.py": CLEAN + BARE.format("g")})
    repo.write("a.py", CLEAN + BARE.format("g") + BARE.format("h"))
    assert cli("check", *arguments).status == status


def test_the_base_is_what_two_branches_have_in_common(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN, "b.py": CLEAN + BARE.format("old")})
    repo.git("checkout", "-q", "-b", "feature")
    repo.commit(**{"a.py": CLEAN + "\nX = 1\n"})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"b.py": CLEAN})
    repo.git("checkout", "-q", "feature")
    answer = cli("check", "--base", "main")
    assert answer.status == 0
    assert "0 new findings in 1 changed file" in answer.out


def test_unrelated_histories_have_no_base(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN})
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit(**{"a.py": CLEAN + "X = 1\n"})
    answer = cli("check", "--base", "main")
    assert answer.status == 3
    assert "no common ancestor" in answer.err


def test_budgets_hold_back_too(repo: Sandbox, cli: Cli) -> None:
    repo.commit(
        **{
            "a.py": CLEAN + BARE.format("g"),
            "detent.toml": "gate = 'none'\n[[budget.limit]]\nmetric = 'docstring.issues'\nmax = 0",
        }
    )
    answer = cli("check")
    assert answer.status == 1
    assert "budget exceeded: docstring.issues: 1 finding (max 0)" in answer.out
    assert "failed" in answer.out


def test_a_warning_is_shown_and_holds_nothing_back(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN, "detent.toml": '[severity]\nGL = "warning"\n'})
    repo.write("a.py", CLEAN + BARE.format("g"))
    repo.git("add", "-A")
    for command in (["check"], ["check", "--gate", "all"], ["hook", "pre-commit"]):
        answer = cli(*command)
        assert answer.status == 0
        assert answer.out.startswith("a.py:8:1: GL08 (warning) No docstring [g]")
        assert "clean: 0 " in answer.out
        assert " · 1 warning · " in answer.out
    value = json.loads(cli("check", "--format", "json").out)
    assert value["clean"] is True
    assert value["blocking"] == []
    assert value["warnings"] == value["new"]
    assert "GL08" not in cli("check", "--gate", "none").out


def test_an_error_beside_a_warning_holds_back(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN, "detent.toml": '[severity]\nGL = "warning"\n'})
    repo.write("a.py", CLEAN.replace("nothing.", "nothing") + BARE.format("g"))
    repo.git("add", "-A")
    answer = cli("check")
    assert answer.status == 1
    assert [line.split(" ")[1] for line in answer.out.splitlines()[:2]] == ["SS03", "GL08"]


def test_budgets_count_warnings_too(repo: Sandbox, cli: Cli) -> None:
    settings = (
        '[severity]\nALL = "warning"\n[[budget.limit]]\nmetric = "docstring.issues"\nmax = 0\n'
    )
    repo.commit(**{"a.py": CLEAN + BARE.format("g"), "detent.toml": settings})
    answer = cli("check")
    assert answer.status == 1
    assert "budget exceeded: docstring.issues" in answer.out


def test_what_is_in_place_is_not_proposed(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": ""})
    assert "detent install" in cli("check").out
    cli("install")
    assert "detent install" not in cli("check").out
    cli("uninstall")
    repo.write(".pre-commit-config.yaml", "repos: [] # detent-check\n")
    assert "detent install" in cli("check").out
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexec prek hook-impl\n")
    assert "detent install" not in cli("check").out


LIMIT = "[[budget.limit]]\nmetric = '{}'\n"
EXCEEDED = LIMIT.format("code.lines") + "max = 0\n"
UNMEASURED = LIMIT.format("sql.x") + "sql = 'selec 1'\nmax = 1\n"


@pytest.mark.parametrize("gate", ["new", "touched", "all", "none"])
@pytest.mark.parametrize("limits", ["", EXCEEDED, UNMEASURED, EXCEEDED + UNMEASURED])
@pytest.mark.parametrize("staged", [{}, {"b.py": CLEAN}, {"b.py": CLEAN + BARE.format("g")}])
def test_the_last_line_agrees_with_the_exit_status(
    repo: Sandbox, cli: Cli, gate: str, limits: str, staged: dict[str, str]
) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("old")})
    severity = "[severity]\nGL = 'warning'\n" if gate == "touched" and not limits else ""
    repo.commit(**{"detent.toml": f"gate = '{gate}'\n{severity}{limits}"})
    for name, content in {"a.py": CLEAN + BARE.format("old") + "X = 1\n", **staged}.items():
        repo.write(name, content)
    repo.git("add", "-A")
    for command in (["check"], ["hook", "pre-commit"]):
        answer = cli(*command)
        last = (answer.out.splitlines() or ["clean: nothing"])[-1]
        words = {0: "clean", 1: "failed", 3: "not measured"}
        assert last.startswith(f"{words[answer.status]}: ")
        first = last.partition(": ")[2].partition(" · ")[0]
        assert answer.status == 0 or not first.startswith("0 ")
        assert ("limit exceeded" in last) == ("max = 0" in limits)
        assert ("limit not measurable" in last) == ("selec" in limits)
    value = json.loads(cli("check", "--format", "json").out)
    assert value["clean"] is (answer.status == 0)


@pytest.mark.parametrize(
    ("gate", "text"),
    [
        ("new", "failed: 1 new finding in 2 changed files · "),
        ("touched", "failed: 1 finding in touched symbols of 2 changed files · "),
        ("all", "failed: 2 findings in 2 files · "),
        ("none", "clean: findings not judged (gate none) in 2 changed files · "),
    ],
)
def test_the_last_line_says_what_was_judged(repo: Sandbox, cli: Cli, gate: str, text: str) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("old")})
    repo.write("a.py", CLEAN + BARE.format("old") + "\nX = 1\n")
    repo.write("b.py", CLEAN + BARE.format("g"))
    repo.git("add", "-A")
    assert cli("check", "--gate", gate).out.splitlines()[-1].startswith(text)


def test_a_merge_is_compared_with_all_its_parents(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN})
    for name in ("one", "two"):
        repo.git("checkout", "-q", "-b", name, "main")
        repo.commit(**{f"{name}.py": CLEAN + BARE.format(name)})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"a.py": CLEAN + "\nX = 1\n"})
    repo.git("merge", "-q", "--no-ff", "--no-commit", "one", "two")
    assert cli("hook", "pre-merge-commit").status == 0
    repo.git("commit", "-q", "-m", "merge")
    assert cli("check", "--at", "HEAD").status == 0
    repo.write("a.py", CLEAN + BARE.format("evil"))
    repo.git("commit", "-qa", "--amend", "--no-edit")
    answer = cli("check", "--at", "HEAD")
    assert answer.status == 1
    assert [line for line in answer.out.splitlines() if ": GL08 " in line] == [
        "a.py:8:1: GL08 No docstring [evil]"
    ]


def test_where_a_shallow_clone_ends_nothing_is_called_new(
    repo: Sandbox, cli: Cli, tmp_path: Path
) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("old")})
    repo.commit(**{"b.py": CLEAN})
    clone = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth=1", repo.path.as_uri(), str(clone))
    answer = cli("check", "--at", "HEAD", at=clone)
    assert answer.status == 3
    assert "the parent " in answer.err
    assert "`git fetch --deepen=1`" in answer.err
    repo._replace(path=clone).git("fetch", "-q", "--deepen=1")
    assert cli("check", "--at", "HEAD", at=clone).status == 0


def test_work_that_is_not_looked_at(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN, "b.py": CLEAN, ".gitignore": "ignored.py\n"})
    for command in (["check"], ["audit"], ["check", "--at", "HEAD"], ["audit", "--at", "HEAD"]):
        assert "not checked" not in cli(*command).out
    for name in ("a.py", "new.py", "sub/é.py", "ignored.py", "tests/test_x.py", "text.txt"):
        repo.write(name, CLEAN + BARE.format("g"))
    (repo.path / "b.py").unlink()
    untracked = "2 untracked files (`git add` them, or `detent lint FILE`)"
    unstaged = "1 file with changes that are not staged (`detent check --at worktree`)"
    answer = cli("check")
    assert answer.status == 0
    lines = answer.out.splitlines()
    assert f"not checked: {unstaged}, {untracked}" in lines
    assert lines[-1].startswith("clean: ")
    assert f"not checked: {untracked}" in cli("check", "--at", "worktree").out.splitlines()
    assert f"not checked: {untracked}" in cli("audit").out.splitlines()
    assert f"not checked: {unstaged}" in cli("check", "a.py").out.splitlines()
    for command in (["check", "-q"], ["check", "--at", "HEAD"], ["audit", "--at", "HEAD"]):
        assert "not checked" not in cli(*command).out
