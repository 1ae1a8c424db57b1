"""Compare whole processes of detent with those of its peers, in turn, on the same files.

Usage: python benchmarks/peers.py REPOSITORY PACKAGE [ROUNDS]

PACKAGE is the directory to audit; tests are left out, and the files are copied to a repository of
their own, so that everyone sees the same ones. Needs numpydoc, pydoclint and interrogate beside
detent. Prints CPU seconds (user and system, children included): the median of the rounds, and how
often the time of detent goes into it.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

SCRIPTS = Path(sys.executable).parent
THREE = 3


def _cpu(command: list[str], cwd: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=cwd, stdout=quiet, stderr=quiet, check=False)  # 1 for findings
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _sources(repository: str, package: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", f"{package}/*.py"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split() if "/tests/" not in name]


def _detent(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "detent", *arguments]


def _copied(repository: str, files: list[str], place: Path) -> str:
    """Commit copies of the files in a repository of their own."""
    top = place / "repository"
    for name in files:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(repository, name), top / name)
    who = ("-c", "user.name=peers", "-c", "user.email=peers@example.com")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "all")):
        subprocess.run(["git", *command], cwd=top, check=True)
    return str(top)


def _commands(files: list[str], few: list[str], warm: str) -> dict[str, list[str]]:
    numpydoc = [str(SCRIPTS / "numpydoc"), "lint"]
    pydoclint = [str(SCRIPTS / "pydoclint"), "--style=numpy", "-q"]
    return {
        "detent audit, first time": _detent("audit", "--store", "memory:"),
        "detent audit, again": _detent("audit", "--store", warm),
        "numpydoc lint": [*numpydoc, *files],
        "pydoclint": [*pydoclint, *files],
        "interrogate": [str(SCRIPTS / "interrogate"), "-q", *files],
        "detent audit, 3 files": _detent("audit", "--store", warm, *few),
        "numpydoc lint, 3 files": [*numpydoc, *few],
        "pydoclint, 3 files": [*pydoclint, *few],
    }


def main(repository: str, package: str, rounds: int = 5) -> None:
    """Print the median CPU seconds of each command, and their ratio to those of detent.

    Parameters
    ----------
    repository : str
        Top of a git repository; it is only read.
    package : str
        The directory in it to audit.
    rounds : int, default 5
        How often each command runs.
    """
    files = _sources(repository, package)
    lines = sum(Path(repository, name).read_bytes().count(b"\n") for name in files)
    few = sorted(files, key=lambda name: Path(repository, name).stat().st_size)
    few = few[len(few) // 2 : len(few) // 2 + THREE]
    with tempfile.TemporaryDirectory() as place:
        top = _copied(repository, files, Path(place))
        warm = str(Path(place) / "warm.sqlite")
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(place) / "pyc")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        _cpu(_detent("audit", "--store", warm), top)
        todo = _commands(files, few, warm)
        took: dict[str, list[float]] = {name: [] for name in todo}
        for _ in range(rounds):
            for name, command in todo.items():
                took[name].append(_cpu(command, top))
    print(f"{package}: {len(files)} files, {lines:,} lines; medians of {rounds} rounds")
    for name, times in took.items():
        own = "detent audit, 3 files" if "3 files" in name else "detent audit, first time"
        ratio = median(a / b for a, b in zip(times, took[own], strict=True))
        print(f"{name:<26} {median(times):7.2f} s   {ratio:6.2f} x")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
