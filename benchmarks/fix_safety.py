"""Prove that fixes change docstrings only, and there only what they are about.

Usage: python benchmarks/fix_safety.py DIRECTORY...
       python benchmarks/fix_safety.py --replay REPOSITORY [COMMITS]

The Python and Cython files of each directory are copied to a repository of their own, and fixed
there by `detent audit --fix`, then by `--fix --stubs`. Each file is compared before and after: the
code by `ast`, the bytes outside of docstrings, the examples by `doctest`, and the paragraphs by
docutils; with stubs, the sections by numpydoc. A second `--fix` has to change nothing.

With `--replay`, the last commits of a repository are made again on a branch, each with the fixes of
the files that it changes. In the end, the branch is compared with the last commit.

Each difference is printed. The exit status is 1 where there is one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import warnings
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.audit.fix.safety import compare_files, compare_stubs  # noqa: E402

from detent.audit.fix import FIXES, STUBS  # noqa: E402
from detent.languages import get_language  # noqa: E402

SUFFIXES = (".py", ".pyx", ".pxd")
CODES = ",".join(sorted(FIXES.keys() - STUBS))
SETTINGS = "[tool.detent]\nexclude = []\n"


class Tally(NamedTuple):
    """What came of one directory."""

    files: int
    fixed: int
    stubs: int
    problems: int


def run_git(*arguments: str, cwd: Path) -> str:
    """Run git, and return what it prints."""
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *name, *arguments], cwd=cwd, check=True, capture_output=True)
    return done.stdout.decode(errors="surrogateescape").strip()


def fix_files(top: Path, *arguments: str) -> None:
    """Run the fixes in a repository."""
    command = [sys.executable, "-m", "detent", "audit", "--fix", "-q", "--exit-zero"]
    done = subprocess.run(
        [*command, *arguments], cwd=top, check=False, capture_output=True, text=True
    )
    if done.returncode not in (0, 3):
        raise SystemExit(f"{top}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def list_changes(top: Path, since: str) -> list[tuple[str, bytes, bytes]]:
    """List the files that differ from a commit, each with both contents."""
    names = run_git("diff", "--name-only", "-z", since, cwd=top).split("\0")
    return [
        (
            name,
            subprocess.run(
                ["git", "cat-file", "blob", f"{since}:{name}"],
                cwd=top,
                check=True,
                capture_output=True,
            ).stdout,
            (top / name).read_bytes(),
        )
        for name in names
        # git itself edits .gitmodules; a blob may be missing from a partial clone.
        if name.endswith(SUFFIXES) and (top / name).exists()
    ]


def report_problems(changes: list[tuple[str, bytes, bytes]], *, stubs: bool = False) -> int:
    """Print what is wrong with the fixes of some files, and count it."""
    count = 0
    for name, before, after in changes:
        if not name.endswith(".py"):
            found = [] if cut_docstrings(before) == cut_docstrings(after) else [("code", "", "")]
        else:
            found = list((compare_stubs if stubs else compare_files)(before, after))
        for problem, old, new in found:
            count += 1
            print(
                f"== {name}: {problem}\n{old}\n{'-' * 20}\n{new}" if old else f"{name}: {problem}"
            )
    return count


def cut_docstrings(raw: bytes) -> str:
    """Take the docstrings out of a file in Cython, by detent's own reading."""
    text = raw.decode()
    rows = text.splitlines(keepends=True)
    for symbol in reversed(get_language("cython").analyze(raw).facts.symbols):
        docstring = symbol.docstring
        if docstring is not None:
            start = sum(map(len, rows[: docstring.line - 1])) + docstring.column - 1
            assert text.startswith(docstring.source, start)
            text = f"{text[:start]}...{text[start + len(docstring.source) :]}"
    return text


def measure(directory: Path) -> Tally:
    """Fix a copy of the files below a directory, and compare."""
    with tempfile.TemporaryDirectory() as place:
        top, files = Path(place), 0
        for path in sorted(directory.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                files += 1
                copy = top / path.relative_to(directory)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        (top / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
        commit_all(top, "before")
        fix_files(top, "--select", CODES)
        changes = list_changes(top, "HEAD")
        problems = report_problems(changes)
        commit_all(top, "fixed")
        fix_files(top, "--select", CODES)
        for name, _, _ in list_changes(top, "HEAD"):
            problems += 1
            print(f"{name}: a second --fix changes it\n{run_git('diff', '--', name, cwd=top)}")
        commit_all(top, "fixed again")
        fix_files(top, "--stubs", "--select", f"{CODES},{','.join(STUBS)}")
        stubs = list_changes(top, "HEAD")
        problems += report_problems(stubs, stubs=True)
        return Tally(files, len(changes), len(stubs), problems)


def commit_all(top: Path, message: str) -> None:
    """Commit the work tree, and begin a repository where there is none."""
    if not (top / ".git").exists():
        run_git("init", "-q", cwd=top)
    run_git("add", "-A", cwd=top)
    run_git("commit", "-q", "--allow-empty", "-m", message, cwd=top)


def replay(source: Path, commits: int) -> int:
    """Make the last commits again on a branch with fixes, and count what is wrong."""
    with tempfile.TemporaryDirectory() as place:
        top = Path(place) / "clone"
        run_git("clone", "-q", "--shared", "--no-checkout", str(source), str(top), cwd=Path(place))
        history = run_git("rev-list", "--first-parent", f"-n{commits + 1}", "HEAD", cwd=top).split()
        history.reverse()
        run_git("checkout", "-q", "-b", "fixed", history[0], cwd=top)
        files = 0
        for before, after in pairwise(history):
            names = run_git("diff", "--name-only", "--no-renames", before, after, cwd=top)
            kept = run_git(
                "diff", "--name-only", "--no-renames", "--diff-filter=d", before, after, cwd=top
            )
            run_git("rm", "-q", "--ignore-unmatch", "-r", "--", *names.splitlines(), cwd=top)
            if kept:
                run_git("checkout", after, "--", *kept.splitlines(), cwd=top)
            mine = [name for name in kept.splitlines() if name.endswith(SUFFIXES)]
            if mine:
                files += len(mine)
                fix_files(top, "--select", CODES, "--", *mine)
            run_git("commit", "-q", "-a", "--allow-empty", "-m", after, cwd=top)
        changes = list_changes(top, history[-1])
        problems = report_problems(changes)
        print(
            f"{len(history) - 1} commits, {files} changed files fixed; {len(changes)} files differ "
            f"from the last commit: {problems} differences outside of the subjects of fixes"
        )
        return problems


def main(arguments: list[str]) -> int:
    """Print a row for each directory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("places", nargs="+")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    if options.replay:
        source, *rest = options.places
        return 1 if replay(Path(source), *map(int, rest or ("300",))) else 0
    total = 0
    for name in options.places:
        tally = measure(Path(name))
        total += tally.problems
        print(f"{name}: {tally}", flush=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
