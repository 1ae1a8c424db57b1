"""Generate docstrings, break real files, and see that the audit and its fixes take them all.

Usage: python benchmarks/fuzz.py DOCSTRINGS FILES [SEED [DIRECTORY]]

The docstrings come from a small grammar, or from DIRECTORY (default: the standard library) with
some edits, many to a file; the files come from there too, with bytes taken out, put in, doubled and
changed. For each file: analysis, audit and fixes raise nothing; every finding has its place inside
the file; what the fixes make is the same code to Python and has no finding that was not there, but
for what they bring to light; and fixing it once more changes nothing. What breaks one of these is
printed with the seed that makes it again, and the exit status is then 1.
"""

from __future__ import annotations

import ast
import random
import re
import sys
import sysconfig
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from detent.audit.analyze import analyze_file
from detent.audit.fix import FIXES
from detent.audit.fix.attempt import is_revealed_by_fix, make_finding_key
from detent.audit.fix.file import FixRequest, fix_file
from detent.audit.selection.select import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.core.model import FileFacts

EACH = 100
_WORDS = re.findall(
    r"\S+",
    r"""
    return the mean of values axis an array which is integer boolean string list where if Default
    https://example.org/a ``code`` :math:`x^2` `axis` *args **kwargs f(x) foo.bar é ß ΐ 数 (see
    below) "quoted" e.g. pdf ndarray -1 [1]_ a, b : :: | \alpha \ \n {'a', 'b'} None 0.5 x=1 and/or
    don't numpy.mean : It it's.
    """,
)
_TITLES = re.findall(
    r"\S+",
    """
    Parameters Returns Yields Raises Notes Examples References Attributes Methods Warns Warnings
    Receives Paramters Return Example notes See_Also See_also Other_Parameters Returns: Args Note
    Nodes Fields
    """,
)
_NAMES = ["values", "axis", "*args", "**kwargs", "flag", "a, b", "x", "self", ""]
_MARKS = [".", ".", "", "", ":", "::", ",", "?", " ", ")", '"', "。"]
_QUOTES = ['"""', '"""', '"""', "'''", 'r"""', 'u"""', '"', "'", 'R"""', '("" "', 'f"""']
_SIGNATURES = [
    "",
    "values, axis=0",
    "*args, **kwargs",
    "x: int = 3, /, *, flag: 'str' = None",
    "a, b",
]
_SPLICES = [
    b"\n\n",
    b'"""',
    b"\\",
    b"\t",
    b"\r",
    b"\0",
    b"\xff",
    b"'",
    b"    ",
    b"--------\n",
    b":",
    b" : ",
    b".",
]
_SELECTION = Selection()


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(_WORDS, k=rng.randint(1, 6))) + rng.choice(_MARKS)


def entry(rng: random.Random, margin: str) -> list[str]:
    head = rng.choice(_NAMES) + rng.choice([" : ", ": ", ":", " :", "", " : ", "  :  "])
    lines = [
        margin + head + rng.choice(["int", "integer", "list of string", "", "boolean.", "x or"])
    ]
    lines += [margin + "    " + sentence(rng) for _ in range(rng.choice([0, 1, 1, 1, 2]))]
    return lines


def section(rng: random.Random, margin: str) -> list[str]:
    title = rng.choice(_TITLES).replace("_", " ")
    length = len(title) + rng.choice([0, 0, 0, 0, -1, 1, -3])
    lines = [margin + title, margin + rng.choice("----=") * length]
    for _ in range(rng.choice([0, 1, 2, 3])):
        lines += entry(rng, margin) if rng.random() < 0.7 else [margin + sentence(rng)]
    return [*lines, *[""] * rng.choice([0, 1, 1, 1, 2])]


