"""What SQLite and DuckDB cost, command by command, in pairs; and whether they answer the same.

    python benchmarks/stores.py REPOSITORY [ROUNDS]

Each command runs on both stores in turn, as whole processes; the figures are medians of CPU
seconds. The index is built outside of the repository.
"""

from __future__ import annotations

import hashlib
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

STORES = ("sqlite", "duckdb")
COMMANDS = {
    "full index": ["index", "--full", "--at", "HEAD"],
    "warm index": ["index", "--at", "HEAD"],
    "audit": ["audit", "--at", "HEAD", "--format", "json"],
    "export": ["export", "--at", "HEAD"],
    "sym": ["sym", "--at", "HEAD", "get_*"],
    "symlist": ["symlist", "--at", "HEAD"],
    "calls": ["calls", "--at", "HEAD", "--incoming", "main"],
    "refs": ["refs", "--at", "HEAD", "main"],
}
#: Commands whose output is compared: the others print times.
ANSWERS = ("audit", "export", "sym", "symlist", "calls", "refs")


def run_command(repository: str, store: Path, command: list[str]) -> tuple[float, str]:
    """Run a command, and give its CPU seconds and a hash of what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "detent", *command, "--store", store],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, hashlib.sha256(done.stdout).hexdigest()


def main(repository: str, rounds: str = "5") -> int:
    """Compare the stores on a repository."""
    is_equal = True
    with tempfile.TemporaryDirectory() as directory:
        places = {name: Path(directory, f"index.{name}") for name in STORES}
        print(f"{'CPU seconds':12} {'sqlite':>8} {'duckdb':>8} {'ratio':>7} {'more':>9}")
        for title, command in COMMANDS.items():
            times: dict[str, list[float]] = {name: [] for name in STORES}
            found = set()
            for number in range(int(rounds)):
                for name in STORES if number % 2 else reversed(STORES):
                    seconds, digest = run_command(repository, places[name], command)
                    times[name].append(seconds)
                    found.add(digest)
            sqlite, duckdb = (statistics.median(times[name]) for name in STORES)
            same = "" if title not in ANSWERS or len(found) == 1 else "  NOT THE SAME ANSWER"
            is_equal = is_equal and not same
            more = 1000 * (duckdb - sqlite)
            figures = f"{sqlite:8.2f} {duckdb:8.2f} {duckdb / sqlite:7.2f} {more:6.0f} ms"
            print(f"{title:12} {figures}{same}")
        sizes = [places[name].stat().st_size for name in STORES]
        print(f"{'bytes':12} {sizes[0]:8} {sizes[1]:8} {sizes[1] / sizes[0]:7.2f}")
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
