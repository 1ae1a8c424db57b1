"""What the standard library's `ast` says of a source, and detent's facts in the same form."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.core.model import FileFacts, Param, Symbol

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
STATEMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
LONGEST = 200
#: Where `ast` keeps names as strings; not the `arg` of an `ast.keyword`.
WORDS = ("id", "attr", "arg", "asname", "module", "names", "name", "rest", "kwd_attrs")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

#: A fact: its topic, the place it belongs to, and what is said of it.
Fact = tuple[Any, ...]


@dataclass
class Scope:
    """A definition, and the nodes of its own code: with its header, without its decorators."""

    qualname: str
    kind: str
    node: ast.Module | Definition
    own: list[ast.AST] = field(default_factory=list)
    #: The same without what a lambda keeps to itself.
    running: list[ast.AST] = field(default_factory=list)


def scopes(tree: ast.Module) -> list[Scope]:
    """List the module and its definitions in document order."""
    found = [Scope("", "module", tree)]
    pending: list[tuple[ast.AST, Scope, bool]] = [(tree, found[0], True)]
    while pending:
        node, scope, running = pending.pop()
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, DEFINITIONS):
            pending += [(child, scope, running) for child in node.decorator_list]
            children = [child for child in children if child not in node.decorator_list]
            qualname = f"{scope.qualname}.{node.name}".lstrip(".")
            scope, running = Scope(qualname, kind_of(node, scope), node), True
            found.append(scope)
        else:
            scope.own.append(node)
            scope.running += [node] if running else []
            running = running and not isinstance(node, ast.Lambda)
        pending += [(child, scope, running) for child in children]
    return sorted(found, key=lambda scope: position(scope.node))


def position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def kind_of(node: Definition, outer: Scope) -> str:
    if isinstance(node, ast.ClassDef):
        return "class"
    return "method" if outer.kind == "class" else "function"


def expected(tree: ast.Module, lines: list[bytes]) -> set[Fact]:
    """Give the facts by `ast`, of a source in UTF-8."""
    facts: set[Fact] = {("exports", exports(tree))}
    for index, scope in enumerate(scopes(tree)):
        node = scope.node
        where = (index, scope.qualname)
        facts.add(("kind", *where, scope.kind))
        text = ast.get_docstring(node, clean=False)
        facts.add(("docstring", *where, text and re.sub("[\ud800-\udfff]", "\ufffd", text)))
        if not isinstance(node, ast.Module):
            line, column = place(node, lines)
            facts.add(("place", *where, line, column, end_line(node, lines)))
            facts.add(("decorators", *where, tuple(map(spaced, node.decorator_list))))
        if isinstance(node, ast.ClassDef):
            bases = sorted([*node.bases, *node.keywords], key=position)
            facts.add(("bases", *where, tuple(map(ast.dump, bases))))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            facts.add(("params", *where, tuple(params(node.args))))
            facts.add(("returns", *where, node.returns and ast.dump(node.returns)))
        facts |= {("flag", *where, flag) for flag in flags(scope)}
        facts |= {("raise", *where, name) for name in raised(scope, lines)}
        facts |= {("import", index, *bound) for bound in bindings(scope)}
        facts |= {("call", index, *call) for call in calls(scope, lines)}
    return facts


def place(node: ast.expr | Definition, lines: list[bytes]) -> tuple[int, int]:
    return node.lineno, len(lines[node.lineno - 1][: node.col_offset].decode()) + 1


def end_line(node: Definition, lines: list[bytes]) -> int:
    """Give the last line: comments that are indented like the body end it, for an editor too."""
    last = node.end_lineno or 0
    indent = node.body[0].col_offset if node.body[0].lineno > node.lineno else 10**6
    for number, line in enumerate(lines[last:], last + 1):
        code = line.strip()
        if code and not (code.startswith(b"#") and indentation(line) >= indent):
            break
        last = number if code else last
    return last


def indentation(line: bytes) -> int:
    return len(line) - len(line.lstrip())


def spaced(node: ast.expr) -> str:
    """Dump an expression whose string literals may have been put on one line."""
    return re.sub(r"(\\n|\s)+", " ", ast.dump(node))


def exports(tree: ast.Module) -> tuple[str, ...] | None:
    found: list[str] | None = None
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", node)
        called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if called and ast.unparse(node).startswith("__all__."):
            return None
        if isinstance(node, STATEMENTS) and ast.unparse(target) == "__all__":
            try:
                names = list(ast.literal_eval(node.value)) if node.value else None
            except (ValueError, TypeError):
                names = None
            if names is None:
                return None
            found = (found or []) + names if isinstance(node, ast.AugAssign) else names
    return None if found is None else tuple(found)


def params(args: ast.arguments) -> Iterator[Fact]:
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + [*args.defaults]
    for index, (arg, default) in enumerate(zip(plain, defaults, strict=True)):
        yield param(arg, "positional" if index < len(args.posonlyargs) else "normal", default)
    if args.vararg:
        yield param(args.vararg, "args", None)
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield param(arg, "keyword", default)
    if args.kwarg:
        yield param(args.kwarg, "kwargs", None)


def param(arg: ast.arg, kind: str, default: ast.expr | None) -> Fact:
    return arg.arg, kind, arg.annotation and ast.dump(arg.annotation), default and ast.dump(default)


#: Flags with tests of their own.
OTHER_FLAGS = frozenset({"declared", "computed-docstring"})


def flags(scope: Scope) -> Iterator[str]:
    if isinstance(scope.node, ast.AsyncFunctionDef):
        yield "async"
    for node in scope.running:
        if isinstance(node, ast.Return):
            none = node.value is None or is_none(node.value)
            yield "returns-none" if none else "returns"
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            yield "yields"
            if node.value is not None:
                yield "yields-value"
    if isinstance(scope.node, ast.Module):
        if not scope.node.body:
            yield "empty"
    elif is_stub(scope.node):
        yield "stub"


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_stub(node: Definition) -> bool:
    body = node.body[ast.get_docstring(node) is not None :]
    if len(body) != 1:
        return not body
    match body[0]:
        case ast.Pass():
            return True
        case ast.Raise(ast.Name(name) | ast.Call(ast.Name(name))):
            return name == "NotImplementedError"
        case ast.Expr(ast.Constant(value)):
            return value is Ellipsis
    return False


def chain(node: ast.AST | None, lines: list[bytes]) -> str | None:
    """Give a dotted name, or None for what is not written as one, parentheses included."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and node.value in (None, True, False):
        return str(node.value)
    if isinstance(node, ast.Attribute):
        value = node.value
        after = lines[(value.end_lineno or 0) - 1][value.end_col_offset :].lstrip()
        outer = None if after.startswith(b")") else chain(value, lines)
        return outer and f"{outer}.{node.attr}"
    return None