def written(rng: random.Random) -> str:
    """Write a docstring by the grammar."""
    margin = rng.choice(["    ", "    ", "    ", "", "\t", "        "])
    lines = [*[""] * rng.choice([0, 0, 1, 2, 3])]
    lines += [sentence(rng)] if not lines else [margin + sentence(rng)]
    lines += [""] * rng.choice([0, 1, 1, 2])
    for _ in range(rng.choice([0, 0, 1, 2, 4])):
        lines += section(rng, margin) if rng.random() < 0.8 else [margin + sentence(rng), ""]
    return "\n".join([*lines, *rng.choice([[], [margin], ["", margin], ["", "", margin]])])


def scrambled(rng: random.Random, text: str) -> str:
    """Edit a docstring by lines and by characters."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 4)):
        at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(7):
            case 0:
                lines.insert(to, lines[at])
            case 1:
                lines[at], lines[to] = lines[to], lines[at]
            case 2:
                lines[at] = lines[at][: rng.randint(0, len(lines[at]))]
            case 3:
                lines.insert(at, rng.choice(["", "", "    ", sentence(rng), "    ----"]))
            case 4:
                lines[at] = lines[at].replace(*rng.choice([(".", ""), (" :", ":"), ("s", "")]))
            case 5:
                lines[at] = lines[at].lower()
            case _:
                lines[at : at + 1] = section(rng, "    ")
    return "\n".join(lines)


def function(rng: random.Random, number: int, texts: list[str]) -> str:
    """Write a function or a class with a docstring."""
    text = written(rng) if rng.random() < 0.6 else scrambled(rng, rng.choice(texts))
    quotes = rng.choice(_QUOTES)
    closing = re.sub("[a-zA-Z(]", "", quotes.replace('"" ', "")) + (")" if "(" in quotes else "")
    if "r" not in quotes.lower():
        text = text.replace("\\", rng.choice(["\\\\", "\\\\", "\\"]))
    text = text.replace(closing.rstrip(")"), "").rstrip("\\")
    if text.endswith(closing[0]):
        text += " "
    if len(closing.rstrip(")")) == 1:
        text = text.replace("\n", "\\n")
    head = f"def f{number}({rng.choice(_SIGNATURES)}):"
    if rng.random() < 0.1:
        init = "    def __init__(self, a, b=1):\n        1\n"
        return f"class C{number}:\n    {quotes}{text}{closing}\n\n{init}"
    return f"{head}\n    {quotes}{text}{closing}\n    return {number}\n"


def generated(rng: random.Random, texts: list[str]) -> bytes:
    """Write a file; one in ten need not be valid, and is then left alone as a whole."""
    sources: list[str] = []
    check = rng.random() < 0.9
    while len(sources) < EACH:
        source = function(rng, len(sources), texts)
        if not check or is_valid(source):
            sources.append(source)
    data = "".join(sources).encode()
    return data.replace(b"\n", rng.choice([b"\n", b"\n", b"\n", b"\r\n", b"\r"]))


def edited(rng: random.Random, raw: bytes) -> bytes:
    """Scramble some docstrings of a file."""
    documented = [one.docstring for one in analyze_file(raw).symbols if one.docstring]
    for docstring in rng.sample(documented, min(5, len(documented))):
        new = docstring.source.replace(docstring.text, scrambled(rng, docstring.text))
        raw = raw.replace(docstring.source.encode(), new.encode())
    return raw


def broken(rng: random.Random, raw: bytes) -> bytes:
    """Break a file in a few places."""
    data = bytearray(raw)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        at = rng.randrange(len(data) + 1)
        size = rng.choice([1, 1, 5, 50, 1000])
        match rng.randrange(5):
            case 0:
                del data[at : at + size]
            case 1:
                data[at:at] = rng.choice(_SPLICES)
            case 2:
                data[at:at] = data[at : at + size]
            case 3:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case _:
                data[at : at + 1] = rng.choice(_SPLICES)
    return bytes(data)


def is_valid(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def bare(raw: bytes) -> str | None:
    """Give the syntax tree without docstrings; None where Python cannot read it."""
    try:
        tree = ast.parse(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(node, ast.Lambda | ast.IfExp)
            or not body
            or not isinstance(body[0], ast.Expr)
        ):
            continue
        if isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
            body[0].value.value = ""
    return ast.dump(tree)


def placed(facts: FileFacts, raw: bytes) -> Iterator[str]:
    """Yield the findings that have their place outside the file."""
    lines = re.split("\r\n?|\n", raw.decode("utf-8", "replace"))
    for one in facts.findings:
        inside = 1 <= one.line <= len(lines) and 1 <= one.column <= len(lines[one.line - 1]) + 2
        if not inside:
            yield f"no place in the file: {one}"


def keys(facts: FileFacts) -> Counter[tuple[int, tuple[str, str, str]]]:
    counted = (
        one
        for one in facts.findings
        if _SELECTION.resolve_file("x.py").counts(one, facts.symbols[one.symbol])
    )
    return Counter((one.symbol, make_finding_key(one.code, one)) for one in counted)


def problems(raw: bytes, *, stubs: bool, done: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with how a file is treated."""
    facts = analyze_file(raw)
    yield from placed(facts, raw)
    request = FixRequest(_SELECTION.resolve_file("x.py").counts, stubs=stubs)
    after = fix_file(raw, request)
    done["files left alone"] += bool(after.reason)
    done["files fixed"] += after.raw != raw
    done["findings fixed"] += len(after.fixed)
    if after.raw == raw:
        return
    if fix_file(after.raw, request).raw != after.raw:
        yield "fixing it again changes it again"
    if bare(raw) != bare(after.raw):
        yield "other code"
    new = keys(analyze_file(after.raw)) - keys(facts)
    for _, key in new:
        if not any(is_revealed_by_fix(code, key) for code in FIXES if stubs or code != "PR01"):
            yield f"new finding: {key}"
    if not after.fixed:
        yield "changed, and nothing fixed"


