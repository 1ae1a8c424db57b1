"""The habits that a linter does not hold, checked on all of ``src/detent``.

There is no list of exceptions. The tables below say where each thing lives; a place in them that no
longer needs its entry fails too, so that they stay as tight as the code. How the rules are read:

- *lines of a function*: from ``def`` to its end, without its docstring; blank lines and comments
  count. A nested function counts in its parent as well as on its own.
- *complexity*: McCabe's, one for the function and one for each ``if``, conditional expression,
  loop, ``except``, ``assert``, further operand of ``and``/``or``, loop and condition of a
  comprehension, ``case`` that may fail, and guard. A nested function counts on its own.
- *nesting*: blocks of ``if``, loops, ``with``, ``try`` and ``match`` inside one another; ``elif``
  adds nothing.
- *parameters*: at most five with ``*args`` and ``**kwargs``, without ``self`` and ``cls``, and at
  most three that a caller may pass by position: those after the third are keyword-only.
- *imports*: one edge for each module named, wherever the statement stands: under ``TYPE_CHECKING``
  and inside functions too. An import inside a function is for a third party, for what is in
  `HEAVY`, or for a module of ours that imports one of these when it is loaded.
"""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/detent"

#: From the top down: a package imports lower floors only, never a neighbour on its own floor.
FLOORS = (
    ("__init__", "__main__"),
    ("cli", "server"),
    ("api",),
    ("budget",),
    ("index", "report"),
    ("audit", "query"),
    ("languages", "store", "git", "config"),
    ("core",),
)
#: Edges that are still to go.
TEMPORARY = {
    ("audit", "index"),
    ("index", "budget"),
    ("audit", "query"),
}

#: Where each capability lives, relative to ``src/detent``; a trailing slash means the whole folder.
PLACES = {
    "prints": {"report/console.py"},
    "reads the environment": {
        "api/repository.py",
        "cli/commands/ci.py",
        "cli/context.py",
        "report/console.py",
        "store/sqlite/counters.py",
    },
    "starts a process": {
        "budget/benchmark.py",
        "cli/commands/doctor.py",
        "cli/timeout.py",
        "git/",
        "index/background.py",
        "index/executors/",
    },
    "speaks SQL": {"store/"},
    "opens files": {
        "api/hook_files.py",
        "budget/benchmark.py",
        "cli/commands/ci.py",
        "cli/commands/install.py",
        "cli/commands/lint.py",
        "config/",
        "core/files.py",
        "git/",
        "index/",
        "report/console.py",
        "store/",
    },
}

#: What costs a millisecond or more above ``re``, by ``benchmarks/import_cost.py``, and is no third
#: party: parts of the standard library, and packages of ours.
HEAVY = {
    "argparse",  # 2 ms
    "concurrent",  # 10
    "configparser",  # 2
    "detent.cli.parser",  # 3
    "detent.audit.fix.table",  # 10
    "detent.audit.rules",  # 26 above ``re``, ``pathlib`` and ``typing``
    "detent.audit.selection.select",  # 3
    "detent.budget.source",  # 18
    "detent.budget.limits",  # 2
    "detent.budget.rules",  # 3
    "detent.budget.policy",  # 2
    "detent.cli.hooks.gates",  # 12
    "detent.cli.hooks.moves",  # 11
    "detent.api.check",  # 17
    "detent.api.gc",
    "detent.api.paths",
    "detent.api.symbols",
    "detent.api.verify",
    "detent.api.view",  # 14
    "detent.index.refresh",
    "difflib",  # 1
    "hashlib",  # 3
    "multiprocessing",  # 10
    "sqlite3",  # 3
    "subprocess",  # 6
    "tempfile",  # 4
    "tomllib",  # 8
    "traceback",  # 3
}

#: In halves, so that this file does not hold them.
UNWANTED = [
    "".join(halves)
    for halves in [
        ("ag", "ents?"),
        ("sub-?ag", "ents?"),
        ("chat", "bots?"),
        ("LL", "Ms?"),
        ("A", "I"),
        ("work", "places?"),
        ("/work/", "(main|shared)"),
        ("co", "pilot"),
        ("Cl", "aude"),
        ("Op", "enAI"),
    ]
]

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert)


class Module(NamedTuple):
    """One source file."""

    name: str
    path: str
    text: str
    tree: ast.Module


def parse(path: str, text: str) -> Module:
    parts = ["detent", *path.removesuffix(".py").split("/")]
    name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)
    return Module(name, path, text, ast.parse(text))


def parse_all(texts: dict[str, str]) -> dict[str, Module]:
    return {module.name: module for module in (parse(*item) for item in texts.items())}


