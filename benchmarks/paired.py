"""How often a paired check is right, on the same work and with 5% more: benchmarks/paired.py.

Each check is what `detent budget measure` does with a limit of 3% more CPU time, on real processes.
"""

import os
import sys
import tempfile
from pathlib import Path

from detent.budget.pairs import measured, verdict
from detent.paired import Side, Turns, environment

CHECKS = 50
ALLOWED = 1.03
WORK = """\
counts = {}
for number in range(%d):
    counts[number %% 5000] = [str(number), number]
    sorted((number %% 7, number %% 3, number %% 5))
"""
LOOPS = 120_000


def check(place: Path, factor: float) -> tuple[bool, float, int]:
    sides = [Side(name, str(place / name)) for name in ("base", "head")]
    for side, loops in zip(sides, (LOOPS, round(LOOPS * factor)), strict=True):
        Path(side.place).mkdir(exist_ok=True)
        Path(side.place, "work.py").write_text(WORK % loops)
    command = [sys.executable, "-I", "-S", "work.py"]
    turns = Turns(*sides, command=command, env=environment(os.environ))
    turns.take()
    found = measured(turns.take, lambda one: verdict(one, ALLOWED).open, pairs=10, most=20)
    return verdict(found, ALLOWED).exceeded, found.ratio, found.pairs


with tempfile.TemporaryDirectory() as place:
    for factor in (1.0, 1.05):
        found = [check(Path(place), factor) for _ in range(CHECKS)]
        exceeded = sum(one[0] for one in found)
        ratios = sorted(one[1] for one in found)
        pairs = sum(one[2] for one in found) / CHECKS
        print(
            f"{factor - 1:+.0%} work: {exceeded} of {CHECKS} exceed +3%; ratios {ratios[0]:.3f} to"
            f" {ratios[-1]:.3f}, {pairs:.1f} pairs on average",
            flush=True,
        )
