"""How often a paired check is right: 50 on the same work, 50 with 5% more of it.

    python benchmarks/paired.py           a loop that does nothing but work
    python benchmarks/paired.py stage     an index, by detent that analyses part of each file twice

Each check is what `detent budget measure` does with a limit of 3% more CPU time, on real processes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from detent.budget.benchmark import AlternatingRuns, CommitCheckout, make_environment, run_command
from detent.budget.bootstrap import check_ratio, measure_pairs

CHECKS = 50
ALLOWED = 1.03
MORE = 0.05
LOOPS = 120_000
WORK = """\
counts = {}
for number in range(%d):
    counts[number %% 5000] = [str(number), number]
    sorted((number %% 7, number %% 3, number %% 5))
"""
SOURCE = Path(__file__).resolve().parent.parent / "src"
ENV = {**make_environment(os.environ), "PYTHONPATH": "src"}
PLAIN = "        analysis = analyze_content(raw, key.language, previous)\n"
TWICE = "        analyze_content(raw[: round(len(raw) * {})], key.language)\n"


def loops(place: Path, more: float) -> list[str]:
    (place / "work.py").write_text(WORK % round(LOOPS * (1 + more)))
    return [sys.executable, "-I", "-S", "work.py"]


def index(place: Path, more: float) -> list[str]:
    if not (place / "src").exists():
        shutil.copytree(SOURCE, place / "src")
        git = ["git", "-C", str(place)]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "src/detent/audit"], check=True)
        module = place / "src/detent/index/executors/base.py"
        text = module.read_text()
        assert PLAIN in text
        module.write_text(text.replace(PLAIN, TWICE.format(more) + PLAIN))
    command = [sys.executable, "-m", "detent", "index", "--store", "memory:", "--jobs", "1"]
    return [*command, "--at", "staged"]


def sides(place: Path, make, more: float):
    found = [CommitCheckout(name, str(place / name)) for name in ("base", "head")]
    for side, part in zip(found, (0.0, more), strict=True):
        Path(side.directory).mkdir()
        command = make(Path(side.directory), part)
        run_command(side, command, ENV)
    return found, command


def check(two: list[CommitCheckout], command: list[str]) -> tuple[bool, float, int]:
    turns = AlternatingRuns(*two, command=command, env=ENV)
    found = measure_pairs(
        turns.run_pair, lambda one: check_ratio(one, ALLOWED).is_undecided, pairs=10, most=20
    )
    return check_ratio(found, ALLOWED).is_exceeded, found.ratio, found.pairs


def part_for(make, place: Path) -> float:
    """Find which part of each file is 5% of all the work."""
    if make is loops:
        return MORE
    part = 0.2
    for _ in range(3):
        two, command = sides(Path(tempfile.mkdtemp(dir=place)), make, part)
        turns = AlternatingRuns(*two, command=command, env=ENV)
        found = measure_pairs(turns.run_pair, lambda _: False, pairs=20, most=20)
        print(f"{part:.3f} of each file: {found.ratio - 1:+.1%} of {found.base:.3f} s", flush=True)
        part *= MORE / (found.ratio - 1)
    return part


make = index if sys.argv[1:] == ["stage"] else loops
with tempfile.TemporaryDirectory() as place:
    part = part_for(make, Path(tempfile.mkdtemp(dir=place)))
    for more in (0.0, part):
        two, command = sides(Path(tempfile.mkdtemp(dir=place)), make, more)
        found = [check(two, command) for _ in range(CHECKS)]
        exceeded = sum(one[0] for one in found)
        ratios = sorted(one[1] for one in found)
        pairs = sum(one[2] for one in found) / CHECKS
        print(
            f"{'5% more' if more else 'the same'} work: {exceeded} of {CHECKS} exceed +3%; ratios"
            f" {ratios[0]:.3f} to {ratios[-1]:.3f}, {pairs:.1f} pairs on average",
            flush=True,
        )