MODULES = parse_all(
    {p.relative_to(SOURCE).as_posix(): p.read_text("utf-8") for p in sorted(SOURCE.rglob("*.py"))}
)


def functions(module: Module) -> Iterator[Function]:
    return (node for node in ast.walk(module.tree) if isinstance(node, FUNCTIONS))


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """Yield what stands in the body, without the bodies of functions nested in it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            pending.extend(ast.iter_child_nodes(node))


# ---- size and shape


def long_files(module: Module) -> Iterator[str]:
    if (count := len(module.text.splitlines())) > 400:
        yield f"{module.path}: {count} lines"


def long_functions(module: Module) -> Iterator[str]:
    for function in functions(module):
        count = (function.end_lineno or 0) - function.lineno + 1
        if ast.get_docstring(function, clean=False) is not None:
            count -= (function.body[0].end_lineno or 0) - function.body[0].lineno + 1
        if count > 50:
            yield f"{module.path}:{function.lineno} {function.name}: {count} lines"


def decisions(node: ast.AST) -> int:
    if isinstance(node, BRANCHES):
        return 1
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if isinstance(node, ast.match_case):
        catch_all = isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None
        return (not catch_all) + (node.guard is not None)
    return 0


def complex_functions(module: Module) -> Iterator[str]:
    for function in functions(module):
        if (cc := 1 + sum(map(decisions, own_nodes(function)))) > 10:
            yield f"{module.path}:{function.lineno} {function.name}: complexity {cc}"


def blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """Return the statement lists inside a statement, an ``elif`` as its own blocks."""
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return []
    found = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    parts = (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))
    found += [part.body for part in parts]
    match statement:
        case ast.If(orelse=[ast.If() as follow]) if follow.col_offset == statement.col_offset:
            return [found[0], *blocks(follow)]
    return [block for block in found if block]


def depth(body: list[ast.stmt]) -> int:
    inner = [depth(block) for statement in body for block in blocks(statement)]
    return 1 + max(inner) if inner else 0


def nested_blocks(module: Module) -> Iterator[str]:
    if (level := depth(module.tree.body)) > 3:
        yield f"{module.path}: nesting {level} outside functions"
    for function in functions(module):
        if (level := depth(function.body)) > 3:
            yield f"{module.path}:{function.lineno} {function.name}: nesting {level}"


def many_parameters(module: Module) -> Iterator[str]:
    methods = {
        child
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for child in node.body
        if isinstance(child, FUNCTIONS)
        and "staticmethod" not in [ast.unparse(d) for d in child.decorator_list]
    }
    for function in functions(module):
        args = function.args
        position = len(args.posonlyargs) + len(args.args) - (function in methods)
        total = position + len(args.kwonlyargs) + sum(map(bool, (args.vararg, args.kwarg)))
        if total > 5 or position > 3:
            where = f"{module.path}:{function.lineno} {function.name}"
            yield f"{where}: {total} parameters, {position} of them by position"


def wide_protocols(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            bases = [re.sub(r"\[.*|.*\.", "", ast.unparse(base)) for base in node.bases]
            count = sum(isinstance(child, FUNCTIONS) for child in node.body)
            if "Protocol" in bases and count > 8:
                yield f"{module.path}:{node.lineno} {node.name}: {count} methods"


# ---- imports


def targets(module: Module, node: ast.AST) -> list[str]:
    """Return the dotted names that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    parts = [node.module] if node.module else []
    if node.level:
        package = module.name.removesuffix(".__init__").split(".")
        drop = node.level - module.path.endswith("__init__.py")
        parts = [*package[: len(package) - drop], *parts]
    return [".".join([*parts, alias.name]) for alias in node.names]


def ours(name: str, modules: dict[str, Module]) -> str | None:
    """Return the module of ours that a dotted name belongs to."""
    if name.partition(".")[0] != "detent":
        return None
    if name in ("detent", "detent.open"):
        return "detent.__init__"
    while name not in modules:
        if "." not in name:
            return None  # a constant of the package itself
        name = name.rpartition(".")[0]
    return name


def edges(module: Module, modules: dict[str, Module]) -> set[str]:
    names = [name for node in ast.walk(module.tree) for name in targets(module, node)]
    return {found for name in names if (found := ours(name, modules))}


def import_cycles(modules: dict[str, Module]) -> Iterator[str]:
    graph = {name: edges(module, modules) for name, module in modules.items()}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield " -> ".join(error.args[1])


