"""Draw the history of numpy's documentation, and say what that costs.

Usage: python benchmarks/history_plot.py REPOSITORY > docs/history-numpy.svg

REPOSITORY is a clone of numpy, which is left as it is. The CPU time of the history of 1,000 commits
is compared with that of one cold index of the last of them; standard error gets both.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

METRIC, COMMITS = "docstring.undocumented", 1000


def _run(*arguments: str) -> tuple[str, float]:
    """Run detent; give what it prints, and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "detent", *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, cpu


def main() -> None:
    place = ["-C", sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "index.sqlite")
        _, index = _run("index", *place, "--at", "HEAD", "--jobs", "1", "--store", store)
    look = ["--since", f"HEAD~{COMMITS}", "--store", "memory:", "--format", "svg"]
    image, history = _run("budget", "history", METRIC, *place, *look)
    ratio = f"{history / index:.1f} times"
    print(f"index {index:.2f} s, history {history:.2f} s of CPU: {ratio}", file=sys.stderr)
    print(image, end="")


if __name__ == "__main__":
    main()
