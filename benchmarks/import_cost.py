"""What importing a module costs, above a bare interpreter in the same run.

    python benchmarks/import_cost.py sqlite3 subprocess tree_sitter,tree_sitter_python git

Each argument is one process that imports the comma-separated modules. Rounds are interleaved, and
CPU time is compared with `python -c pass` of the same round, so a busy machine shifts both.
"""

from __future__ import annotations

import os
import statistics
import sys

ROUNDS = 15


def _cpu_ms(code: str) -> float:
    """CPU milliseconds, user and system, of one interpreter that runs `code`."""
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"failed: {code}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def main(groups: list[str]) -> None:
    """Print one line per group: median CPU, what is above the floor, ratio to the floor.

    Parameters
    ----------
    groups : list of str
        Modules that one process imports, separated by commas.
    """
    codes = {"(nothing)": "pass"} | {g: f"import {g}" for g in groups}
    samples: dict[str, list[float]] = {name: [] for name in codes}
    for name, code in codes.items():
        _cpu_ms(code)  # bytecode caches and the page cache
        samples[name].clear()
    for _ in range(ROUNDS):
        for name, code in codes.items():
            samples[name].append(_cpu_ms(code))
    floor = statistics.median(samples["(nothing)"])
    for name, values in samples.items():
        ms = statistics.median(values)
        print(f"{name:42} {ms:7.1f} ms  {ms - floor:+7.1f}  {ms / floor:5.1f}x")


if __name__ == "__main__":
    main(sys.argv[1:])
