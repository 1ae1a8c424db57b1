"""House rules that a linter cannot check, applied to all of ``src/detent``.

There is no list of exceptions. The tables below say where each thing belongs; an entry that is no
longer needed fails too, so that the tables are as strict as the code. How the rules count:

- *lines of a file or a function*: lines of code, without docstrings, comments and blank lines. A
  nested function counts in its parent as well as on its own.
- *complexity*: McCabe's, one for the function and one for each ``if``, conditional expression,
  loop, ``except``, ``assert``, further operand of ``and``/``or``, loop and condition of a
  comprehension, ``case`` that may fail, and guard. A nested function counts on its own.
- *nesting*: blocks of ``if``, loops, ``with``, ``try`` and ``match`` inside one another; ``elif``
  adds nothing.
- *parameters*: at most five with ``*args`` and ``**kwargs``, without ``self`` and ``cls``, and at
  most three that a caller may pass by position: those after the third are keyword-only.
- *protocols*: the methods of all protocols of a module and of their bases, since whoever
  implements one implements all.
- *imports*: one edge for each module named, wherever the statement stands: under ``TYPE_CHECKING``
  and inside functions too. An import inside a function is for a third party, for what is in
  `HEAVY`, or for a module of ours that imports one of these when it is loaded.
- *state*: what a module binds at its top level and a function changes. Filling a registry while
  modules are imported (by a decorator, or a call at the top level) is allowed.
"""

from __future__ import annotations

import ast
import graphlib
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/detent"

#: From the top down: a package imports lower floors only, never a neighbour on its own floor. Above
#: them are only `TOPS`, how a program and a person come in.
FLOORS = (
    ("cli", "server"),
    ("api",),
    ("budget",),
    ("index", "report"),
    ("audit", "query"),
    ("languages", "store", "git", "config"),
    ("core",),
)
TOPS = ("__init__", "__main__")
#: What the floor at the top imports: what is asked, what renders it, and what all floors know.
BELOW_FACES = {"api", "report", "core", "config"}

#: Where each capability lives, relative to ``src/detent``; a trailing slash means the whole folder.
PLACES = {
    "prints": {"report/console.py"},
    "reads the environment": {
        "api/lint.py",
        "api/repository.py",
        "cli/ci_output.py",
        "cli/commands/ci.py",
        "report/console.py",
        "store/__init__.py",
    },
    "starts a process": {
        "budget/benchmark.py",
        "api/doctor.py",
        "cli/run_deadline.py",
        "git/",
        "index/background.py",
        "index/executors/",
    },
    "speaks SQL": {"store/"},
    "opens files": {
        "api/ci.py",
        "api/install.py",
        "api/lint.py",
        "budget/benchmark.py",
        "cli/file_output.py",
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
    "detent.audit.fix",  # 10
    "detent.audit.rules",  # 26 above ``re``, ``pathlib`` and ``typing``
    "detent.audit.selection.select",  # 3
    "detent.budget.source",  # 18
    "detent.budget.limits",  # 2
    "detent.budget.rules",  # 3
    "detent.budget.policy",  # 2
    "detent.api.moves",  # 11
    "detent.cli.check_output",
    "detent.api.check",  # 17
    "detent.api.exclusions",
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

#: Words with a private meaning or an aphorism in them, and where nobody has to read them.
UNCLEAR = re.compile(
    r"\b(mend|mends|mended|anew|held\s+back|stays|door|told|parted)\b", re.IGNORECASE
)
READ_BY_PEOPLE = re.compile(r"(src|docs|hooks|\.ci)/|[^/]*\.md|action\.yml|\.pre-commit-.*")

#: A verb in its past form names a state and no action: `load_facts`, not `loaded`.
PARTICIPLE = re.compile(
    r"_?([a-z]+[^e]ed|known|shown|told|kept|held|built|made|given|taken|written|found|left|seen|said"
    r"|meant|brought)"
)

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
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
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


def docstring_of(node: ast.AST) -> ast.stmt | None:
    """Return the statement that is the docstring of a node."""
    if not isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS)):
        return None
    return None if ast.get_docstring(node, clean=False) is None else node.body[0]


