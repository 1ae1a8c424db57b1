"""Check `detent search` against `git grep`, and measure it, on a clone of a large repository.

    python benchmarks/search.py exact REPOSITORY     # 300 literals, 100 expressions, six versions
    python benchmarks/search.py size REPOSITORY      # the database against the text, and its CPU
    python benchmarks/search.py latency REPOSITORY   # in a process, and as a process
    python benchmarks/search.py history REPOSITORY   # 12,000 old contents
    python benchmarks/search.py ranked REPOSITORY    # from a docstring to its function


The literals are drawn from the files of HEAD by the number of files that have them. Of edited files
git reads what is on disk, and detent what git would store: a carriage return at the end of a line
does not count there. For `ranked`, the Python files are committed to another repository without any
docstring; a question is the first paragraph of a docstring, and the mean reciprocal rank is that of
its function.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from detent.api import open_repository
from detent.api.search import SearchOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from detent.api import Repository

TOKEN = re.compile(rb"[A-Za-z_][\w.]{2,30}(?:[ (=]+[\w.]{1,20})?")
#: Literals are drawn with these numbers of files, up to each.
BUCKETS = (1, 2, 5, 20, 100, 10**9)
Row = tuple[bytes, int, bytes]


def git(top: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=top, capture_output=True, check=False).stdout


# ---- what is looked for


def count_tokens(top: Path) -> Counter[str]:
    """Count in how many files each token is."""
    found: Counter[str] = Counter()
    for name in git(top, "ls-files", "-z").split(b"\0")[:-1]:
        place = top / os.fsdecode(name)
        raw = place.read_bytes() if place.is_file() else b"\0"
        if b"\0" not in raw[:8000]:
            found.update({token.decode() for token in TOKEN.findall(raw)})
    return found


def draw_literals(counts: Counter[str], chooser: random.Random, total: int) -> list[str]:
    """Draw as many of each bucket, and absent ones."""
    drawn: list[str] = []
    low = 0
    for high in BUCKETS:
        bucket = sorted(token for token, count in counts.items() if low < count <= high)
        drawn += chooser.sample(bucket, min(len(bucket), (total - 20) // len(BUCKETS)))
        low = high
    absent = (f"{chooser.choice(drawn)[:6]}{chooser.randrange(10**9)}" for _ in range(10**6))
    return drawn + [next(absent) for _ in range(total - len(drawn))]


def draw_expressions(literals: list[str], chooser: random.Random, total: int) -> list[str]:
    """Make expressions of literals, in all shapes that both programs read alike."""
    shapes: list[Callable[[str], str]] = [
        lambda x: rf"\b{re.escape(x)}\b",
        lambda x: rf"^\s*{re.escape(x)}",
        lambda x: rf"{re.escape(x)}$",
        lambda x: rf"{re.escape(x[:4])}\w+",
        lambda x: rf"{re.escape(x)}\s*[(=]",
        lambda x: rf"(?i){re.escape(x)}",
        lambda x: f"{re.escape(x)}|{re.escape(chooser.choice(literals))}",
        lambda x: f"[{x[0].upper()}{x[0].lower()}]{re.escape(x[1:])}",
        lambda x: f"{re.escape(x[:3])}.*{re.escape(x[-3:])}",
        lambda x: rf"(?:def|class|int) {re.escape(x[:3])}\w*\(",
        lambda x: rf"[^\w]{re.escape(x)}[^\w]",
        lambda x: rf"{re.escape(x[:5])}\d{{1,3}}",
    ]
    return [shapes[number % len(shapes)](chooser.choice(literals)) for number in range(total)]


# ---- exactness


class Version(NamedTuple):
    name: str  # as detent takes it
    arguments: list[str]  # as git takes it


def list_versions(top: Path) -> Iterator[Version]:
    yield Version("HEAD", ["HEAD"])
    yield Version("staged", ["--cached"])
    yield Version("worktree", [])
    commits = git(top, "rev-list", "--first-parent", "HEAD").decode().split()
    for share in (50, 10, 3):
        commit = commits[len(commits) // share]
        yield Version(commit, [commit])


def edit_files(top: Path) -> None:
    """Make the staged files and the work tree differ from HEAD."""
    names = git(top, "ls-files", "*.py").decode().splitlines()
    for number, name in enumerate(names[:40:10]):
        place = top / name
        place.write_text(f"{place.read_text()}\n# edited numpy {number}\n")
        if number % 2:
            git(top, "add", "--", name)


def grep(top: Path, version: Version, *flags: str) -> list[Row]:
    out = git(top, "grep", "-I", "-n", "-z", "--full-name", *flags, *version.arguments)
    prefix = f"{version.name}:".encode() if version.arguments not in ([], ["--cached"]) else b""
    rows = re.findall(rb"(?s)([^\0]+)\0(\d+)\0([^\n]*)\n", out)
    return sorted((path.removeprefix(prefix), int(line), text) for path, line, text in rows)


def check_exactness(top: Path, seed: int) -> int:
    chooser = random.Random(seed)
    edit_files(top)
    literals = draw_literals(count_tokens(top), chooser, 300)
    expressions = draw_expressions(literals, chooser, 100)
    wrong = checked = lines = 0
    for version in list_versions(top):
        with open_repository(top, is_one_run=True) as repository:
            for text in literals:
                wrong += not agree(repository, top, version, text=text, flags=["-F", "-e", text])
            for text in expressions:
                wrong += not agree(repository, top, version, text=text, flags=["-P", "-e", text])
        checked += len(literals) + len(expressions)
        lines += sum(len(grep(top, version, "-F", "-e", text)) for text in literals[:5])
        print(f"{version.name[:10]}: {checked} questions so far, {wrong} with other lines")
    return 1 if wrong else 0


def agree(
    repository: Repository, top: Path, version: Version, *, text: str, flags: list[str]
) -> bool:
    syntax = "literal" if flags[0] == "-F" else "regex"
    matches = repository.search(text, at=version.name, options=SearchOptions(syntax)).matches
    found = [(x.path, x.line, x.text.encode("utf-8", "surrogateescape")) for x in matches]
    expected = grep(top, version, *flags)
    if not version.arguments:
        found, expected = (
            [(path, line, shown.removesuffix(b"\r")) for path, line, shown in rows]
            for rows in (found, expected)
        )
    if found != expected:
        print(f"  {version.name[:10]} {text!r}: {len(found)} lines, git has {len(expected)}")
        print(f"    {sorted(set(found) ^ set(expected))[:2]}")
    return found == expected


# ---- ranks


class Question(NamedTuple):
    words: str
    path: str
    name: str  # qualified


def strip_docstrings(source: str, path: str) -> tuple[str, list[Question]]:
    """Take the docstrings out of a file; give the questions that they make."""
    lines = source.splitlines(keepends=True)
    questions = []
    for node, name in walk_definitions(ast.parse(source), ""):
        text = ast.get_docstring(node)
        if text is None:
            continue
        first = node.body[0]
        assert first.end_lineno is not None
        indent = " " * first.col_offset
        lines[first.lineno - 1 : first.end_lineno] = [
            f"{indent}pass\n",
            *["\n"] * (first.end_lineno - first.lineno),
        ]
        words = " ".join(text.split("\n\n")[0].split())
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and len(words.split()) > 3:
            questions.append(Question(words, path, name))
    return "".join(lines), questions


def walk_definitions(node: ast.AST, prefix: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    if isinstance(node, ast.Module):
        yield node, ""  # type: ignore[misc]
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = f"{prefix}{child.name}"
            yield child, name  # type: ignore[misc]
            yield from walk_definitions(child, f"{name}.")


def measure_ranks(top: Path, seed: int) -> int:
    questions: list[Question] = []
    with TemporaryDirectory() as directory:
        other = Path(directory)
        for name in git(top, "ls-files", "*.py").decode().splitlines():
            try:
                stripped, found = strip_docstrings((top / name).read_text("utf-8"), name)
            except (SyntaxError, UnicodeError):
                continue
            place = other / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(stripped, "utf-8")
            questions += [] if "tests/" in name else found
        git(other, "init", "-q")
        git(other, "add", "-A")
        git(other, "-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x")
        drawn = random.Random(seed).sample(questions, 200)
        options = SearchOptions("ranked", mode="code", limit=100)
        with open_repository(other, is_one_run=True) as repository:
            began = time.perf_counter()
            ranks = [find_rank(repository, question, options) for question in drawn]
            spent = time.perf_counter() - began
    for low in (1, 5, 10):
        print(f"among the first {low}: {sum(0 < rank <= low for rank in ranks) / len(ranks):.2f}")
    mean = sum(1 / rank for rank in ranks if rank) / len(ranks)
    print(f"mean reciprocal rank {mean:.3f}, {spent / len(ranks) * 1e3:.0f} ms each")
    return 0


def find_rank(repository: Repository, question: Question, options: SearchOptions) -> int:
    matches = repository.search(question.words, at="HEAD", options=options).matches
    wanted = (question.path.encode(), question.name)
    found = [number for number, x in enumerate(matches, 1) if (x.path, x.name) == wanted]
    return found[0] if found else 0


# ---- size and time


def measure_size(top: Path) -> int:
    place = top / ".git/detent"
    for file in place.glob("text-*"):
        file.unlink()
    text = 0
    for name in git(top, "ls-files", "-z").split(b"\0")[:-1]:
        file = top / os.fsdecode(name)
        raw = file.read_bytes() if file.is_file() and not file.is_symlink() else b"\0"
        text += 0 if b"\0" in raw[:8000] else len(raw)
    began = time.process_time()
    with open_repository(top) as repository:
        repository.search("zzzqqqxxx", at="HEAD")
    spent = time.process_time() - began
    size = sum(file.stat().st_size for file in place.glob("text-*.sqlite"))
    print(f"text {text / 1e6:.1f} MB, database {size / 1e6:.2f} MB: {size / text:.3f} of it")
    print(f"built in {spent:.2f} s of CPU: {text / 1e6 / spent:.1f} MB/s")
    return 0


def measure_latency(top: Path, seed: int) -> int:
    chooser = random.Random(seed)
    counts = count_tokens(top)
    rare = chooser.sample(sorted(token for token, count in counts.items() if count <= 2), 30)
    with open_repository(top, is_one_run=True) as repository:
        repository.search("zzzqqqxxx", at="HEAD")
        inside = [time_call(lambda x=x: repository.search(x, at="HEAD")) for x in rare]  # type: ignore[misc]
    print(f"in a process: median {statistics.median(inside) * 1e3:.2f} ms, "
          f"worst {max(inside) * 1e3:.2f} ms")  # fmt: skip
    bare = [sys.executable, "-c", "pass"]
    command = [str(Path(sys.executable).parent / "detent"), "search", "--at", "HEAD"]
    ratios = []
    for text in rare[:15]:
        first = time_call(lambda: subprocess.run(bare, cwd=top, check=False))
        second = time_call(
            lambda text=text: subprocess.run(  # type: ignore[misc]
                [*command, text], cwd=top, check=False, stdout=subprocess.DEVNULL
            )
        )
        ratios.append(second / first)
    print(f"as a process: {statistics.median(ratios):.1f} times a bare interpreter, in pairs")
    return 0


def measure_history(top: Path, seed: int) -> int:
    """Measure the index of the last commits that have 12,000 contents."""
    for file in (top / ".git/detent").glob("text-*"):
        file.unlink()
    log = git(top, "log", "--no-merges", "--raw", "--no-abbrev", "--no-renames", "--format=%H")
    oids: set[str] = set()
    commit = ""
    for line in log.decode("utf-8", "replace").splitlines():
        commit = commit if line.startswith(":") else line or commit
        oids.update(line.split()[2:4] if line.startswith(":100") else ())
        if len(oids) >= 12_000:
            break
    options = SearchOptions(history=True)
    at = f"{commit}..HEAD"
    rare = random.Random(seed).sample(sorted(x for x, n in count_tokens(top).items() if n <= 2), 30)
    with open_repository(top, is_one_run=True) as repository:
        began = time.process_time()
        repository.search("zzzqqqxxx", at=at, options=options)
        spent = time.process_time() - began
        inside = [
            time_call(lambda x=x: repository.search(x, at=at, options=options))  # type: ignore[misc]
            for x in ["zzzqqqxxx", *rare]
        ]
    given = "".join(f"{oid}\n" for oid in oids).encode()
    command = ["git", "cat-file", "--batch-check=%(objectsize)"]
    sizes = subprocess.run(command, cwd=top, input=given, capture_output=True, check=False).stdout
    total = sum(int(size) for size in sizes.split() if size.isdigit())
    size = sum(file.stat().st_size for file in (top / ".git/detent").glob("text-*.sqlite"))
    print(f"{len(oids):,} contents, {total / 1e6:.0f} MB; {size / 1e6:.1f} MB: {size / total:.3f}")
    print(f"built in {spent:.1f} s of CPU: {total / 1e6 / spent:.1f} MB/s")
    print(
        f"absent text {inside[0] * 1e3:.1f} ms; rare ones {statistics.median(inside) * 1e3:.1f} ms"
    )
    return 0


def time_call(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("exact", "size", "latency", "history", "ranked"))
    parser.add_argument("repository", type=Path, help="a clone that may be edited")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "exact":
        return check_exactness(options.repository, options.seed)
    if options.what == "size":
        return measure_size(options.repository)
    if options.what == "history":
        return measure_history(options.repository, options.seed)
    if options.what == "ranked":
        return measure_ranks(options.repository, options.seed)
    return measure_latency(options.repository, options.seed)


if __name__ == "__main__":
    sys.exit(main())
