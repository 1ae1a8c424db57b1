"""Counts of one run, from a process that counts itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

from detent.store import COUNTERS_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox

BODY = "\n\n".join(f"def f{n}(x):\n    return g{n}(x)" for n in range(30))


def counts(repo: Sandbox, *arguments: str) -> Counter[str]:
    place = repo.path.parent / "counts"
    place.unlink(missing_ok=True)
    done = repo.detent(*arguments, **{COUNTERS_VARIABLE: str(place)}, PYTHONHASHSEED="0")
    assert done.returncode == 0, done.stderr
    found: Counter[str] = Counter()
    for line in place.read_text().splitlines():
        found.update(json.loads(line))
    return found


def test_the_same_run_makes_the_same_counts(repo: Sandbox) -> None:
    repo.commit(**{f"m{n}.py": f"# {n}\n{BODY}\n" for n in range(20)})
    repo.detent("index")  # the audit of a build has its time in it: only what is read is compared
    one, two = (counts(repo, "sym", "f7") for _ in range(2))
    del one["python.allocated_blocks"], two["python.allocated_blocks"]
    assert one == two
    assert one["sqlite.vm_steps"] > 100
    assert one["sqlite.writes"] == 0


def test_what_is_written_is_counted(repo: Sandbox) -> None:
    repo.commit(**{f"m{n}.py": f"# {n}\n{BODY}\n" for n in range(64)})
    found = counts(repo, "index", "--jobs", "1")
    again = counts(repo, "index")
    # 31 symbols, 30 calls and the findings of each file, its own row and its entry in the view.
    assert found["sqlite.writes"] > 64 * 63
    assert again["sqlite.writes"] == 0
    assert found["sqlite.statements"] > found["sqlite.writes"]
    assert found["sqlite.vm_steps"] > 10 * again["sqlite.vm_steps"]
    repo.commit(**{"more.py": f"# more\n{BODY}\n"})
    more = counts(repo, "index", "--jobs", "1", "--full")
    assert more["sqlite.commits"] == found["sqlite.commits"] + 1  # one batch more


def test_steps_are_those_that_sqlite_counts(tmp_path: Path) -> None:
    """A query that walks n rows takes a multiple of n steps: twice the rows, twice the steps."""
    script = """
import sqlite3, sys
from detent.store import make_counters
connection = sqlite3.connect(":memory:", isolation_level=None)
connection.execute("CREATE TABLE t (a)")
connection.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(int(sys.argv[1]))])
counters = make_counters()
counters.watch_connection(connection)
connection.execute("SELECT sum(a) FROM t").fetchall()
connection.execute("INSERT INTO t VALUES (1)")
counters.save_counts()
"""
    steps = []
    for rows in (1000, 2000):
        place = tmp_path / f"counts-{rows}"
        subprocess.run(
            [sys.executable, "-c", script, str(rows)],
            env={**os.environ, COUNTERS_VARIABLE: str(place)},
            check=True,
        )
        found = json.loads(place.read_text())
        assert (found["sqlite.statements"], found["sqlite.writes"]) == (2, 1)
        assert found["sqlite.commits"] == 1  # by itself, outside a transaction
        steps.append(found["sqlite.vm_steps"])
    assert steps[0] >= 2 * 1000
    assert abs(steps[1] - 2 * steps[0]) < 100


def test_nothing_is_counted_unasked(repo: Sandbox) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    assert repo.detent("index", **{COUNTERS_VARIABLE: ""}).returncode == 0
    assert repo.detent("index", **{COUNTERS_VARIABLE: "/no/such/directory/x"}).returncode == 0