def code_lines(module: Module) -> set[int]:
    """Return the numbers of the lines that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(module.tree):
        if docstring := docstring_of(node):
            lines.difference_update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return lines


def long_files(module: Module) -> Iterator[str]:
    if (count := len(code_lines(module))) > 400:
        yield f"{module.path}: {count} lines of code"


def long_commands(module: Module) -> Iterator[str]:
    """A command has arguments, what it asks, and how it answers; the rest lives elsewhere."""
    if module.path.startswith("cli/commands/") and (count := len(module.text.splitlines())) > 120:
        yield f"{module.path}: {count} lines"


def long_functions(module: Module) -> Iterator[str]:
    lines = code_lines(module)
    for function in functions(module):
        count = len(lines.intersection(range(function.lineno, (function.end_lineno or 0) + 1)))
        if count > 50:
            yield f"{module.path}:{function.lineno} {function.name}: {count} lines of code"


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


def bases_of(node: ast.ClassDef) -> list[str]:
    return [re.sub(r"\[.*|.*\.", "", ast.unparse(base)) for base in node.bases]


def classes(modules: dict[str, Module]) -> dict[str, ast.ClassDef]:
    """Return all classes by name; `repeated_classes` sees to it that public names are unique."""
    nodes = (node for module in modules.values() for node in ast.walk(module.tree))
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}


def methods_of(name: str, known: dict[str, ast.ClassDef]) -> set[str]:
    """Return the methods of a class and of its bases."""
    if name not in known:
        return set()
    node = known[name]
    own = {child.name for child in node.body if isinstance(child, FUNCTIONS)}
    return own.union(*(methods_of(base, known) for base in bases_of(node)))


def wide_protocols(modules: dict[str, Module]) -> Iterator[str]:
    known = classes(modules)
    for module in modules.values():
        protocols = [
            node
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef) and "Protocol" in bases_of(node)
        ]
        parts = {node.name: methods_of(node.name, known) for node in protocols}
        bases = {base for node in protocols for base in bases_of(node)}
        # A base of another protocol of the module counts there.
        count = sum(len(methods) for name, methods in parts.items() if name not in bases)
        if count > 12:
            yield f"{module.path}: {count} methods in {', '.join(parts)}"


# ---- names


def participles(module: Module) -> Iterator[str]:
    for function in functions(module):
        if PARTICIPLE.fullmatch(function.name):
            yield f"{module.path}:{function.lineno} {function.name}"


def placeholder_names(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        bound = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id
        if (bound or (isinstance(node, ast.arg) and node.arg)) == "one":
            yield f"{module.path}:{getattr(node, 'lineno', 0)} one"


def repeated_classes(modules: dict[str, Module]) -> Iterator[str]:
    names = Counter(
        node.name
        for module in modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    yield from (f"{count} classes are called {name}" for name, count in names.items() if count > 1)


# ---- state

CHANGES = re.compile(
    r"add|append(left)?|clear|discard|extend(left)?|insert|pop(item|left)?|remove|reverse|send"
    r"|setdefault|sort|update|__setitem__"
)
#: Objects that exist to be changed.
CHANGING = re.compile(
    r"(threading\.)?(local|Lock|RLock|Event|Condition)|(contextvars\.)?ContextVar"
    r"|(itertools\.)?(count|cycle)|(weakref\.)?Weak\w+"
)


def top_level(module: Module) -> Iterator[ast.AST]:
    """Yield what runs while a module is loaded: nothing inside functions."""
    pending: list[ast.AST] = [module.tree]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            pending.extend(ast.iter_child_nodes(node))
        else:
            pending.extend(node.decorator_list)


def bound_names(module: Module) -> dict[str, ast.expr | None]:
    """Return the names that a module binds by assignment, with their values."""
    bound: dict[str, ast.expr | None] = {}
    for statement in module.tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            names = [
                node.id for one in targets for node in ast.walk(one) if isinstance(node, ast.Name)
            ]
            bound.update(dict.fromkeys(names, statement.value))
    return bound


def registrars(modules: dict[str, Module]) -> set[str]:
    """Return the functions that are only called while modules are loaded."""
    early: set[str] = set()
    late: set[str] = set()
    for module in modules.values():
        loading = set(top_level(module))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                (early if node in loading else late).add(ast.unparse(node.func).split(".")[-1])
            if node in loading and isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                early |= {ast.unparse(item).split(".")[-1] for item in node.decorator_list}
    return early - late


def mutable_classes(modules: dict[str, Module]) -> set[str]:
    """Return the classes of ours whose methods assign to attributes of the object."""
    return {
        name
        for name, node in classes(modules).items()
        for child in ast.walk(node)
        if isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Store)
        if isinstance(child.value, ast.Name) and child.value.id == "self"
    }


def changed_name(node: ast.AST) -> str:
    """Return the name, possibly of an attribute, whose object a node changes."""
    changed: ast.AST | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        changed = node.func.value if CHANGES.fullmatch(node.func.attr) else None
    elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
        changed = node.value
    return ast.unparse(changed) if isinstance(changed, (ast.Name, ast.Attribute)) else ""


def local_names(function: Function) -> set[str]:
    arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    stored = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return arguments | stored


def imported_names(module: Module) -> set[str]:
    """Return the names by which a module knows other modules of ours and what they bind."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "")[:6] == "detent")
        for alias in node.names
    }


