"""What a commit hook costs, whole processes, in turn: above no hook at all, and against numpydoc's.

Usage: python benchmarks/hook_cost.py REPOSITORY [ROUNDS]

Run it with a Python into which detent was installed from a wheel, with numpydoc beside it. Works in
a clone of its own. The three files are those of the newest commits that changed just three,
outside of tests; each round edits them anew, so that nobody has seen them, and then commits them:
first a line of a function's body, then by one more function each.
Prints the least and the median of milliseconds on the clock, and of CPU (user and system, children
included).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

PYTHON = sys.executable
DETENT = [PYTHON, "-m", "detent"]
#: So many commits lend their files.
COMMITS = 5
#: Stops after the hook, where it asks for a message.
COMMIT = ["git", "-c", "core.editor=false", "commit", "-q"]


class Cost(NamedTuple):
    """Milliseconds of one run."""

    wall: float
    cpu: float
    status: int


def _cost(command: list[str], top: Path) -> Cost:
    quiet = subprocess.DEVNULL
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=top, stdout=quiet, stderr=quiet, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(wall * 1e3, cpu * 1e3, done.returncode)


def _git(top: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=top, capture_output=True, text=True, check=True)
    return done.stdout


def _clone(repository: str, top: Path) -> None:
    _git(top.parent, "clone", "-q", "--shared", "--no-checkout", repository, str(top))
    _git(top, "config", "user.name", "cost")
    _git(top, "config", "user.email", "cost@example.com")
    _git(top, "read-tree", "HEAD")
    # A clone that is not complete does as well: what is missing is taken out.
    subprocess.run(["git", "checkout-index", "-qafu"], cwd=top, check=False, capture_output=True)
    if gone := _git(top, "ls-files", "--deleted").splitlines():
        _git(top, "rm", "-q", "--cached", "--", *gone)
        _git(top, "commit", "-q", "-m", "what is here")
    (top.parent / "pre-commit").write_text("#!/bin/sh\nexit 0\n")
    (top.parent / "pre-commit").chmod(0o755)
    subprocess.run([*DETENT, "install"], cwd=top, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*DETENT, "index"], cwd=top, check=True, stdout=subprocess.DEVNULL)


def _threes(top: Path) -> list[list[Path]]:
    """Choose the files of the newest commits that changed just three, outside of tests."""
    shown = _git(top, "log", "-2000", "--no-merges", "--format=%x00", "--name-only", "--", "*.py")
    found = []
    for commit in shown.split("\0"):
        names = [name for name in commit.split() if "/tests/" not in name and (top / name).exists()]
        if len(names) == len(commit.split()) == 3:
            found.append([top / name for name in names])
    return found[:COMMITS]


def _edited(number: int) -> str:
    return f"\n\ndef _fresh():\n    return {number}\n"


def _added(number: int) -> str:
    return "".join(f"\n\ndef _fresh_{n}():\n    return {n}\n" for n in range(number + 1))


def _rounds(
    top: Path,
    commands: dict[str, list[str]],
    count: int,
    edits: dict[Path, Callable[[int], str]] | None = None,
) -> dict[str, list[Cost]]:
    """Run all commands in turn; the first round only warms up."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    sources = {path: path.read_text("utf-8") for path in edits or ()}
    for number in range(count + 1):
        for path, edit in (edits or {}).items():
            path.write_text(sources[path] + edit(number), "utf-8")
        _git(top, "add", "-u")
        for name, command in commands.items():
            cost = _cost(command, top)
            if number:
                costs[name].append(cost)
        if edits:
            _git(top, "commit", "-q", "-m", f"round {number}")
    return costs


def _show(costs: dict[str, list[Cost]]) -> None:
    for name, each in costs.items():
        assert len({one.status for one in each}) == 1, (name, each)
        wall, cpu = [one.wall for one in each], [one.cpu for one in each]
        print(
            f"{name:44} {min(wall):7.1f} {median(wall):7.1f} {min(cpu):9.1f} {median(cpu):7.1f}"
            f"   exit {each[0].status}"
        )


def _with_hooks(place: str) -> list[str]:
    return [COMMIT[0], "-c", f"core.hooksPath={place}", *COMMIT[1:]]


def _raw(top: Path, count: int) -> None:
    """Measure commits with and without the raw hook, which end where a message is asked for."""
    commands = {
        "git commit without a hook": _with_hooks(os.devnull),
        "git commit with a hook that does nothing": _with_hooks(str(top.parent)),
        "git commit with the raw hook": COMMIT,
    }
    costs = _rounds(top, commands, count)
    _show(costs)
    without, _, with_hook = costs.values()
    wall = median(a.wall - b.wall for a, b in zip(with_hook, without, strict=True))
    cpu = median(a.cpu - b.cpu for a, b in zip(with_hook, without, strict=True))
    print(f"{'  the hook, by pairs: median':44} {'':7} {wall:7.1f} {'':9} {cpu:7.1f}")


def main(repository: str, rounds: int = 15) -> None:
    """Print what each way costs.

    Parameters
    ----------
    repository : str
        What to clone.
    rounds : int, default 15
        How often to measure.
    """
    with tempfile.TemporaryDirectory() as place:
        top = Path(place) / "clone"
        _clone(repository, top)
        threes = _threes(top)
        print(f"{'':44}    wall: min, median   CPU: min, median (ms)")
        bare = [PYTHON, "-c", "pass"]
        hook = [*DETENT, "hook", "pre-commit"]
        _show(_rounds(top, {"python -c pass": bare, "detent hook, nothing staged": hook}, rounds))
        print(f"{len(_git(top, 'ls-files').split()):,} files; notes are staged: no Python")
        (top / "NOTES").write_text("x\n")
        _git(top, "add", "NOTES")
        _raw(top, rounds)
        for files in threes:
            names = [str(path.relative_to(top)) for path in files]
            lines = sum(len(path.read_bytes().splitlines()) for path in files)
            print(f"{', '.join(names)}: {lines:,} lines")
            numpydoc = [PYTHON, "-m", "numpydoc", "lint", *names]
            for edit, name in ((_edited, "a line each"), (_added, "a new function each")):
                both = {f"detent hook, {name}": hook, "numpydoc lint on the same": numpydoc}
                _show(_rounds(top, both, rounds, dict.fromkeys(files, edit)))


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:3]))
