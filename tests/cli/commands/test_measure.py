"""Two commits of a program, measured by running both."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

import jsonschema
import pytest

from conftest import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

LIMITS = """
[[tool.detent.budget.limit]]
metric = "command.*.sqlite.cpu_s"
max_increase = { rel = "3%", abs = "10s", combine = "forgiving" }
method = { paired = true, pairs = 1, max_pairs = 1 }
[[tool.detent.budget.limit]]
metric = "query.*.sqlite.vm_steps"
max_increase = "1%"
[[tool.detent.budget.limit]]
metric = "query.*.sqlite.commits"
max_increase = "1%"
[[tool.detent.budget.limit]]
metric = "stage.*.nodes"
ratchet = "never-worse"
[[tool.detent.budget.limit]]
metric = "stage.*.rss_peak_bytes"
max_increase = "50%"
"""
HALF = """
[[tool.detent.budget.limit]]
metric = "command.*.sqlite.cpu_s"
max_increase = "50%"
method = { paired = true, pairs = 3, max_pairs = 3 }
"""
BURN = "import time\nwhile time.process_time() < {}: pass\n"
RUN = "import sys; sys.path.insert(0, 'src'); from detent.cli.main import entry; entry()"


def test_a_slower_program_is_held_back(repo: Sandbox, cli: Cli) -> None:
    repo.commit("old", **{"tool.py": BURN.format(0.1), "pyproject.toml": HALF})
    base = repo.git("rev-parse", "HEAD").strip()
    repo.commit("new", **{"tool.py": BURN.format(0.4)})
    command = ["--", sys.executable, "tool.py"]
    said = cli("budget", "measure", "--name", "tool", *command)
    assert said.status == 1, said.out + said.err
    assert "budget exceeded: command.tool.sqlite.cpu_s" in said.out
    exempt = "[[tool.detent.budget.exempt]]\nmetric = 'command.tool.*'\nreason = 'known, #1'\n"
    repo.write("pyproject.toml", f"{HALF}{exempt}expires = 9999-01-01\n")
    said = cli("budget", "measure", "--name", "tool", *command)
    assert said.status == 0
    assert "budget exempt: command.tool.sqlite.cpu_s" in said.out
    assert "known, #1" in said.out
    repo.write("pyproject.toml", HALF)
    document = json.loads(cli("budget", "measure", "--format", "json", *command).out)
    jsonschema.validate(document, json.loads((SOURCE / "docs/json.schema.json").read_text()))
    assert document["schema"] == "detent.measure/1"
    assert document["base"] == base
    assert document["counts"] == {}
    (name,) = document["times"]
    assert document["times"][name]["ratio"] > 2
    # The other way round it is quicker, and what is not committed is not measured.
    repo.write("tool.py", BURN.format(9))
    back = cli("budget", "measure", "--at", "HEAD~1", "--base", "HEAD~1", *command)
    assert back.status == 0, back.out + back.err


@pytest.fixture
def versions(repo: Sandbox) -> Sandbox:
    """Make a repository of detent itself, and beside it one to ask questions about."""
    shutil.copytree(SOURCE / "src", repo.path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SOURCE / "hooks", repo.path / "hooks")
    repo.commit("old", **{"pyproject.toml": LIMITS})
    asked = repo._replace(path=repo.path.parent / "asked")
    asked.path.mkdir()
    asked.git("init", "-q")
    body = "\n\n".join(f"def f{n}(x):\n    return g{n}(x)" for n in range(40))
    asked.commit(**{f"m{n}.py": f"# {n}\n{body}\n" for n in range(100)})
    return repo


def altered(repo: Sandbox, name: str, old: str, new: str) -> None:
    path: Path = repo.path / "src/detent" / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    repo.commit("new", **{f"src/detent/{name}": text.replace(old, new)})


def measured(repo: Sandbox, cli: Cli, *arguments: str) -> tuple[int, dict[str, str]]:
    """Measure detent on two commits, each with its own index; give what became of each limit."""
    asked = ["-C", str(repo.path.parent / "asked"), "--store", "x.sqlite"]
    detent = [sys.executable, "-c", RUN]
    prepare = (
        [*detent, "index", "--jobs", "1", *asked]
        if arguments[0] != "index"
        else ["git", "--version"]
    )
    said = cli(
        "budget", "measure", "--format", "json", "--name", "it", "--prepare", shlex.join(prepare),
        "--", *detent, *arguments, *asked,
    )  # fmt: skip
    assert said.out, said.err
    document = json.loads(said.out)
    return said.status, {one["metric"]: one["status"] for one in document["budget"]}


def test_work_that_was_done_before_is_caught_by_counters_in_one_run(
    versions: Sandbox, cli: Cli
) -> None:
    kept = "if versions != self._versions.text:"
    altered(versions, "store/sqlite/store.py", kept, "if versions:")
    status, found = measured(versions, cli, "sym", "f7")
    assert status == 1
    assert found == {
        "command.it.sqlite.cpu_s": "pass",
        "query.it.sqlite.vm_steps": "exceeded",
        "query.it.sqlite.commits": "pass",
    }


def test_a_commit_for_each_row_is_caught_by_counters_in_one_run(
    versions: Sandbox, cli: Cli
) -> None:
    altered(
        versions,
        "store/sqlite/session.py",
        "        with translate_errors(self._path, self._connection), "
        "transaction(self._connection):\n"
        "            for key, file_facts in facts:\n"
        "                self._insert_facts(key, file_facts)\n",
        "        with translate_errors(self._path, self._connection):\n"
        "            for key, file_facts in facts:\n"
        "                self._insert_facts(key, file_facts)\n",
    )
    status, found = measured(versions, cli, "index", "--jobs", "1", "--full")
    assert status == 1
    assert found["command.it.sqlite.cpu_s"] == "pass"
    assert found["query.it.sqlite.commits"] == "exceeded"
    assert found["stage.stage1.nodes"] == "pass"
    assert found["stage.stage2.rss_peak_bytes"] == "pass"


def test_a_change_that_changes_nothing_passes(versions: Sandbox, cli: Cli) -> None:
    altered(versions, "store/sqlite/schema.py", "-- What all rules say", "-- All that rules say")
    status, found = measured(versions, cli, "sym", "f7")
    assert (status, set(found.values())) == (0, {"pass"})


def test_without_limits_it_only_tells(repo: Sandbox, cli: Cli) -> None:
    repo.commit("old", **{"a.py": "x = 1\n"})
    repo.commit("new", **{"a.py": "x = 2\n"})
    said = cli("budget", "measure", "--", "git", "--version")
    assert said.status == 0
    assert "command.git.sqlite.cpu_s" in said.out
    assert "no limits are set" in said.out
    assert repo.git("worktree", "list").count("\n") == 1
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--", "git", "no-such-command"], 3, "failed on the base"),
        (["--", "no-such-program"], 3, "cannot be started"),
        (["--name", "a.b", "--", "git"], 2, "--name"),
        (["--base", "nowhere", "--", "git"], 3, "nowhere"),
        (["--at", "HEAD~1", "--", "git", "--version"], 3, "has no parent"),
        (["--prepare", "no-such-program", "--", "git", "--version"], 3, "cannot be started"),
    ],
)
def test_what_cannot_be_measured_says_why(
    repo: Sandbox, cli: Cli, arguments: list[str], status: int, words: str
) -> None:
    repo.commit("old", **{"a.py": "x = 1\n"})
    repo.commit("new", **{"a.py": "x = 2\n"})
    said = cli("budget", "measure", *arguments)
    assert (said.status, words in said.err) == (status, True), said.err


def test_no_hook_of_the_repository_runs(repo: Sandbox, cli: Cli) -> None:
    repo.commit("old", **{"a.py": "x = 1\n"})
    repo.commit("new", **{"a.py": "x = 2\n"})
    hook = repo.write(".git/hooks/post-checkout", f"#!/bin/sh\ntouch {repo.path}/ran\n")
    hook.chmod(0o755)
    repo.git("config", "core.hooksPath", str(hook.parent))
    assert cli("budget", "measure", "--", "git", "--version").status == 0
    assert not (repo.path / "ran").exists()