def changed_state(module: Module, allowed: set[str]) -> Iterator[str]:
    """Name what the functions of a module change that is bound at the top of a module."""
    shared = {*bound_names(module), *imported_names(module)}
    early = {
        node
        for function in functions(module)
        if function.name in allowed
        for node in ast.walk(function)
    }
    for function in functions(module):
        if function in early:
            continue
        where = f"{module.path}:{function.lineno} {function.name} changes"
        own = local_names(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield f"{where} {', '.join(node.names)}"
            name = changed_name(node)
            if name and name.split(".")[0] in shared - own:
                yield f"{where} {name}"


def mutable_state(modules: dict[str, Module]) -> Iterator[str]:
    allowed, mutable = registrars(modules), mutable_classes(modules)
    for module in modules.values():
        yield from dict.fromkeys(changed_state(module, allowed))
        for name, value in bound_names(module).items():
            kind = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
            if CHANGING.fullmatch(kind) or kind.split(".")[-1] in mutable:
                yield f"{module.path} binds {name} to a {kind}"


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
        if source in TOPS:
            continue
        if source not in level:
            yield f"{module.path}: {source} has no place in FLOORS"
            continue
        for target in sorted(edges(module, modules)):
            part = target.split(".")[1]
            faces = (source, part) == ("cli", "server")
            if part != source and level.get(part, -1) <= level[source] and not faces:
                yield f"{module.path} imports {target}"
            if source in FLOORS[0] and part in level and level[part] and part not in BELOW_FACES:
                yield f"{module.path} imports {target}, which only the API may"


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


def unclear_words(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in files:
        for found in UNCLEAR.finditer(text if READ_BY_PEOPLE.match(name) else ""):
            number = text.count("\n", 0, found.start()) + 1
            yield f"{name}:{number} {' '.join(found[0].split())}"


def tracked() -> Iterator[tuple[str, str]]:
    """Yield name and text of each file that git tracks or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in listing.decode().split("\0")[:-1]:
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text("utf-8", "replace")


# ---- the rules, on detent

FileRule = Callable[[Module], Iterator[str]]
WordRule = Callable[[Iterable[tuple[str, str]]], Iterator[str]]
TreeRule = Callable[[dict[str, Module]], Iterator[str]]
FILE_RULES: list[FileRule] = [
    long_files,
    long_commands,
    long_functions,
    complex_functions,
    nested_blocks,
    many_parameters,
    out_of_place,
    participles,
    placeholder_names,
]
TREE_RULES: list[TreeRule] = [
    import_cycles,
    upward_imports,
    late_imports,
    idle_places,
    wide_protocols,
    repeated_classes,
    mutable_state,
]


def check(problems: list[str]) -> None:
    assert not problems, "\n".join(["", *problems])


@pytest.mark.parametrize("rule", FILE_RULES)
def test_every_file(rule: FileRule) -> None:
    assert "detent.core.model" in MODULES
    problems = [problem for module in MODULES.values() for problem in rule(module)]
    check(problems)


@pytest.mark.parametrize("rule", TREE_RULES)
def test_the_source_tree(rule: TreeRule) -> None:
    check(list(rule(MODULES)))


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a source archive tracks nothing")
@pytest.mark.parametrize("rule", [unwanted_words, unclear_words])
def test_words(rule: WordRule) -> None:
    files = list(tracked())
    assert "pyproject.toml" in dict(files)
    check(list(rule(files)))


def test_the_house_has_seven_floors() -> None:
    assert len(FLOORS) == 7
    assert {path.name for path in SOURCE.glob("*.py")} == {"__init__.py", "__main__.py"}


# ---- each rule can fail, and leaves alone what is right up to the limit


def body(line: str, count: int, head: str = "") -> str:
    return f"def f(x):\n{head}" + f"    {line}\n" * count


def tower(*heads: str) -> str:
    lines = [f"{'    ' * level}{head}:" for level, head in enumerate(("def f(x)", *heads))]
    return "\n".join([*lines, "    " * len(lines) + "pass"])


def elifs(count: int) -> str:
    return "def f(x):\n    if x: pass\n" + "    elif x > 1: pass\n" * count


LATER = "\n            {}:\n                if x: pass"
DOC = '    """A\n\n    b."""\n    # Why.\n\n'
TRIES = "async def f(x):\n" + " try: pass\n except E: pass\n" * 5
CASES = "def f(x):\n match x:\n" + "  case 1 if x: pass\n" * 4
FILE_CASES: list[tuple[FileRule, str, str]] = [
    (long_files, "x = 1\n" * 401, "'''a\\n\\nb'''\n" + "x = 1\n\n# x\n" * 400),
    (long_files, "x = 1\n" * 399 + "x = (\n)\n", "x = 1\n" * 398 + "x = (\n)\n"),
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
    (participles, "def loaded(): 1", "def load_facts(): 1"),
    (participles, "class A:\n def _found(self): 1", "class A:\n def speed(self): 1"),
    (placeholder_names, "for one in x: 1", "for finding in x: one(finding)"),
    (placeholder_names, "x = [a for one, a in x]", "x.one = 1"),
    (placeholder_names, "x = lambda one: 1", "f(one=1)"),
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


def methods(count: int) -> str:
    return "".join(f" def m{number}(self): 1\n" for number in range(count))


PROTOCOL = "import typing\nclass P(typing.Protocol[T]):\n"
FURTHER = " pass\nclass Q(P, Protocol):\n def n(self): 1\nclass R(Protocol):\n"
AROUND = {
    "query/b.py": "from detent.query.a import x",
    "query/c.py": "if TYPE_CHECKING:\n import duckdb",
    "query/heavy.py": "from .heavier import x",
    "query/heavier.py": "import rich",
    "query/state.py": "class State:\n def f(self): self.x = 1\nclass Known: 1\nclass _Hidden: 1",
    "audit/selection/select.py": "",
    **{f"{part}.py": "" for row in (*FLOORS, TOPS) for part in row if part != "query"},
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
    (upward_imports, "cli/a.py", "def f():\n import detent.git", "import detent.config"),
    (upward_imports, "store/__init__.py", "from ..query import b", "from .memory import b"),
    (upward_imports, "strange.py", "", "import detent.strange"),
    (wide_protocols, "query/a.py", PROTOCOL + methods(13), PROTOCOL + methods(12)),
    (
        wide_protocols,
        "query/a.py",
        PROTOCOL + FURTHER + methods(12),
        PROTOCOL + FURTHER + methods(11),
    ),
    (
        wide_protocols,
        "query/a.py",
        PROTOCOL + methods(10) + FURTHER + methods(2),
        PROTOCOL + methods(10) + FURTHER + methods(1),
    ),
    (repeated_classes, "query/a.py", "class Known: 1", "class _Hidden: 1"),
    *(
        (mutable_state, "query/a.py", bad, good)
        for bad, good in [
            ("x = {}\ndef f(): x[1] = 2", "x = {}\nx[1] = 2"),
            ("x = {}\ndef f(): del x[1]", "x = {}\ndef f(): return x[1]"),
            ("x = set()\ndef f(): x.add(2)", "def f(): x = set(); x.add(2)"),
            ("x = []\ndef f():\n def g(): x.append(1)", "x = []\ndef f(x): x.append(1)"),
            ("x = 1\ndef f():\n global x\n x = 2", "x = 1\ndef f(): x = 2"),
            ("x = {}\ndef f(): x['a'] += 1", "x = {}\ndef f(): return x.get('a')"),
            ("from .b import x\ndef f(): x.append(1)", "from b import x\ndef f(): x.append(1)"),
            ("from . import b\ndef f(): b.x = 1", "from . import b\ndef f(): return b.x"),
            ("from . import b\ndef f(): b.x.update(y)", "def f(self): self.x.update(y)"),
            ("import threading\nx = threading.local()", "import threading\nx = threading.get()"),
            ("x = State()", "x = Hidden()"),
            ("r = {}\ndef f(g): r[1] = g\ndef h(): f(1)", "r = {}\ndef f(g): r[1] = g\nf(1)"),
            ("r = {}\ndef f(g): r[1] = g", "r = {}\ndef f(g): r[1] = g\n@f\ndef h(): 1"),
        ]
    ),
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


def test_an_unclear_word_fails() -> None:
    assert list(unclear_words([("docs/a.md", "fine\nheld\nback")])) == ["docs/a.md:2 held back"]
    assert list(unclear_words([("src/a.py", "# It STAYS."), ("README.md", "as told")]))
    assert not list(unclear_words([("tests/a.py", "door"), ("docs/a.md", "outdoor, stay, hold")]))


@pytest.mark.parametrize("halves", [("an ag", "ent"), ("a sub-ag", "ents,"), ("an A", "I.")])
def test_an_unwanted_word_fails(halves: tuple[str, str]) -> None:
    assert list(unwanted_words([("a.md", "fine\n" + "".join(halves))]))
    assert list(unwanted_words([("".join(halves), "fine")]))
    assert not list(unwanted_words([("a.md", "a session, a reagent, said, main")]))
