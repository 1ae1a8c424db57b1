"""Audit, check and fix generated files that mean harm: nothing may hang, crash or take much.

    python benchmarks/hostile_files.py [FILES] [SEED]

Repositories of 500 files each are made of pieces that are hostile in one way: names, docstrings,
decorators, signatures, settings and attributes. Each file is analysed by itself, with its time;
then `detent audit`, `detent check` and `detent audit --fix` run on the whole. It fails if a file
takes more than two seconds, if a process needs more than 500 MB, or if a command ends with another
status than 0 to 3.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from detent.audit.analyze import analyze_file

FILES_AT_ONCE = 500
MOST_SECONDS = 2.0
MOST_KB = 500_000
CONTROL = "\x1b[31m", "\u202e", "\u200b", "\x07", "\r", "\f", "\0", "\ud800", "::error::", "##[x]"
WORDS = (
    "Parameters", "Returns", "Raises", "See Also", "Attributes", "Args:", ":param x:", "x : int",
    "*args, **kwargs", "{0}", "%(x)s", "${X}", "-----", "====", ".. note::", "::", ">>> f()", "...",
    "`f`", "|a|", "\\", "'''", "# noqa", "http://x", "1.", "-", "é", "中", "\u0301", "ſ", "ﬁ",
)  # fmt: skip
OPENERS = "(", "[", "{", "lambda: ", "-", "not ", "@a\n", "if x:\n ", "a.", "f(", "x if y else "
SETTINGS = (
    "", "gate = 'none'\n", "select = ['GL', 'SS', 'PR', 'RT', 'DT']\n", "exclude = ['**']\n",
    "preset = 'strict'\n", "per-file-ignores = {'**/*.py' = ['GL']}\n", "deadline = 1\n",
    "[[override]]\npaths = ['**']\nignore = ['PR01']\n", "x = [\n", "select = ['\\u001b[31m']\n",
    "[[budget.limit]]\nmetric = 'sql.x'\nsql = 'select 1'\nmax = 0\n",
    "sections = ['" + "a" * 999 + "']\n",
)  # fmt: skip
ATTRIBUTES = (
    "",
    "*.py linguist-generated\n",
    "*.py text eol=crlf\n",
    "*.py -text\n",
    "\0\n",
    "* x" * 99,
)
COMMANDS = (["audit"], ["check", "--at", "HEAD"], ["audit", "--fix", "--stubs"])


def make_docstring(chance: random.Random) -> str:
    """Make a docstring of words that parsers take for something."""
    lines = []
    for _ in range(chance.randrange(1, 12)):
        line = " ".join(chance.choices((*WORDS, *CONTROL), k=chance.randrange(1, 6)))
        lines.append(" " * chance.choice((0, 4, 4, 4, 8)) + line * chance.choice((1, 1, 1, 50)))
    return "\n".join(lines).replace("\0", "0").replace('"""', "")


def make_signature(chance: random.Random) -> str:
    """Make parameters, some of them strange or very many."""
    count = chance.choice((0, 1, 3, 3, 300))
    names = [
        chance.choice(("a{}", "b{}: int", "c{}=1", "ﬁ{}", "_{}")).format(n) for n in range(count)
    ]
    return ", ".join([*names, *chance.choice(((), ("*args",), ("*", "k"), ("**kwargs",)))])


def make_file(chance: random.Random) -> bytes:
    """Make a source file."""
    parts = [f'"""{make_docstring(chance)}"""\n'] if chance.random() < 0.7 else []
    for number in range(chance.randrange(0, 6)):
        if chance.random() < 0.3:
            parts.append(f"@{chance.choice(('d', 'a.b(c)', 'x[' + 'y,' * 99 + ']', 'property'))}\n")
        body = f'    """{make_docstring(chance)}"""\n' if chance.random() < 0.8 else "    pass\n"
        kind = f"class C{number}({make_signature(chance)})"
        head = kind if chance.random() < 0.2 else f"def f{number}({make_signature(chance)})"
        raised = "".join(f"    raise E{n}\n" for n in range(chance.choice((0, 0, 3, 200))))
        parts.append(f"{head}:\n{body}{raised}\n\n")
    if chance.random() < 0.2:
        parts.append(chance.choice(OPENERS) * chance.choice((10, 1000, 20_000)))
    if chance.random() < 0.1:
        parts.append(f"__all__ = [{', '.join(repr(f'n{n}') for n in range(2000))}]\n")
    raw = "".join(parts).encode("utf-8", chance.choice(("replace", "surrogatepass")))
    return raw.replace(b"\n", b"\r\n") if chance.random() < 0.1 else raw


def make_name(chance: random.Random, number: int) -> str:
    """Make a file name that git takes."""
    odd = chance.choice(
        ("", "-x", "a b", "é", "'", "::error::", "\x1b[31m", "$(x)", "%s", "n" * 150)
    )
    folder = chance.choice(("", "pkg/", "tests/", "-C/", "a b/"))
    return f"{folder}{odd}{number}.py"


def fill_repository(path: Path, chance: random.Random, count: int) -> list[bytes]:
    """Make a repository, and give the contents of its files."""
    run = ["git", "-C", os.fspath(path), "-c", "user.name=x", "-c", "user.email=x@x"]
    subprocess.run([*run[:3], "init", "-q"], check=True)
    contents = []
    for number in range(count):
        file = path / make_name(chance, number)
        file.parent.mkdir(exist_ok=True)
        contents.append(make_file(chance))
        file.write_bytes(contents[-1])
    (path / "detent.toml").write_text(chance.choice(SETTINGS), "utf-8")
    (path / ".gitattributes").write_text(chance.choice(ATTRIBUTES), "utf-8")
    subprocess.run([*run, "add", "-A"], check=True, stderr=subprocess.DEVNULL)
    subprocess.run([*run, "commit", "-qm", "x"], check=True)
    return contents


def try_files(contents: list[bytes]) -> list[str]:
    """Analyse each file, and tell which took long."""
    problems = []
    for number, content in enumerate(contents):
        start = time.perf_counter()
        analyze_file(content)
        seconds = time.perf_counter() - start
        if seconds > MOST_SECONDS:
            problems.append(f"file {number} took {seconds:.1f} s: {content[-60:]!r}")
    return problems


def try_commands(path: Path) -> list[str]:
    """Run the commands, and tell which ended otherwise than they may."""
    problems = []
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "detent", "-C", os.fspath(path), *command],
            capture_output=True,
            check=False,
        )
        if done.returncode not in range(4) or b"Traceback" in done.stderr:
            problems.append(f"{command} ended with {done.returncode}: {done.stderr[-300:]!r}")
        if b"\x1b" in done.stdout + done.stderr:
            problems.append(f"{command} printed an escape character")
    return problems


def main(files: str = "2000", seed: str = "1") -> int:
    """Try generated files, and report what went wrong."""
    problems = []
    for number in range(0, int(files), FILES_AT_ONCE):
        chance = random.Random(f"{seed} {number}")
        with tempfile.TemporaryDirectory() as place:
            contents = fill_repository(Path(place), chance, min(FILES_AT_ONCE, int(files) - number))
            found = [*try_files(contents), *try_commands(Path(place))]
        problems += [f"seed {seed!r}, files from {number}: {problem}" for problem in found]
        print(f"{number + FILES_AT_ONCE:,} files: {len(problems)} problems", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak > MOST_KB:
        problems.append(f"a process needed {peak:,} kB")
    print("\n".join([*problems, f"peak {peak:,} kB"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
