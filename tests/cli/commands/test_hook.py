"""What the hooks do with an index, without one, and with budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
BARE = "\n\ndef {}(a):\n    return a\n"
COVERAGE = "[[budget.limit]]\nmetric = 'docstring.coverage'\nmin = 90\n"


@pytest.fixture
def staged(repo: Sandbox) -> Sandbox:
    """A repository in which a new, undocumented function is staged."""
    repo.commit(**{"a.py": CLEAN, "b.py": CLEAN})
    repo.write("a.py", CLEAN + BARE.format("g"))
    repo.git("add", "-A")
    return repo


def test_silence_where_all_is_well(repo: Sandbox, cli: Cli) -> None:
    repo.write("a.py", CLEAN)
    repo.git("add", "-A")
    assert cli("hook", "pre-commit") == (0, "", "")


def test_both_hooks_judge_the_same(staged: Sandbox, cli: Cli) -> None:
    answers = [cli("hook", name) for name in ("pre-commit", "pre-merge-commit")]
    assert [answer.status for answer in answers] == [1, 1]
    assert answers[0].out.splitlines()[0] == answers[1].out.splitlines()[0]


@pytest.mark.parametrize("settings", ["", "deadline = 60\n", "gate = 'all'\n", COVERAGE])
def test_one_process_reads_all_that_is_judged(
    staged: Sandbox, tmp_path: Path, settings: str
) -> None:
    staged.commit(**{"detent.toml": settings, "pyproject.toml": "", "c.py": CLEAN})
    staged.write("a.py", CLEAN + BARE.format("g") + BARE.format("h"))
    staged.git("add", "-A")
    for indexed in (False, True):
        log = tmp_path / f"{indexed}"
        assert staged.detent("hook", "pre-commit", GIT_TRACE=str(log)).returncode == 1
        assert log.read_text().count("git cat-file") == 1
        assert staged.detent("index").returncode == 0


def test_git_is_asked_each_question_once(staged: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert staged.detent("hook", "pre-commit", GIT_TRACE=str(log)).returncode == 1
    asked = [line.split()[5] for line in log.read_text().splitlines() if "built-in: git " in line]
    assert sorted(asked) == ["cat-file", "check-attr", "diff-index", "rev-parse"]


def test_what_stops_a_hook(repo: Sandbox, cli: Cli, tmp_path: Path) -> None:
    answer = cli("hook", "pre-commit", at=tmp_path)
    assert (answer.status, "no git repository" in answer.err) == (3, True)
    repo.commit(**{"a.py": CLEAN})
    (repo.path / ".git/index").unlink()
    answer = cli("hook", "pre-commit")
    assert (answer.status, "no git index" in answer.err) == (3, True)


def test_no_index_is_built_on_the_way(staged: Sandbox, cli: Cli) -> None:
    answer = cli("hook", "pre-commit")
    assert "2 blobs analysed" in answer.out
    assert "0 blobs analysed" in cli("hook", "pre-commit").out
    cli("index")
    assert cli("hook", "pre-commit").out.splitlines()[0] == answer.out.splitlines()[0]
    staged.write("b.py", CLEAN + BARE.format("h"))
    staged.git("add", "-A")
    assert "1 blob analysed" in cli("hook", "pre-commit").out


TOTALS = {
    "docstring.coverage": "min = 90",
    "docstring.issues": "max = 0",
    "code.lines": "max = 1",
    "code.import_cycles": "max = 0",
    "code.complexity.mean": "max = 0",
    "sql.n": "sql = 'select count(*) from file'\nmax = 0",
    "index.bytes": "max = 1",
}


@pytest.mark.parametrize("metric", TOTALS)
def test_a_total_is_checked_without_an_index(staged: Sandbox, cli: Cli, metric: str) -> None:
    limit = f"[[budget.limit]]\nmetric = '{metric}'\n{TOTALS[metric]}\n"
    staged.commit(**{"c.py": '"""C."""\nimport d\n', "d.py": '"""D."""\nimport c\n'})
    staged.commit(**{"detent.toml": f"gate = 'none'\n{limit}"})
    staged.write("b.py", CLEAN + "X = 1\n")
    staged.git("add", "-A")
    for _ in range(2):  # without an index, and with one
        answer = cli("hook", "pre-commit")
        assert answer.status == 1
        assert f"budget exceeded: {metric}" in answer.out
        assert answer.out.splitlines()[-1].startswith("failed: 1 limit exceeded")


@pytest.mark.parametrize("name", ["pyproject.toml", "detent.toml"])
def test_a_limit_is_checked_where_only_settings_change(repo: Sandbox, cli: Cli, name: str) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("g")})
    assert cli("install").status == 0
    text = COVERAGE if name == "detent.toml" else COVERAGE.replace("[[", "[[tool.detent.")
    repo.write(name, text)
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "limit", check=False)
    assert repo.git("log", "--format=%s").split() == ["change"]


def test_what_a_hook_cannot_measure_is_no_success(staged: Sandbox, cli: Cli) -> None:
    query = "[[budget.limit]]\nmetric = 'sql.x'\nsql = 'selec 1'\nmax = 1\n"
    staged.write("detent.toml", f"gate = 'none'\n{query}")
    answer = cli("hook", "pre-commit")
    assert answer.status == 3
    assert "budget not measurable: sql.x" in answer.out
    assert answer.out.splitlines()[-1].startswith("not measured: 1 limit not measurable")


def test_the_index_is_brought_up_to_date_first(staged: Sandbox, cli: Cli) -> None:
    staged.write("detent.toml", COVERAGE)
    cli("index")
    staged.write("a.py", CLEAN)
    staged.write("c.py", CLEAN)
    staged.git("add", "-A")
    assert cli("hook", "pre-commit") == (0, "", "")


@pytest.mark.parametrize(("gate", "held"), [("all", 1), ("none", 0), ("touched", 0), ("new", 0)])
def test_gates(repo: Sandbox, cli: Cli, gate: str, held: int) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("old"), "b.py": CLEAN})
    repo.write("detent.toml", f"gate = '{gate}'")
    assert cli("hook", "pre-commit").status == held
    repo.write("b.py", CLEAN + "\nX = 1\n")
    repo.git("add", "-A")
    assert cli("hook", "pre-commit").status == held


def test_touching_a_bad_one_is_enough(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("old") + BARE.format("older")})
    repo.write("detent.toml", "gate = 'touched'")
    repo.write("a.py", CLEAN + BARE.format("old").replace("a\n", "a + 1\n") + BARE.format("older"))
    repo.git("add", "-A")
    answer = cli("hook", "pre-commit")
    assert answer.status == 1
    assert "[old]" in answer.out
    assert "[older]" not in answer.out


def test_a_store_of_its_own(staged: Sandbox, cli: Cli) -> None:
    answer = cli("hook", "pre-commit", "--store", "memory:")
    assert answer.status == 1
    assert not (staged.path / ".git/detent").exists()


def test_where_nothing_can_be_written_the_verdict_is_the_same(staged: Sandbox, cli: Cli) -> None:
    staged.write(".git/detent", "a file in the way")
    answer = cli("hook", "pre-commit")
    assert answer.status == 1
    assert "[g]" in answer.out
    assert "in memory" in answer.err
