from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from detent.budget.benchmark import (
    AlternatingRuns,
    CommitCheckout,
    collect_counters,
    make_environment,
    run_command,
)
from detent.core.errors import MeasurementError

BURN = "import time\nwhile time.process_time() < {}: pass"
COUNT = """
import json, os, subprocess, sys
with open(os.environ["DETENT_COUNTERS"], "a") as file:
    file.write(json.dumps({"sqlite.vm_steps": 5, os.path.basename(os.getcwd()): 1}) + "\\n")
if len(sys.argv) > 1:
    subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
"""


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def side(tmp_path: Path, name: str = "head") -> CommitCheckout:
    (tmp_path / name).mkdir()
    return CommitCheckout(name, str(tmp_path / name))


def test_the_time_of_processes_below_counts_and_waiting_does_not(tmp_path: Path) -> None:
    here = side(tmp_path)
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN.format(0.3)!r}])"
    assert run_command(here, python(inner), os.environ) > 0.3
    if sys.platform != "win32":
        assert run_command(here, python("import time; time.sleep(1)"), os.environ) < 0.9


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (python("import sys; sys.exit('no luck')"), ["head", "status 1", "no luck"]),
        (python("import os; os.kill(os.getpid(), 9)"), ["head", "SIGKILL"]),
        (["no-such-program"], ["no-such-program"]),
    ],
)
def test_what_fails_is_not_measured(tmp_path: Path, command: list[str], words: list[str]) -> None:
    with pytest.raises(MeasurementError) as raised:
        run_command(side(tmp_path), command, os.environ)
    assert [word for word in words if word not in raised.value.message] == []


def test_each_side_runs_in_its_place_and_is_first_as_often(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import os, sys; open(sys.argv[1], 'a').write(os.path.basename(os.getcwd()) + ' ')"
    turns = AlternatingRuns(
        side(tmp_path, "base"),
        side(tmp_path, "head"),
        command=python(code, str(log)),
        env=os.environ,
    )
    pairs = [turns.run_pair() for _ in range(4)]
    assert log.read_text().split() == ["base", "head", "head", "base"] * 2
    assert all(min(pair) > 0 for pair in pairs)


def test_times_belong_to_their_sides(tmp_path: Path) -> None:
    code = f"import os\nif os.path.basename(os.getcwd()) == 'head':\n exec({BURN.format(0.4)!r})"
    sides = side(tmp_path, "base"), side(tmp_path, "head")
    turns = AlternatingRuns(*sides, command=python(code), env=os.environ)
    for _ in range(2):
        base, head = turns.run_pair()
        assert head > base


def test_what_processes_count_is_summed(tmp_path: Path) -> None:
    here = side(tmp_path)
    assert collect_counters(here, python("pass"), os.environ) == {}
    for _ in range(2):  # and begins with nothing each time
        assert collect_counters(here, python(COUNT, COUNT), os.environ) == {
            "sqlite.vm_steps": 10,
            "head": 2,
        }
    assert list(Path(here.directory).iterdir()) == []


def test_the_environment_ties_nothing_to_a_repository_and_hashes_are_the_same() -> None:
    env = make_environment(
        {"GIT_DIR": "x", "GIT_INDEX_FILE": "y", "PATH": "p", "PYTHONHASHSEED": "7"}
    )
    assert env == {"PATH": "p", "PYTHONHASHSEED": "0"}
    assert json.dumps(env)