def raised(scope: Scope, lines: list[bytes]) -> Iterator[str]:
    """Give what is raised, or called first to make it: the `A` of `A(1).with_traceback(b)`."""
    for node in scope.running:
        if isinstance(node, ast.Assert):
            yield "AssertionError"
        parts: list[ast.AST | None] = [node.exc] if isinstance(node, ast.Raise) and node.exc else []
        while parts:
            part = parts.pop()
            name = chain(part, lines)
            if name is not None:
                yield name
            elif isinstance(part, ast.IfExp):
                parts += [part.body, part.orelse]
            elif isinstance(part, ast.Call):
                parts.append(part.func)
            elif isinstance(part, ast.Attribute):
                parts.append(part.value)
    yield from raised_again(scope)


def raised_again(scope: Scope) -> Iterator[str]:
    """Give what the `except` around a bare `raise` catches."""
    running = set(scope.running)
    inner: dict[ast.AST, ast.ExceptHandler] = {}
    for node in ast.walk(scope.node):
        if isinstance(node, ast.ExceptHandler) and node in running:
            inner.update(dict.fromkeys(ast.walk(node), node))
    for node in running:
        if isinstance(node, ast.Raise) and node.exc is None and node in inner:
            kind = inner[node].type
            found = re.findall(r"(?:[^\W\d]\w*\.)*([^\W\d]\w*)", ast.unparse(kind)) if kind else []
            if not {"Exception", "BaseException"} & {*found}:
                yield from found