def upward_imports(modules: dict[str, Module]) -> Iterator[str]:
    level = {part: row for row, parts in enumerate(FLOORS) for part in parts}
    for module in modules.values():
        source = module.name.split(".")[1]
        if source not in level:
            yield f"{module.path}: {source} has no place in FLOORS"
            continue
        for target in sorted(edges(module, modules)):
            part = target.split(".")[1]
            faces = (source, part) == ("cli", "server") or (source, part) in TEMPORARY
            if part != source and level.get(part, 0) <= level[source] and not faces:
                yield f"{module.path} imports {target}"


def loaded_at_once(module: Module) -> list[str]:
    """Return what a module imports while it is loaded: no function, no ``TYPE_CHECKING``."""
    names: list[str] = []
    pending: list[ast.AST] = [module.tree]
    while pending:
        node = pending.pop()
        names += targets(module, node)
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not guarded and not isinstance(node, FUNCTIONS):
            pending.extend(ast.iter_child_nodes(node))
    return names


def is_heavy(name: str, modules: dict[str, Module], seen: frozenset[str] = frozenset()) -> bool:
    found = ours(name, modules)
    if found is None:
        top = name.partition(".")[0]
        return top in HEAVY or top not in sys.stdlib_module_names
    # What is inside of a package loads all of the package.
    if not HEAVY.isdisjoint(accumulate(found.split("."), "{}.{}".format)):
        return True
    if found in seen or found not in modules:
        return False
    inner = loaded_at_once(modules[found])
    return any(is_heavy(name, modules, seen | {found}) for name in inner)


def late_imports(modules: dict[str, Module]) -> Iterator[str]:
    for module in modules.values():
        for function in functions(module):
            for node in own_nodes(function):
                light = [n for n in targets(module, node) if not is_heavy(n, modules)]
                if light:
                    line = getattr(node, "lineno", 0)
                    yield f"{module.path}:{line} {function.name} imports {', '.join(light)}"


# ---- one place for each capability

MODULE_USES = {
    "starts a process": r"(subprocess|multiprocessing|concurrent\.futures|pty)(\..*)?",
    "speaks SQL": r"(sqlite3|duckdb|sqlite_utils|apsw)(\..*)?",
}
NAME_USES = {
    "prints": r"sys\.(stdout|stderr)(\.buffer)?",
    "reads the environment": r"os\.(environb?|getenvb?|putenv)",
    "starts a process": r"os\.(system|popen|fork|forkpty|startfile|(posix_)?spawn\w*|exec[lv]\w*)",
    "opens files": r"(os|io)\.(open|fdopen)",
}
CALL_USES = {
    "prints": r"print|.*\.print",
    "speaks SQL": r".*\.execute(many|script)?",
    "opens files": r"open|.*\.(read|write)_(text|bytes)|.*\.(mkdir|unlink|touch|rmtree|mkdtemp)",
}
MODE = re.compile(r"[rwxabt+]{1,3}")


def opens(call: ast.Call) -> bool:
    """Tell whether ``x.open(...)`` looks like a path's: no argument, or a mode first."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "open"):
        return False
    first = call.args[0] if call.args else None
    mode = first.value if isinstance(first, ast.Constant) else None
    return not (call.args or call.keywords) or bool(isinstance(mode, str) and MODE.fullmatch(mode))


def uses(module: Module) -> Iterator[tuple[str, int]]:
    """Yield each use of a capability, and its line."""
    for node in ast.walk(module.tree):
        seen: list[tuple[dict[str, str], str]] = []
        if isinstance(node, ast.Attribute):
            seen.append((NAME_USES, ast.unparse(node)))
        if isinstance(node, ast.Call):
            seen.append((CALL_USES, ast.unparse(node.func).replace("\n", "")))
            if opens(node):
                yield "opens files", node.lineno
        for name in targets(module, node):
            seen += [(MODULE_USES, name), (NAME_USES, name)]
        for table, text in seen:
            for capability, pattern in table.items():
                if re.fullmatch(pattern, text):
                    yield capability, getattr(node, "lineno", 0)


def place(path: str, capability: str) -> str | None:
    """Return the entry of `PLACES` that allows a file a capability."""
    for entry in PLACES[capability]:
        if path == entry or (entry.endswith("/") and path.startswith(entry)):
            return entry
    return None


def out_of_place(module: Module) -> Iterator[str]:
    for capability, line in sorted(set(uses(module)), key=lambda use: use[1]):
        if place(module.path, capability) is None:
            yield f"{module.path}:{line} {capability}"


def idle_places(modules: dict[str, Module]) -> Iterator[str]:
    needed = {(c, place(module.path, c)) for module in modules.values() for c, _ in uses(module)}
    for capability, entries in PLACES.items():
        for entry in sorted(entries):
            if (capability, entry) not in needed:
                yield f"{entry} is listed as a place that {capability}, and has no need of it"


# ---- words


def unwanted_words(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    pattern = re.compile(rf"(?<!\w)({'|'.join(UNWANTED)})(?!\w)", re.IGNORECASE)
    for name, text in files:
        for number, line in enumerate([name, *text.splitlines()]):
            if found := pattern.search(line):
                yield f"{name}:{number} {found[0]}"


def tracked() -> Iterator[tuple[str, str]]:
    """Yield name and text of each file that git tracks or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in listing.decode().split("\0")[:-1]:
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text("utf-8", "replace")


