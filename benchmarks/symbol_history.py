"""Compare `detent history` with `git log -L` on functions of a repository, in pairs.

    python benchmarks/symbol_history.py REPOSITORY [--symbols 20] [--seed 1]

The functions are drawn from those with a docstring in files outside of tests. `git log -L` follows
the lines of the function, and detent its text. Both run as processes, one after the other; detent
has an index, and its filters for paths if the history is long enough.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import detent


def draw_functions(repository: Path, count: int, seed: int) -> list[tuple[str, str, int, int]]:
    """Draw functions: path, qualified name, first and last line."""
    with detent.open(repository) as opened:
        listed = opened.symbols(at="HEAD", public=True).symbols
    found = [
        (path.decode(), symbol.qualname, symbol.line - len(symbol.decorators), symbol.end_line)
        for path, symbol in listed
        if path.endswith(b".py")
        and b"/tests/" not in path
        and symbol.kind in ("function", "method")
        and symbol.docstring
    ]
    names = [(path, name) for path, name, _, _ in found]
    unique = [item for item in found if names.count(item[:2]) == 1]
    return sorted(random.Random(seed).sample(unique, count))


def run(repository: Path, command: list[str]) -> tuple[str, float]:
    """Run a command there; give its output, and the seconds it took."""
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=repository, check=True, capture_output=True)
    return done.stdout.decode("utf-8", "replace"), time.perf_counter() - begin


def compare(repository: Path, function: tuple[str, str, int, int]) -> tuple[float, int, int, int]:
    """Compare the commits of both; give the ratio of their times, and how many there are."""
    path, name, first, last = function
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    ask = [sys.executable, "-m", "detent", "history", f"{module}.{name}", "--at", "HEAD"]
    out, seconds = run(repository, [*ask, "--format", "json"])
    commits = json.loads(out)["commits"]
    lines = ["git", "log", "--format=%H", "-s", "-L", f"{first},{last}:{path}"]
    out, slow = run(repository, lines)
    theirs = set(out.split())
    ours = {x["commit"] for x in commits}
    print(
        f"{path}:{name}: git {len(theirs)} in {slow:.2f} s, detent {len(ours)} in {seconds:.2f} s,"
        f" both {len(ours & theirs)}, ratio {slow / seconds:.1f}"
    )
    for commit in sorted(theirs - ours):
        print("   only git", commit[:10])
    return slow / seconds, len(theirs), len(ours & theirs), len(ours)


def main() -> None:
    """Read the arguments, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--symbols", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    functions = draw_functions(arguments.repository, arguments.symbols, arguments.seed)
    compare(arguments.repository, functions[0])  # lets detent write its filters
    results = [compare(arguments.repository, function) for function in functions]
    ratios = sorted(ratio for ratio, _, _, _ in results)
    theirs, both, ours = (sum(result[place] for result in results) for place in (1, 2, 3))
    print(f"commits: git {theirs}, detent {ours}, both {both}")
    print(f"ratio of times: median {statistics.median(ratios):.1f}, least {ratios[0]:.1f}")


if __name__ == "__main__":
    main()
