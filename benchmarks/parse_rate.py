"""Lines per CPU second that tree-sitter and `ast` parse, over the same files.

    python benchmarks/parse_rate.py /path/to/repository

Rounds are interleaved; the floor is splitting the same bytes into lines.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import tree_sitter
import tree_sitter_python

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5


def _tracked(root: Path) -> list[bytes]:
    """Return the bytes of every tracked Python file."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--", "*.py"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.split(b"\0")[:-1]
    return [(root / name.decode()).read_bytes() for name in names]


def _try_ast(data: bytes) -> None:
    """Parse with `ast`, which needs syntax that the running Python knows."""
    try:
        ast.parse(data)
    except SyntaxError:
        failed.add(data)


failed: set[bytes] = set()


def main(root: str) -> None:
    """Print the median rate of each parser and its ratio to the floor.

    Parameters
    ----------
    root : str
        Top of a git repository, whose tracked Python files are parsed.
    """
    warnings.simplefilter("ignore")
    files = _tracked(Path(root))
    lines = sum(len(data.splitlines()) for data in files)
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    tasks: dict[str, Callable[[bytes], object]] = {
        "splitlines (floor)": bytes.splitlines,
        "tree-sitter": parser.parse,
        "ast": _try_ast,
    }
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            start = time.process_time()
            for data in files:
                task(data)
            times[name].append(time.process_time() - start)
    print(f"{len(files)} files, {lines} lines; `ast` refused {len(failed)}")
    floor = statistics.median(times["splitlines (floor)"])
    for name, values in times.items():
        cpu = statistics.median(values)
        print(
            f"{name:20} {cpu:7.3f} s  {lines / cpu:12,.0f} lines/s  {cpu / floor:6.1f}x the floor"
        )


if __name__ == "__main__":
    main(sys.argv[1])