# ---- the rules, on detent

FileRule = Callable[[Module], Iterator[str]]
TreeRule = Callable[[dict[str, Module]], Iterator[str]]
FILE_RULES: list[FileRule] = [
    long_files,
    long_functions,
    complex_functions,
    nested_blocks,
    many_parameters,
    wide_protocols,
    out_of_place,
]
TREE_RULES: list[TreeRule] = [import_cycles, upward_imports, late_imports, idle_places]


@pytest.mark.parametrize("rule", FILE_RULES)
def test_every_file(rule: FileRule) -> None:
    assert "detent.core.model" in MODULES
    problems = [problem for module in MODULES.values() for problem in rule(module)]
    assert not problems, "\n".join(["", *problems])


@pytest.mark.parametrize("rule", TREE_RULES)
def test_the_source_tree(rule: TreeRule) -> None:
    problems = list(rule(MODULES))
    assert not problems, "\n".join(["", *problems])


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a source archive tracks nothing")
def test_words() -> None:
    files = list(tracked())
    assert "pyproject.toml" in dict(files)
    problems = list(unwanted_words(files))
    assert not problems, "\n".join(["", *problems])


# ---- each rule can fail, and leaves alone what is right up to the limit


def body(line: str, count: int, head: str = "") -> str:
    return f"def f(x):\n{head}" + f"    {line}\n" * count


def tower(*heads: str) -> str:
    lines = [f"{'    ' * level}{head}:" for level, head in enumerate(("def f(x)", *heads))]
    return "\n".join([*lines, "    " * len(lines) + "pass"])


def elifs(count: int) -> str:
    return "def f(x):\n    if x: pass\n" + "    elif x > 1: pass\n" * count


LATER = "\n            {}:\n                if x: pass"
DOC = '    """A\n\n    b."""\n'
PROTOCOL = "import typing\nclass P(typing.Protocol[T]):\n"
TRIES = "async def f(x):\n" + " try: pass\n except E: pass\n" * 5
CASES = "def f(x):\n match x:\n" + "  case 1 if x: pass\n" * 4
FILE_CASES: list[tuple[FileRule, str, str]] = [
    (long_files, "x = 1\n" * 401, "x = 1\n" * 400),
    (long_functions, body("x = 1", 50), body("x = 1", 49)),
    (long_functions, body("x = 1", 50, DOC), body("x = 1", 49, DOC)),
    (complex_functions, body("if x: pass", 10), body("if x: pass", 9)),
    (complex_functions, elifs(9), elifs(8)),
    (complex_functions, body("x = x and x or x", 5), body("x = x and x or x", 4)),
    (complex_functions, body("[a for a in x if a]", 5), body("[a for a in x if a]", 4)),
    (complex_functions, body("x = 1 if x else 2", 10), body("x = lambda: x", 20)),
    (complex_functions, body("assert x", 10), body("def g(): assert x", 20)),
    (complex_functions, CASES + "  case 2 if x: pass\n", CASES + "  case _: pass\n"),
    (complex_functions, TRIES + " while x: pass\n" * 5, TRIES + " while x: pass\n" * 4),
    (
        nested_blocks,
        tower("if x", "for y in x", "with y", "while y"),
        tower("if x", "if y", "if x"),
    ),
    (nested_blocks, "if 1:\n if 2:\n  if 3:\n   if 4: pass", elifs(9)),
    (nested_blocks, tower("if x", "if x", "match x", "case 1", "if x"), tower("match x", "case 1")),
    (nested_blocks, tower("if x", "if x", "try") + LATER.format("finally"), "x"),
    (nested_blocks, tower("if 1", "if 2", "if 3") + LATER.format("else"), "x"),
    (many_parameters, "def f(a, b, *, c, d, e, f): 1", "def f(a, b, c, *, d, e): 1"),
    (many_parameters, "def f(a, /, b, c, d): 1", "class A:\n def f(self, a, b, c): 1"),
    (many_parameters, "class A:\n @staticmethod\n def f(a, b, c, d): 1", "def f(*a, **k): 1"),
    (many_parameters, "def f(a, b, *c, d, e, **f): 1", "def f(a, *b, c, d, **e): 1"),
    (wide_protocols, PROTOCOL + " def m(self): 1\n" * 9, PROTOCOL + " def m(self): 1\n" * 8),
    (out_of_place, "print(1)", "pprint(1)"),
    (out_of_place, "console.print(1)", "x.fingerprint()"),
    (out_of_place, "import sys\nsys.stderr.write('')", "import sys\nsys.exit()"),
    (out_of_place, "import os\nos.environ['A']", "import os\nos.fspath('A')"),
    (out_of_place, "from os import getenv", "from os import fspath"),
    (out_of_place, "import subprocess", "import sub"),
    (out_of_place, "def f():\n from subprocess import run", "from sub import run"),
    (out_of_place, "from concurrent import futures", "from concurrently import futures"),
    (out_of_place, "from multiprocessing.pool import Pool", "import os\nos.getpid()"),
    (out_of_place, "import os\nos.posix_spawn('a', [], {})", "import os\nos.sep"),
    (out_of_place, "con.executemany('')", "con.executor()"),
    (out_of_place, "import sqlite3", "import sqlite3x"),
    (out_of_place, "open('a')", "store.open('x.db', 1)"),
    (out_of_place, "p.open()", "webbrowser.open('page')"),
    (out_of_place, "p.open('rb')", "p.is_file()"),
    (out_of_place, "p.read_text()", "p.read()"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), FILE_CASES)