def tried(raw: bytes, name: str, *, stubs: bool, done: Counter[str]) -> int:
    """Report what is wrong with how a file is treated; give the number of problems."""
    try:
        found = list(problems(raw, stubs=stubs, done=done))
    except Exception:
        found = [traceback.format_exc()]
    for problem in found:
        print(f"{name}: {problem}", flush=True)
    return len(found)


def report(what: str, start: float, wrong: int, done: Counter[str]) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(done.items()))
    print(f"{what} in {time.time() - start:,.0f} s: {wrong} problems ({counts})", flush=True)


def main(docstrings: int, files: int, seed: int, directory: str) -> int:
    warnings.simplefilter("ignore")
    paths = sorted(Path(directory).rglob("*.py"))
    texts = [
        symbol.docstring.text
        for path in random.Random(seed).sample(paths, min(300, len(paths)))
        for symbol in analyze_file(path.read_bytes()).symbols
        if symbol.docstring and symbol.docstring.text
    ]
    wrong, start, done = 0, time.time(), Counter[str]()
    for number in range(docstrings // EACH):
        rng = random.Random(f"{seed}/{number}")
        name = f"generated {seed}/{number}"
        wrong += tried(generated(rng, texts), name, stubs=not number % 4, done=done)
    report(f"{docstrings:,} docstrings", start, wrong, done)
    before, start, done = wrong, time.time(), Counter()
    for number in range(files):
        rng = random.Random(f"{seed}/file/{number}")
        path = rng.choice(paths)
        raw = rng.choice([edited, broken])(rng, path.read_bytes()[:100_000])
        name = f"file {seed}/{number} of {path}"
        wrong += tried(raw, name, stubs=not number % 4, done=done)
    report(f"{files:,} files", start, wrong - before, done)
    return int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(
        main(
            int(sys.argv[1]),
            int(sys.argv[2]),
            int(sys.argv[3]) if len(sys.argv) > 3 else 1,
            sys.argv[4] if len(sys.argv) > 4 else sysconfig.get_path("stdlib"),
        )
    )
