"""What the standard library's `ast` says of a source, in the form that detent's facts are put in."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detent.model import Param, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.model import FileFacts

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

#: A fact: its topic, the place it belongs to, and what is said of it.
Fact = tuple[object, ...]


@dataclass
class Scope:
    """A definition, and the nodes of its own code."""

    qualname: str
    kind: str
    node: ast.Module | Definition
    own: list[ast.AST] = field(default_factory=list)
    #: What runs when the body does: neither defaults, bases and annotations nor lambdas.
    running: list[ast.AST] = field(default_factory=list)


def scopes(tree: ast.Module) -> list[Scope]:
    """List the module and its definitions in document order."""
    found = [Scope("", "module", tree)]
    pending: list[tuple[ast.AST, Scope, Scope | None]] = [(tree, found[0], found[0])]
    while pending:
        node, scope, runner = pending.pop()
        decorators: list[ast.AST] = []
        if isinstance(node, DEFINITIONS):
            outer, around = scope, runner
            decorators = list(node.decorator_list)
            scope = Scope(f"{outer.qualname}.{node.name}".lstrip("."), kind_of(node, outer), node)
            found.append(scope)
            pending += [(child, outer, around) for child in decorators]
            pending += [
                (child, scope, scope if child in node.body else around)
                for child in ast.iter_child_nodes(node)
                if child not in decorators
            ]
            continue
        scope.own.append(node)
        if runner is not None:
            runner.running.append(node)
        inner = None if isinstance(node, ast.Lambda) else runner
        pending += [(child, scope, inner) for child in ast.iter_child_nodes(node)]
    return sorted(found, key=lambda scope: position(scope.node))


def position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def kind_of(node: Definition, outer: Scope) -> str:
    if isinstance(node, ast.ClassDef):
        return "class"
    return "method" if outer.kind == "class" else "function"


def expected(tree: ast.Module, lines: list[str]) -> set[Fact]:
    """Give the facts by `ast`."""

    def column(line: int, offset: int) -> int:
        return len(lines[line - 1].encode()[:offset].decode()) + 1

    facts: set[Fact] = set()
    for index, scope in enumerate(scopes(tree)):
        node = scope.node
        where = (index, scope.qualname)
        facts.add(("kind", *where, scope.kind))
        text = ast.get_docstring(node, clean=False)
        facts.add(("docstring", *where, text and re.sub("[\ud800-\udfff]", "\ufffd", text)))
        if not isinstance(node, ast.Module):
            place = (node.lineno, column(node.lineno, node.col_offset), node.end_lineno)
            facts.add(("place", *where, *place))
            facts.add(("decorators", *where, tuple(map(ast.dump, node.decorator_list))))
        if isinstance(node, ast.ClassDef):
            bases = [*node.bases, *node.keywords]
            facts.add(("bases", *where, tuple(ast.dump(b) for b in sorted(bases, key=position))))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            facts.add(("params", *where, tuple(params(node.args))))
            facts.add(("returns", *where, node.returns and ast.dump(node.returns)))
        facts |= {("flag", *where, flag) for flag in flags(scope)}
        facts |= {("raise", *where, name) for name in raised(scope)}
        facts |= {("import", index, *bound) for bound in bindings(scope)}
        facts |= {
            ("call", index, name, line, column(line, offset))
            for name, line, offset in calls(scope)
        }
    return facts


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


def chain(node: ast.AST | None) -> str | None:
    """Give a dotted name, or None for what is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (outer := chain(node.value)):
        return f"{outer}.{node.attr}"
    return None


def raised(scope: Scope) -> Iterator[str]:
    for node in scope.running:
        if isinstance(node, ast.Raise):
            exc = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if name := chain(exc):
                yield name


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


def calls(scope: Scope) -> Iterator[tuple[str, int, int]]:
    for node in scope.own:
        if not isinstance(node, ast.Call):
            continue
        func = node.func
        if name := chain(func):
            yield name, func.lineno, func.col_offset
        elif isinstance(func, ast.Attribute) and func.end_lineno and func.end_col_offset:
            yield f".{func.attr}", func.end_lineno, func.end_col_offset - len(func.attr.encode())


# ---- detent's facts in the same form


def found(facts: FileFacts) -> set[Fact]:
    """Put detent's facts in the form of `expected`."""
    said: set[Fact] = set()
    for index, symbol in enumerate(facts.symbols):
        where = (index, symbol.qualname)
        said.add(("kind", *where, symbol.kind))
        said.add(("docstring", *where, symbol.docstring and symbol.docstring.text))
        if symbol.kind != "module":
            said.add(("place", *where, symbol.line, symbol.column, symbol.end_line))
            said.add(("decorators", *where, tuple(map(dumped, symbol.decorators))))
        if symbol.kind == "class":
            said.add(("bases", *where, arguments(symbol)))
        if symbol.kind in ("function", "method"):
            said.add(("params", *where, tuple(map(flat, symbol.params))))
            said.add(("returns", *where, dumped(symbol.returns)))
        said |= {("flag", *where, flag) for flag in symbol.flags}
        said |= {("raise", *where, name) for name in symbol.raises}
    said |= {("import", *binding) for binding in facts.bindings}
    said |= {("call", *call) for call in facts.calls}
    return said


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