def bindings(scope: Scope) -> Iterator[tuple[str, str, str, int]]:
    for node in scope.own:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield name, alias.name, "", node.lineno
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield alias.asname or alias.name, module, alias.name, node.lineno


def calls(scope: Scope, lines: list[bytes]) -> Iterator[tuple[str, int, int]]:
    for node in scope.own:
        func = node.func if isinstance(node, ast.Call) else None
        if func is None or position(func) != position(node):  # the latter: in parentheses
            continue
        name = chain(func, lines)
        if name is not None and len(name) < LONGEST:
            yield name, *place(func, lines)
        elif isinstance(func, ast.Attribute) and len(func.attr) < LONGEST:
            end = func.end_lineno or 0, func.end_col_offset or 0
            line, column = place(ast.Name("", lineno=end[0], col_offset=end[1]), lines)
            yield f".{func.attr}", line, column - len(func.attr)


def uses(scope: Scope, lines: list[bytes]) -> tuple[set[str], set[str]]:
    """Give the dotted names that must be among the uses, and all words that may be in one."""
    parts = {"None", "True", "False", "type"}
    inner: set[int] = set()
    names: set[str] = set()
    for node in scope.own:
        inner.add(id(getattr(node, "value", None)))
        for attribute in WORDS:
            said = getattr(node, attribute, None)
            for word in said if isinstance(said, list) else [said]:
                parts |= set(word.split(".")) if isinstance(word, str) else set()
        if isinstance(node, ast.alias):
            parts |= set(node.name.split("."))
        if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name is None:
            parts.add("_")
    for node in scope.own:
        if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in inner:
            name = chain(node, lines)
            size = (node.end_col_offset or 0) - node.col_offset
            if name and node.lineno == node.end_lineno and size == len(name.encode()):
                names.add(name)
    return names - {"self", "cls", "None", getattr(scope.node, "name", "")}, parts


# ---- detent's facts in the same form


def found(facts: FileFacts) -> set[Fact]:
    """Put detent's facts in the form of `expected`."""
    said: set[Fact] = {("exports", facts.exports)}
    for index, symbol in enumerate(facts.symbols):
        where = (index, symbol.qualname)
        said.add(("kind", *where, symbol.kind))
        said.add(("docstring", *where, symbol.docstring and symbol.docstring.text))
        if symbol.kind != "module":
            said.add(("place", *where, symbol.line, symbol.column, symbol.end_line))
            said.add(("decorators", *where, tuple(map(one_line, symbol.decorators))))
        if symbol.kind == "class":
            said.add(("bases", *where, arguments(symbol)))
        if symbol.kind in ("function", "method"):
            said.add(("params", *where, tuple(map(flat, symbol.params))))
            said.add(("returns", *where, dumped(symbol.returns)))
        said |= {("flag", *where, flag) for flag in symbol.flags - OTHER_FLAGS}
        names = {*symbol.raises, *symbol.caught} - {"..."}
        said |= {("raise", *where, name) for name in names}
    said |= {("import", *binding) for binding in facts.bindings}
    said |= {("call", *call) for call in facts.calls}
    return said


def one_line(code: str) -> str:
    return spaced(ast.parse(f"({code})", mode="eval").body)


def dumped(code: str | None) -> str | None:
    return None if code is None else ast.dump(ast.parse(f"({code}\n)", mode="eval").body)


def flat(param: Param) -> Fact:
    annotation = param.annotation
    if annotation and annotation.startswith("*"):
        starred = ast.parse(f"x[{annotation}]", mode="eval").body
        assert isinstance(starred, ast.Subscript)
        assert isinstance(starred.slice, ast.Tuple)
        return param.name, param.kind, ast.dump(starred.slice.elts[0]), dumped(param.default)
    return param.name, param.kind, dumped(annotation), dumped(param.default)


def arguments(symbol: Symbol) -> tuple[str, ...]:
    call = ast.parse(f"f({','.join(base + chr(10) for base in symbol.bases)})", mode="eval").body
    assert isinstance(call, ast.Call)
    return tuple(ast.dump(b) for b in sorted([*call.args, *call.keywords], key=position))
