"""Which readers of the git index see what a commit hook must judge.

    python benchmarks/index_readers.py

Makes small repositories in a temporary folder and asks `git ls-files -s`, GitPython and pygit2 for
the staged blob of one file: inside the pre-commit hook of `git commit -a`, where `GIT_INDEX_FILE`
names another index, and with a split index, a sparse index and SHA-256. Needs gitpython, pygit2.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pygit2

from git import Repo

NAME = "pkg/a.py"
GIT = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]


def _git(root: Path, *args: str) -> str:
    """Run git in `root` and return its output."""
    done = subprocess.run([*GIT, *args], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


def _answer(library: str) -> str:
    """Return the object id of `NAME` in the index of the working directory, or the error."""
    try:
        if library == "git":
            return _git(Path(), "ls-files", "-s", "-z", "--", NAME).split()[1]
        if library == "GitPython":
            return Repo(Path()).index.entries[(NAME, 0)].hexsha
        return str(pygit2.Repository(".").index[NAME].id)
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0][:60] if str(error) else ''}"


def _report(expected: str) -> None:
    for library in ("git", "GitPython", "pygit2"):
        got = _answer(library)
        print(f"  {library:10} {'right' if got == expected else 'WRONG'}  {got[:72]}", flush=True)


def _repository(root: Path, *init: str) -> None:
    _git(root.parent, "init", "-q", *init, root.name)
    for name in (NAME, "other/b.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x = 1\n")
    _git(root, "add", ".")
    _git(root, "commit", "-qm", "one")


def main() -> None:
    """Print each reader's answer in each repository."""
    with tempfile.TemporaryDirectory() as folder:
        for title in ("commit -a", "split index", "sparse index", "SHA-256"):
            root = Path(folder) / title.replace(" ", "")
            _repository(root, *(["--object-format=sha256"] if title == "SHA-256" else []))
            if title == "split index":
                _git(root, "update-index", "--split-index")
            if title == "sparse index":
                _git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "pkg")
            (root / NAME).write_text("x = 2\n")
            if title != "commit -a":
                _git(root, "add", "--", NAME)
            hook = [sys.executable, str(Path(__file__).resolve()), _git(root, "hash-object", NAME)]
            file = root / ".git/hooks/pre-commit"
            file.write_text(f"#!/bin/sh\nexec {shlex.join(hook).strip()}\n")
            file.chmod(0o755)
            print(title, flush=True)
            commit = [*GIT, "commit", "-qam" if title == "commit -a" else "-qm", "two"]
            subprocess.run(commit, cwd=root, check=True, stderr=sys.stdout)


if __name__ == "__main__":
    _report(sys.argv[1].strip()) if len(sys.argv) > 1 else main()
