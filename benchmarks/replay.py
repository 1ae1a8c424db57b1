"""Replay a history: one incremental session a commit, held against an index built fresh.

Usage: python benchmarks/replay.py REPOSITORY [COMMITS [EVERY]]

Nothing is checked out and the repository is only read: the commits are laid one after the other in
an index file of git's own in a temporary clone that shares the objects.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from detent import git
from detent.api.export import load_exported_files
from detent.index.handle import Index
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_snapshot
from detent.index.views import View
from detent.report.data import render_facts


def _run(*arguments: str, cwd: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _exported(repo: git.Repo, index: Index) -> list[list[str]]:
    return [
        list(render_facts(*file))
        for file in load_exported_files(take_snapshot(index, View(repo, "staged")))
    ]


def main(source: str, commits: int = 300, every: int = 10) -> int:
    """Replay the commits from the oldest on, and print what it came to.

    Parameters
    ----------
    source : str
        Top of a git repository; it is only read.
    commits : int, default 300
        How many, by first parents from HEAD back.
    every : int, default 10
        Compare after the first commit, after each so many, and after the last.

    Returns
    -------
    int
        The exit status: 1 where an export differs, else 0.
    """
    with tempfile.TemporaryDirectory() as place:
        clone = str(Path(place) / "clone")
        _run("clone", "-q", "--shared", "--no-checkout", source, clone, cwd=place)
        history = _run("rev-list", "--first-parent", f"-n{commits}", "HEAD", cwd=clone).split()
        _run("read-tree", history[-1], cwd=clone)
        repo = git.discover_repo(clone, os.environ)
        index = Index(str(Path(place) / "index.sqlite"))
        analysed = compared = different = 0
        cpu = 0.0
        for number, commit in enumerate(reversed(history)):
            _run("update-ref", "--no-deref", "HEAD", commit, cwd=clone)
            _run("read-tree", commit, cwd=clone)
            begin = time.process_time()
            done = refresh_view(index, View(repo, "staged"))
            if number:
                cpu += time.process_time() - begin
                analysed += done.analyzed
            if number % every == 0 or number == len(history) - 1:
                fresh = Index("memory:")
                refresh_view(fresh, View(repo, "staged"))
                compared += 1
                different += _exported(repo, index) != _exported(repo, fresh)
                fresh.close()
        index.close()
    each = 1000 * cpu / max(1, len(history) - 1)
    print(
        f"{len(history)} commits, {analysed} blobs analysed after the first, {each:.1f} ms of CPU "
        f"a session; {compared} exports compared with a fresh index: {different} differ"
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