def test_a_file_rule_can_fail(rule: FileRule, bad: str, good: str) -> None:
    assert list(rule(parse("query/x.py", bad)))
    assert not list(rule(parse("query/x.py", good)))


AROUND = {
    "query/b.py": "from detent.query.a import x",
    "query/c.py": "if TYPE_CHECKING:\n import duckdb",
    "query/heavy.py": "from .heavier import x",
    "query/heavier.py": "import rich",
    "audit/selection/select.py": "",
    **{f"{part}.py": "" for row in FLOORS for part in row if part != "query"},
}
TREE_CASES: list[tuple[TreeRule, str, str, str]] = [
    (import_cycles, "query/a.py", "from detent.query import b", "import detent.query.c"),
    (import_cycles, "query/a.py", "from .b import x", "from .c import x"),
    (import_cycles, "query/a.py", "if TYPE_CHECKING:\n from . import b", "from .. import errors"),
    (import_cycles, "query/a.py", "def f():\n from detent.query.b import x", "import b"),
    (upward_imports, "git.py", "import detent.report", "from detent.core.errors import GitError"),
    (upward_imports, "git.py", "from detent.store import x", "from . import errors"),
    (upward_imports, "audit/a.py", "from ..budget import x", "from .b import x"),
    (upward_imports, "cli/a.py", "import detent.__main__", "from detent import report"),
    (upward_imports, "store/__init__.py", "from ..query import b", "from .memory import b"),
    (upward_imports, "strange.py", "", "import detent.strange"),
    (late_imports, "query/a.py", "def f():\n import json", "def f():\n import duckdb"),
    (late_imports, "query/a.py", "def f():\n from .c import x", "def f():\n import sqlite3"),
    (
        late_imports,
        "cli/a.py",
        "def f():\n import re",
        "def f():\n from detent.audit.selection.select import x",
    ),
    (late_imports, "query/a.py", "def f():\n from . import c", "def f():\n from .heavy import x"),
]


@pytest.mark.parametrize(("rule", "path", "bad", "good"), TREE_CASES)
def test_a_tree_rule_can_fail(rule: TreeRule, path: str, bad: str, good: str) -> None:
    assert list(rule(parse_all(AROUND | {path: bad})))
    harmless = "query/a.py" if path == "strange.py" else path
    assert not list(rule(parse_all(AROUND | {harmless: good})))


def test_an_idle_place_fails() -> None:
    problems = list(idle_places(parse_all({"config.py": "import os\nos.environ"})))
    assert not [p for p in problems if p.startswith("config.py") and "environment" in p]
    assert [p for p in problems if p.startswith("store/")]


@pytest.mark.parametrize("halves", [("an ag", "ent"), ("a sub-ag", "ents,"), ("an A", "I.")])
def test_an_unwanted_word_fails(halves: tuple[str, str]) -> None:
    assert list(unwanted_words([("a.md", "fine\n" + "".join(halves))]))
    assert list(unwanted_words([("".join(halves), "fine")]))
    assert not list(unwanted_words([("a.md", "a session, a reagent, said, main")]))
